#include "diamgw/base/wall_clock.hpp"

namespace diamgw {

std::chrono::sys_time<std::chrono::nanoseconds> wall_clock_now() noexcept {
  return std::chrono::system_clock::now();
}

std::uint32_t unix_seconds() noexcept {
  return static_cast<std::uint32_t>(
      std::chrono::floor<std::chrono::seconds>(wall_clock_now()).time_since_epoch().count());
}

}  // namespace diamgw
