// Counters, gauges and histograms with one writer each.
//
// The writer is the shard's thread: it loads, adds and stores with relaxed order, which costs what
// a plain integer costs. Any thread may read; a reader sees each number whole, their set not of
// one instant.
#pragma once
#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

namespace diamgw::metrics {

class counter {
 public:
  void add(std::uint64_t n = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  /// What it counted is gone, and it will count something else.
  void clear() noexcept { value_.store(0, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class gauge {
 public:
  void add(std::int64_t n) noexcept { set(value() + n); }
  void set(std::int64_t n) noexcept { value_.store(n, std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t value() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::int64_t> value_{0};
};

/// One counter or gauge for each value of an enumeration that ends in `count`.
template <class Instrument, class Enum>
class for_each_value {
 public:
  static constexpr std::size_t size = static_cast<std::size_t>(Enum::count);
  using number = decltype(Instrument{}.value());

  void add(Enum which, number n = 1) noexcept { of_[static_cast<std::size_t>(which)].add(n); }
  void clear(Enum which) noexcept { of_[static_cast<std::size_t>(which)].clear(); }
  void set(Enum which, number n) noexcept
    requires requires(Instrument i) { i.set(n); }
  {
    of_[static_cast<std::size_t>(which)].set(n);
  }
  [[nodiscard]] number value(Enum which) const noexcept {
    return of_[static_cast<std::size_t>(which)].value();
  }

 private:
  std::array<Instrument, size> of_{};
};
template <class Enum>
using counters = for_each_value<counter, Enum>;
template <class Enum>
using gauges = for_each_value<gauge, Enum>;

using std::chrono::nanoseconds;

/// Upper bounds in ns, inclusive, for converting a message: tens of ns apart at the low end.
inline constexpr std::array<std::int64_t, 24> codec_bounds_ns{
    25,     50,     75,     100,     150,     200,       300,       400,
    500,    750,    1'000,  1'500,   2'000,   3'000,     5'000,     7'500,
    10'000, 20'000, 50'000, 100'000, 250'000, 1'000'000, 3'000'000, 10'000'000};

/// Upper bounds in ns, inclusive, for a whole request: 50 us to 60 s.
inline constexpr std::array<std::int64_t, 22> request_bounds_ns{
    50'000,        100'000,       200'000,        300'000,       500'000,     750'000,
    1'000'000,     2'000'000,     3'000'000,      5'000'000,     7'500'000,   10'000'000,
    25'000'000,    50'000'000,    100'000'000,    250'000'000,   500'000'000, 1'000'000'000,
    2'500'000'000, 5'000'000'000, 10'000'000'000, 60'000'000'000};

/// What a reader gets: counts per bucket (the last one above all bounds), not cumulated.
template <std::size_t Buckets>
struct histogram_counts {
  std::array<std::uint64_t, Buckets> counts{};
  std::uint64_t sum_ns = 0;

  histogram_counts& operator+=(const histogram_counts& other) noexcept {
    for (std::size_t i = 0; i < Buckets; ++i) {
      counts[i] += other.counts[i];
    }
    sum_ns += other.sum_ns;
    return *this;
  }
  [[nodiscard]] std::uint64_t total() const noexcept {
    std::uint64_t n = 0;
    for (const std::uint64_t count : counts) {
      n += count;
    }
    return n;
  }
};

/// A histogram over fixed bounds. Cost of `observe`: a comparison for each bound that shares the
/// value's highest bit, and two additions. (A binary search costs 40 instructions more, and a CCR
/// with its answer is observed six times.)
template <const auto& Bounds>
class histogram {
 public:
  static constexpr std::size_t buckets = Bounds.size() + 1;
  using counts = histogram_counts<buckets>;

  /// A negative duration counts as 0.
  void observe(nanoseconds d) noexcept {
    const std::int64_t ns = std::max<std::int64_t>(d.count(), 0);
    std::size_t place = first_places[std::bit_width(static_cast<std::uint64_t>(ns))];
    while (place != Bounds.size() && Bounds[place] < ns) {
      ++place;
    }
    counts_[place].add();
    sum_ns_.add(static_cast<std::uint64_t>(ns));
  }

  void clear() noexcept {
    for (counter& c : counts_) {
      c.clear();
    }
    sum_ns_.clear();
  }

  [[nodiscard]] counts read() const noexcept {
    counts result;
    for (std::size_t i = 0; i < buckets; ++i) {
      result.counts[i] = counts_[i].value();
    }
    result.sum_ns = sum_ns_.value();
    return result;
  }

 private:
  /// For each width of a value in bits, the first bound that such a value may be within.
  static constexpr std::array<std::uint8_t, 64> first_places = [] {
    std::array<std::uint8_t, 64> places{};
    for (std::size_t width = 1; width != places.size(); ++width) {
      const std::int64_t least = std::int64_t{1} << (width - 1);
      places[width] = static_cast<std::uint8_t>(
          std::lower_bound(Bounds.begin(), Bounds.end(), least) - Bounds.begin());
    }
    return places;
  }();

  std::array<counter, buckets> counts_{};
  counter sum_ns_;
};

using codec_histogram = histogram<codec_bounds_ns>;
using request_histogram = histogram<request_bounds_ns>;

}  // namespace diamgw::metrics
