#include "diamgw/base/stopwatch.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace diamgw {
namespace {

#if defined(__x86_64__)
/// CPUID's leaf of advanced power management: bit 8 of EDX says "invariant TSC".
[[nodiscard]] bool has_invariant_counter() noexcept {
  constexpr unsigned leaf = 0x80000007U;
  constexpr unsigned invariant = 1U << 8U;
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  return __get_cpuid(leaf, &a, &b, &c, &d) != 0 && (d & invariant) != 0;
}

struct reading {
  time_point when = clock::now();
  std::uint64_t ticks = __rdtsc();
};

const reading at_start;

/// Nanoseconds of a tick, by the time since the program was started. That it is long enough costs
/// the first caller a wait of at most 2 ms, and nearly always none: then one reading of the clock,
/// some 50 ns, is off by 0.003 %.
[[nodiscard]] std::int64_t measure_tick(unsigned binary_places) noexcept {
  reading now;
  while (now.when - at_start.when < std::chrono::milliseconds{2}) {
    now = reading{};
  }
  const auto passed = static_cast<double>((now.when - at_start.when).count());
  const auto ticks = static_cast<double>(now.ticks - at_start.ticks);
  return static_cast<std::int64_t>(passed / ticks * static_cast<double>(1ULL << binary_places));
}
#endif

}  // namespace

#if defined(__x86_64__)
const bool stopwatch::counter_is_even = has_invariant_counter();

std::int64_t stopwatch::find_tick() noexcept {
  const std::int64_t tick =
      counter_is_even ? measure_tick(binary_places) : std::int64_t{1} << binary_places;
  tick_.store(tick, std::memory_order_relaxed);
  return tick;
}
#else
const bool stopwatch::counter_is_even = false;

std::int64_t stopwatch::find_tick() noexcept {
  constexpr std::int64_t tick = std::int64_t{1} << binary_places;  // the clock's own: a nanosecond
  tick_.store(tick, std::memory_order_relaxed);
  return tick;
}
#endif

}  // namespace diamgw
