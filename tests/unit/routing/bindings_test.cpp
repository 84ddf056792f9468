#include "diamgw/routing/bindings.hpp"

#include <gtest/gtest.h>

#include <string>

#include "diamgw/buffer/allocation_statistics.hpp"

namespace diamgw::routing {
namespace {

constexpr client_key alice{1, 1};
constexpr client_key bob{2, 1};

TEST(Bindings, FindTheClientOfASession) {
  binding_table table{10};

  table.bind("gw;1;1", alice);

  EXPECT_EQ(table.find("gw;1;1"), alice);
  EXPECT_EQ(table.find("gw;1;2"), std::nullopt);
}

TEST(Bindings, FollowTheClientThatUsedTheSessionLast) {
  binding_table table{10};

  table.bind("s", alice);
  table.bind("s", bob);
  table.unbind_all(alice);

  EXPECT_EQ(table.find("s"), bob);
  EXPECT_EQ(table.size(), 1U);
}

TEST(Bindings, EndWithTheirClient) {
  binding_table table{100};
  for (int i = 0; i < 50; ++i) {
    table.bind("a" + std::to_string(i), alice);
    table.bind("b" + std::to_string(i), bob);
  }

  table.unbind_all(alice);

  EXPECT_EQ(table.size(), 50U);
  EXPECT_EQ(table.find("a7"), std::nullopt);
  EXPECT_EQ(table.find("b7"), bob);
}

TEST(Bindings, AreEndedOnlyByTheirOwnClient) {
  binding_table table{10};
  table.bind("s", alice);

  table.unbind("s", bob);
  EXPECT_EQ(table.find("s"), alice);
  table.unbind("s", alice);
  EXPECT_EQ(table.find("s"), std::nullopt);
}

TEST(Bindings, GiveUpTheOneUsedLongestAgoAtTheLimit) {
  binding_table table{2};
  table.bind("first", alice);
  table.bind("second", alice);
  table.bind("first", alice);

  table.bind("third", bob);

  EXPECT_EQ(table.find("second"), std::nullopt);
  EXPECT_EQ(table.find("first"), alice);
  EXPECT_EQ(table.find("third"), bob);
  EXPECT_EQ(table.evicted(), 1U);
}

TEST(Bindings, GiveUpTheClientsOwnOldestAtItsLimit) {
  binding_table table{10, 2};
  table.bind("bob's", bob);
  table.bind("first", alice);
  table.bind("second", alice);

  table.bind("first", alice);  // used again: the second one is the oldest now
  table.bind("third", alice);
  EXPECT_EQ(table.find("first"), alice);
  EXPECT_EQ(table.find("second"), std::nullopt);
  EXPECT_EQ(table.find("third"), alice);

  table.bind("bob's", alice);  // one that changes hands counts as well
  EXPECT_EQ(table.find("first"), std::nullopt);
  EXPECT_EQ(table.find("bob's"), alice);
  EXPECT_EQ(table.evicted(), 2U);
}

TEST(Bindings, AllocateNothingForAReusedEntry) {
  ASSERT_TRUE(allocation_counting_works());
  binding_table table{100};
  const std::string id = "gateway.example;1790000000;42;a-session-id-of-usual-length";
  table.bind(id, alice);
  table.unbind(id, alice);
  table.bind(id, alice);
  table.unbind(id, alice);

  const auto before = thread_allocations();
  for (int i = 0; i < 100; ++i) {
    table.bind(id, alice);
    table.bind(id, alice);
    table.unbind(id, alice);
  }

  EXPECT_EQ((thread_allocations() - before).calls, 0U);
}

}  // namespace
}  // namespace diamgw::routing
