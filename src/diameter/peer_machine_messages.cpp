// The peer machine's messages (RFC 6733 §5.6): the same rules for editors as in peer_machine.cpp.
// Answers to our own CER, DWR and DPR are known by their Hop-by-Hop Identifier; others change
// nothing and are counted. A message that makes no sense costs an answer, never an open connection.
#include <string>
#include <utility>

#include "diamgw/diameter/peer_machine.hpp"

namespace diamgw::diameter {
namespace {

/// DIAMETER_ELECTION_LOST (§7.1.4), which only an election's winner sends.
constexpr std::uint32_t election_lost_code = 4003;

bool is_request_of(const message_view& message, command_code command) noexcept {
  return message.is_request() && message.command() == command;
}

bool is_answer_of(const message_view& message, command_code command) noexcept {
  return !message.is_request() && message.command() == command;
}

std::string name_of(const message_view& message) {
  return (message.is_request() ? "a request of command " : "an answer of command ") +
         std::to_string(message.command().value);
}

}  // namespace

bool peer_machine::is_configured_peer(std::string_view origin_host) const noexcept {
  return options_.identity == identity_check::any ||
         same_identity(origin_host, options_.origin_host);
}

ending peer_machine::end_of_exchange(disconnect_reason reason, const message_view& said) const {
  node_name expected{options_.origin_host, options_.origin_realm};
  if (options_.identity == identity_check::any) {
    expected = {};
  }
  return ending_of_exchange(reason, said, node_, std::move(expected));
}

ending peer_machine::end_of_closing() const {
  return left_by_.value_or(ending{.reason = disconnect_reason::stopped, .on = open_on_});
}

peer_actions peer_machine::on_message(connection on, const message_view& message, time_point now,
                                      const violation* broken) {
  peer_actions actions;
  switch (state_) {
    case peer_state::wait_i_cea:
    case peer_state::wait_returns:
      // In no row: a message on R before our CEA, which the peer had no leave to send. Ignored.
      if (on == connection::initiator) {
        on_answer_to_cer(actions, message, now);
      }
      break;
    case peer_state::r_open:
    case peer_state::i_open:
      if (on == open_on_) {
        on_message_in_open(actions, message, now, broken);
      }
      break;
    case peer_state::closing:
      if (on == open_on_) {
        on_message_in_closing(actions, message, now, broken);
      }
      break;
    case peer_state::closed:
    case peer_state::wait_conn_ack:
    case peer_state::wait_conn_ack_elect:
      break;  // in no row: no connection of ours has exchanged capabilities
  }
  return actions;
}

peer_actions peer_machine::on_unreadable(connection on, time_point now) {
  peer_actions actions;
  if (is_open() && on == open_on_) {
    // RFC 3539 §3.4.1: "any message received"; in no row otherwise.
    apply(actions, watchdog_.on_receive(traffic::other, now), now);
  }
  return actions;
}

bool peer_machine::delivers(connection on, const message_view& message, time_point now) noexcept {
  const command_code command = message.command();
  if (on != open_on_ || !is_open() || watchdog_.state() != watchdog_state::okay ||
      command == commands::device_watchdog || command == commands::disconnect_peer ||
      command == commands::capabilities_exchange) {
    return false;
  }
  // R-Open | R-Rcv-Message | Process | R-Open (and the same with I-); in OKAY nothing follows from
  // it (RFC 3539 §3.4.1).
  static_cast<void>(watchdog_.on_receive(traffic::other, now));
  return true;
}

void peer_machine::on_answer_to_cer(peer_actions& actions, const message_view& message,
                                    time_point now) {
  if (!is_answer_of(message, commands::capabilities_exchange)) {
    // Wait-I-CEA | I-Rcv-Non-CEA | Error | Closed
    ending why{.reason = disconnect_reason::unexpected_message};
    why.detail = name_of(message) + " where a CEA is due";
    end_initiator(actions, std::move(why), now);
    return;
  }
  if (message.hop_by_hop() != cer_id_) {
    ++unmatched_answers_;
    return;
  }
  auto parsed = parse_cea(message);
  if (parsed && parsed->result_code.value_or(0) / 1000 != 2) {
    ending why = end_of_exchange(disconnect_reason::capabilities_refused, message);
    why.code = parsed->result_code.value_or(0);
    if (const auto said = message.find(avps::error_message)) {
      why.error_message = as_text(said->data).substr(0, max_kept_message);
    }
    end_initiator(actions, std::move(why), now);
    return;
  }
  std::optional<capabilities_fault> fault;
  if (!parsed) {
    fault = parsed.error();
  } else if (!is_configured_peer(parsed->origin_host)) {
    fault = unknown_peer();
  } else {
    fault = judge(node_, *parsed);
  }
  if (fault) {
    ending why = end_of_exchange(disconnect_reason::capabilities_rejected, message);
    why.code = static_cast<std::uint32_t>(fault->code);
    why.detail = fault->reason;
    end_initiator(actions, std::move(why), now);
    return;
  }
  if (state_ == peer_state::wait_returns) {
    // Wait-Returns | I-Rcv-CEA | R-Disc | I-Open
    incoming_.reset();
    actions.push_back(disconnect{connection::responder});
  }
  // Wait-I-CEA | I-Rcv-CEA | Process-CEA | I-Open
  open(actions, connection::initiator, std::move(*parsed), now);
}

void peer_machine::end_initiator(peer_actions& actions, ending why, time_point now) {
  if (state_ == peer_state::wait_returns) {
    // deviates: the table has no such row in Wait-Returns. Our connection is as good as gone, e.g.
    // by DIAMETER_ELECTION_LOST, so the row of I-Peer-Disc is taken:
    // Wait-Returns | I-Peer-Disc | I-Disc, R-Snd-CEA | R-Open
    disconnect end{connection::initiator};
    if (why.code != election_lost_code) {  // else it is what §5.6.4 wants of the loser
      end.failed = std::move(why);
    }
    actions.push_back(std::move(end));
    accept_and_open(actions, now);
  } else {
    // Wait-I-CEA | I-Rcv-Non-CEA, or a CEA that fails | Error | Closed
    actions.push_back(disconnect{connection::initiator});
    close(actions, std::move(why), now);
  }
}

void peer_machine::on_message_in_open(peer_actions& actions, const message_view& message,
                                      time_point now, const violation* broken) {
  const bool is_dwa = is_answer_of(message, commands::device_watchdog);
  const bool is_due = is_dwa && watchdog_.pending() && message.hop_by_hop() == dwr_id_;
  // RFC 3539 §3.4.1: "any message received", whatever else it is, shows the peer alive.
  apply(actions, watchdog_.on_receive(is_due ? traffic::dwa : traffic::other, now), now);

  if (broken != nullptr) {
    actions.push_back(refuse{open_on_, broken->code(), broken});  // §7.1.5
  } else if (is_request_of(message, commands::device_watchdog)) {
    // R-Open | R-Rcv-DWR | Process-DWR, R-Snd-DWA | R-Open (and the same with I-)
    actions.push_back(send_dwa{open_on_, keep_for_answer(message)});
  } else if (is_dwa) {
    // R-Open | R-Rcv-DWA | Process-DWA | R-Open (and the same with I-)
    unmatched_answers_ += is_due ? 0U : 1U;
  } else if (is_request_of(message, commands::disconnect_peer)) {
    on_dpr(actions, message, now);
  } else if (is_request_of(message, commands::capabilities_exchange)) {
    // In no row. §5.3: capabilities are exchanged once in a connection's life.
    actions.push_back(refuse{open_on_, result_code::unable_to_comply});
  } else if (is_answer_of(message, commands::capabilities_exchange) ||
             is_answer_of(message, commands::disconnect_peer)) {
    ++unmatched_answers_;  // in no row
  } else {
    // R-Open | R-Rcv-Message | Process | R-Open (and the same with I-)
    actions.push_back(deliver{open_on_});
  }
}

// R-Open | R-Rcv-DPR | R-Snd-DPA | Closing
// I-Open | I-Rcv-DPR | I-Snd-DPA | Closing
void peer_machine::on_dpr(peer_actions& actions, const message_view& dpr, time_point now) {
  // §5.4.3: with BUSY and DO_NOT_WANT_TO_TALK_TO_YOU the peer wants no new connection.
  if (cause_of(dpr) == disconnect_cause::rebooting) {
    reconnect_after_ = options_.reconnect_max;
  } else {
    barred_ = true;
  }
  left_by_ = ending{.reason = disconnect_reason::dpr_received, .on = open_on_};
  left_by_->cause = find_unsigned32(dpr, avps::disconnect_cause);
  left_by_->detail = left_by_->cause ? "" : "no Disconnect-Cause";
  actions.push_back(send_dpa{open_on_, keep_for_answer(dpr)});
  begin_closing(actions, now);
}

void peer_machine::on_message_in_closing(peer_actions& actions, const message_view& message,
                                         time_point now, const violation* broken) {
  if (is_answer_of(message, commands::disconnect_peer)) {
    if (dpr_id_ != message.hop_by_hop()) {
      ++unmatched_answers_;
      return;
    }
    // Closing | I-Rcv-DPA | I-Disc | Closed
    // Closing | R-Rcv-DPA | R-Disc | Closed
    actions.push_back(disconnect{open_on_});
    close(actions, end_of_closing(), now);
    return;
  }
  // deviates: the table has no further message in Closing. Both sides may leave at once, each still
  // owes the other its DPA and DWA; and answers on their way are not thrown away.
  if (broken != nullptr) {
    actions.push_back(refuse{open_on_, broken->code(), broken});
  } else if (is_request_of(message, commands::disconnect_peer)) {
    actions.push_back(send_dpa{open_on_, keep_for_answer(message)});
  } else if (is_request_of(message, commands::device_watchdog)) {
    actions.push_back(send_dwa{open_on_, keep_for_answer(message)});
  } else if (message.is_request()) {
    const bool is_cer = message.command() == commands::capabilities_exchange;
    actions.push_back(
        refuse{open_on_, is_cer ? result_code::unable_to_comply : result_code::unable_to_deliver});
  } else if (message.command() == commands::device_watchdog ||
             message.command() == commands::capabilities_exchange) {
    ++unmatched_answers_;
  } else {
    actions.push_back(deliver{open_on_});
  }
}

}  // namespace diamgw::diameter
