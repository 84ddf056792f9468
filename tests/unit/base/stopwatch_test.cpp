#include "diamgw/base/stopwatch.hpp"

#include <gtest/gtest.h>

namespace diamgw {
namespace {

/// Works until the clock says that so much has passed.
void spin(duration d) {
  const time_point end = clock::now() + d;
  while (clock::now() < end) {
  }
}

TEST(Stopwatch, AgreesWithTheClock) {
  const time_point outer_begin = clock::now();
  stopwatch watch;
  const time_point inner_begin = clock::now();
  spin(std::chrono::milliseconds{5});
  const time_point inner_end = clock::now();
  const duration took = watch.lap();
  const time_point outer_end = clock::now();

  // Both may be stopped between any two lines, so only what lies around bounds it, to 1 %.
  EXPECT_GE(took * 100, (inner_end - inner_begin) * 99);
  EXPECT_LE(took * 99, (outer_end - outer_begin) * 100);
}

TEST(Stopwatch, ALapBeginsWhereTheLastOneEnded) {
  const time_point begin = clock::now();
  stopwatch watch;
  duration all{};
  for (int i = 0; i < 100; ++i) {
    spin(std::chrono::microseconds{20});
    const duration lap = watch.lap();
    EXPECT_GE(lap, duration{});
    all += lap;
  }
  const time_point end = clock::now();

  EXPECT_GE(all * 100, duration{std::chrono::milliseconds{2}} * 99);
  EXPECT_LE(all * 99, (end - begin) * 100);
}

TEST(Stopwatch, RestartedForgetsWhatWasBefore) {
  stopwatch watch;
  spin(std::chrono::milliseconds{5});

  const time_point begin = clock::now();
  watch.restart();
  const duration took = watch.lap();

  EXPECT_LE(took * 99, (clock::now() - begin) * 100 + duration{100});
}

}  // namespace
}  // namespace diamgw
