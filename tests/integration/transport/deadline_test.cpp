#include "diamgw/transport/deadline.hpp"

#include <gtest/gtest.h>

#include "diamgw/transport/event.hpp"
#include "support/run_to_end.hpp"

namespace diamgw::transport {
namespace {

using namespace std::chrono_literals;

TEST(DeadlineOfTheSystem, Passes) {
  shard_group group{test::one_shard()};
  event passed{group.at(0)};
  deadline soon{group.at(0), [&passed] { passed.notify(); }};

  test::run_to_end(group, [](deadline& d, event& e) -> awaitable<> {
    d.arm_after(1ms);
    co_await e.wait();
  }(soon, passed));

  EXPECT_TRUE(soon.expired());
}

}  // namespace
}  // namespace diamgw::transport
