#include "diamgw/transport/deadline.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

#include "diamgw/buffer/allocation_statistics.hpp"
#include "diamgw/transport/event.hpp"
#include "support/manual_time.hpp"

namespace diamgw::transport {
namespace {

using namespace std::chrono_literals;

/// A deadline is passed at its time or up to a tick of the wheel after it.
constexpr duration tick = timing_wheel::tick;

TEST(Deadline, CallsOnceWhenItHasPassed) {
  test::stepped_shards shards;
  int calls = 0;
  deadline limit{shards.at(), [&calls] { ++calls; }};

  limit.arm_after(100ms);
  shards.advance(99ms);
  EXPECT_EQ(calls, 0);
  EXPECT_FALSE(limit.expired());
  shards.advance(1ms + tick);

  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(limit.expired());
  shards.advance(1h);
  EXPECT_EQ(calls, 1);
}

TEST(Deadline, MovesToLaterAndToEarlier) {
  test::stepped_shards shards;
  const time_point start = shards.now();
  std::optional<time_point> called;
  deadline limit{shards.at(), [&] { called = shards.now(); }};

  limit.arm(start + 10ms);
  limit.arm(start + 1h);
  shards.advance(1min);
  EXPECT_FALSE(called);
  limit.arm(start + 2min);
  shards.advance(2min);

  ASSERT_TRUE(called);
  EXPECT_GE(*called, start + 2min);
  EXPECT_LE(*called, start + 2min + tick);
}

TEST(Deadline, IsSilentWhenDisarmedOrDestroyed) {
  test::stepped_shards shards;
  int calls = 0;
  const auto count = [&calls] { ++calls; };
  deadline disarmed{shards.at(), count};
  deadline armed_for_ever{shards.at(), count};
  auto destroyed = std::make_unique<deadline>(shards.at(), count);

  disarmed.arm_after(1ms);
  armed_for_ever.arm_after(1ms);
  destroyed->arm_after(1ms);
  disarmed.disarm();
  armed_for_ever.arm(time_point::max());
  destroyed.reset();
  shards.advance(1h);

  EXPECT_EQ(calls, 0);
}

TEST(Deadline, MayBeArmedAgainInItsOwnCall) {
  test::stepped_shards shards;
  int calls = 0;
  std::optional<deadline> limit;
  limit.emplace(shards.at(), [&] {
    if (++calls == 1) {
      limit->arm_after(1ms);
    }
  });

  limit->arm_after(1ms);
  shards.advance(10ms + tick);

  EXPECT_EQ(calls, 2);
}

TEST(Deadline, OfManyEachComesInItsTurn) {
  test::stepped_shards shards;
  std::vector<int> order;
  deadline third{shards.at(), [&] { order.push_back(3); }};
  deadline first{shards.at(), [&] { order.push_back(1); }};
  deadline second{shards.at(), [&] { order.push_back(2); }};

  third.arm_after(1min);  // further than the wheel's one round
  first.arm_after(10ms);
  second.arm_after(1s);
  shards.advance(2min);

  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
}

TEST(Deadline, GoesOnAfterOneThatThrew) {
  shard_group::options o;
  std::string where;
  o.on_failure = [&where](std::string_view w, std::exception_ptr /*failure*/) { where = w; };
  test::stepped_shards shards{1, o};
  int calls = 0;
  deadline throws{shards.at(), [] { throw std::runtime_error{"on expiry"}; }};
  deadline next{shards.at(), [&calls] { ++calls; }};

  throws.arm_after(1ms);
  next.arm_after(1ms);
  shards.advance(10ms);

  EXPECT_EQ(where, "timeout");
  EXPECT_EQ(calls, 1);
}

TEST(Deadline, AllocatesNothing) {
  ASSERT_TRUE(allocation_counting_works());
  test::stepped_shards shards;
  const allocation_counts before = thread_allocations();

  deadline limit{shards.at(), [] {}};
  for (int i = 1; i < 1000; ++i) {
    limit.arm_after(std::chrono::milliseconds{i});
  }
  limit.disarm();

  EXPECT_EQ((thread_allocations() - before).calls, 0U);
}

TEST(Deadline, AloneDoesNotKeepALoopFromEnding) {
  shard_group group{test::one_shard()};  // with the system's time
  deadline later{group.at(0), [] { ADD_FAILURE() << "nobody waited for it"; }};

  test::run_to_end(group, [](deadline& d) -> awaitable<> {
    d.arm_after(1h);
    d.arm_after(1min);
    co_return;
  }(later));

  EXPECT_FALSE(later.expired());
}

}  // namespace
}  // namespace diamgw::transport
