// The closing handshake (RFC 6455 §7), as a machine: events and the time in, actions out.
//
// Rules for editors: every decision about closing lives here. Sockets, timers, encoding of frames
// and logs do not.
#pragma once
#include <boost/container/static_vector.hpp>
#include <cstdint>
#include <string_view>
#include <variant>

#include "diamgw/base/clock.hpp"
#include "diamgw/websocket/protocol.hpp"

namespace diamgw::websocket {

/// Queue a close frame (make_close), as the last frame of this connection; report
/// on_close_sent() when it was handed to the system.
struct send_close {
  close_code code = close_code::no_status_received;  // no_status_received: an empty frame
  std::string_view reason;                           // the caller's, valid as long as its octets
};

/// How to end the TCP connection.
enum class disconnect_manner : std::uint8_t {
  orderly,  // FIN after what is queued, and discard what still comes: a reset would overtake it
  abort,    // at once
};
struct disconnect_tcp {
  disconnect_manner manner = disconnect_manner::orderly;
};

/// Call on_timer at this time; replaces the time set before.
struct set_timer {
  time_point at;
};

using close_action = std::variant<send_close, disconnect_tcp, set_timer>;
using close_actions = boost::container::static_vector<close_action, 3>;

enum class close_state : std::uint8_t {
  open,              // no close frame yet, either way
  closing_sent,      // ours is queued or sent, the peer's has not come
  closing_received,  // the peer's has come (or we failed the connection), ours is queued or sent
  closed,            // the TCP connection ended or is being ended: final
};

/// How the connection ended, as §7.1.4 to §7.1.6 define it.
struct close_status {
  close_code code = close_code::abnormal_closure;  // the peer's; 1005: none in it; 1006: no frame
  bool clean = false;                              // both close frames were exchanged
};

/// One per connection. Every event is allowed in every state; what no longer matters is ignored.
class close_machine {
 public:
  struct options {
    websocket::role role = role::server;
    /// From our close frame to the peer's, and from the peer's to the end of TCP, an orderly one
    /// included. Then: abort.
    std::chrono::milliseconds timeout{5000};
  };

  explicit close_machine(const options& o) noexcept : options_{o} {}

  /// We want to close (§7.1.2). `code` must be one that may_be_sent(), or no_status_received.
  [[nodiscard]] close_actions on_local_close(close_code code, std::string_view reason,
                                             time_point now);

  /// The peer broke a rule (§7.1.7): say why, and end without waiting for its close frame.
  [[nodiscard]] close_actions on_failure(close_code code, std::string_view reason, time_point now);

  /// The peer's close frame, as the reader gave it.
  [[nodiscard]] close_actions on_close_frame(close_code code, time_point now);

  /// The frame of `send_close` was handed to the system.
  [[nodiscard]] close_actions on_close_sent();

  [[nodiscard]] close_actions on_timer(time_point now);

  /// TCP ended: end of file or an error.
  [[nodiscard]] close_actions on_disconnect();

  [[nodiscard]] close_state state() const noexcept { return state_; }
  [[nodiscard]] close_status status() const noexcept;
  /// Data may be sent only while this is true (§5.5.1).
  [[nodiscard]] bool may_send() const noexcept { return state_ == close_state::open; }

 private:
  [[nodiscard]] close_actions start(close_code code, std::string_view reason, time_point now,
                                    close_state next);
  [[nodiscard]] close_actions end_if_done();

  options options_;
  close_state state_ = close_state::open;
  bool sent_ = false;      // ours was handed to the system
  bool received_ = false;  // the peer's came
  bool failed_ = false;
  close_code peer_code_ = close_code::abnormal_closure;
  time_point deadline_ = time_point::max();
};

}  // namespace diamgw::websocket
