// Durations as people read them in JSON.
#pragma once
#include <algorithm>
#include <chrono>

#include "diamgw/base/clock.hpp"

namespace diamgw {

/// In seconds, exact to the millisecond; 0 for what is negative: times of two shards may differ.
[[nodiscard]] inline double to_seconds(duration d) noexcept {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
  return static_cast<double>(std::max<decltype(ms)>(ms, 0)) / 1000.0;
}

}  // namespace diamgw
