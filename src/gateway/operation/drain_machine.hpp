// How the gateway leaves: from the outside in, each step within what is left of the time.
//
//   refusing ─► leaving ─► disconnecting ─► done
//   (requests)  (clients)  (peers)
//
// Rules for editors: which step comes when, and what is given up, stands here and nowhere else.
// Sockets, shards, timers and logs do not.
#pragma once
#include <boost/container/static_vector.hpp>
#include <chrono>
#include <cstdint>
#include <variant>

#include "diamgw/base/clock.hpp"

namespace diamgw::gateway {

/// Listeners of clients stop, `/readyz` says so, new requests of clients are refused.
struct refuse_requests {};
/// Whatever clients still wait for ends, with `draining`.
struct give_up_requests {};
/// Close every client, one after the other over `spread`.
struct close_clients {
  duration spread{};
};
/// Diameter listeners stop, DPR to every open peer.
struct disconnect_peers {};
/// It is over. `whole`: nothing was cut off.
struct drained {
  bool whole = false;
};

using drain_action =
    std::variant<refuse_requests, give_up_requests, close_clients, disconnect_peers, drained>;
using drain_actions = boost::container::static_vector<drain_action, 3>;

enum class drain_state : std::uint8_t { serving, refusing, leaving, disconnecting, done };

/// What is left to wait for.
struct drain_progress {
  std::uint64_t requests = 0;  // whose askers were not told yet
  bool refusing = false;       // every shard does: no more of clients will come
  std::uint64_t clients = 0;
  bool peers_connected = false;
};

/// One thread. `now` never runs backwards.
class drain_machine {
 public:
  struct options {
    std::chrono::milliseconds timeout{10'000};       // for all of it
    std::chrono::milliseconds client_spread{1'000};  // over which clients are closed
    std::chrono::milliseconds close_timeout{5'000};  // of one client's closing handshake
    std::chrono::milliseconds disconnect_timeout{
        5'000};  // of DPR; granted even if `timeout` is over
  };

  explicit drain_machine(const options& o) noexcept : options_{o} {}

  /// No effect after the first.
  [[nodiscard]] drain_actions on_start(time_point now);
  /// Something of `left` may have changed. Before `on_start`, and after `drained`: no effect.
  [[nodiscard]] drain_actions on_progress(const drain_progress& left, time_point now);

  [[nodiscard]] drain_state state() const noexcept { return state_; }
  /// When the step at hand is given up: call `on_progress` then, whatever has changed.
  [[nodiscard]] time_point next_deadline() const noexcept { return step_deadline_; }

 private:
  options options_;
  drain_state state_ = drain_state::serving;
  bool whole_ = true;
  time_point deadline_ = time_point::max();       // of all but the last step
  time_point step_deadline_ = time_point::max();  // of the step at hand
};

}  // namespace diamgw::gateway
