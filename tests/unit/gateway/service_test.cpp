#include "diamgw/gateway/service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <vector>

#include "unit/gateway/memory_gateway.hpp"

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Service : public test::MemoryGateway {
 protected:
  /// Drains by a thread of its own; time passes here once the drain has begun.
  bool drain() {
    bool whole = false;
    std::atomic<bool> done{false};
    std::thread caller{[&] {
      whole = service_->drain();
      done = true;
    }};
    while (log_.str().find("draining:") == std::string::npos) {
      run();
    }
    while (!done) {
      advance(5ms);
      if (on_time_) {
        on_time_();
      }
    }
    caller.join();
    return whole;
  }

  std::function<void()> on_time_;  // called each time that a drain looks
};

TEST_F(Service, ListensAndTellsItsPorts) {
  options_.websocket.listen.push_back({.address = "192.0.2.1", .port = 0});

  ASSERT_EQ(start(), "");

  const service::endpoints ports = service_->ports();
  EXPECT_EQ(ports.diameter, std::vector<std::uint16_t>{3868});
  ASSERT_EQ(ports.websocket.size(), 2U);
  EXPECT_EQ(ports.websocket[0], 8080U);
  EXPECT_NE(ports.websocket[1], 0U);
  EXPECT_EQ(ports.admin, 9090U);
}

TEST_F(Service, NeedsNoAdminListener) {
  options_.admin.listen.reset();

  ASSERT_EQ(start(), "");

  EXPECT_EQ(service_->ports().admin, 0U);
}

TEST_F(Service, SaysWhichPortIsTaken) {
  struct row {
    std::uint16_t taken;
    const char* sentence;
    const char* listener;
  };
  for (const row& r : {
           row{3868, "cannot listen for Diameter on 192.0.2.1:3868: ", "diameter"},
           row{8080, "cannot listen for WebSocket clients on 192.0.2.1:8080: ", "websocket"},
           row{9090, "cannot listen for administration on 192.0.2.1:9090: ", "admin"},
       }) {
    diamgw::test::stepped_shards others;
    const transport::address here{.host = "192.0.2.1", .port = r.taken};
    const auto taken =
        network_->listen({&others.at()}, here,
                         {transport::endpoint_address::from_text(here.host, here.port)}, {}, {});
    ASSERT_TRUE(taken);
    EXPECT_THAT(start(), StartsWith(r.sentence));
    EXPECT_THAT(
        start_failure_fields_,
        ::testing::ElementsAre(log_field{log_key::listener, r.listener},
                               log_field{log_key::address, "192.0.2.1:" + std::to_string(r.taken)},
                               log_field{log_key::error, "Address already in use"}));
    at_ocs_.reset();
    service_.reset();
  }
}

