// What Linux says of this process, for its metrics.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "diamgw/metrics/process_statistics.hpp"

namespace diamgw::gateway {

/// Asks now. What cannot be read (no /proc) is left out. Cost: a system call for each 32 KiB of
/// open descriptors' names, and six more. Any thread.
[[nodiscard]] metrics::process_statistics read_process_statistics(std::uint32_t started_seconds);

struct memory_pages {
  std::uint64_t address_space;
  std::uint64_t resident;
};
/// Of proc(5), /proc/PID/statm; nothing where it does not begin with two numbers.
[[nodiscard]] std::optional<memory_pages> parse_statm(std::string_view text) noexcept;

}  // namespace diamgw::gateway
