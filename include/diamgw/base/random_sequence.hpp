// Randomness as an input: a sequence that its seed determines.
#pragma once
#include <cstdint>

namespace diamgw {

/// SplitMix64. Cores get one seeded by their owner, so that tests repeat; spreads and jitters only,
/// never secrets. One thread.
class random_sequence {
 public:
  explicit constexpr random_sequence(std::uint64_t seed) noexcept : state_{seed} {}

  [[nodiscard]] constexpr std::uint64_t next() noexcept {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }

  /// Uniform in 0 ... `bound` - 1 (bias below 2^-32 for 32-bit bounds); 0 where `bound` is 0.
  [[nodiscard]] constexpr std::uint32_t below(std::uint32_t bound) noexcept {
    return static_cast<std::uint32_t>(((next() >> 32U) * bound) >> 32U);
  }

  /// Uniform in -`span` ... +`span`.
  [[nodiscard]] constexpr std::int64_t around_zero(std::uint32_t span) noexcept {
    return static_cast<std::int64_t>(next() % (2ULL * span + 1)) - std::int64_t{span};
  }

 private:
  std::uint64_t state_;
};

}  // namespace diamgw
