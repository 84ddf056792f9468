#include "diamgw/diameter/transactions.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "diamgw/buffer/allocation_statistics.hpp"
#include "diamgw/diameter/identifiers.hpp"

namespace diamgw::diameter {
namespace {

using table = transaction_table<int>;

TEST(TransactionTable, GivesBackWhatItTookIn) {
  transaction_table<std::unique_ptr<int>> pointers{{}, 1};
  const auto id = pointers.insert(std::make_unique<int>(42));
  ASSERT_TRUE(id);

  const auto taken = pointers.take(*id);

  ASSERT_TRUE(taken);
  EXPECT_EQ(**taken, 42);
  EXPECT_TRUE(pointers.empty());
}

TEST(TransactionTable, RefusesAndCountsAnIdTwice) {
  table t{{}, 1};
  const auto id = t.insert(1);
  EXPECT_TRUE(t.take(*id));

  EXPECT_FALSE(t.take(*id));
  EXPECT_EQ(t.stale(), 1U);
}

TEST(TransactionTable, RefusesAStaleIdOfAReusedSlot) {
  table t{{.capacity = 1, .chunk = 1}, 1};
  const auto old = t.insert(1);
  EXPECT_TRUE(t.erase(*old));
  const auto fresh = t.insert(2);

  EXPECT_NE(*old, *fresh);
  EXPECT_FALSE(t.take(*old));
  EXPECT_EQ(t.find(*old), nullptr);
  EXPECT_FALSE(t.erase(*old));
  EXPECT_EQ(*t.find(*fresh), 2);
  EXPECT_EQ(t.stale(), 1U);
}

TEST(TransactionTable, RefusesInventedIds) {
  table t{{.capacity = 100, .chunk = 10}, 1};
  const auto id = t.insert(1);

  for (std::uint32_t guess = 0; guess < 100'000; ++guess) {
    if (hop_by_hop_id{guess} != *id) {
      EXPECT_FALSE(t.take({guess}));
    }
  }

  EXPECT_EQ(*t.take(*id), 1);
}

TEST(TransactionTable, LeavesTheValueWithTheCallerWhenFull) {
  transaction_table<std::unique_ptr<int>> t{{.capacity = 2, .chunk = 1}, 1};
  ASSERT_TRUE(t.insert(std::make_unique<int>(1)));
  ASSERT_TRUE(t.insert(std::make_unique<int>(2)));
  auto third = std::make_unique<int>(3);

  EXPECT_FALSE(t.insert(std::move(third)));

  EXPECT_EQ(*third, 3);
  EXPECT_EQ(t.refused(), 1U);
  EXPECT_EQ(t.size(), 2U);
}

TEST(TransactionTable, HasRoomAgainAfterATake) {
  table t{{.capacity = 2, .chunk = 2}, 1};
  const auto first = t.insert(1);
  ASSERT_TRUE(t.insert(2));
  ASSERT_FALSE(t.insert(3));

  ASSERT_TRUE(t.take(*first));

  EXPECT_TRUE(t.insert(3));
}

TEST(TransactionTable, GrowsByChunksUpToItsCapacity) {
  table t{{.capacity = 10, .chunk = 4}, 1};
  EXPECT_EQ(t.allocated(), 4U);
  std::set<hop_by_hop_id> ids;

  for (int i = 0; i < 10; ++i) {
    const auto id = t.insert(int{i});
    ASSERT_TRUE(id);
    EXPECT_TRUE(ids.insert(*id).second);
  }

  EXPECT_EQ(t.allocated(), 10U);
  EXPECT_FALSE(t.insert(10));
}

TEST(TransactionTable, RepeatsAnIdOnlyAfterAllGenerations) {
  table t{{.capacity = 0xfffff, .chunk = 1}, 1};
  EXPECT_EQ(t.generations(), 4096U);
  const auto first = t.insert(0);
  EXPECT_TRUE(t.take(*first));

  for (std::uint64_t round = 1; round < t.generations(); ++round) {
    const auto id = t.insert(0);
    EXPECT_NE(*id, *first);
    EXPECT_FALSE(t.find(*first));
    EXPECT_TRUE(t.take(*id));
  }

  EXPECT_EQ(*t.insert(0), *first);  // the wrap
}

TEST(TransactionTable, ReusesSlotsInTurn) {
  table t{{.capacity = 64, .chunk = 64}, 1};
  std::set<std::uint32_t> slots;

  for (int i = 0; i < 64; ++i) {
    const auto id = t.insert(int{i});
    slots.insert(id->value & 0x7fU);
    EXPECT_TRUE(t.take(*id));
  }

  EXPECT_EQ(slots.size(), 64U);
}

TEST(TransactionTable, StartsAtOtherIdsForAnotherSeed) {
  table one{{}, 1};
  table two{{}, 2};

  EXPECT_NE(*one.insert(0), *two.insert(0));
}

TEST(TransactionTable, NeverGivesAnIdOfTheBaseProtocol) {
  table full{{.capacity = 0xfffff, .chunk = 0xfffff}, 1};
  base_hop_by_hop_source base{1};
  for (int i = 0; i < 0xfffff; ++i) {
    const auto id = full.insert(int{i});
    ASSERT_TRUE(id);
    ASSERT_NE(id->value & 0xfffffU, base_hop_by_hop_source::slot);
  }

  for (int i = 0; i < 4096; ++i) {
    EXPECT_FALSE(full.find(base.next()));
  }
}

TEST(TransactionTable, DrainsEverythingOnce) {
  table t{{.capacity = 100, .chunk = 7}, 1};
  std::set<hop_by_hop_id> waiting;
  for (int i = 0; i < 50; ++i) {
    waiting.insert(*t.insert(int{i}));
  }
  std::set<hop_by_hop_id> drained;
  std::set<int> values;

  t.drain([&](hop_by_hop_id id, int&& value) {
    drained.insert(id);
    values.insert(value);
  });

  EXPECT_EQ(drained, waiting);
  EXPECT_EQ(values.size(), 50U);
  EXPECT_TRUE(t.empty());
  for (const hop_by_hop_id id : waiting) {
    EXPECT_FALSE(t.take(id));
  }
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(t.insert(int{i}));
  }
}

TEST(TransactionTable, LetsTheReceiverOfADrainTakeOthers) {
  table t{{.capacity = 10, .chunk = 10}, 1};
  const auto first = t.insert(1);
  const auto second = t.insert(2);
  int received = 0;

  t.drain([&](hop_by_hop_id id, int&&) {
    ++received;
    EXPECT_TRUE(t.erase(id == *first ? *second : *first));
  });

  EXPECT_EQ(received, 1);
}

TEST(TransactionTable, BringsItsLimitsIntoRange) {
  EXPECT_EQ((table{{.capacity = 0, .chunk = 0}, 1}).capacity(), 1U);
  EXPECT_EQ((table{{.capacity = 0xffffffff, .chunk = 1}, 1}).capacity(), table::max_capacity);
  EXPECT_EQ((table{{.capacity = 5, .chunk = 100}, 1}).allocated(), 5U);
}

TEST(TransactionTable, DoesNotAllocateInTheSteadyState) {
  ASSERT_TRUE(allocation_counting_works());
  table t{{}, 1};

  const allocation_counts before = thread_allocations();
  for (int i = 0; i < 10'000; ++i) {
    const auto id = t.insert(int{i});
    ASSERT_TRUE(t.take(*id));
  }
  const allocation_counts spent = thread_allocations() - before;

  EXPECT_EQ(spent.calls, 0U);
}

}  // namespace
}  // namespace diamgw::diameter
