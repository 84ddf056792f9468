// The program: reads the command line and runs the subcommand.
#pragma once

namespace diamgw::app {

/// Exit statuses of every subcommand.
enum class exit_status : int {
  success = 0,
  failure = 1,  // it was understood, and could not be done
  usage = 2,    // the command line or the configuration is wrong
};

/// The exit status. Call once, from `main`.
[[nodiscard]] int run(int argc, char** argv);

}  // namespace diamgw::app
