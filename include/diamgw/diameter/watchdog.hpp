// The watchdog of one peer (RFC 3539 §3.4.1): when to send DWR, fail over, fail back, close.
#pragma once
#include <boost/container/static_vector.hpp>
#include <chrono>
#include <cstdint>

#include "diamgw/base/clock.hpp"
#include "diamgw/base/random_sequence.hpp"

namespace diamgw::diameter {

struct watchdog_options {
  /// Time without any message from the peer after which a DWR is sent (§3.4.1 Twinit).
  std::chrono::milliseconds twinit{30'000};
  /// Twinit is raised to this: §3.4.1 forbids less than 6 s. Only tests lower it.
  std::chrono::milliseconds twinit_floor{6'000};
  /// Tw is uniform in Twinit ± jitter, drawn anew whenever it is set; at most half of Twinit.
  std::chrono::milliseconds jitter{2'000};
  /// DWAs that a connection needs before it serves again after an earlier one was lost (§3.4.1: 3).
  /// 0: it serves at once, which deviates from §3.4.1 and is for peers known to be quick.
  std::uint32_t reopen_dwas = 3;
  /// Time between DWRs while those DWAs are gathered. 0: Tw, as §3.4.1 has it, so that service
  /// returns after two Tw; a smaller time heals sooner and deviates from §3.4.1.
  std::chrono::milliseconds reopen_interval{0};
  /// From `on_doubt` to the end of a connection on which nothing came. Not in RFC 3539.
  std::chrono::milliseconds doubt_timeout{3'000};
};

enum class watchdog_state : std::uint8_t {
  initial,  // never had a connection
  okay,     // serves
  suspect,  // a DWR went unanswered for Tw: no new requests
  down,     // the connection was lost
  reopen,   // connected again, gathers DWAs, does not serve yet
};

enum class watchdog_action : std::uint8_t {
  send_dwr,
  failover,  // no new requests; pending ones go to another peer
  failback,  // serves (again)
  close,     // end the connection; the state is `down` already
};

using watchdog_actions = boost::container::static_vector<watchdog_action, 2>;

/// What a message from the peer is to the watchdog.
enum class traffic : std::uint8_t {
  dwa,    // the answer to our pending DWR, whatever its Result-Code: it proves the peer alive
  other,  // any other message, a DWA that answers nothing of ours included
};

/// Machine; one per peer, kept over its connections. No allocation; one thread. AttemptOpen of
/// §3.4.1 is the peer machine's Tc, so no deadline runs in `initial` and `down`.
class watchdog {
 public:
  /// `seed` determines the jitter.
  watchdog(const watchdog_options& options, std::uint64_t seed) noexcept;

  /// The capabilities exchange has succeeded. `failback` at once on the first connection ever,
  /// else `send_dwr` and state `reopen`.
  [[nodiscard]] watchdog_actions on_connection_up(time_point now) noexcept;
  /// The connection has ended, for whatever reason. `failover` where it served.
  [[nodiscard]] watchdog_actions on_connection_down() noexcept;
  [[nodiscard]] watchdog_actions on_receive(traffic what, time_point now) noexcept;
  /// There is a sign that the peer has lost its side of the connection: `send_dwr` at once where
  /// none is under way, and `close` where no message comes within `doubt_timeout`.
  [[nodiscard]] watchdog_actions on_doubt(time_point now) noexcept;
  /// Nothing before `next_deadline()`.
  [[nodiscard]] watchdog_actions on_timer(time_point now) noexcept;

  /// When to call `on_timer`; `time_point::max()` where no timer runs.
  [[nodiscard]] time_point next_deadline() const noexcept { return deadline_; }
  [[nodiscard]] watchdog_state state() const noexcept { return state_; }
  /// A DWR waits for its DWA.
  [[nodiscard]] bool pending() const noexcept { return pending_; }
  /// Since on_doubt no message has come.
  [[nodiscard]] bool doubted() const noexcept { return doubted_; }

 private:
  void set_watchdog(time_point now) noexcept;
  [[nodiscard]] watchdog_actions on_timer_in_reopen(time_point now) noexcept;

  watchdog_options options_;
  random_sequence random_;
  watchdog_state state_ = watchdog_state::initial;
  bool pending_ = false;
  bool doubted_ = false;
  std::int32_t num_dwa_ = 0;  // §3.4.1 NumDWA; -1 after a first missed DWA in `reopen`
  time_point deadline_ = time_point::max();
};

}  // namespace diamgw::diameter
