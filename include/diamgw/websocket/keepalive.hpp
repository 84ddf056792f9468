// Pings that find out whether the peer is still there (RFC 6455 §5.5.2), as a machine.
#pragma once
#include <boost/container/static_vector.hpp>
#include <variant>

#include "diamgw/base/clock.hpp"
#include "diamgw/websocket/close_machine.hpp"

namespace diamgw::websocket {

struct send_ping {};

/// The peer is silent although it was pinged. A close frame would not reach it: abort the TCP
/// connection; the application sees 1006 (§7.1.5).
struct drop_peer {};

using keepalive_action = std::variant<send_ping, set_timer, drop_peer>;
using keepalive_actions = boost::container::static_vector<keepalive_action, 2>;

/// Pings after `ping_interval` without a received octet, drops the peer where none comes within
/// `pong_timeout` after that. Any octet received counts as life, not only a pong.
class keepalive {
 public:
  struct options {
    std::chrono::milliseconds ping_interval{30000};  // 0: never ping, never drop
    std::chrono::milliseconds pong_timeout{10000};
  };

  explicit keepalive(const options& o) noexcept : options_{o} {}

  /// The connection is open.
  [[nodiscard]] keepalive_actions on_start(time_point now);

  /// Octets were received. Needs no action: the timer finds out when it runs. Cost: one store.
  void on_traffic(time_point now) noexcept { last_traffic_ = now; }

  [[nodiscard]] keepalive_actions on_timer(time_point now);

  /// The connection is closing: no more pings, timers are ignored.
  void on_stop() noexcept { stopped_ = true; }

 private:
  options options_;
  time_point last_traffic_{};
  time_point pinged_{};
  bool waiting_ = false;  // a ping is out, and nothing has come since as far as we know
  bool stopped_ = true;
};

}  // namespace diamgw::websocket
