#include "diamgw/metrics/instruments.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <thread>

#include "diamgw/buffer/allocation_statistics.hpp"
#include "diamgw/metrics/catalogue.hpp"

namespace diamgw::metrics {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;

TEST(HistogramBounds, RiseAndResolveTensOfNanoseconds) {
  EXPECT_TRUE(std::is_sorted(codec_bounds_ns.begin(), codec_bounds_ns.end()));
  EXPECT_TRUE(std::is_sorted(request_bounds_ns.begin(), request_bounds_ns.end()));
  EXPECT_GE(std::count_if(codec_bounds_ns.begin(), codec_bounds_ns.end(),
                          [](std::int64_t ns) { return ns <= 100; }),
            4);
}

TEST(Histogram, CountsEachBoundInItsOwnBucket) {
  codec_histogram h;

  for (std::size_t i = 0; i < codec_bounds_ns.size(); ++i) {
    h.observe(nanoseconds{codec_bounds_ns[i]});      // inclusive
    h.observe(nanoseconds{codec_bounds_ns[i] + 1});  // the next one
  }

  const auto read = h.read();
  EXPECT_EQ(read.counts.front(), 1U);
  EXPECT_EQ(read.counts.back(), 1U);
  for (std::size_t i = 1; i + 1 < read.counts.size(); ++i) {
    EXPECT_EQ(read.counts[i], 2U) << i;
  }
}

TEST(Histogram, TakesNegativeDurationsAsNone) {
  codec_histogram h;

  h.observe(nanoseconds{-5});

  EXPECT_EQ(h.read().counts.front(), 1U);
  EXPECT_EQ(h.read().sum_ns, 0U);
}

TEST(Histogram, AddsUp) {
  request_histogram h;
  h.observe(microseconds{1});
  h.observe(hours{1});

  auto twice = h.read();
  twice += h.read();

  EXPECT_EQ(twice.total(), 4U);
  EXPECT_EQ(twice.sum_ns, 2U * (1'000 + 3'600'000'000'000));
  EXPECT_EQ(twice.counts.back(), 2U);
}

TEST(Counters, AreApart) {
  counters<direction> c;

  c.add(direction::sent);
  c.add(direction::received, 5);

  EXPECT_EQ(c.value(direction::sent), 1U);
  EXPECT_EQ(c.value(direction::received), 5U);
}

TEST(Gauge, GoesBothWays) {
  gauge g;

  g.add(3);
  g.add(-5);

  EXPECT_EQ(g.value(), -2);
}

TEST(ResultClass, IsTheThousandsOfTheResultCode) {
  struct row {
    std::uint32_t code;
    result_class expected;
  };
  constexpr row rows[] = {
      {0, result_class::other},
      {999, result_class::other},
      {1001, result_class::informational},
      {2001, result_class::success},
      {3002, result_class::protocol_error},
      {4012, result_class::transient_failure},
      {5999, result_class::permanent_failure},
      {6000, result_class::other},
      {0xffffffffU, result_class::other},
  };

  for (const row& r : rows) {
    EXPECT_EQ(class_of(r.code), r.expected) << r.code;
  }
}

TEST(Instruments, AreReadWhileTheirThreadWrites) {
  codec_histogram h;
  counter c;
  constexpr std::uint64_t rounds = 20000;

  std::thread writer{[&] {
    for (std::uint64_t i = 0; i < rounds; ++i) {
      h.observe(nanoseconds{static_cast<std::int64_t>(i)});
      c.add();
    }
  }};
  std::uint64_t last = 0;
  while (last < rounds) {
    const std::uint64_t now = c.value();
    EXPECT_GE(now, last);
    last = now;
    EXPECT_LE(h.read().total(), rounds);
  }
  writer.join();

  EXPECT_EQ(h.read().total(), rounds);
}

}  // namespace
}  // namespace diamgw::metrics
