// Drives a peer machine by the RFC's events and spells out what it does, for tables and scripts:
//   peer_script{}.on(start, "connect").on(i_conn_ack, "send_cer").ends_in(peer_state::wait_i_cea);
#pragma once
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "diamgw/diameter/peer_machine.hpp"

namespace diamgw::test {

using namespace std::chrono_literals;

inline constexpr application_id credit_control_application{4};

/// A node that serves Credit-Control.
inline diameter::local_node make_node(std::string origin_host) {
  diameter::local_node node;
  node.origin_host = std::move(origin_host);
  node.origin_realm = "example";
  node.host_ip_addresses = {diameter::host_address::v4({192, 0, 2, 1})};
  node.vendor = vendor_id{0};
  node.product_name = "node";
  node.origin_state_id = 7;
  node.auth_applications = {credit_control_application};
  return node;
}

/// What an answer keeps of a request that has these ids, and no Session-Id and Proxy-Info.
inline diameter::kept_in_answer answer_to(diameter::message_ids ids) {
  return {.request = {.hop_by_hop = ids.hop_by_hop, .end_to_end = ids.end_to_end},
          .session_id = {},
          .proxy_info = {}};
}

/// Events of RFC 6733 §5.6, and messages on either connection.
enum class peer_event {
  start,
  stop,
  timeout,  // the machine's next deadline has come
  i_conn_ack,
  i_conn_nack,
  r_conn_cer,
  r_conn_bad_cer,  // from a host of another name
  i_peer_disc,
  i_cer,
  i_cea,
  i_failed_cea,  // with 5010
  i_stray_cea,   // with a foreign hop-by-hop id
  i_dwr,
  i_dwa,
  i_stray_dwa,
  i_dpr,
  i_dpa,
  i_stray_dpa,
  i_request,
  i_answer,
  r_peer_disc,
  r_cer,
  r_cea,
  r_dwr,
  r_dwa,
  r_dpr,
  r_dpa,
  r_request,
  r_answer,
  i_malformed,  // what comes cannot be read
  r_malformed,
  wanted,  // by a request
  retry,   // by the operator
};
inline constexpr int peer_event_count = static_cast<int>(peer_event::retry) + 1;

/// "send_dwa(R) okay": the actions' names, with the connection where there are two, and the code.
inline std::string describe(const diameter::peer_actions& actions) {
  using namespace diameter;
  std::string text;
  const auto on = [](connection c) { return c == connection::initiator ? "(I)" : "(R)"; };
  const auto code = [](result_code c) { return std::to_string(static_cast<std::uint32_t>(c)); };
  struct name {
    decltype(on)& where;
    decltype(code)& number;
    std::string operator()(const connect&) const { return "connect"; }
    std::string operator()(const send_cer&) const { return "send_cer"; }
    std::string operator()(const send_cea&) const { return "send_cea"; }
    std::string operator()(const send_dwr& a) const {
      return std::string{"send_dwr"} + where(a.on);
    }
    std::string operator()(const send_dwa& a) const {
      return std::string{"send_dwa"} + where(a.on);
    }
    std::string operator()(const send_dpr& a) const {
      return std::string{"send_dpr"} + where(a.on);
    }
    std::string operator()(const send_dpa& a) const {
      return std::string{"send_dpa"} + where(a.on);
    }
    std::string operator()(const deliver& a) const { return std::string{"deliver"} + where(a.on); }
    std::string operator()(const refuse& a) const { return "refuse:" + number(a.code); }
    std::string operator()(const accept_incoming&) const { return "accept_incoming"; }
    std::string operator()(const reject_incoming& a) const {
      return "reject_incoming:" + number(a.fault.code);
    }
    std::string operator()(const disconnect& a) const {
      return std::string{"disconnect"} + where(a.on);
    }
    std::string operator()(const opened& a) const { return std::string{"opened"} + where(a.on); }
    std::string operator()(const okay&) const { return "okay"; }
    std::string operator()(const suspect&) const { return "suspect"; }
    std::string operator()(const draining&) const { return "draining"; }
    std::string operator()(const closed& a) const {
      return "closed:" + std::string{to_string(a.why.reason)};
    }
  };
  for (const peer_action& action : actions) {
    text += text.empty() ? "" : " ";
    text += std::visit(name{on, code}, action);
  }
  return text;
}

/// A machine, the peer that it talks to, and the time.
class peer_bench {
 public:
  static constexpr std::string_view low_host = "a.example";  // loses every election here
  static constexpr std::string_view peer_host = "m.example";
  static constexpr std::string_view high_host = "z.example";  // wins every election here

