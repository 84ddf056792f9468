// Waiting by doing nothing, for a thread that is no shard's.
#pragma once
#include "diamgw/base/clock.hpp"

namespace diamgw {

/// Returns at `at` or soon after it. Never on a shard's thread: there it is `transport::deadline`.
void sleep_until(time_point at);

}  // namespace diamgw
