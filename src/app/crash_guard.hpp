// What a crash leaves, or a signal that ends the process at once: the last lines of the log.
#pragma once
#include "app/log_writer.hpp"

namespace diamgw::app {

/// As long as it lives, a signal by which the process crashes (SIGSEGV, SIGBUS, SIGFPE, SIGILL, and
/// SIGABRT, by which std::terminate ends), or a SIGTERM or SIGINT that is not blocked, waits until
/// `writer` has written what it was given, half a second at most. Then the process ends as it would
/// have. One at a time.
class crash_guard {
 public:
  explicit crash_guard(const log_writer& writer);
  crash_guard(const crash_guard&) = delete;
  crash_guard& operator=(const crash_guard&) = delete;
  ~crash_guard();
};

}  // namespace diamgw::app
