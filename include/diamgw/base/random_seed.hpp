// Where randomness comes in; from there on it is a `random_sequence`.
#pragma once
#include <cstdint>

namespace diamgw {

/// 64 bits that nobody outside can guess, from the system. Costs a system call. Any thread.
[[nodiscard]] std::uint64_t random_seed();

}  // namespace diamgw
