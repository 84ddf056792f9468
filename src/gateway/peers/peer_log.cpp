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

void peer_log::begin_anew() {
  attempts_.reset();
  refusals_.reset();
  has_served_ = told_open_ = false;
  lost_.reset();
  differences_.clear();
}

void peer_log::opened(const diameter::peer_machine& machine, std::string_view address,
                      std::uint32_t reopen_answers) {
  has_served_ = false;
  told_open_ = machine.link() == link_state::open;
  const std::string product = printable(machine.peer().product_name);
  const std::string common =
      number_of(machine.common().size(), "common application", "common applications");
  if (told_open_) {
    std::string before;
    if (const auto failed = attempts_.reset(); failed.attempts != 0) {
      before = ", after " + number_of(failed.attempts, "failure", "failures") + " in " +
               time_text(on_.shard.now() - failed.since);
    }
    on_.log.info({{log_key::peer, peer_.host},
                  {log_key::state, to_string(link_state::open)},
                  {log_key::address, address}},
                 "peer {}: open with {} ({}), {}{}", peer_.host, address, product, common, before);
  } else {
    on_.log.info({{log_key::peer, peer_.host},
                  {log_key::state, to_string(link_state::reopen)},
                  {log_key::address, address}},
                 "peer {}: reopen with {} ({}), {}; it serves after {} (RFC 3539)", peer_.host,
                 address, product, common,
                 number_of(reopen_answers, "watchdog answer", "watchdog answers"));
  }
}

void peer_log::serves() {
  has_served_ = true;
  attempts_.reset();
  refusals_.reset();
  const auto since = std::exchange(lost_, std::nullopt);
  if (!std::exchange(told_open_, false) && since) {
    on_.log.info({{log_key::peer, peer_.host}, {log_key::state, to_string(link_state::open)}},
                 "peer {}: open: it serves again, after {}", peer_.host,
                 time_text(on_.shard.now() - *since));
  }
}

void peer_log::suspect() {
  lost_ = on_.shard.now();
  on_.log.warn({{log_key::peer, peer_.host}, {log_key::state, to_string(link_state::suspect)}},
               "peer {}: suspect: a watchdog interval passed without any message", peer_.host);
}

void peer_log::closed(link_state now_in, const diameter::ending& why) {
  const bool served = std::exchange(has_served_, false);
  const time_point now = on_.shard.now();
  if (!lost_) {
    lost_ = now;
  }
  if (why.reason == disconnect_reason::stopped) {
    on_.log.info(fields_with_peer(why, now_in), "peer {}: {}: {}", peer_.host, to_string(now_in),
                 to_sentence(why));
    return;
  }
  const auto left_out = served ? std::optional<std::uint64_t>{0} : attempts_.note(why, now);
  if (left_out) {
    on_.log.warn(fields_with_peer(why, now_in), "peer {}: {}: {}{}", peer_.host, to_string(now_in),
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
      on_.log.warn(l.fields, "peer {}: {}", peer_.host, l.sentence);
    }
  }
}

}  // namespace diamgw::gateway
