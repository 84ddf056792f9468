#include "diamgw/transport/inline_task.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>

namespace diamgw::transport {
namespace {

TEST(InlineTask, CallsWhatItHolds) {
  int calls = 0;
  inline_task task{[&calls] { ++calls; }};

  task();

  EXPECT_EQ(calls, 1);
}

TEST(InlineTask, MovesAndDestroysItsCaptureOnce) {
  auto owned = std::make_shared<int>(7);
  std::weak_ptr<int> watch = owned;
  inline_task first{[p = std::move(owned)] { EXPECT_EQ(*p, 7); }};

  inline_task second{std::move(first)};
  inline_task third;
  third = std::move(second);
  third();

  EXPECT_FALSE(first);   // NOLINT(*-use-after-move): that it is empty is the point
  EXPECT_FALSE(second);  // NOLINT(*-use-after-move)
  EXPECT_EQ(watch.use_count(), 1);
  third.reset();
  EXPECT_TRUE(watch.expired());
}

TEST(InlineTask, HoldsCapturesOfItsWholeStorage) {
  std::array<std::byte, inline_task::storage_octets> filled{};
  filled.back() = std::byte{42};
  inline_task task{[filled]() mutable { EXPECT_EQ(filled.back(), std::byte{42}); }};

  inline_task moved{std::move(task)};

  moved();
}

TEST(InlineTask, AcceptsCapturesThatCannotBeCopied) {
  int seen = 0;
  inline_task task{[p = std::make_unique<int>(3), &seen] { seen = *p; }};

  task();

  EXPECT_EQ(seen, 3);
}

}  // namespace
}  // namespace diamgw::transport
