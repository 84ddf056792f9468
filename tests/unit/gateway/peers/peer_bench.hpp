// What peers and their connections are tested on: shards that the test runs by hand in time of its
// own, streams in memory with a Diameter node at the other end, and a log that can be read.
#pragma once
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diamgw/diameter/base_messages.hpp"
#include "diamgw/diameter/capabilities.hpp"
#include "diamgw/gateway/requests/exchange.hpp"
#include "diamgw/gateway/requests/receiver.hpp"
#include "diamgw/gateway/shard_context.hpp"
#include "diamgw/metrics/registry.hpp"
#include "diamgw/transport/network.hpp"
#include "support/fake_stream.hpp"
#include "support/manual_time.hpp"
#include "support/text_log.hpp"

namespace diamgw::gateway::test {

using namespace std::chrono_literals;
using diamgw::test::fake_stream;

inline constexpr application_id credit_control{4};
inline constexpr std::uint8_t request_flags =
    diameter::command_flags::request | diameter::command_flags::proxiable;

[[nodiscard]] inline diameter::local_node make_node(std::string_view host) {
  diameter::local_node node;
  node.origin_host = host;
  node.origin_realm = "example";
  node.product_name = "test";
  node.auth_applications = {credit_control};
  return node;
}

/// Octets of a message of the base protocol.
template <class Encode>
[[nodiscard]] std::string encoded(Encode&& encode) {
  std::vector<std::byte> room(std::size_t{1} << 17U);
  diameter::writer out{room};
  return std::string{as_text(encode(out))};
}

/// A message with a Session-Id, and a Result-Code where it is an answer.
[[nodiscard]] inline std::string make_message(
    const diameter::header& header, std::string_view session = "gw.example;1;2",
    std::optional<diameter::result_code> code = std::nullopt) {
  return encoded([&](diameter::writer& out) {
    out.begin_message(header);
    out.text(diameter::avps::session_id, ietf_vendor, diameter::avp_flags::mandatory, session);
    if (code) {
      out.unsigned32(diameter::avps::result_code, ietf_vendor, diameter::avp_flags::mandatory,
                     static_cast<std::uint32_t>(*code));
    }
    return out.finish();
  });
}

[[nodiscard]] inline std::string make_ccr(std::uint32_t hop_by_hop = 0x11) {
  return make_message({request_flags, diameter::commands::credit_control, credit_control,
                       hop_by_hop_id{hop_by_hop}, end_to_end_id{0x22}});
}

/// The node at the other end of a stream: takes what we wrote, and says what the test wants.
class other_node {
 public:
  explicit other_node(fake_stream& stream, std::string_view host = "ocs.example")
      : stream_{stream}, node_{make_node(host)} {}

  [[nodiscard]] fake_stream& stream() noexcept { return stream_; }
  [[nodiscard]] diameter::local_node& node() noexcept { return node_; }

  /// The messages that came since the last call; they live as long as this does.
  std::vector<diameter::message_view> take() {
    std::vector<diameter::message_view> taken;
    kept_.push_back(std::make_unique<std::string>(stream_.take_written()));
    bytes_view rest = as_bytes(std::string_view{*kept_.back()});
    while (rest.size() >= diameter::header_octets) {
      const std::size_t length = load_be24(rest.data() + 1);
      if (length > rest.size()) {
        ADD_FAILURE() << "a part of a message was written";
        break;
      }
      taken.emplace_back(rest.first(length));
      rest = rest.subspan(length);
    }
    EXPECT_TRUE(rest.empty());
    return taken;
  }
  /// The one message that came, which is of this command.
  diameter::message_view take_one(command_code command) {
    const auto taken = take();
    if (taken.size() != 1 || taken[0].command() != command) {
      ADD_FAILURE() << taken.size() << " messages, the first of command "
                    << (taken.empty() ? 0 : taken[0].command().value);
      return taken.empty() ? diameter::message_view{} : taken[0];
    }
    return taken[0];
  }

