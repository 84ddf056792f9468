// Time as an input: cores take a `time_point`, only drivers read the clock.
#pragma once
#include <chrono>
#include <cstdint>

namespace diamgw {

/// Steady time: it never goes back, and says nothing of the date. What a turn of a shard's loop
/// needs of it is `shard::now()`; this is for measuring how long work took, and for threads that
/// are no shard's.
class clock {
 public:
  using rep = std::int64_t;
  using period = std::nano;
  using duration = std::chrono::duration<rep, period>;
  using time_point = std::chrono::time_point<clock>;
  static constexpr bool is_steady = true;

  [[nodiscard]] static time_point now() noexcept;
};

using time_point = clock::time_point;
using duration = clock::duration;

}  // namespace diamgw
