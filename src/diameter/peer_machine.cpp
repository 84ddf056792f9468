// Rules for editors: state_ moves only below a quoted row of RFC 6733 §5.6's table ("state | event
// | actions | next state"); what is in no row is said to be so. Octets are made by `encode`, never
// here; I/O, clocks and logs are the driver's. Messages are judged in peer_machine_messages.cpp.
// I-Disc and R-Disc after a Peer-Disc are the driver's own tidying, so they are no action then.
#include "diamgw/diameter/peer_machine.hpp"

#include <algorithm>
#include <utility>

#include "diamgw/diameter/election.hpp"

namespace diamgw::diameter {
namespace {

using std::chrono::milliseconds;

peer_options brought_into_range(peer_options options) {
  const milliseconds least{1};
  options.connect_timeout = std::max(options.connect_timeout, least);
  options.capabilities_timeout = std::max(options.capabilities_timeout, least);
  options.disconnect_timeout = std::max(options.disconnect_timeout, least);
  options.reconnect_min = std::max(options.reconnect_min, least);
  options.reconnect_max = std::max(options.reconnect_max, options.reconnect_min);
  options.reconnect_jitter_percent = std::min(options.reconnect_jitter_percent, 100U);
  return options;
}

ending failure(disconnect_reason reason, std::string_view detail,
               connection on = connection::initiator) {
  ending why{.reason = reason, .on = on};
  why.detail = detail.substr(0, max_kept_message);
  return why;
}

}  // namespace

peer_machine::peer_machine(const local_node& node, peer_options options, const peer_seed& seed)
    : node_{node},
      options_{brought_into_range(std::move(options))},
      watchdog_{options_.watchdog, random_sequence{seed.random ^ 1U}.next()},
      end_to_end_{random_sequence{seed.random ^ 2U}.next(), seed.unix_seconds},
      hop_by_hop_{random_sequence{seed.random ^ 3U}.next()},
      random_{seed.random},
      reconnect_wait_{options_.reconnect_min} {}

message_ids peer_machine::next_ids() noexcept {
  return {hop_by_hop_.next(), end_to_end_.next()};
}

peer_actions peer_machine::on_start(time_point now) {
  peer_actions actions;
  wanted_ = true;
  barred_ = false;
  reconnect_after_.reset();
  reconnect_wait_ = options_.reconnect_min;
  if (state_ == peer_state::closed && options_.policy == connect_policy::initiate) {
    start_connecting(actions, now);
  }
  return actions;
}

// Closed | Start | I-Snd-Conn-Req | Wait-Conn-Ack
void peer_machine::start_connecting(peer_actions& actions, time_point now) {
  state_ = peer_state::wait_conn_ack;
  state_deadline_ = now + options_.connect_timeout;
  reconnect_at_ = time_point::max();
  actions.push_back(connect{});
}

void peer_machine::send_own_cer(peer_actions& actions, time_point now, peer_state next) {
  const message_ids ids = next_ids();
  cer_id_ = ids.hop_by_hop;
  state_ = next;
  state_deadline_ = now + options_.capabilities_timeout;
  actions.push_back(send_cer{ids});
}

peer_actions peer_machine::on_connected(time_point now) {
  peer_actions actions;
  if (state_ == peer_state::wait_conn_ack) {
    // Wait-Conn-Ack | I-Rcv-Conn-Ack | I-Snd-CER | Wait-I-CEA
    send_own_cer(actions, now, peer_state::wait_i_cea);
  } else if (state_ == peer_state::wait_conn_ack_elect) {
    // Wait-Conn-Ack/Elect | I-Rcv-Conn-Ack | I-Snd-CER, Elect | Wait-Returns
    send_own_cer(actions, now, peer_state::wait_returns);
    run_election(actions, now);
  }
  return actions;  // in no other row: nothing was being connected
}

peer_actions peer_machine::on_connect_failed(time_point now, std::string_view why) {
  peer_actions actions;
  if (state_ == peer_state::wait_conn_ack) {
    // Wait-Conn-Ack | I-Rcv-Conn-Nack | Cleanup | Closed
    close(actions, failure(disconnect_reason::connect_failed, why), now);
  } else if (state_ == peer_state::wait_conn_ack_elect) {
    // Wait-Conn-Ack/Elect | I-Rcv-Conn-Nack | R-Snd-CEA | R-Open
    accept_and_open(actions, now);
  }
  return actions;
}

result<peer_capabilities, capabilities_fault> peer_machine::process_cer(const message_view& cer) {
  auto parsed = parse_cer(cer, options_.cer_strictness);
  if (!parsed) {
    return parsed;
  }
  if (!is_configured_peer(parsed->origin_host)) {
    return unknown_peer();
  }
  if (auto fault = judge(node_, *parsed)) {
    return *fault;
  }
  return parsed;
}

peer_actions peer_machine::on_incoming(const message_view& cer, time_point now,
                                       const violation* broken) {
  peer_actions actions;
  const bool has_room = state_ == peer_state::closed || state_ == peer_state::wait_conn_ack ||
                        state_ == peer_state::wait_i_cea;
  if (!wanted_ || !has_room) {
    // Wait-Conn-Ack/Elect, Wait-Returns, R-Open, I-Open | R-Conn-CER | R-Reject | the same
    // deviates: in Closing the table has no R-Conn-CER; and the peer is told, not only cut off.
    const std::string_view phrase =
        wanted_ ? "the peer has a connection already" : "the peer is out of service";
    reject(actions, cer, {result_code::unable_to_comply, {}, phrase},
           failure(wanted_ ? disconnect_reason::already_connected : disconnect_reason::stopped,
                   phrase));
    if (wanted_ && is_open()) {
      // A peer that has lost its side connects anew before we know. deviates: RFC 3539 waits two
      // Tw for that; a DWR tells at once, so that the peer's next attempt is taken.
      apply(actions, watchdog_.on_doubt(now), now);
    }
    return actions;
  }
  if (broken != nullptr) {
    // §7.1.5: told what is wrong with it, and §5.3: its connection ends.
    ending why = end_of_exchange(disconnect_reason::capabilities_rejected, cer);
    why.detail = to_sentence(broken->reason);
    reject(actions, cer, {broken->code(), {}, to_sentence(broken->reason)}, std::move(why), broken);
    return actions;
  }
  auto processed = process_cer(cer);
  if (!processed) {
    // §5.3: a CER that fails is answered with the reason, and its connection ends.
    ending why = end_of_exchange(disconnect_reason::capabilities_rejected, cer);
    why.detail = processed.error().reason;
    reject(actions, cer, processed.error(), std::move(why));
    return actions;
  }
  actions.push_back(accept_incoming{});
  incoming_.emplace(incoming{keep_for_answer(cer), std::move(*processed)});
  if (state_ == peer_state::closed) {
    // Closed | R-Conn-CER | R-Accept, Process-CER, R-Snd-CEA | R-Open
    accept_and_open(actions, now);
  } else if (state_ == peer_state::wait_conn_ack) {
    // Wait-Conn-Ack | R-Conn-CER | R-Accept, Process-CER | Wait-Conn-Ack/Elect
    state_ = peer_state::wait_conn_ack_elect;
  } else {
    // Wait-I-CEA | R-Conn-CER | R-Accept, Process-CER, Elect | Wait-Returns
    state_ = peer_state::wait_returns;
    run_election(actions, now);
  }
  return actions;
}

void peer_machine::reject(peer_actions& actions, const message_view& cer, capabilities_fault fault,
                          ending why, const violation* broken) {
  why.on = connection::responder;
  why.code = static_cast<std::uint32_t>(fault.code);
  actions.push_back(
      reject_incoming{keep_for_answer(cer), std::move(fault), std::move(why), broken});
}

void peer_machine::run_election(peer_actions& actions, time_point now) {
  if (elect(node_.origin_host, incoming_->capabilities.origin_host) == election_result::won) {
    // Wait-Returns | Win-Election | I-Disc, R-Snd-CEA | R-Open
    actions.push_back(disconnect{connection::initiator});
    accept_and_open(actions, now);
  }
  // Lost: the peer answers our CER and ends its own connection, or the time runs out.
}

void peer_machine::accept_and_open(peer_actions& actions, time_point now) {
  incoming from = std::move(*incoming_);
  incoming_.reset();
  actions.push_back(send_cea{std::move(from.kept)});
  open(actions, connection::responder, std::move(from.capabilities), now);
}

// ... | R-Open or I-Open, for every row that leads there.
void peer_machine::open(peer_actions& actions, connection on, peer_capabilities&& peer,
                        time_point now) {
  state_ = on == connection::initiator ? peer_state::i_open : peer_state::r_open;
  open_on_ = on;
  state_deadline_ = time_point::max();
  reconnect_at_ = time_point::max();
  reconnect_after_.reset();
  barred_ = false;
  left_by_.reset();
  peer_ = std::move(peer);
  common_ = common_applications(node_, peer_);
  actions.push_back(opened{on});
  apply(actions, watchdog_.on_connection_up(now), now);
}

// ... | Closed, for every row that leads there.
void peer_machine::close(peer_actions& actions, ending why, time_point now) {
  // `closed` says more than the watchdog's failover, which is therefore not passed on.
  static_cast<void>(watchdog_.on_connection_down());
  state_ = peer_state::closed;
  state_deadline_ = time_point::max();
  incoming_.reset();
  dpr_id_.reset();
  actions.push_back(closed{std::move(why)});
  schedule_reconnect(now);
}

// §2.1: Tc "controls the frequency that transport connection attempts are done to a peer with whom
// no active transport connection exists".
void peer_machine::schedule_reconnect(time_point now) {
  reconnect_at_ = time_point::max();
  if (!wanted_ || options_.policy == connect_policy::accept_only) {
    return;
  }
  milliseconds wait = reconnect_after_.value_or(reconnect_wait_);
  reconnect_after_.reset();
  wanted_from_ = now + reconnect_wait_;
  reconnect_wait_ = std::min(reconnect_wait_ * 2, options_.reconnect_max);
  if (barred_) {
    // §5.4.3: the peer wants no new connection. deviates: not for ever, since a peer may say so of
    // a link that was idle, and forget to connect when it has something to say.
    if (options_.reconnect_after_leave.count() == 0) {
      return;
    }
    wait = options_.reconnect_after_leave;
  }
  const auto span =
      static_cast<std::uint32_t>(wait.count() * options_.reconnect_jitter_percent / 100);
  reconnect_at_ = now + wait + milliseconds{random_.around_zero(span)};
}

link_state peer_machine::link() const noexcept {
  switch (state_) {
    case peer_state::closed:
      return barred_ && wanted_ && options_.policy == connect_policy::initiate ? link_state::left
                                                                               : link_state::closed;
    case peer_state::wait_conn_ack:
      return link_state::wait_conn_ack;
    case peer_state::wait_i_cea:
      return link_state::wait_i_cea;
    case peer_state::wait_conn_ack_elect:
      return link_state::wait_conn_ack_elect;
    case peer_state::wait_returns:
      return link_state::wait_returns;
    case peer_state::closing:
      return link_state::closing;
    case peer_state::r_open:
    case peer_state::i_open:
      break;
  }
  switch (watchdog_.state()) {
    case watchdog_state::suspect:
      return link_state::suspect;
    case watchdog_state::reopen:
      return link_state::reopen;
    default:
      return link_state::open;
  }
}

// §5.4: connect again only for a valid reason, "e.g., message to be forwarded".
peer_actions peer_machine::on_wanted(time_point now) {
  peer_actions actions;
  if (link() == link_state::left && now >= wanted_from_) {
    start_connecting(actions, now);
  }
  return actions;
}

peer_actions peer_machine::on_retry(time_point now) {
  peer_actions actions;
  if (wanted_ && state_ == peer_state::closed && options_.policy == connect_policy::initiate) {
    barred_ = false;
    reconnect_after_.reset();
    reconnect_wait_ = options_.reconnect_min;
    start_connecting(actions, now);
  }
  return actions;
}

peer_actions peer_machine::on_malformed(connection on, time_point now, std::string_view what) {
  peer_actions actions;
  const bool initiator = on == connection::initiator;
  switch (state_) {
    case peer_state::wait_i_cea:
    case peer_state::wait_returns:
      if (initiator) {
        // Wait-I-CEA | I-Rcv-Non-CEA | Error | Closed
        end_initiator(actions, failure(disconnect_reason::malformed_message, what), now);
        break;
      }
      [[fallthrough]];
    case peer_state::wait_conn_ack_elect:
      // In no row: as R-Peer-Disc, but the connection is still there to be ended.
      if (!initiator && incoming_) {
        actions.push_back(disconnect{on, failure(disconnect_reason::malformed_message, what, on)});
        incoming_.reset();
        state_ =
            state_ == peer_state::wait_returns ? peer_state::wait_i_cea : peer_state::wait_conn_ack;
      }
      break;
    case peer_state::r_open:
    case peer_state::i_open:
      // In no row: I-Disc or R-Disc, as if the transport had ended.
      if (on == open_on_) {
        actions.push_back(disconnect{on});
        close(actions, failure(disconnect_reason::malformed_message, what, on), now);
      }
      break;
    case peer_state::closing:
      if (on == open_on_) {
        actions.push_back(disconnect{on});
        close(actions, end_of_closing(), now);
      }
      break;
    case peer_state::closed:
    case peer_state::wait_conn_ack:
      break;  // in no row: the connection is not ours
  }
  return actions;
}

peer_actions peer_machine::on_disconnected(connection on, time_point now, std::string_view why) {
  peer_actions actions;
  const bool initiator = on == connection::initiator;
  switch (state_) {
    case peer_state::wait_i_cea:
      // Wait-I-CEA | I-Peer-Disc | I-Disc | Closed
      if (initiator) {
        close(actions, failure(disconnect_reason::connection_lost, why, on), now);
      }
      break;
    case peer_state::wait_conn_ack_elect:
      // Wait-Conn-Ack/Elect | R-Peer-Disc | R-Disc | Wait-Conn-Ack
      if (!initiator) {
        incoming_.reset();
        state_ = peer_state::wait_conn_ack;
      }
      break;
    case peer_state::wait_returns:
      if (initiator) {
        // Wait-Returns | I-Peer-Disc | I-Disc, R-Snd-CEA | R-Open
        accept_and_open(actions, now);
      } else {
        // Wait-Returns | R-Peer-Disc | R-Disc | Wait-I-CEA
        incoming_.reset();
        state_ = peer_state::wait_i_cea;
      }
      break;
    case peer_state::r_open:
    case peer_state::i_open:
      // R-Open | R-Peer-Disc | R-Disc | Closed
      // I-Open | I-Peer-Disc | I-Disc | Closed
      if (on == open_on_) {
        close(actions, failure(disconnect_reason::connection_lost, why, on), now);
      }
      break;
    case peer_state::closing:
      // Closing | I-Peer-Disc | I-Disc | Closed
      // Closing | R-Peer-Disc | R-Disc | Closed
      if (on == open_on_) {
        close(actions, end_of_closing(), now);
      }
      break;
    case peer_state::closed:
    case peer_state::wait_conn_ack:
      break;  // in no row: the connection is not ours
  }
  return actions;
}

peer_actions peer_machine::on_stop(disconnect_cause cause, time_point now) {
  peer_actions actions;
  wanted_ = false;
  reconnect_at_ = time_point::max();
  switch (state_) {
    case peer_state::r_open:
    case peer_state::i_open: {
      // R-Open | Stop | R-Snd-DPR | Closing
      // I-Open | Stop | I-Snd-DPR | Closing
      const message_ids ids = next_ids();
      dpr_id_ = ids.hop_by_hop;
      actions.push_back(send_dpr{open_on_, ids, cause});
      begin_closing(actions, now);
      break;
    }
    case peer_state::wait_conn_ack_elect:
    case peer_state::wait_returns:
      // In no row: nothing is open that a DPR could end.
      actions.push_back(disconnect{connection::initiator});
      actions.push_back(disconnect{connection::responder});
      close(actions, failure(disconnect_reason::stopped, {}), now);
      break;
    case peer_state::wait_conn_ack:
    case peer_state::wait_i_cea:
      // In no row: as above.
      actions.push_back(disconnect{connection::initiator});
      close(actions, failure(disconnect_reason::stopped, {}), now);
      break;
    case peer_state::closed:
    case peer_state::closing:
      break;  // in no row: there is nothing to stop
  }
  return actions;
}

// ... | Closing, for every row that leads there. The watchdog ends with service, so that a later
// connection begins in REOPEN and never straight in OKAY.
void peer_machine::begin_closing(peer_actions& actions, time_point now) {
  static_cast<void>(watchdog_.on_connection_down());
  state_ = peer_state::closing;
  state_deadline_ = now + options_.disconnect_timeout;
  actions.push_back(draining{});
}

peer_actions peer_machine::on_timer(time_point now) {
  peer_actions actions;
  if (now >= state_deadline_) {
    on_state_timeout(actions, now);
  } else if (is_open()) {
    const std::string_view silence = watchdog_.doubted()
                                         ? "no answer to a DWR when the peer connected anew"
                                         : "no message for two watchdog intervals";
    apply(actions, watchdog_.on_timer(now), now, silence);
  } else if (state_ == peer_state::closed && now >= reconnect_at_) {
    start_connecting(actions, now);
  }
  return actions;
}

void peer_machine::on_state_timeout(peer_actions& actions, time_point now) {
  switch (state_) {
    case peer_state::wait_conn_ack:
      // Wait-Conn-Ack | Timeout | Error | Closed
      actions.push_back(disconnect{connection::initiator});
      close(actions, failure(disconnect_reason::connect_failed, "not connected in time"), now);
      break;
    case peer_state::wait_conn_ack_elect:
      // Wait-Conn-Ack/Elect | Timeout | Error | Closed
      // deviates: a connection of ours that does not come is as good as refused; the peer's own,
      // which did come, is kept (row I-Rcv-Conn-Nack).
      actions.push_back(disconnect{connection::initiator});
      accept_and_open(actions, now);
      break;
    case peer_state::wait_i_cea:
      // Wait-I-CEA | Timeout | Error | Closed
      actions.push_back(disconnect{connection::initiator});
      close(actions, failure(disconnect_reason::capabilities_timeout, "no CEA came in time"), now);
      break;
    case peer_state::wait_returns:
      // Wait-Returns | Timeout | Error | Closed
      actions.push_back(disconnect{connection::initiator});
      actions.push_back(disconnect{connection::responder});
      close(actions, failure(disconnect_reason::capabilities_timeout, "no CEA came in time"), now);
      break;
    case peer_state::closing:
      // Closing | Timeout | Error | Closed
      actions.push_back(disconnect{open_on_});
      close(actions, end_of_closing(), now);
      break;
    case peer_state::closed:
    case peer_state::r_open:
    case peer_state::i_open:
      state_deadline_ = time_point::max();  // none of these has a time limit
      break;
  }
}

void peer_machine::apply(peer_actions& actions, const watchdog_actions& from, time_point now,
                         std::string_view silence) {
  for (const watchdog_action action : from) {
    switch (action) {
      case watchdog_action::send_dwr: {
        const message_ids ids = next_ids();
        dwr_id_ = ids.hop_by_hop;
        actions.push_back(send_dwr{open_on_, ids});
        break;
      }
      case watchdog_action::failover:
        actions.push_back(suspect{});
        break;
      case watchdog_action::failback:
        reconnect_wait_ = options_.reconnect_min;
        actions.push_back(okay{});
        break;
      case watchdog_action::close:
        // RFC 3539 CloseConnection(), which is R-Disc or I-Disc of an open state here.
        actions.push_back(disconnect{open_on_});
        close(actions, failure(disconnect_reason::watchdog, silence, open_on_), now);
        break;
    }
  }
}

time_point peer_machine::next_deadline() const noexcept {
  if (is_open()) {
    return watchdog_.next_deadline();
  }
  return state_ == peer_state::closed ? reconnect_at_ : state_deadline_;
}

}  // namespace diamgw::diameter