  void say(std::string_view octets) { stream_.receives(octets); }
  void say_cer(diameter::message_ids ids = {{1}, {2}}) {
    say(encoded([&](auto& out) { return diameter::encode_cer(out, node_, {}, ids); }));
  }
  void say_cea(const diameter::message_view& cer) {
    say(encoded([&](auto& out) {
      return diameter::encode_cea(out, node_, {}, diameter::keep_for_answer(cer));
    }));
  }
  void say_cea(const diameter::message_view& cer, const diameter::capabilities_fault& fault) {
    say(encoded([&](auto& out) {
      return diameter::encode_cea(out, node_, {}, diameter::keep_for_answer(cer), fault);
    }));
  }
  void say_dwa(const diameter::message_view& dwr) {
    say(encoded([&](auto& out) {
      return diameter::encode_dwa(out, node_, diameter::keep_for_answer(dwr),
                                  diameter::result_code::success);
    }));
  }
  void say_dwr() {
    say(encoded([&](auto& out) { return diameter::encode_dwr(out, node_, {{7}, {8}}); }));
  }
  void say_dpr(diameter::disconnect_cause cause) {
    say(encoded([&](auto& out) { return diameter::encode_dpr(out, node_, {{7}, {8}}, cause); }));
  }
  void say_dpa(const diameter::message_view& dpr) {
    say(encoded([&](auto& out) {
      return diameter::encode_dpa(out, node_, diameter::keep_for_answer(dpr),
                                  diameter::result_code::success);
    }));
  }
  void answer(const diameter::message_view& request,
              diameter::result_code code = diameter::result_code::success) {
    diameter::header header = diameter::header_of(request);
    header.flags = diameter::command_flags::proxiable;
    say(make_message(header, "gw.example;1;2", code));
  }

 private:
  fake_stream& stream_;
  diameter::local_node node_;
  std::vector<std::unique_ptr<std::string>> kept_;
};

/// A stream that lives as long as its test.
struct kept_stream final : fake_stream, std::enable_shared_from_this<kept_stream> {
  using fake_stream::fake_stream;
};

/// What a driver owns of a stream that the test keeps: so the test may ask it after its end, too.
/// Loops that wait end with their shards, when the stream is gone already.
class lent_stream final : public transport::stream {
 public:
  enum class attaching : std::uint8_t { works, fails };  // to another shard

  explicit lent_stream(kept_stream& to, attaching how = attaching::works)
      : to_{&to}, alive_{to.weak_from_this()}, attaching_{how} {}
  ~lent_stream() override {
    if (to_ != nullptr && !alive_.expired()) {
      to_->close();
      to_->watch(nullptr);
    }
  }

  transport::awaitable<transport::io_result> read(mutable_bytes into) override {
    return to_->read(into);
  }
  void wait_readable(std::shared_ptr<transport::read_waiter> who) override {
    to_->wait_readable(std::move(who));
  }
  transport::io_result read_now(mutable_bytes into) noexcept override {
    return to_->read_now(into);
  }
  transport::awaitable<transport::io_result> write(std::span<const bytes_view> views) override {
    return to_->write(views);
  }
  transport::io_result write_now(std::span<const bytes_view> views) override {
    return to_->write_now(views);
  }
  void shutdown_send() noexcept override { to_->shutdown_send(); }
  void close() noexcept override { to_->close(); }
  /// Moves to whatever shard, as the one stream that it is.
  std::unique_ptr<transport::detached_stream> detach() override {
    return std::make_unique<detached>(*std::exchange(to_, nullptr), attaching_);
  }
  std::span<const transport::endpoint_address> local() const noexcept override {
    return to_->local();
  }
  const transport::endpoint_address& remote() const noexcept override { return to_->remote(); }
  void hold(std::shared_ptr<void> until_closed) override { to_->hold(std::move(until_closed)); }
  void watch(std::function<void(const transport::stream_report&)> told) override {
    to_->watch(std::move(told));
  }
  std::uint64_t write_calls() const noexcept override { return to_->write_calls(); }

 private:
  struct detached final : transport::detached_stream {
    detached(kept_stream& to, attaching how)
        : stream{std::make_unique<lent_stream>(to)}, how{how} {}
    std::unique_ptr<transport::stream> attach(transport::shard&) override {
      return how == attaching::works ? std::move(stream) : nullptr;
    }
    std::unique_ptr<lent_stream> stream;
    attaching how;
  };

  kept_stream* to_;
  std::weak_ptr<kept_stream> alive_;
  attaching attaching_;
};

/// A network by which the test answers who dials; nobody listens.
class dialled_network final : public transport::network {
 public:
  using dialled = transport::awaitable<result<std::unique_ptr<transport::stream>>>;
  std::function<dialled()> on_dial;

  result<std::unique_ptr<transport::listener>> listen(std::vector<transport::shard*>,
                                                      const transport::address&,
                                                      const transport::addresses_of_host&,
                                                      const transport::listen_options&,
                                                      transport::on_accept) override {
    return error_code{boost::asio::error::operation_not_supported};
  }
  dialled dial(transport::shard&, transport::address, transport::endpoint_address,
               transport::dial_options) override {
    return on_dial();
  }
  transport::awaitable<result<transport::addresses_of_host>> resolve(
      transport::shard&, transport::address, std::chrono::milliseconds) override {
    co_return error_code{boost::asio::error::host_not_found};
  }
  result<transport::addresses_of_host> resolve_now(const transport::address&,
                                                   std::chrono::milliseconds) override {
    return error_code{boost::asio::error::operation_not_supported};
  }
};

/// Shards with all that a driver needs, and requests that wait.
class bench {
 public:
  explicit bench(std::size_t shards = 1, std::size_t queue_items = 1024)
      : shards_{shards, with(queue_items, network_)}, metrics_{labels(shards)} {
    for (std::size_t i = 0; i < shards; ++i) {
      contexts_.push_back(
          std::make_unique<shard_context>(shards_.at(i), metrics_.shard(i), log_, 1, 2, 1024));
    }
  }
  bench(const bench&) = delete;
  bench& operator=(const bench&) = delete;
  ~bench() {
    for (auto& c : contexts_) {
      c->exchanges.drain(
          [](hop_by_hop_id, exchange* e) { e->finish({exchange_outcome::asker_left}); });
    }
  }

