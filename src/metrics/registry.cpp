#include "diamgw/metrics/registry.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <unordered_map>

#include "diamgw/base/assert.hpp"
#include "diamgw/base/letter_case.hpp"
#include "diamgw/buffer/allocation_statistics.hpp"
#include "metrics/scrape.hpp"

namespace diamgw::metrics {
namespace {

constexpr std::string_view other = "other";

[[nodiscard]] std::uint64_t command_key(application_id application, command_code code) noexcept {
  return (std::uint64_t{application.value} << 32U) | code.value;
}

/// As a label value: a host that we never checked must not make the whole scrape unreadable.
[[nodiscard]] std::string printable(std::string_view host) {
  std::string text{host};
  std::replace_if(text.begin(), text.end(), [](char c) { return c <= 0x20 || c >= 0x7f; }, '_');
  return text;
}

struct command_names {
  std::string application{other};
  std::string command{other};
};

template <class Enum>
constexpr std::size_t count_of = static_cast<std::size_t>(Enum::count);

}  // namespace

class registry::impl {
 public:
  explicit impl(options o) : options_{std::move(o)} {
    const std::size_t limit = options_.max_commands + 1;  // with "other"
    command_capacity_ = limit;
    add_commands(options_.commands);
    command_capacity_ = std::min(limit, commands_.size() + options_.spare_commands);
    for (std::size_t i = 0; i < std::max<std::size_t>(options_.shards, 1); ++i) {
      recorders_.emplace_back(new recorder{options_.max_peers, command_capacity_});
    }
    states_ = std::make_unique<std::atomic<peer_state>[]>(options_.max_peers + 1);
  }

  /// Readers see the old table or the new one; each that ever was stays, and there are no more of
  /// them than spare slots.
  void add_commands(const std::vector<command_label>& commands) {
    const std::lock_guard lock{mutex_};
    auto slots = slot_tables_.empty() ? std::make_unique<slot_table>()
                                      : std::make_unique<slot_table>(*slot_tables_.back());
    const std::size_t before = commands_.size();
    for (const command_label& c : commands) {
      if (commands_.size() == command_capacity_) {
        break;
      }
      const auto slot = static_cast<command_slot>(commands_.size());
      if (slots->try_emplace(command_key(c.application, c.code), slot).second) {
        commands_.push_back({.application = c.application_name, .command = c.command_name});
      }
    }
    if (slot_tables_.empty() || commands_.size() != before) {
      slot_tables_.push_back(std::move(slots));
      command_slots_.store(slot_tables_.back().get(), std::memory_order_release);
    }
  }

  [[nodiscard]] command_slot find_command(std::uint64_t key) const noexcept {
    const slot_table& slots = *command_slots_.load(std::memory_order_acquire);
    const auto found = slots.find(key);
    return found == slots.end() ? other_command : found->second;
  }

  [[nodiscard]] peer_slot register_peer(std::string_view host) {
    const std::lock_guard lock{mutex_};
    const auto [known, fresh] = peer_slots_.try_emplace(to_lower(host), other_peer);
    if (!fresh) {
      return known->second;
    }
    if (!free_slots_.empty()) {
      known->second = free_slots_.back();
      free_slots_.pop_back();
      peers_[known->second] = printable(host);
      return known->second;
    }
    if (peers_.size() > options_.max_peers) {
      peer_slots_.erase(known);
      return other_peer;
    }
    const auto slot = static_cast<peer_slot>(peers_.size());
    known->second = slot;
    peers_.push_back(printable(host));
    for (const auto& shard : recorders_) {
      shard->add_peer(slot);
    }
    free_slots_.reserve(peers_.size());
    return slot;
  }

  void release_peer(peer_slot slot) noexcept {
    const std::lock_guard lock{mutex_};
    if (slot == other_peer || slot >= peers_.size() || peers_[slot].empty()) {
      return;
    }
    std::erase_if(peer_slots_, [slot](const auto& known) { return known.second == slot; });
    peers_[slot].clear();
    states_[slot].store(peer_state::closed, std::memory_order_relaxed);
    free_slots_.push_back(slot);
  }