TEST_F(Service, ConnectsToANameOnceItResolves) {
  options_.diameter.peers.at(0).connect = config::endpoint{"ocs.internal", ocs_port};
  ASSERT_EQ(start(), "");
  EXPECT_FALSE(ocs_);
  const std::string unknown = "connect_failed: ocs.internal:3869: the name was not resolved: ";
  EXPECT_THAT(take_log(), HasSubstr("peer ocs.example: closed: " + unknown));
  client_ = join();
  client_->calls(R"({"jsonrpc":"2.0","id":1,"method":"gateway.info"})");
  run();
  EXPECT_THAT(client_->take_frame(), HasSubstr(R"("message":")" + unknown));

  network_->name("ocs.internal", {"192.0.2.8", "192.0.2.9"});
  network_->refuse({.host = "192.0.2.8", .port = ocs_port}, boost::asio::error::timed_out);
  while (!ocs_ && time_.now() < time_point{2h}) {
    advance(100ms);
  }
  ASSERT_TRUE(ocs_);
  ocs_->says_cea(ocs_->take_message());
  run();

  EXPECT_THAT(take_log(), HasSubstr("peer ocs.example: open with 192.0.2.9:3869"));
}

TEST_F(Service, SaysWhichOfANamesAddressesWasSilent) {
  options_.diameter.peers.at(0).connect = config::endpoint{"ocs.internal", ocs_port};
  network_->name("ocs.internal", {"192.0.2.9"});
  ASSERT_EQ(start(), "");
  ASSERT_TRUE(ocs_);

  advance(options_.diameter.capabilities_timeout + 100ms);

  EXPECT_THAT(take_log(), HasSubstr("capabilities_timeout: 192.0.2.9:3869: no CEA came in time"));
}

TEST_F(Service, SaysThatTheLookupOfANameTookTooLong) {
  options_.diameter.peers.at(0).connect = config::endpoint{"ocs.internal", ocs_port};
  network_->name("ocs.internal", {"192.0.2.9"});
  network_->delay_lookup("ocs.internal", 1h);
  ASSERT_EQ(start(), "");

  advance(options_.diameter.connect_timeout + 100ms);

  EXPECT_THAT(take_log(), HasSubstr("ocs.internal:3869: the name was not resolved: " +
                                    error_code{boost::asio::error::timed_out}.message()));
}

TEST_F(Service, ListensAtTheAddressesOfAName) {
  options_.diameter.listen = {{.address = "gateway", .port = 3868}};
  EXPECT_THAT(start(), StartsWith("cannot listen for Diameter on gateway:3868: "));
  at_ocs_.reset();
  service_.reset();

  network_->name("gateway", {"192.0.2.1", "2001:db8::1"});

  EXPECT_EQ(start(), "");
  EXPECT_EQ(service_->ports().diameter, std::vector<std::uint16_t>{3868});
  const auto all = service_->listeners();
  ASSERT_GE(all.size(), 2U);
  EXPECT_EQ(all[0].address, "192.0.2.1:3868");
  EXPECT_EQ(all[1].address, "[2001:db8::1]:3868");
}

class ServiceOnShards : public Service {};
INSTANTIATE_TEST_SUITE_P(Shards, ServiceOnShards, ::testing::Values(1U, 2U));

TEST_P(ServiceOnShards, CarriesAClientsRequestToAPeerAndTheAnswerBack) {
  start_and_open(GetParam());
  const auto other = join();  // with two shards it is on the other one

  for (test::far_client* who : {client_.get(), other.get()}) {
    who->calls(test::ccr);
    run();
    ocs_->grants(ocs_->take_message());
    run();

    EXPECT_THAT(who->take_frame(), HasSubstr(R"("id":1,"result":{"Session-Id":"s;1;2")"));
  }
}

TEST_P(ServiceOnShards, CarriesAPeersRequestToTheClientWhoseSessionItIs) {
  start_and_open(GetParam());
  const auto other = join();
  other->calls(R"({"jsonrpc":"2.0","id":1,"method":"gateway.bind","params":{"session_id":"x"}})");
  run();
  other->take_frame();

  ocs_->re_authorizes("x");
  run();
  const std::string asked = other->take_frame();
  EXPECT_THAT(asked, HasSubstr(R"("method":"RAR")"));
  const std::size_t id = asked.find(R"("id":)") + 5;
  other->calls(R"({"jsonrpc":"2.0","id":)" + asked.substr(id, asked.find(',', id) - id) +
               R"(,"result":{"Result-Code":2001}})");
  run();

  const auto answer = ocs_->take_message();
  EXPECT_EQ(answer.hop_by_hop().value, 0x71U);
  EXPECT_EQ(diameter::find_unsigned32(answer, diameter::avps::result_code), 2001U);
}

TEST_P(ServiceOnShards, TellsAPeerThatNoClientHasTheSession) {
  start_and_open(GetParam());

  ocs_->re_authorizes("nobody's");
  run();

  EXPECT_EQ(diameter::find_unsigned32(ocs_->take_message(), diameter::avps::result_code), 5002U);
}

TEST_F(Service, RoutesByRealmAndByDefaultAsItIsConfigured) {
  options_.diameter.peers.at(0).realm = "ocs";
  options_.routing.realms = {{.realm = "one",
                              .application = config::application_ref{.id = 4, .name = {}},
                              .peers = {{.host = "ocs.example"}}},
                             {.realm = "two", .application = {}, .peers = {}}};
  options_.routing.fallback = {{.host = "ocs.example"}};
  start_and_open();
  for (const char* realm : {"one", "ocs", "anywhere"}) {
    std::string call{test::ccr};
    const std::string_view wanted = R"("Destination-Realm":"example")";
    call.replace(call.find(wanted), wanted.size(),
                 R"("Destination-Realm":")" + std::string{realm} + '"');
    client_->calls(call);
    run();
    ocs_->grants(ocs_->take_message());
    run();

    EXPECT_THAT(client_->take_frame(), HasSubstr("\"result\"")) << realm;
  }
}

// ---- administration

TEST_F(Service, TellsHowItIs) {
  ASSERT_EQ(start(), "");
  EXPECT_THAT(get("/healthz"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(get("/readyz"),
              ::testing::AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("no peer is open")));

  ocs_->says_cea(ocs_->take_message());
  run();

  EXPECT_THAT(get("/readyz"), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(get("/other"), ::testing::AllOf(StartsWith("HTTP/1.1 404 "),
                                              HasSubstr("/metrics, /healthz, /readyz")));
  EXPECT_EQ(scraped(R"(diameter_peer_state{peer="ocs.example",state="open"})"), "1");
}

TEST_F(Service, IsReadyWithoutPeersWhereNoneAreConfigured) {
  options_.diameter.peers.clear();
  ASSERT_EQ(start(), "");

  EXPECT_THAT(get("/readyz"), StartsWith("HTTP/1.1 200 "));
}

// Above metrics.max_peers peers share the label "other", and serve like any.
TEST_F(Service, IsReadyByAPeerThatMetricsHaveNoLabelFor) {
  options_.metrics.max_peers = 0;
  ASSERT_EQ(start(), "");
  EXPECT_THAT(get("/readyz"), StartsWith("HTTP/1.1 503 "));

  ocs_->says_cea(ocs_->take_message());
  run();

  EXPECT_THAT(get("/readyz"), StartsWith("HTTP/1.1 200 "));
}

TEST_P(ServiceOnShards, IsReadyAgainOnceAStrangerThatLeftIsForgotten) {
  options_.diameter.peers.clear();
  options_.diameter.accept_unknown_peers = true;
  ASSERT_EQ(start(GetParam()), "");
  EXPECT_THAT(get("/readyz"), StartsWith("HTTP/1.1 200 "));
  test::far_peer stranger{dial(3868), "stranger.example"};
  stranger.says_cer();
  run();
  EXPECT_THAT(get("/readyz"), StartsWith("HTTP/1.1 200 "));

  stranger.leave();
  run();
  EXPECT_THAT(get("/readyz"), StartsWith("HTTP/1.1 503 ")) << "it is known still, and may return";
  admin_.reset();  // else the admin listener would end it
  advance(11s);

  EXPECT_THAT(get("/readyz"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(Service, CountsReloads) {
  ASSERT_EQ(start(), "");

  service_->count_reload(metrics::reload_result::failure);

  EXPECT_EQ(scraped(R"(diamgw_config_reloads_total{result="failure"})"), "1");
}

TEST_F(Service, TellsAClientOfItsPeers) {
  start_and_open();
  client_->calls(R"({"jsonrpc":"2.0","id":1,"method":"gateway.info"})");
  run();

  EXPECT_THAT(
      client_->take_frame(),
      HasSubstr(
          R"("peers":[{"address":"192.0.2.9:3869","applications":[{"id":4,"name":"Diameter Credit Control"}],"host":"ocs.example",)"
          R"("origin_realm":"example","product":"test","realm":"example",)"
          R"("requests_waiting":0,"state":"open","state_seconds":0.0}])"));
}

// ---- strangers

TEST_P(ServiceOnShards, RoutesToAPeerThatNobodyHasConfigured) {
  options_.diameter.peers.clear();
  options_.diameter.accept_unknown_peers = true;
  ASSERT_EQ(start(GetParam()), "");
  client_ = join();
  client_->calls(test::ccr);
  run();
  EXPECT_THAT(client_->take_frame(), HasSubstr("-32001"));

  test::far_peer stranger{dial(3868), "stranger.example"};
  stranger.says_cer();
  run();
  EXPECT_EQ(stranger.take_message().command(), diameter::commands::capabilities_exchange);
  client_->calls(test::ccr);
  run();
  stranger.grants(stranger.take_message());
  run();

  EXPECT_THAT(client_->take_frame(), HasSubstr("\"result\""));
}

// ---- the end

TEST_F(Service, DrainsAtOnceWhereNothingIsThere) {
  options_.diameter.peers.clear();
  ASSERT_EQ(start(), "");

  EXPECT_TRUE(drain());

  EXPECT_THAT(take_log(), HasSubstr("info: drained\n"));
}

TEST_P(ServiceOnShards, LeavesClientsAndPeersInOrder) {
  start_and_open(GetParam());
  std::string order;
  on_time_ = [&] {
    if (order.empty() && !client_->take_frames().empty()) {
      order = get("/readyz").substr(9, 4) + "client ";
      client_->says(websocket::testing::frame(websocket::opcode::close,
                                              websocket::testing::close_payload(1001)));
    } else if (order == "503 client ") {
      const std::string dpr = ocs_->take();
      if (!dpr.empty()) {
        order += "peer";
        const diameter::message_view asked{as_bytes(std::string_view{dpr})};
        EXPECT_EQ(asked.command(), diameter::commands::disconnect_peer);
        ocs_->says_dpa(asked);
        run();
        ocs_->leave();
      }
    }
  };

  EXPECT_TRUE(drain());

  EXPECT_EQ(order, "503 client peer");
}

TEST_P(ServiceOnShards, GivesUpInTheEndWhatIsNotAnswered) {
  options_.drain.timeout = 2s;
  start_and_open(GetParam());
  client_->calls(test::ccr);
  run();

  EXPECT_FALSE(drain());

  EXPECT_THAT(client_->take_frames(),
              ::testing::ElementsAre(HasSubstr("-32005"), StartsWith("close 1001")));
  EXPECT_THAT(take_log(), HasSubstr("1 requests were not answered in time"));
}

TEST_P(ServiceOnShards, RefusesNewClientsAndRequestsWhileItDrains) {
  options_.drain.timeout = 2s;
  start_and_open(GetParam());
  client_->calls(test::ccr);  // so that the drain waits
  run();
  std::vector<std::string> refused;
  on_time_ = [&] {
    if (refused.empty()) {
      client_->calls(test::ccr);
      run();
      refused = client_->take_frames();
    }
  };

  drain();

  EXPECT_THAT(refused, ::testing::ElementsAre(HasSubstr("-32005")));
}

TEST_P(ServiceOnShards, EndsWithAllThatIsUnderWay) {
  start_and_open(GetParam());
  client_->calls(test::ccr);
  ocs_->re_authorizes("s;1;2");
  run();
  admin_.reset();

  service_.reset();  // ASan holds the rest

  EXPECT_EQ(failures_, "");
}

}  // namespace
}  // namespace diamgw::gateway