  [[nodiscard]] diamgw::test::stepped_shards& shards() noexcept { return shards_; }
  [[nodiscard]] shard_context& on(std::size_t shard = 0) noexcept { return *contexts_[shard]; }
  [[nodiscard]] metrics::registry& metrics() noexcept { return metrics_; }
  [[nodiscard]] metrics::recorder& recorder(std::size_t shard = 0) noexcept {
    return metrics_.shard(shard);
  }
  [[nodiscard]] dialled_network& network() noexcept { return *network_; }
  void run() { shards_.run(); }
  void advance(duration by) { shards_.advance(by); }

  /// The lines since the last call.
  std::string take_log() { return log_.take(); }
  /// See text_log.
  [[nodiscard]] diamgw::test::text_log::fields fields_of(std::string_view part) const {
    return log_.fields_of(part);
  }
  /// The value of this series in the scrape.
  [[nodiscard]] std::string scraped(std::string_view series) const {
    const std::string text = metrics_.scrape({});
    const auto at = text.find('\n' + std::string{series} + ' ');
    if (at == std::string::npos) {
      return "none";
    }
    const auto begin = at + series.size() + 2;
    return text.substr(begin, text.find('\n', begin) - begin);
  }

  /// A stream on that shard, which lives as long as this.
  fake_stream& make_stream(std::size_t shard = 0) {
    return *streams_.emplace_back(std::make_shared<kept_stream>(shards_.at(shard)));
  }
  [[nodiscard]] static std::unique_ptr<transport::stream> lend(
      fake_stream& stream, lent_stream::attaching how = lent_stream::attaching::works) {
    return std::make_unique<lent_stream>(static_cast<kept_stream&>(stream), how);
  }

  /// A request to `to`, from that shard; its outcome is `ended()` in the order of the endings.
  void ask(receiver& to, std::string_view octets = make_ccr(), duration patience = 10s,
           std::size_t from = 0) {
    ask_and_wait(*contexts_[from], to, octets, patience, ended_);
  }
  [[nodiscard]] std::vector<exchange_result>& ended() noexcept { return ended_; }
  [[nodiscard]] std::vector<exchange_outcome> outcomes() const {
    std::vector<exchange_outcome> all;
    for (const exchange_result& r : ended_) {
      all.push_back(r.outcome);
    }
    return all;
  }

 private:
  static metrics::registry::options labels(std::size_t shards) {
    metrics::registry::options o;
    o.shards = shards;
    return o;
  }
  static transport::shard_group::options with(std::size_t queue_items,
                                              std::shared_ptr<transport::network> network) {
    transport::shard_group::options o = diamgw::test::one_shard();
    o.network = std::move(network);
    o.queue_items = queue_items;
    return o;
  }

  static handler_task ask_and_wait(shard_context& on, receiver& to, std::string_view octets,
                                   duration patience, std::vector<exchange_result>& ended) {
    auto& results = ended;
    buffer_ref buffer = on.pool().allocate(octets.size());
    std::ranges::copy(as_bytes(octets), buffer.data());
    const diameter::message_view view{bytes_view{buffer.data(), octets.size()}};
    exchange waiting{on, on.shard.now() + patience};
    const bytes_view avps = view.avps().octets();
    outgoing_request request{.header = diameter::header_of(view),
                             .avps = {buffer, avps},
                             .appended = {},
                             .exchange = waiting.key(),
                             .deadline = on.shard.now() + patience};
    to.send(on, std::move(request));
    exchange_result result = co_await waiting.wait();
    results.push_back(std::move(result));
  }

  std::shared_ptr<dialled_network> network_ = std::make_shared<dialled_network>();
  diamgw::test::stepped_shards shards_;
  metrics::registry metrics_;
  diamgw::test::text_log log_;
  std::vector<std::unique_ptr<shard_context>> contexts_;
  std::vector<std::shared_ptr<kept_stream>> streams_;
  std::vector<exchange_result> ended_;
};

}  // namespace diamgw::gateway::test
