#include "diamgw/config/diff.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace diamgw::config {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

peer_options peer(std::string host) {
  return {.host = std::move(host), .realm = "example", .connect = {}, .watchdog_interval = {}};
}

TEST(DifferenceOfConfigurations, IsEmptyForEqualOnes) {
  EXPECT_TRUE(diff(options{}, options{}).empty());
}

TEST(DifferenceOfConfigurations, NamesPeersByTheirHost) {
  options before;
  before.diameter.peers = {peer("a.example"), peer("b.example"), peer("c.example")};
  options after;
  after.diameter.peers = {peer("D.example"), peer("C.EXAMPLE"), peer("b.example")};
  after.diameter.peers[2].watchdog_interval = milliseconds{6000};

  const difference d = diff(before, after);

  EXPECT_THAT(d.peers_added, ElementsAre("D.example"));
  EXPECT_THAT(d.peers_removed, ElementsAre("a.example"));
  EXPECT_THAT(d.peers_changed, ElementsAre("b.example"));
  EXPECT_THAT(d.applied, IsEmpty());
  EXPECT_THAT(d.restart, IsEmpty());
}

TEST(DifferenceOfConfigurations, ToldOnlyByOrderIsNone) {
  options before;
  before.diameter.peers = {peer("a.example"), peer("b.example")};
  options after;
  after.diameter.peers = {peer("b.example"), peer("a.example")};

  EXPECT_TRUE(diff(before, after).empty());
}

TEST(DifferenceOfConfigurations, PartsWhatAReloadCanDoFromWhatNeedsARestart) {
  options after;
  after.log.level = log_level::debug;
  after.routing.fallback = {{.host = "a.example"}};
  after.requests.timeout = milliseconds{1};
  after.shards = 7;
  after.admin.listen.reset();
  after.websocket.listen.clear();
  after.node.origin_host = "other.example";

  const difference d = diff(options{}, after);

  EXPECT_THAT(d.applied, ElementsAre("/routing/default", "/requests/timeout", "/log/level"));
  EXPECT_THAT(d.restart,
              ElementsAre("/node/origin_host", "/shards", "/websocket/listen", "/admin/listen"));
}

}  // namespace
}  // namespace diamgw::config
