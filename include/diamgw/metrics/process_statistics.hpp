// What the system says of the process, as every program's metrics have it.
#pragma once
#include <optional>

namespace diamgw::metrics {

/// What is not known is not exported. Whoever scrapes asks the system: a core does not.
struct process_statistics {
  std::optional<double> start_time_seconds{};  // since 1970-01-01 UTC
  std::optional<double> cpu_seconds{};         // user and system
  std::optional<double> resident_bytes{};
  std::optional<double> virtual_bytes{};
  std::optional<double> open_fds{};
  std::optional<double> max_fds{};
};

}  // namespace diamgw::metrics
