// The program: reads the command line and runs the subcommand.
#pragma once
#include <stdexcept>

namespace diamgw::app {

/// Exit statuses of every subcommand.
enum class exit_status : int {
  success = 0,
  failure = 1,  // it was understood, and could not be done
  usage = 2,    // the command line or the configuration is wrong
};

/// What only the command line can be blamed for: status `usage`.
class usage_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The exit status. Call once, from `main`.
[[nodiscard]] int run(int argc, char** argv);

}  // namespace diamgw::app
