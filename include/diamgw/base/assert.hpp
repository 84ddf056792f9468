// Two kinds of impossible: provable here, and only believed.
#pragma once
#include <cstdint>

namespace diamgw {

/// Called by DIAMGW_BUG: counts, writes one line to standard error per place, and aborts in
/// builds with assertions. Any thread.
void report_bug(const char* condition, const char* file, int line) noexcept;

/// How often DIAMGW_BUG was reached since the start. Any thread.
[[nodiscard]] std::uint64_t bug_count() noexcept;

}  // namespace diamgw

/// The condition is provable from the code around it: checked in builds without NDEBUG only.
#ifdef NDEBUG
#define DIAMGW_ASSERT(condition) static_cast<void>(0)
#else
#define DIAMGW_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::diamgw::report_bug(#condition, __FILE__, __LINE__))
#endif

/// The condition is believed to hold: true where it does not, after it was counted.
/// Use: `if (DIAMGW_BUG(!slot.used)) { return; }`
#define DIAMGW_BUG(condition) \
  ((condition) && (::diamgw::report_bug(#condition, __FILE__, __LINE__), true))
