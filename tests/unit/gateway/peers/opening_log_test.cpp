#include "gateway/peers/opening_log.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;

class OpeningLog : public ::testing::Test {
 protected:
  /// At these times since the beginning, each told with how many were left out.
  std::vector<std::pair<int, std::uint64_t>> told_among(int count, std::chrono::seconds apart) {
    std::vector<std::pair<int, std::uint64_t>> told;
    for (int i = 0; i < count; ++i) {
      if (const auto left_out = log_.on_opened(now_)) {
        told.emplace_back(i, *left_out);
      }
      now_ += apart;
    }
    return told;
  }

  opening_log log_;
  time_point now_ = time_point{} + 1h;
};

TEST_F(OpeningLog, TellsThreeAtOnceAndThenAtGrowingIntervals) {
  const std::vector<std::pair<int, std::uint64_t>> expected{{0, 0},   {1, 0},   {2, 0},  {8, 5},
                                                            {20, 11}, {44, 23}, {92, 47}};

  EXPECT_EQ(told_among(100, 10s), expected);
}

TEST_F(OpeningLog, TellsOneAnHourInTheEnd) {
  const auto told = told_among(3 * 24 * 60, 1min);

  EXPECT_EQ(told.back().first - told.at(told.size() - 2).first, 60);
}

TEST_F(OpeningLog, TellsAllOfAPeerThatIsSteadyInBetween) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(log_.on_opened(now_), 0U);
    now_ += opening_log::steady_after;
    EXPECT_EQ(log_.on_steady(now_), std::nullopt) << "it was told";
  }
}

TEST_F(OpeningLog, TellsTheOneThatStays) {
  static_cast<void>(told_among(6, 1s));
  EXPECT_FALSE(log_.told());

  EXPECT_EQ(log_.on_steady(now_ + 1min), 2U) << "two like it";

  EXPECT_TRUE(log_.told());
}

}  // namespace
}  // namespace diamgw::gateway
