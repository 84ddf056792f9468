#include "gateway/operation/drain.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "support/manual_time.hpp"
#include "support/text_log.hpp"

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;

/// A gateway that only says what it was told to do.
class recorded_duties final : public drain_duties {
 public:
  void refuse_requests() override { done.emplace_back("refuse requests"); }
  void give_up_requests() override { done.emplace_back("give up requests"); }
  void close_clients(duration spread) override {
    done.push_back("close clients over " + std::to_string(spread / 1ms) + " ms");
  }
  void disconnect_peers() override { done.emplace_back("disconnect peers"); }
  [[nodiscard]] drain_progress left() const override { return now_left; }

  drain_progress now_left{.requests = 2, .refusing = true, .clients = 3, .peers_connected = true};
  std::vector<std::string> done;
};

class Drain : public ::testing::Test {
 protected:
  void start() {
    drain_.start([this](bool whole) { whole_ = whole; });
  }

  diamgw::test::stepped_shards shards_;
  recorded_duties duties_;
  test::text_log log_;
  drain drain_{shards_.at(),
               {.timeout = 10s, .client_spread = 1s, .close_timeout = 2s, .disconnect_timeout = 3s},
               duties_,
               log_};
  std::optional<bool> whole_;
};

using steps = std::vector<std::string>;

TEST_F(Drain, GoesOnWhenWhatItWaitedForIsGone) {
  start();
  EXPECT_EQ(duties_.done, steps{"refuse requests"});

  duties_.now_left.requests = 0;
  shards_.advance(10ms);
  duties_.now_left.clients = 0;
  shards_.advance(10ms);
  EXPECT_EQ(duties_.done,
            (steps{"refuse requests", "close clients over 1000 ms", "disconnect peers"}));
  EXPECT_FALSE(whole_);

  duties_.now_left.peers_connected = false;
  shards_.advance(10ms);
  EXPECT_EQ(whole_, true);
}

TEST_F(Drain, EndsInItsTimeWhateverStays) {
  start();

  shards_.advance(14s);

  EXPECT_EQ(duties_.done, (steps{"refuse requests", "give up requests",
                                 "close clients over 1000 ms", "disconnect peers"}));
  EXPECT_EQ(whole_, false);
  EXPECT_NE(log_.str().find("2 requests were not answered in time"), std::string::npos);
  EXPECT_NE(log_.str().find("drained, but not all in time"), std::string::npos);
}

TEST_F(Drain, OfAnIdleGatewayTakesNoTime) {
  duties_.now_left = {.refusing = true};

  start();
  shards_.advance(20ms);

  EXPECT_EQ(whole_, true);
}

}  // namespace
}  // namespace diamgw::gateway
