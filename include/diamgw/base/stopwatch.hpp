// How long a piece of work took, where the work is so short that reading the clock would count.
#pragma once
#include <atomic>
#include <cstdint>
#include <utility>

#include "diamgw/base/clock.hpp"
#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace diamgw {

/// Counts the processor's own ticks where they pass evenly in all its states (the time stamp
/// counter of x86-64, if the processor says that it is invariant), and reads `clock` elsewhere. A
/// message takes seven readings on its way to a peer and back; by the clock they were 5 % of the
/// instructions of the whole exchange, by the counter they are less than 1 %. Any thread; what is
/// measured begins and ends on one.
class stopwatch {
 public:
  /// Runs from now.
  stopwatch() noexcept : since_{ticks()} {}

  /// What has passed since it was made, or since the last lap. Never negative.
  [[nodiscard]] duration lap() noexcept {
    const std::int64_t now = ticks();
    return to_duration(now - std::exchange(since_, now));
  }
  /// From now on again.
  void restart() noexcept { since_ = ticks(); }

 private:
  [[nodiscard]] static std::int64_t ticks() noexcept {
#if defined(__x86_64__)
    if (counter_is_even) {
      return static_cast<std::int64_t>(__rdtsc());
    }
#endif
    return clock::now().time_since_epoch().count();
  }
  [[nodiscard]] static duration to_duration(std::int64_t ticks) noexcept {
    std::int64_t tick = tick_.load(std::memory_order_relaxed);
    if (tick == 0) [[unlikely]] {
      tick = find_tick();
    }
    __extension__ using wide = __int128;
    return duration{
        static_cast<std::int64_t>((wide{ticks > 0 ? ticks : 0} * tick) >> binary_places)};
  }
  [[nodiscard]] static std::int64_t find_tick() noexcept;

  static constexpr unsigned binary_places = 32;
  static const bool counter_is_even;
  /// Nanoseconds of a tick; 0: not measured yet.
  static inline std::atomic<std::int64_t> tick_{0};

  std::int64_t since_;
};

}  // namespace diamgw
