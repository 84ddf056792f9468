// Time as an input: cores take a `time_point`, only drivers read the clock.
#pragma once
#include <chrono>

namespace diamgw {

using clock = std::chrono::steady_clock;
using time_point = clock::time_point;
using duration = clock::duration;

}  // namespace diamgw