  [[nodiscard]] std::string scrape(const process_statistics& process) const {
    scrape_builder out;
    add_codecs(out);
    {
      const std::lock_guard lock{mutex_};
      add_requests(out);
      add_shards(out);
      for (peer_slot slot = 0; slot < peers_.size(); ++slot) {
        if (!peers_[slot].empty()) {
          add_peer(out, slot);
        }
      }
      add_pools(out);
    }
    add_program(out);
    add_process(out, process);
    return std::move(out).text();
  }

  [[nodiscard]] std::int64_t clients_connected() const noexcept {
    return sum<std::int64_t>([](const recorder& r) { return r.clients_connected.value(); });
  }

  [[nodiscard]] peer_state state_of(peer_slot slot) const noexcept {
    return slot <= options_.max_peers ? states_[slot].load(std::memory_order_relaxed)
                                      : peer_state::closed;
  }

  using slot_table = std::unordered_map<std::uint64_t, command_slot>;

  options options_;
  std::atomic<const slot_table*> command_slots_{nullptr};  // the last of slot_tables_
  std::array<std::atomic<std::uint64_t>, static_cast<std::size_t>(reload_result::count)> reloads_{};
  std::vector<std::unique_ptr<recorder>> recorders_;
  std::unique_ptr<std::atomic<peer_state>[]> states_;

  mutable std::mutex mutex_;                            // guards what follows
  std::vector<std::string> peers_{std::string{other}};  // [0] is "other"; a free slot's is empty
  std::vector<peer_slot> free_slots_;
  std::unordered_map<std::string, peer_slot> peer_slots_{{std::string{other}, other_peer}};
  std::vector<const buffer_pool*> pools_;
  std::vector<command_names> commands_{1};  // [0] is "other"
  std::size_t command_capacity_ = 0;        // of commands_, and of every recorder
  std::vector<std::unique_ptr<const slot_table>> slot_tables_;

 private:
  template <class Number, class Read>
  [[nodiscard]] Number sum(const Read& read) const {
    Number total{};
    for (const auto& shard : recorders_) {
      total += read(*shard);
    }
    return total;
  }

  [[nodiscard]] std::uint64_t requests(peer_slot slot, command_slot command, direction way) const {
    return sum<std::uint64_t>([&](const recorder& r) {
      return r.find_peer(slot)->commands[command].requests.value(way);
    });
  }

  [[nodiscard]] std::uint64_t answers(peer_slot slot, command_slot command, direction way,
                                      result_class result) const {
    return sum<std::uint64_t>([&](const recorder& r) {
      return r.find_peer(slot)->commands[command].answers[static_cast<std::size_t>(way)].value(
          result);
    });
  }

  // What the catalogue says that shards count, added up.
  template <class Instrument>
  void add(scrape_builder& out, family id, Instrument recorder::* member) const {
    using number = decltype(Instrument{}.value());
    out.add(
        id, {},
        static_cast<double>(sum<number>([&](const recorder& r) { return (r.*member).value(); })));
  }
  template <class Instrument, class Enum>
  void add(scrape_builder& out, family id,
           for_each_value<Instrument, Enum> recorder::* member) const {
    using number = for_each_value<Instrument, Enum>::number;
    out.add_each<Enum>(id, [&](Enum which) {
      return sum<number>([&](const recorder& r) { return (r.*member).value(which); });
    });
  }
  void add_shards(scrape_builder& out) const {
#define DIAMGW_ADD(instrument, id, ...) add(out, family::id, &recorder::id);
#define DIAMGW_NONE(...)
    DIAMGW_METRICS(DIAMGW_ADD, DIAMGW_NONE)
#undef DIAMGW_ADD
#undef DIAMGW_NONE
  }

