#include "diamgw/transport/deadline.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <optional>

namespace diamgw::transport {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

TEST(Deadline, CallsOnceWhenItHasPassed) {
  boost::asio::io_context context;
  int calls = 0;
  deadline limit{context, [&calls] { ++calls; }};

  limit.arm_after(milliseconds{1});
  EXPECT_FALSE(limit.expired());
  context.run();

  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(limit.expired());
}

TEST(Deadline, MovesToLaterAndToEarlier) {
  boost::asio::io_context context;
  std::optional<time_point> called;
  deadline limit{context, [&called] { called = clock::now(); }};
  const time_point start = clock::now();

  limit.arm(start + milliseconds{1});
  limit.arm(start + hours{1});
  limit.arm(start + milliseconds{3});
  context.run();

  ASSERT_TRUE(called.has_value());
  EXPECT_GE(*called, start + milliseconds{3});
}

TEST(Deadline, IsSilentWhenDisarmedOrDestroyed) {
  boost::asio::io_context context;
  int calls = 0;
  deadline disarmed{context, [&calls] { ++calls; }};
  auto destroyed = std::make_unique<deadline>(context, [&calls] { ++calls; });

  disarmed.arm_after(milliseconds{1});
  destroyed->arm_after(hours{1});
  disarmed.disarm();
  destroyed.reset();
  context.run();

  EXPECT_EQ(calls, 0);
}

TEST(Deadline, MayBeArmedAgainInItsOwnCall) {
  boost::asio::io_context context;
  int calls = 0;
  std::optional<deadline> limit;
  limit.emplace(context, [&] {
    if (++calls == 1) {
      limit->arm_after(milliseconds{1});
    }
  });

  limit->arm_after(milliseconds{1});
  context.run();

  EXPECT_EQ(calls, 2);
}

}  // namespace
}  // namespace diamgw::transport
