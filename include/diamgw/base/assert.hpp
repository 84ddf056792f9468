// Two kinds of impossible: provable here, and only believed.
#pragma once
#include <cstdint>

namespace diamgw {

/// Who is told of bugs. Any thread; it may not wait for anything outside the process.
class bug_listener {
 public:
  virtual void on_bug(const char* condition, const char* file, int line) noexcept = 0;

 protected:
  ~bug_listener() = default;
};
/// From now on; null: nobody, and bugs are written to standard error. It lives until it is
/// replaced.
void set_bug_listener(bug_listener* to) noexcept;

/// Called by DIAMGW_BUG: counts, tells the listener of the first thousand, and aborts in builds
/// with assertions. Any thread.
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