  void add_codecs(scrape_builder& out) const {
    for (std::size_t i = 0; i < count_of<codec_path>; ++i) {
      const auto path = static_cast<codec_path>(i);
      const std::string_view to = marshal_direction_label(path);
      const std::string_view from = unmarshal_direction_label(path);
      const std::string_view protocol = protocol_label(path);
      out.add(family::marshal_duration, {to, protocol},
              sum<codec_histogram::counts>([&](const recorder& r) { return r.marshal[i].read(); }),
              codec_bounds_ns);
      out.add(
          family::unmarshal_duration, {from, protocol},
          sum<codec_histogram::counts>([&](const recorder& r) { return r.unmarshal[i].read(); }),
          codec_bounds_ns);
      out.add(family::marshal_bytes, {to, protocol},
              static_cast<double>(sum<std::uint64_t>(
                  [&](const recorder& r) { return r.marshal_bytes.value(path); })));
      out.add(family::unmarshal_bytes, {from, protocol},
              static_cast<double>(sum<std::uint64_t>(
                  [&](const recorder& r) { return r.unmarshal_bytes.value(path); })));
    }
  }

  void add_requests(scrape_builder& out) const {
    for (std::size_t i = 0; i < count_of<request_flow>; ++i) {
      for (command_slot command = 0; command < commands_.size(); ++command) {
        const auto counts = sum<request_histogram::counts>(
            [&](const recorder& r) { return r.latencies_[command][i].read(); });
        if (counts.total() != 0) {
          out.add(family::request_duration,
                  {to_string(static_cast<request_flow>(i)), commands_[command].application,
                   commands_[command].command},
                  counts, request_bounds_ns);
        }
      }
    }
  }

  /// What was counted for one peer; nothing that never happened, since commands are many.
  void add_peer(scrape_builder& out, peer_slot slot) const {
    const std::string_view peer = peers_[slot];
    if (slot != other_peer) {
      for (std::size_t i = 0; i < count_of<peer_state>; ++i) {
        const auto state = static_cast<peer_state>(i);
        out.add(family::peer_state, {peer, to_string(state)}, state_of(slot) == state ? 1 : 0);
      }
    }
    const auto connects =
        sum<std::uint64_t>([&](const recorder& r) { return r.find_peer(slot)->connects.value(); });
    if (slot != other_peer || connects != 0) {
      out.add(family::peer_connects, {peer}, static_cast<double>(connects));
    }
    add_peer_requests(out, slot);
    add_peer_events(out, family::peer_disconnects, slot, &peer_counters::disconnects);
    add_peer_events(out, family::watchdog_events, slot, &peer_counters::watchdog);
    for (command_slot command = 0; command < commands_.size(); ++command) {
      for (std::size_t way = 0; way < count_of<direction>; ++way) {
        add_messages(out, slot, command, static_cast<direction>(way));
      }
    }
  }

  void add_peer_requests(scrape_builder& out, peer_slot slot) const {
    const auto in_flight = sum<std::int64_t>(
        [&](const recorder& r) { return r.find_peer(slot)->requests_in_flight.value(); });
    if (slot != other_peer || in_flight != 0) {
      out.add(family::peer_in_flight, {peers_[slot]}, static_cast<double>(in_flight));
    }
    const auto latency = sum<request_histogram::counts>(
        [&](const recorder& r) { return r.find_peer(slot)->latency.read(); });
    if (latency.total() != 0) {
      out.add(family::peer_latency, {peers_[slot]}, latency, request_bounds_ns);
    }
  }

  template <class Enum>
  void add_peer_events(scrape_builder& out, family id, peer_slot slot,
                       counters<Enum> peer_counters::* member) const {
    for (std::size_t i = 0; i < count_of<Enum>; ++i) {
      const auto which = static_cast<Enum>(i);
      const auto value = sum<std::uint64_t>(
          [&](const recorder& r) { return (r.find_peer(slot)->*member).value(which); });
      if (value != 0) {
        out.add(id, {peers_[slot], to_string(which)}, static_cast<double>(value));
      }
    }
  }

  void add_messages(scrape_builder& out, peer_slot slot, command_slot command,
                    direction way) const {
    const command_names& names = commands_[command];
    if (const auto value = requests(slot, command, way); value != 0) {
      out.add(family::requests, {peers_[slot], names.application, names.command, to_string(way)},
              static_cast<double>(value));
    }
    for (std::size_t i = 0; i < count_of<result_class>; ++i) {
      const auto result = static_cast<result_class>(i);
      if (const auto value = answers(slot, command, way, result); value != 0) {
        out.add(family::answers,
                {peers_[slot], names.application, names.command, to_string(way), to_string(result)},
                static_cast<double>(value));
      }
    }
  }

