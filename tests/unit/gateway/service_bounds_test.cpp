// docs/architecture.md, "Bounds": those that only a whole gateway has.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "unit/gateway/memory_gateway.hpp"

namespace diamgw::gateway {
namespace {

using ::testing::HasSubstr;

class ServiceBounds : public test::MemoryGateway {
 protected:
  /// Connects to that port until a connection is closed at once; how many were not.
  std::size_t fill(std::uint16_t port) {
    for (;;) {
      auto next = std::make_unique<test::far_end>(dial(port));
      next->take();
      if (next->ended()) {
        return kept_.size();
      }
      kept_.push_back(std::move(next));
    }
  }
  static config::peer_options that_connects(std::string host) {
    config::peer_options o;
    o.host = std::move(host);
    o.realm = "example";
    return o;
  }
  void TearDown() override {
    kept_.clear();
    MemoryGateway::TearDown();
  }

  std::vector<std::unique_ptr<test::far_end>> kept_;
};

TEST_F(ServiceBounds, OfConnectionsToTheWebsocketListenerIsTwiceThatOfClients) {
  options_.websocket.max_clients = 3;
  ASSERT_EQ(start(), "");

  EXPECT_EQ(fill(8080), 6U);

  EXPECT_EQ(scraped(R"(diamgw_listener_refused_connections_total{listener="websocket"})"), "1");
  EXPECT_THAT(take_log(),
              HasSubstr("websocket listener 192.0.2.1:8080: a connection from 192.0.2.1:"));
}

// A peer says its CER at once: whoever stays silent keeps none out.
TEST_F(ServiceBounds, OfConnectionsWithoutACerEndsTheOneThatWaitsLongest) {
  options_.diameter.peers = {that_connects("pcrf.example")};
  options_.diameter.max_connections = 2;
  ASSERT_EQ(start(), "");
  for (int i = 0; i < 300; ++i) {
    kept_.push_back(std::make_unique<test::far_end>(dial(3868)));
  }

  test::far_peer pcrf{dial(3868), "pcrf.example"};
  pcrf.says_cer();
  run();

  EXPECT_FALSE(pcrf.take_message().is_error());
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    kept_[i]->take();
    if (!kept_[i]->ended()) {
      left.push_back(i);
    }
  }
  EXPECT_EQ(left, std::vector<std::size_t>{299});
  EXPECT_EQ(
      scraped(R"(diameter_peer_disconnects_total{peer="other",reason="capabilities_timeout"})"),
      "299");
  EXPECT_THAT(take_log(), HasSubstr("no CER came before the place was another's"));
}

TEST_F(ServiceBounds, OfConnectionsToTheDiameterListener) {
  options_.diameter.max_connections = 1;
  options_.diameter.peers.clear();
  for (int i = 0; i < 30; ++i) {
    options_.diameter.peers.push_back(that_connects('p' + std::to_string(i) + ".example"));
  }
  ASSERT_EQ(start(), "");
  std::vector<std::unique_ptr<test::far_peer>> peers;
  for (const auto& configured : options_.diameter.peers) {
    peers.push_back(std::make_unique<test::far_peer>(dial(3868), configured.host));
    peers.back()->take();
    if (peers.back()->ended()) {
      break;
    }
    peers.back()->says_cer();
    run();
    EXPECT_FALSE(peers.back()->take_message().is_error());
  }

  EXPECT_EQ(peers.size(), 19U) << "twice as many and 16 are let in";
  EXPECT_EQ(scraped(R"(diamgw_listener_refused_connections_total{listener="diameter"})"), "1");
  EXPECT_THAT(take_log(),
              HasSubstr("diameter listener 192.0.2.1:3868: a connection from 192.0.2.1:"));
}

TEST_F(ServiceBounds, OfConnectionsToTheAdminListener) {
  ASSERT_EQ(start(), "");

  EXPECT_EQ(fill(9090), 64U);
  kept_.pop_back();
  run();

  EXPECT_EQ(scraped(R"(diamgw_listener_refused_connections_total{listener="admin"})"), "1");
}

TEST_F(ServiceBounds, OfAClientsRequestsLetsABatchThatWasBegunPassWhole) {
  options_.websocket.max_requests_in_flight = 1;
  start_and_open();
  const std::string call{test::ccr};
  client_->calls("[" + call + "," + call + "," + call + "]");
  client_->calls(call);
  run();

  const std::string asked = ocs_->take();
  std::vector<diameter::message_view> requests;
  for (bytes_view rest = as_bytes(std::string_view{asked}); !rest.empty();) {
    requests.emplace_back(rest.first(load_be24(rest.data() + 1)));
    rest = rest.subspan(requests.back().octets().size());
  }
  ASSERT_EQ(requests.size(), 3U) << "and the call after it waits";
  for (const diameter::message_view& request : requests) {
    ocs_->grants(request);
  }
  run();

  EXPECT_EQ(client_->take_frames().size(), 1U);
  EXPECT_EQ(ocs_->take_message().command(), diameter::commands::credit_control);
}

}  // namespace
}  // namespace diamgw::gateway
