// Latencies in buckets of at most 1.6 % width: 64 to each power of two of nanoseconds.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace diamgw::load {

class latency_histogram {
 public:
  void record(std::uint64_t ns) {
    ++counts_[index(ns)];
    ++total_;
  }
  [[nodiscard]] std::uint64_t total() const { return total_; }
  /// The upper bound of the bucket in which the share `q` (0 to 1) ends.
  [[nodiscard]] double quantile_us(double q) const {
    const auto wanted = static_cast<std::uint64_t>(q * static_cast<double>(total_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen > wanted) {
        return static_cast<double>(upper_bound(i)) / 1000.0;
      }
    }
    return 0;
  }

 private:
  static constexpr unsigned sub_bits = 6;
  static std::size_t index(std::uint64_t ns) {
    if (ns < (1U << sub_bits)) {
      return static_cast<std::size_t>(ns);
    }
    const auto shift = static_cast<unsigned>(std::bit_width(ns)) - 1 - sub_bits;
    return (std::size_t{shift} + 1) * (1U << sub_bits) + ((ns >> shift) - (1U << sub_bits));
  }
  static std::uint64_t upper_bound(std::size_t i) {
    if (i < (1U << sub_bits)) {
      return i;
    }
    const std::size_t shift = i / (1U << sub_bits) - 1;
    return ((i % (1U << sub_bits)) + (1U << sub_bits) + 1) << shift;
  }

  std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(std::size_t{64} << sub_bits);
  std::uint64_t total_ = 0;
};

}  // namespace diamgw::load