  void add_pools(scrape_builder& out) const {
    pool_statistics all;
    for (const buffer_pool* pool : pools_) {
      const pool_statistics one = pool->statistics();
      for (std::size_t i = 0; i < all.tiers.size(); ++i) {
        all.tiers[i].hits += one.tiers[i].hits;
        all.tiers[i].misses += one.tiers[i].misses;
        all.tiers[i].free += one.tiers[i].free;
      }
    }
    for (std::size_t i = 0; i < all.tiers.size(); ++i) {
      const std::string tier =
          i == pool_oversize ? "oversize" : std::to_string(pool_tier_octets[i]);
      out.add(family::pool_hits, {tier}, static_cast<double>(all.tiers[i].hits));
      out.add(family::pool_misses, {tier}, static_cast<double>(all.tiers[i].misses));
      out.add(family::pool_free, {tier}, static_cast<double>(all.tiers[i].free));
    }
  }

  void add_program(scrape_builder& out) const {
    const allocation_counts allocations = process_allocations();
    out.add(family::allocations, {}, static_cast<double>(allocations.calls));
    out.add(family::allocated_bytes, {}, static_cast<double>(allocations.octets));
    out.add_each<reload_result>(family::config_reloads, [this](reload_result result) {
      return reloads_[static_cast<std::size_t>(result)].load(std::memory_order_relaxed);
    });
    out.add(family::log_lines_dropped, {},
            options_.log_lines_dropped ? static_cast<double>(options_.log_lines_dropped()) : 0);
    out.add(family::bugs, {}, static_cast<double>(bug_count()));
    out.add(family::build_info,
            {options_.build.version, options_.build.compiler, options_.build.build_type}, 1);
  }

  static void add_process(scrape_builder& out, const process_statistics& process) {
    const auto add = [&out](family id, const std::optional<double>& value) {
      if (value) {
        out.add(id, {}, *value);
      }
    };
    add(family::process_cpu, process.cpu_seconds);
    add(family::process_start, process.start_time_seconds);
    add(family::process_resident, process.resident_bytes);
    add(family::process_virtual, process.virtual_bytes);
    add(family::process_open_fds, process.open_fds);
    add(family::process_max_fds, process.max_fds);
  }
};

registry::registry(options o) : impl_{std::make_unique<impl>(std::move(o))} {}
registry::~registry() = default;

recorder& registry::shard(std::size_t index) noexcept {
  return *impl_->recorders_[index];
}

std::size_t registry::shards() const noexcept {
  return impl_->recorders_.size();
}

command_slot registry::find_command(application_id application, command_code code) const noexcept {
  return impl_->find_command(command_key(application, code));
}

void registry::add_commands(const std::vector<command_label>& commands) {
  impl_->add_commands(commands);
}

void registry::count_reload(reload_result result) noexcept {
  impl_->reloads_[static_cast<std::size_t>(result)].fetch_add(1, std::memory_order_relaxed);
}

peer_slot registry::register_peer(std::string_view host) {
  return impl_->register_peer(host);
}

void registry::release_peer(peer_slot peer) noexcept {
  impl_->release_peer(peer);
}

void registry::set_peer_state(peer_slot peer, peer_state state) noexcept {
  if (peer <= impl_->options_.max_peers) {
    impl_->states_[peer].store(state, std::memory_order_relaxed);
  }
}

peer_state registry::state_of(peer_slot peer) const noexcept {
  return impl_->state_of(peer);
}

void registry::add_pool(const buffer_pool& pool) {
  const std::lock_guard lock{impl_->mutex_};
  impl_->pools_.push_back(&pool);
}

void registry::remove_pool(const buffer_pool& pool) noexcept {
  const std::lock_guard lock{impl_->mutex_};
  std::erase(impl_->pools_, &pool);
}

std::string registry::scrape(const process_statistics& process) const {
  return impl_->scrape(process);
}

std::int64_t registry::clients_connected() const noexcept {
  return impl_->clients_connected();
}

}  // namespace diamgw::metrics
