#include "gateway/peers/newcomers.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "unit/gateway/peers/peer_bench.hpp"

namespace diamgw::gateway {
namespace {

class Newcomers : public ::testing::Test {
 protected:
  test::bench bench_{2};
  transport::stream& stream_ = bench_.make_stream();
  std::optional<newcomers> all_{std::in_place, 2, 2};
};

TEST_F(Newcomers, GiveWayInTheOrderOfTheirComing) {
  newcomers::entry first{*all_, 0, stream_};
  EXPECT_EQ(first.find_who_gives_way(), nullptr);
  newcomers::entry second{*all_, 0, stream_};
  EXPECT_EQ(second.find_who_gives_way(), nullptr);

  newcomers::entry third{*all_, 0, stream_};
  EXPECT_EQ(third.find_who_gives_way(), &first);
  newcomers::entry fourth{*all_, 0, stream_};
  EXPECT_EQ(fourth.find_who_gives_way(), &second);
}

TEST_F(Newcomers, GiveWayThemselvesWhereNoneWaitsOnTheirShard) {
  newcomers::entry first{*all_, 0, stream_};
  newcomers::entry second{*all_, 0, stream_};

  newcomers::entry third{*all_, 1, stream_};

  EXPECT_EQ(third.find_who_gives_way(), &third);
}

TEST_F(Newcomers, LeaveTheirPlaceToOthers) {
  newcomers::entry first{*all_, 0, stream_};
  {
    const newcomers::entry second{*all_, 1, stream_};
  }

  newcomers::entry third{*all_, 1, stream_};

  EXPECT_EQ(third.find_who_gives_way(), nullptr);
}

// A coroutine that waits for a CER ends with its shard, after what listens.
TEST_F(Newcomers, MayOutliveTheirBound) {
  newcomers::entry one{*all_, 0, stream_};

  all_.reset();

  EXPECT_EQ(one.find_who_gives_way(), nullptr);
}

}  // namespace
}  // namespace diamgw::gateway
