// What every long-running subcommand does with its process: signals, and what cannot be logged yet.
#pragma once
#include <csignal>
#include <functional>
#include <string>
#include <vector>

namespace diamgw::app {

/// Keeps SIGTERM, SIGINT and SIGHUP for `wait`, on all threads started after it; SIGPIPE is
/// ignored. Make it first in a subcommand.
class termination {
 public:
  termination();
  /// Blocks until SIGTERM or SIGINT; calls `on_hangup` for each SIGHUP. Of several that come while
  /// it runs, one is left.
  void wait(const std::function<void()>& on_hangup);
  /// From now on a second SIGTERM or SIGINT ends the process at once (a crash_guard has the log
  /// written first); SIGHUP does nothing.
  void release();

 private:
  sigset_t signals_{};
};

/// Each sentence on a line of standard error.
void print_errors(const std::vector<std::string>& sentences);

}  // namespace diamgw::app