  static diameter::peer_options default_options() {
    diameter::peer_options options;
    options.origin_host = peer_host;
    return options;
  }

  explicit peer_bench(std::string_view local_host = low_host,
                      diameter::peer_options options = default_options())
      : node{make_node(std::string{local_host})},
        peer{make_node(std::string{peer_host})},
        machine{node, std::move(options), diameter::peer_seed{1, 1'700'000'000}} {}

  diameter::peer_actions feed(peer_event event) {
    diameter::peer_actions actions = perform(event);
    for (const diameter::peer_action& action : actions) {
      remember(action);
    }
    return actions;
  }

  /// A message as the peer would send it; valid until the next one.
  diameter::message_view cer(std::string_view host = peer_host) {
    diameter::local_node from = peer;
    from.origin_host = host;
    diameter::writer out{buffer_};
    return diameter::message_view{diameter::encode_cer(out, from, {}, stray)};
  }
  diameter::message_view cea(diameter::message_ids ids) {
    diameter::writer out{buffer_};
    return diameter::message_view{diameter::encode_cea(out, peer, {}, answer_to(ids))};
  }
  diameter::message_view cea(diameter::message_ids ids, const diameter::capabilities_fault& fault) {
    diameter::writer out{buffer_};
    return diameter::message_view{diameter::encode_cea(out, peer, {}, answer_to(ids), fault)};
  }
  diameter::message_view dwr() {
    diameter::writer out{buffer_};
    return diameter::message_view{diameter::encode_dwr(out, peer, stray)};
  }
  diameter::message_view dwa(diameter::message_ids ids,
                             diameter::result_code code = diameter::result_code::success) {
    diameter::writer out{buffer_};
    return diameter::message_view{diameter::encode_dwa(out, peer, answer_to(ids), code)};
  }
  diameter::message_view dpr(diameter::disconnect_cause cause) {
    diameter::writer out{buffer_};
    return diameter::message_view{diameter::encode_dpr(out, peer, stray, cause)};
  }
  diameter::message_view dpa(diameter::message_ids ids) {
    diameter::writer out{buffer_};
    return diameter::message_view{
        diameter::encode_dpa(out, peer, answer_to(ids), diameter::result_code::success)};
  }
  diameter::message_view application_message(std::uint8_t flags) {
    diameter::writer out{buffer_};
    out.begin_message({flags, diameter::commands::credit_control, credit_control_application,
                       stray.hop_by_hop, stray.end_to_end});
    return diameter::message_view{out.finish()};
  }

  static constexpr diameter::message_ids stray{{0xdeadbeef}, {0xfeedface}};

  diameter::local_node node;
  diameter::local_node peer;
  diameter::peer_machine machine;
  time_point now = time_point{} + 1h;
  diameter::message_ids own_cer;
  diameter::message_ids own_dwr;
  diameter::message_ids own_dpr;

 private:
  void remember(const diameter::peer_action& action) {
    if (const auto* sent = std::get_if<diameter::send_cer>(&action)) {
      own_cer = sent->ids;
    } else if (const auto* dwr_sent = std::get_if<diameter::send_dwr>(&action)) {
      own_dwr = dwr_sent->ids;
    } else if (const auto* dpr_sent = std::get_if<diameter::send_dpr>(&action)) {
      own_dpr = dpr_sent->ids;
    }
  }

  /// `delivers` is held against the table, too, by each message of each script.
  diameter::peer_actions message(diameter::connection on, diameter::message_view view) {
    diameter::peer_machine shortcut{machine};
    const bool delivered = shortcut.delivers(on, view, now);
    const bool may_deliver = machine.watchdog() == diameter::watchdog_state::okay;
    diameter::peer_actions actions = machine.on_message(on, view, now);
    const bool delivers_alone =
        actions.size() == 1 && std::holds_alternative<diameter::deliver>(actions.front());
    const bool agree = delivered == (delivers_alone && may_deliver) &&
                       (!delivered || (shortcut.state() == machine.state() &&
                                       shortcut.watchdog() == machine.watchdog() &&
                                       shortcut.next_deadline() == machine.next_deadline()));
    if (!agree) {  // a fuzzer's, too, which has no assertions of GoogleTest's
      std::fputs("peer_machine::delivers differs from on_message\n", stderr);
      std::abort();
    }
    return actions;
  }

  diameter::peer_actions perform(peer_event event) {
    using enum peer_event;
    constexpr auto i = diameter::connection::initiator;
    constexpr auto r = diameter::connection::responder;
    constexpr auto request = diameter::command_flags::request;
    const auto rebooting = diameter::disconnect_cause::rebooting;
    switch (event) {
      case start:
        return machine.on_start(now);
      case stop:
        return machine.on_stop(rebooting, now);
      case timeout:
        now = machine.next_deadline() == time_point::max() ? now + 1h : machine.next_deadline();
        return machine.on_timer(now);
      case i_conn_ack:
        return machine.on_connected(now);
      case i_conn_nack:
        return machine.on_connect_failed(now);
      case r_conn_cer:
        return machine.on_incoming(cer(), now);
      case r_conn_bad_cer:
        return machine.on_incoming(cer("stranger.example"), now);
      case i_peer_disc:
        return machine.on_disconnected(i, now);
      case r_peer_disc:
        return machine.on_disconnected(r, now);
      case i_cer:
        return message(i, cer());
      case i_cea:
        return message(i, cea(own_cer));
      case i_failed_cea:
        return message(i, cea(own_cer, {diameter::result_code::no_common_application, {}, ""}));
      case i_stray_cea:
        return message(i, cea(stray));
      case i_dwr:
        return message(i, dwr());
      case i_dwa:
        return message(i, dwa(own_dwr));
      case i_stray_dwa:
        return message(i, dwa(stray));
      case i_dpr:
        return message(i, dpr(rebooting));
      case i_dpa:
        return message(i, dpa(own_dpr));
      case i_stray_dpa:
        return message(i, dpa(stray));
      case i_request:
        return message(i, application_message(request));
      case i_answer:
        return message(i, application_message(0));
      case r_cer:
        return message(r, cer());
      case r_cea:
        return message(r, cea(own_cer));
      case r_dwr:
        return message(r, dwr());
      case r_dwa:
        return message(r, dwa(own_dwr));
      case r_dpr:
        return message(r, dpr(rebooting));
      case r_dpa:
        return message(r, dpa(own_dpr));
      case r_request:
        return message(r, application_message(request));
      case r_answer:
        return message(r, application_message(0));
      case i_malformed:
        return machine.on_malformed(i, now, "bad");
      case r_malformed:
        return machine.on_malformed(r, now, "bad");
      case wanted:
        return machine.on_wanted(now);
      case retry:
        return machine.on_retry(now);
    }
    return {};
  }

  std::array<std::byte, 4096> buffer_{};
};

/// Feeds events in order and holds the machine to the actions that each row gives.
class peer_script {
 public:
  explicit peer_script(std::string_view local_host = peer_bench::low_host,
                       diameter::peer_options options = peer_bench::default_options())
      : bench_{local_host, std::move(options)} {}

  peer_script& on(peer_event event, std::string_view actions) {
    EXPECT_EQ(describe(bench_.feed(event)), actions) << "at step " << steps_;
    ++steps_;
    return *this;
  }
  /// An event whose actions are not the point.
  peer_script& on(peer_event event) {
    static_cast<void>(bench_.feed(event));
    ++steps_;
    return *this;
  }
  peer_script& later(duration by) {
    bench_.now += by;
    return *this;
  }
  peer_script& ends_in(diameter::peer_state state) {
    EXPECT_EQ(to_string(bench_.machine.state()), to_string(state));
    return *this;
  }
  peer_bench& bench() noexcept { return bench_; }
  diameter::peer_machine& machine() noexcept { return bench_.machine; }

 private:
  peer_bench bench_;
  int steps_ = 0;
};

}  // namespace diamgw::test
