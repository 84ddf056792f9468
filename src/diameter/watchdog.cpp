// Rules for editors: every change of state_ is below a quoted row of RFC 3539 §3.4.1's table
// ("STATE | event | actions | new state"); nothing else may move it. Closing of sockets, moving of
// requests and opening of connections are the peer machine's and its driver's.
#include "diamgw/diameter/watchdog.hpp"

#include <algorithm>
#include <utility>

namespace diamgw::diameter {

watchdog::watchdog(const watchdog_options& options, std::uint64_t seed) noexcept
    : options_{options}, random_{seed} {
  options_.twinit =
      std::max({options_.twinit, options_.twinit_floor, std::chrono::milliseconds{1}});
  options_.jitter = std::clamp(options_.jitter, std::chrono::milliseconds{0}, options_.twinit / 2);
}

// SetWatchdog(): Tw = Twinit with jitter, so that neighbours do not fall into step.
void watchdog::set_watchdog(time_point now) noexcept {
  if (state_ == watchdog_state::reopen && options_.reopen_interval.count() > 0) {
    // deviates: §3.4.1 has Tw here too; an operator may choose to heal sooner.
    deadline_ = now + options_.reopen_interval;
    return;
  }
  const auto jitter = random_.around_zero(static_cast<std::uint32_t>(options_.jitter.count()));
  deadline_ = now + options_.twinit + std::chrono::milliseconds{jitter};
}

watchdog_actions watchdog::on_connection_up(time_point now) noexcept {
  switch (state_) {
    // INITIAL | Connection up | SetWatchdog() | OKAY
    case watchdog_state::initial:
      state_ = watchdog_state::okay;
      pending_ = false;
      set_watchdog(now);
      return {watchdog_action::failback};
    // DOWN | Connection up | NumDWA = 0, SendWatchdog(), SetWatchdog(), Pending = TRUE | REOPEN
    case watchdog_state::down:
      if (options_.reopen_dwas == 0) {
        // deviates: the operator asked for service at once.
        state_ = watchdog_state::okay;
        pending_ = false;
        set_watchdog(now);
        return {watchdog_action::failback};
      }
      state_ = watchdog_state::reopen;
      num_dwa_ = 0;
      pending_ = true;
      set_watchdog(now);
      return {watchdog_action::send_dwr};
    // Not in the table: there is a connection already. Ignored.
    case watchdog_state::okay:
    case watchdog_state::suspect:
    case watchdog_state::reopen:
      return {};
  }
  return {};
}

watchdog_actions watchdog::on_connection_down() noexcept {
  const watchdog_state before = state_;
  switch (before) {
    // OKAY    | Connection down | CloseConnection(), Failover(), SetWatchdog() | DOWN
    // SUSPECT | Connection down | CloseConnection(), SetWatchdog()             | DOWN
    // REOPEN  | Connection down | CloseConnection(), SetWatchdog()             | DOWN
    // deviates: no timer in DOWN, since the peer machine opens connections.
    case watchdog_state::okay:
    case watchdog_state::suspect:
    case watchdog_state::reopen:
      state_ = watchdog_state::down;
      pending_ = false;
      doubted_ = false;
      deadline_ = time_point::max();
      break;
    // Not in the table: no connection to lose. Ignored.
    case watchdog_state::initial:
    case watchdog_state::down:
      break;
  }
  if (before == watchdog_state::okay) {
    return {watchdog_action::failover};
  }
  return {};
}

watchdog_actions watchdog::on_receive(traffic what, time_point now) noexcept {
  const bool is_dwa = what == traffic::dwa;
  if (std::exchange(doubted_, false)) {
    set_watchdog(now);  // the timer ran for the doubt
  }
  switch (state_) {
    // OKAY | Receive DWA     | Pending = FALSE, SetWatchdog() | OKAY
    // OKAY | Receive non-DWA | SetWatchdog()                  | OKAY
    case watchdog_state::okay:
      pending_ = pending_ && !is_dwa;
      set_watchdog(now);
      return {};
    // SUSPECT | Receive DWA     | Pending = FALSE, Failback(), SetWatchdog() | OKAY
    // SUSPECT | Receive non-DWA | Failback(), SetWatchdog()                  | OKAY
    case watchdog_state::suspect:
      state_ = watchdog_state::okay;
      pending_ = pending_ && !is_dwa;
      set_watchdog(now);
      return {watchdog_action::failback};
    // REOPEN | Receive DWA & NumDWA == 2 | Pending = FALSE, NumDWA++, Failback() | OKAY
    // REOPEN | Receive DWA & NumDWA < 2  | Pending = FALSE, NumDWA++             | REOPEN
    // REOPEN | Receive non-DWA           | Throwaway()                           | REOPEN
    // deviates: 3 is the default of an option; and nothing is thrown away, since a peer that has
    // us in OKAY sends its requests in good faith.
    case watchdog_state::reopen:
      if (!is_dwa) {
        return {};
      }
      pending_ = false;
      ++num_dwa_;
      if (num_dwa_ < static_cast<std::int32_t>(options_.reopen_dwas)) {
        return {};
      }
      state_ = watchdog_state::okay;
      // deviates: the table leaves the timer alone, which may be a shortened one here.
      set_watchdog(now);
      return {watchdog_action::failback};
    // INITIAL | Receive DWA     | Pending = FALSE, Throwaway() | INITIAL
    // INITIAL | Receive non-DWA | Throwaway()                  | INITIAL
    // DOWN    | Receive DWA     | Pending = FALSE, Throwaway() | DOWN
    // DOWN    | Receive non-DWA | Throwaway()                  | DOWN
    case watchdog_state::initial:
    case watchdog_state::down:
      pending_ = pending_ && !is_dwa;
      return {};
  }
  return {};
}

// deviates: in no row of the table, which learns of a lost connection by silence alone.
watchdog_actions watchdog::on_doubt(time_point now) noexcept {
  const bool connected = state_ != watchdog_state::initial && state_ != watchdog_state::down;
  if (!connected || doubted_) {
    return {};
  }
  doubted_ = true;
  const time_point limit = now + options_.doubt_timeout;
  // A suspect's own deadline ends it, too, where it is earlier.
  deadline_ = state_ == watchdog_state::suspect ? std::min(deadline_, limit) : limit;
  if (pending_) {
    return {};
  }
  pending_ = true;
  return {watchdog_action::send_dwr};
}

watchdog_actions watchdog::on_timer(time_point now) noexcept {
  if (now < deadline_) {
    return {};
  }
  if (doubted_) {
    static_cast<void>(on_connection_down());
    return {watchdog_action::close};
  }
  switch (state_) {
    // OKAY | Timer expires & !Pending | SendWatchdog(), SetWatchdog(), Pending = TRUE | OKAY
    // OKAY | Timer expires & Pending  | Failover(), SetWatchdog()                     | SUSPECT
    case watchdog_state::okay:
      if (!pending_) {
        pending_ = true;
        set_watchdog(now);
        return {watchdog_action::send_dwr};
      }
      state_ = watchdog_state::suspect;
      set_watchdog(now);
      return {watchdog_action::failover};
    // SUSPECT | Timer expires | CloseConnection(), SetWatchdog() | DOWN
    case watchdog_state::suspect:
      static_cast<void>(on_connection_down());
      return {watchdog_action::close};
    case watchdog_state::reopen:
      return on_timer_in_reopen(now);
    // INITIAL | Timer expires | AttemptOpen(), SetWatchdog() | INITIAL
    // DOWN    | Timer expires | AttemptOpen(), SetWatchdog() | DOWN
    // deviates: AttemptOpen is the peer machine's Tc (RFC 6733 §2.1); no timer runs here.
    case watchdog_state::initial:
    case watchdog_state::down:
      return {};
  }
  return {};
}

watchdog_actions watchdog::on_timer_in_reopen(time_point now) noexcept {
  // REOPEN | Timer expires & !Pending | SendWatchdog(), SetWatchdog(), Pending = TRUE | REOPEN
  if (!pending_) {
    pending_ = true;
    set_watchdog(now);
    return {watchdog_action::send_dwr};
  }
  // REOPEN | Timer expires & Pending & NumDWA >= 0 | NumDWA = -1, SetWatchdog() | REOPEN
  if (num_dwa_ >= 0) {
    num_dwa_ = -1;
    set_watchdog(now);
    return {};
  }
  // REOPEN | Timer expires & Pending & NumDWA == -1 | CloseConnection(), SetWatchdog() | DOWN
  static_cast<void>(on_connection_down());
  return {watchdog_action::close};
}

}  // namespace diamgw::diameter
