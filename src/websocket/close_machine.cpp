// Rules for editors: see the header. Each branch quotes the sentence of RFC 6455 it carries out.
#include "diamgw/websocket/close_machine.hpp"

namespace diamgw::websocket {

close_actions close_machine::start(close_code code, std::string_view reason, time_point now,
                                   close_state next) {
  state_ = next;
  deadline_ = now + options_.timeout;
  return {send_close{code, reason}, set_timer{deadline_}};
}

// §7.1.1: "The underlying TCP connection, in most normal cases, SHOULD be closed first by the
// server"; a client waits for it, for the time of `timeout`.
close_actions close_machine::end_if_done() {
  const bool handshake_done = sent_ && received_;
  const bool ours_to_end = failed_ || options_.role == role::server;
  if (!ours_to_end || !(failed_ ? sent_ : handshake_done)) {
    return {};
  }
  state_ = close_state::closed;  // the timer still runs, and bounds the wait for the peer's FIN
  return {disconnect_tcp{disconnect_manner::orderly}};
}

// §7.1.2: "an endpoint MUST send a Close control frame ... Once an endpoint has both sent and
// received a Close control frame", TCP is closed.
//   open -> send_close, closing_sent; any other state: ours is on its way already, ignored
close_actions close_machine::on_local_close(close_code code, std::string_view reason,
                                            time_point now) {
  if (state_ != close_state::open) {
    return {};
  }
  return start(code, reason, now, close_state::closing_sent);
}

// §7.1.7: "the endpoint SHOULD send a Close frame with an appropriate status code before
// proceeding to Close the WebSocket Connection", and "MUST NOT continue to attempt to process
// data (including a responding Close frame)".
//   open         -> send_close, closing_received
//   closing_sent -> ours is on its way; end as soon as it is sent
//   other        -> ignored
close_actions close_machine::on_failure(close_code code, std::string_view reason, time_point now) {
  if (state_ == close_state::open) {
    failed_ = true;
    return start(code, reason, now, close_state::closing_received);
  }
  if (state_ == close_state::closing_sent) {
    failed_ = true;
    state_ = close_state::closing_received;
    return end_if_done();
  }
  return {};
}

// §5.5.1: "If an endpoint receives a Close frame and did not previously send a Close frame, the
// endpoint MUST send a Close frame in response. (When sending a Close frame in response, the
// endpoint typically echos the status code it received.)"
//   open         -> send_close with the same code, closing_received
//   closing_sent -> closing_received; server: end as soon as ours is sent
//   other        -> ignored: nothing counts after the first close frame or after a failure
close_actions close_machine::on_close_frame(close_code code, time_point now) {
  if (state_ == close_state::open) {
    received_ = true;
    peer_code_ = code;
    return start(code, {}, now, close_state::closing_received);
  }
  if (state_ == close_state::closing_sent) {
    received_ = true;
    peer_code_ = code;
    state_ = close_state::closing_received;
    close_actions actions = end_if_done();
    if (actions.empty()) {
      deadline_ = now + options_.timeout;
      actions.push_back(set_timer{deadline_});
    }
    return actions;
  }
  return {};
}

close_actions close_machine::on_close_sent() {
  if (state_ == close_state::closing_sent || state_ == close_state::closing_received) {
    sent_ = true;
    return end_if_done();
  }
  return {};
}

// One patience for all: the peer's close frame, the end of TCP by the server, the peer's FIN.
//   open, or TCP has ended -> ignored; too early -> set again; else abort, closed
close_actions close_machine::on_timer(time_point now) {
  if (deadline_ == time_point::max()) {
    return {};
  }
  if (now < deadline_) {
    return {set_timer{deadline_}};
  }
  state_ = close_state::closed;
  deadline_ = time_point::max();
  return {disconnect_tcp{disconnect_manner::abort}};
}

close_actions close_machine::on_disconnect() {
  state_ = close_state::closed;
  deadline_ = time_point::max();
  return {};
}

// §7.1.4: "cleanly": TCP closed "after the WebSocket closing handshake was completed".
// §7.1.5: without a close frame received, the code "is considered to be 1006".
close_status close_machine::status() const noexcept {
  return {peer_code_, sent_ && received_};
}

}  // namespace diamgw::websocket
