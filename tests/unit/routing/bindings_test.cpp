#include "diamgw/routing/bindings.hpp"

#include <gtest/gtest.h>

#include <string>

#include "diamgw/buffer/allocation_statistics.hpp"

namespace diamgw::routing {
namespace {

constexpr client_key alice{1, 1};
constexpr client_key bob{2, 1};
constexpr time_point now{};

std::optional<client_key> owner_of(const binding_table& table, std::string_view session) {
  const auto found = table.find(session);
  return found ? std::optional{found->client} : std::nullopt;
}

TEST(Bindings, FindTheClientOfASession) {
  binding_table table{10};

  table.bind("gw;1;1", alice, now);

  EXPECT_EQ(owner_of(table, "gw;1;1"), alice);
  EXPECT_EQ(owner_of(table, "gw;1;2"), std::nullopt);
}

TEST(Bindings, FollowTheClientThatUsedTheSessionLast) {
  binding_table table{10};

  table.bind("s", alice, now);
  table.bind("s", bob, now);
  table.unbind_all(alice);

  EXPECT_EQ(owner_of(table, "s"), bob);
  EXPECT_EQ(table.size(), 1U);
}

TEST(Bindings, SaySinceWhenTheyHoldAndWhereTheSessionsRequestsGo) {
  using namespace std::chrono_literals;
  binding_table table{10};

  EXPECT_TRUE(table.bind("s", alice, now, 3).is_new);
  EXPECT_FALSE(table.bind("s", alice, now + 1s, 5).is_new);
  EXPECT_EQ(table.find("s")->since, now) << "it was hers all the time";
  EXPECT_EQ(table.find("s")->used, now + 1s);
  EXPECT_EQ(table.find("s")->peer, 5U);
  const auto taken = table.bind("s", bob, now + 2s);
  EXPECT_EQ(taken.before, alice);
  EXPECT_FALSE(taken.is_new);
  EXPECT_EQ(table.find("s")->since, now + 2s);
  EXPECT_EQ(table.find("s")->peer, 5U) << "who serves it has not changed";
  EXPECT_EQ(table.count_of(alice), 0U);
  EXPECT_EQ(table.count_of(bob), 1U);
  EXPECT_EQ(table.count_of({7, 1}), 0U);
}

TEST(Bindings, EndWithTheirClient) {
  binding_table table{100};
  for (int i = 0; i < 50; ++i) {
    table.bind("a" + std::to_string(i), alice, now);
    table.bind("b" + std::to_string(i), bob, now);
  }

  table.unbind_all(alice);

  EXPECT_EQ(table.size(), 50U);
  EXPECT_EQ(owner_of(table, "a7"), std::nullopt);
  EXPECT_EQ(owner_of(table, "b7"), bob);
}

TEST(Bindings, AreEndedOnlyByTheirOwnClient) {
  binding_table table{10};
  table.bind("s", alice, now);

  table.unbind("s", bob);
  EXPECT_EQ(owner_of(table, "s"), alice);
  table.unbind("s", alice);
  EXPECT_EQ(owner_of(table, "s"), std::nullopt);
}

TEST(Bindings, GiveUpTheOneUsedLongestAgoAtTheLimit) {
  binding_table table{2};
  table.bind("first", alice, now);
  table.bind("second", alice, now);
  table.bind("first", alice, now);

  table.bind("third", bob, now);

  EXPECT_EQ(owner_of(table, "second"), std::nullopt);
  EXPECT_EQ(owner_of(table, "first"), alice);
  EXPECT_EQ(owner_of(table, "third"), bob);
  EXPECT_EQ(table.evicted(), 1U);
}

TEST(Bindings, GiveUpTheClientsOwnOldestAtItsLimit) {
  binding_table table{10, 2};
  table.bind("bob's", bob, now);
  table.bind("first", alice, now);
  table.bind("second", alice, now);

  table.bind("first", alice, now);  // used again: the second one is the oldest now
  table.bind("third", alice, now);
  EXPECT_EQ(owner_of(table, "first"), alice);
  EXPECT_EQ(owner_of(table, "second"), std::nullopt);
  EXPECT_EQ(owner_of(table, "third"), alice);

  table.bind("bob's", alice, now);  // one that changes hands counts as well
  EXPECT_EQ(owner_of(table, "first"), std::nullopt);
  EXPECT_EQ(owner_of(table, "bob's"), alice);
  EXPECT_EQ(table.evicted(), 2U);
}

TEST(Bindings, AllocateNothingForAReusedEntry) {
  ASSERT_TRUE(allocation_counting_works());
  binding_table table{100};
  const std::string id = "gateway.example;1790000000;42;a-session-id-of-usual-length";
  table.bind(id, alice, now);
  table.unbind(id, alice);
  table.bind(id, alice, now);
  table.unbind(id, alice);

  const auto before = thread_allocations();
  for (int i = 0; i < 100; ++i) {
    table.bind(id, alice, now);
    table.bind(id, alice, now);
    table.unbind(id, alice);
  }

  EXPECT_EQ((thread_allocations() - before).calls, 0U);
}

}  // namespace
}  // namespace diamgw::routing
