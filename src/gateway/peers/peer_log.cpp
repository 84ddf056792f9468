#include "gateway/peers/peer_log.hpp"

#include <algorithm>
#include <utility>

#include "gateway/peers/ending_fields.hpp"

namespace diamgw::gateway {
namespace {

/// "12.3 s"
std::string time_text(duration d) {
  const auto tenths = std::chrono::duration_cast<std::chrono::milliseconds>(d).count() / 100;
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " s";
}

std::string number_of(std::uint64_t n, std::string_view one, std::string_view many) {
  return std::to_string(n) + ' ' + std::string{n == 1 ? one : many};
}

/// "; 3 more like it since the last such line"
std::string left_out_text(std::uint64_t left_out) {
  return left_out == 0 ? std::string{}
                       : "; " + std::to_string(left_out) + " more like it since the last such line";
}

}  // namespace

template <class... Args>
void peer_log::info(log_fields fields, fmt::format_string<Args...> text, Args&&... args) const {
  if (kind_ == peer_kind::unknown) {
    on_.strangers.info(fields, text, std::forward<Args>(args)...);
  } else {
    on_.log.info(fields, text, std::forward<Args>(args)...);
  }
}

template <class... Args>
void peer_log::warn(log_fields fields, fmt::format_string<Args...> text, Args&&... args) const {
  if (kind_ == peer_kind::unknown) {
    on_.strangers.warn(fields, text, std::forward<Args>(args)...);
  } else {
    on_.log.warn(fields, text, std::forward<Args>(args)...);
  }
}

peer_log::peer_log(shard_context& on, const config::peer_options& peer, peer_kind kind,
                   std::uint32_t reopen_answers)
    : on_{on}, peer_{peer}, kind_{kind}, reopen_answers_{reopen_answers} {}

void peer_log::begin_anew() {
  attempts_.reset();
  refusals_.reset();
  openings_.reset();
  steady_.disarm();
  opened_.reset();
  told_open_ = false;
  lost_.reset();
  differences_.clear();
}

void peer_log::opened(const diameter::peer_machine& machine, std::string_view address) {
  const time_point now = on_.shard.now();
  state_ = machine.link();
  std::string before;
  if (const auto failed = attempts_.take_streak(); failed.attempts != 0) {
    before = ", after " + number_of(failed.attempts, "failure", "failures") + " in " +
             time_text(now - failed.since);
  }
  opened_ = {
      .address = std::string{address},
      .with = '(' + printable(machine.peer().product_name) + "), " +
              number_of(machine.common().size(), "common application", "common applications"),
      .before = std::move(before)};
  steady_.arm_after(opening_log::steady_after);
  told_open_ = state_ == link_state::open;
  if (const auto left_out = openings_.on_opened(now)) {
    tell_opened(*left_out);
  }
}

void peer_log::tell_opened(std::uint64_t left_out) {
  const opening& o = *opened_;
  const std::vector<log_field> fields{{log_key::peer, peer_.host},
                                      {log_key::state, to_string(state_)},
                                      {log_key::address, o.address}};
  if (state_ == link_state::open) {
    info(fields, "peer {}: open with {} {}{}{}", peer_.host, o.address, o.with, o.before,
         left_out_text(left_out));
  } else {
    info(fields, "peer {}: {} with {} {}{}; it serves after {} (RFC 3539){}", peer_.host,
         to_string(state_), o.address, o.with, o.before,
         number_of(reopen_answers_, "watchdog answer", "watchdog answers"),
         left_out_text(left_out));
  }
}

// What failed before it is news again from now on.
void peer_log::on_steady() {
  attempts_.forget();
  refusals_.forget();
  if (const auto left_out = openings_.on_steady(on_.shard.now())) {
    tell_opened(*left_out);
  }
}

void peer_log::serves() {
  const bool was_suspect = std::exchange(state_, link_state::open) == link_state::suspect;
  const auto since = std::exchange(lost_, std::nullopt);
  if (!std::exchange(told_open_, false) && since && openings_.told()) {
    info({{log_key::peer, peer_.host}, {log_key::state, to_string(link_state::open)}},
         "peer {}: open: it serves again, after {}", peer_.host,
         time_text(on_.shard.now() - *since));
  }
  if (was_suspect) {
    steady_.arm_after(opening_log::steady_after);
  }
}

void peer_log::suspect() {
  lost_ = on_.shard.now();
  state_ = link_state::suspect;
  steady_.disarm();
  if (openings_.told()) {
    warn({{log_key::peer, peer_.host}, {log_key::state, to_string(link_state::suspect)}},
         "peer {}: suspect: a watchdog interval passed without any message", peer_.host);
  }
}

void peer_log::closed(link_state now_in, const diameter::ending& why) {
  const bool was_open = opened_.has_value();
  const time_point now = on_.shard.now();
  opened_.reset();
  steady_.disarm();
  if (!lost_) {
    lost_ = now;
  }
  if (why.reason == disconnect_reason::stopped) {
    info(fields_with_peer(why, now_in), "peer {}: {}: {}", peer_.host, to_string(now_in),
         to_sentence(why));
    return;
  }
  std::optional<std::uint64_t> left_out;
  if (!was_open) {
    left_out = attempts_.note(why, now);
  } else if (openings_.told()) {
    left_out = 0;
  }
  if (left_out) {
    warn(fields_with_peer(why, now_in), "peer {}: {}: {}{}", peer_.host, to_string(now_in),
         to_sentence(why), left_out_text(*left_out));
  }
}

void peer_log::refused(const diameter::ending& why) {
  const time_point now = on_.shard.now();
  const auto left_out = refusals_.note(why, now);
  if (!left_out) {
    return;
  }
  if (!on_.strangers.admit(now)) {
    refusals_.on_unwritten(why, *left_out, now);
    return;
  }
  on_.log.warn(fields_with_peer(why, std::nullopt), "peer {}: connection refused: {}{}", peer_.host,
               to_sentence(why), left_out_text(*left_out));
}

void peer_log::failed_beside(const diameter::ending& why) {
  if (const auto left_out = refusals_.note(why, on_.shard.now())) {
    warn(fields_with_peer(why, std::nullopt), "peer {}: one of its two connections ended: {}{}",
         peer_.host, to_sentence(why), left_out_text(*left_out));
  }
}

std::vector<log_field> peer_log::fields_with_peer(const diameter::ending& why,
                                                  std::optional<link_state> now_in) const {
  std::vector<log_field> all = fields_of(why);
  all.emplace_back(log_key::peer, peer_.host);
  if (now_in) {
    all.emplace_back(log_key::state, to_string(*now_in));
  }
  return all;
}

void peer_log::compare(const diameter::peer_machine& machine, const diameter::local_node& node,
                       const std::vector<routed_application>& routed) {
  const diameter::peer_capabilities& said = machine.peer();
  struct line {
    std::string sentence;
    std::vector<log_field> fields;
  };
  std::vector<line> lines;
  if (!diameter::same_identity(said.origin_realm, peer_.realm)) {
    const std::string realm = printable(said.origin_realm);
    lines.push_back({"its Origin-Realm is " + realm + ", the configured realm is " + peer_.realm,
                     {{log_key::peer, peer_.host},
                      {log_key::realm, realm},
                      {log_key::expected_realm, peer_.realm}}});
  }
  for (const routed_application& r : routed) {
    const auto& common = machine.common();
    const auto serves = [&](application_id a) {
      return a == r.application || a == relay_application;
    };
    if (diameter::same_identity(r.host, peer_.host) && std::ranges::none_of(common, serves)) {
      const std::string offered = diameter::list_of(diameter::advertised_applications(said));
      lines.push_back({"the route for realm " + r.realm + " and application " +
                           std::to_string(r.application.value) +
                           " gets nothing from it: it offers " + offered + ", we offer " +
                           diameter::list_of(diameter::advertised_applications(node)),
                       {{log_key::peer, peer_.host},
                        {log_key::realm, r.realm},
                        {log_key::application, r.application.value},
                        {log_key::applications, offered}}});
    }
  }
  std::string all;
  for (const line& l : lines) {
    all += l.sentence + '\n';
  }
  if (all != std::exchange(differences_, all)) {
    for (const line& l : lines) {
      warn(l.fields, "peer {}: {}", peer_.host, l.sentence);
    }
  }
}

}  // namespace diamgw::gateway
