#include "diamgw/transport/event.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "diamgw/buffer/allocation_statistics.hpp"
#include "support/manual_time.hpp"

namespace diamgw::transport {
namespace {

awaitable<> count_wakes(event& of, int& wakes) {
  for (;;) {
    co_await of.wait();
    ++wakes;
  }
}

TEST(Event, WakesItsWaiterOncePerNotification) {
  test::stepped_shards shards;
  event e{shards.at()};
  int wakes = 0;
  spawn(shards.at(), count_wakes(e, wakes), "waiter");
  shards.run();
  EXPECT_EQ(wakes, 0);
  EXPECT_TRUE(e.waited_for());

  e.notify();
  e.notify();
  EXPECT_EQ(wakes, 0) << "not within the call";
  shards.run();
  EXPECT_EQ(wakes, 1);
  e.notify();
  shards.run();

  EXPECT_EQ(wakes, 2);
}

TEST(Event, ForgetsWhatNobodyWaitedFor) {
  test::stepped_shards shards;
  event e{shards.at()};
  int wakes = 0;

  e.notify();
  spawn(shards.at(), count_wakes(e, wakes), "waiter");
  shards.run();

  EXPECT_EQ(wakes, 0);
}

TEST(Event, MayEndWithItsShardWhileItIsWaitedFor) {
  auto owned = std::make_shared<int>(1);
  const std::weak_ptr<int> watch = owned;
  {
    test::stepped_shards shards;
    spawn(
        shards.at(),
        [](shard& on, std::shared_ptr<int> held) -> awaitable<> {
          event never{on};
          co_await never.wait();
          held.reset();
        }(shards.at(), std::move(owned)),
        "waits");
    shards.run();
  }
  EXPECT_TRUE(watch.expired());
}

TEST(Event, AllocatesNothingOnceItWasUsed) {
  ASSERT_TRUE(allocation_counting_works());
  shard_group group{test::one_shard()};

  test::run_to_end(group, [](shard& on) -> awaitable<> {
    event e{on};
    int wakes = 0;
    spawn(on, count_wakes(e, wakes), "waiter");
    event mine{on};
    const auto round = [&]() -> awaitable<> {
      for (int i = 0; i < 100; ++i) {
        e.notify();
        on.tell([&mine] { mine.notify(); });
        co_await mine.wait();
      }
    };
    co_await round();
    const allocation_counts before = thread_allocations();

    co_await round();

    EXPECT_LE((thread_allocations() - before).calls, 1U) << "the frame of round() itself";
    EXPECT_EQ(wakes, 200);
    on.group().stop();
  }(group.at(0)));
}

}  // namespace
}  // namespace diamgw::transport
