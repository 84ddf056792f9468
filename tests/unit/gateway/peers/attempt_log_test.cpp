#include "gateway/peers/attempt_log.hpp"

#include <gtest/gtest.h>

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;
using told = std::optional<std::uint64_t>;

const diameter::ending lost{.reason = disconnect_reason::connect_failed};

TEST(AttemptLog, TellsTheFirstFailureAndThenTheOthersAtGrowingIntervals) {
  attempt_log log;
  const time_point t{1h};

  EXPECT_EQ(log.note(lost, t), told{0});
  EXPECT_EQ(log.note(lost, t + 59s), std::nullopt);
  EXPECT_EQ(log.note(lost, t + 60s), told{1});
  EXPECT_EQ(log.note(lost, t + 179s), std::nullopt);
  EXPECT_EQ(log.note(lost, t + 180s), told{1});
}

TEST(AttemptLog, LosesNoCountWhereItsLineGotNoRoom) {
  attempt_log log;
  const time_point t{1h};
  EXPECT_EQ(log.note(lost, t), told{0});
  EXPECT_EQ(log.note(lost, t + 1s), std::nullopt);
  EXPECT_EQ(log.note(lost, t + 60s), told{1});

  log.on_unwritten(lost, 1, t + 60s);

  EXPECT_EQ(log.note(lost, t + 61s), told{2}) << "at once, with the one that was not written";
  EXPECT_EQ(log.note(lost, t + 180s), std::nullopt) << "the interval has not grown twice";
  EXPECT_EQ(log.note(lost, t + 181s), told{1});
}

}  // namespace
}  // namespace diamgw::gateway
