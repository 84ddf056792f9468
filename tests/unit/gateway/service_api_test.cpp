// /api/v1 of a whole gateway, on one shard and on two.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "unit/gateway/memory_gateway.hpp"

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::HasSubstr;

class ServiceApi : public test::MemoryGateway {
 protected:
  ServiceApi() { write_token("s3cret"); }
  ~ServiceApi() override { std::filesystem::remove(token_file_); }

  void write_token(std::string_view token) {
    std::ofstream{token_file_} << token << '\n';
    options_.admin.token_file = token_file_;
  }
  /// Status and body.
  std::pair<int, std::string> ask(std::string_view method, std::string_view target,
                                  std::string_view token = "s3cret") {
    if (!admin_) {
      admin_ = std::make_unique<test::far_end>(dial(9090));
    }
    admin_->says(std::string{method} + ' ' + std::string{target} +
                 " HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                 "Authorization: Bearer " +
                 std::string{token} + "\r\n" +
                 (method == "POST" ? "Content-Length: 0\r\n\r\n" : "\r\n"));
    run();
    const std::string response = admin_->take();
    const auto body = response.find("\r\n\r\n");
    if (response.size() < 12 || body == std::string::npos) {
      ADD_FAILURE() << response;
      return {};
    }
    return {std::stoi(response.substr(9, 3)), response.substr(body + 4)};
  }
  json get_json(std::string_view target) {
    const auto [status, body] = ask("GET", target);
    EXPECT_EQ(status, 200) << body;
    return json::parse(body, nullptr, false);
  }
  static std::string call(std::string_view method, std::string_view session) {
    return R"({"jsonrpc":"2.0","id":1,"method":")" + std::string{method} +
           R"(","params":{"session_id":")" + std::string{session} + R"("}})";
  }

  std::string token_file_ =
      ::testing::TempDir() + "service_api_" + std::to_string(::getpid()) + ".token";
};
INSTANTIATE_TEST_SUITE_P(Shards, ServiceApi, ::testing::Values(1U, 2U));

TEST_P(ServiceApi, IsForWhoHasTheTokenOfTheTime) {
  start_and_open(GetParam());
  EXPECT_EQ(ask("GET", "/api/v1/peers").first, 200);
  EXPECT_EQ(ask("GET", "/api/v1/peers", "other").first, 401);
  EXPECT_EQ(ask("POST", "/api/v1/peers/ocs.example/connect", "other").first, 401);
  EXPECT_EQ(ask("GET", "/healthz", "other").first, 200);

  service_->use_admin_token("another");
  run();

  EXPECT_EQ(ask("GET", "/api/v1/peers", "another").first, 200);
  EXPECT_EQ(ask("GET", "/api/v1/peers").first, 401);
}

TEST_P(ServiceApi, DoesNotStartWithoutTheTokenItIsToldOf) {
  std::filesystem::remove(token_file_);

  EXPECT_THAT(start(GetParam()), HasSubstr("admin.token_file"));
}

TEST_P(ServiceApi, ShowsEachPeerAndConnectsToIt) {
  start_and_open(GetParam());
  const json open = get_json("/api/v1/peers")["peers"];
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0]["host"], "ocs.example");
  EXPECT_EQ(open[0]["state"], "open");
  EXPECT_EQ(open[0]["address"], "192.0.2.9:3869");
  EXPECT_EQ(ask("POST", "/api/v1/peers/ocs.example/connect"),
            (std::pair{409, std::string{"ocs.example is open\n"}}));
  EXPECT_EQ(ask("POST", "/api/v1/peers/none.example/connect").first, 404);

  ocs_->leave();
  run();
  EXPECT_EQ(get_json("/api/v1/peers")["peers"][0]["state"], "closed");
  ocs_.reset();
  EXPECT_EQ(ask("POST", "/api/v1/peers/OCS.example/connect").first, 202);
  run();

  EXPECT_TRUE(ocs_) << "it was connected to before its next attempt";
}

TEST_P(ServiceApi, ExplainsWhereARequestGoes) {
  start_and_open(GetParam());
  const json routed = get_json("/api/v1/route?realm=example&application=Gy");
  EXPECT_EQ(routed["routed"], true);
  EXPECT_EQ(routed["application"]["id"], 4);
  EXPECT_EQ(routed["application"]["name"], "Diameter Credit Control");
  EXPECT_EQ(routed["decided_by"], "peers_of_realm");
  EXPECT_EQ(routed["candidates"].dump(),
            R"([{"host":"ocs.example","priority":0,"reason":"able to deliver","share":1.0,)"
            R"("state":"open","weight":1}])");

  const json unserved = get_json("/api/v1/route?realm=nowhere&application=4");
  EXPECT_EQ(unserved["routed"], false);
  EXPECT_EQ(unserved["result_code"], 3003);

  ocs_->leave();
  run();
  const json closed = get_json("/api/v1/route?host=ocs.example&application=4");
  EXPECT_EQ(closed["decided_by"], "destination_host");
  EXPECT_EQ(closed["result_code"], 3002);
  EXPECT_EQ(closed["candidates"][0]["reason"], "closed");

  for (const auto& [query, sentence] :
       {std::pair{"", "expected ?realm="}, std::pair{"realm=example", "expected ?realm="},
        std::pair{"application=4", "expected ?realm="},
        std::pair{"realm=example&application=Gyy", "did you mean"},
        std::pair{"realm=%2&application=4", "follow a '%' in realm"},
        std::pair{"realm=a%20b&application=4", "is no DiameterIdentity"}}) {
    const auto [status, body] = ask("GET", "/api/v1/route?" + std::string{query});
    EXPECT_EQ(status, 400) << query;
    EXPECT_THAT(body, HasSubstr(sentence)) << query;
  }
}

TEST_P(ServiceApi, ShowsClientsAndDisconnectsThem) {
  start_and_open(GetParam());
  const auto other = join();
  client_->calls(test::ccr);
  advance(2s);
  json all = get_json("/api/v1/clients")["clients"];
  ASSERT_EQ(all.size(), 2U);
  std::size_t busy = all[0]["requests_in_flight"] == 1 ? 0 : 1;
  EXPECT_EQ(all[busy]["requests_in_flight"], 1);
  EXPECT_EQ(all[busy]["bindings"], 1);
  EXPECT_EQ(all[1 - busy]["requests_in_flight"], 0);
  EXPECT_EQ(all[busy]["protocol"], "diameter.jsonrpc.v1");
  EXPECT_EQ(all[busy]["connected_seconds"], 2.0);

  const json first = get_json("/api/v1/clients?limit=1");
  ASSERT_EQ(first["clients"].size(), 1U);
  EXPECT_EQ(first["clients"][0], all[0]);
  const json second = get_json("/api/v1/clients?limit=1&after=" + first["next"].get<std::string>());
  ASSERT_EQ(second["clients"].size(), 1U);
  EXPECT_EQ(second["clients"][0], all[1]);
  const json third = get_json("/api/v1/clients?limit=1&after=" + second["next"].get<std::string>());
  EXPECT_TRUE(third["clients"].empty());
  EXPECT_FALSE(third.contains("next"));
  EXPECT_EQ(ask("GET", "/api/v1/clients?limit=0").first, 400);
  EXPECT_EQ(ask("GET", "/api/v1/clients?after=x").first, 400);

  const std::string path = "/api/v1/clients/" + all[busy]["id"].get<std::string>() + "/disconnect";
  EXPECT_EQ(ask("POST", path).first, 200);
  EXPECT_THAT(client_->take_frames(), ::testing::ElementsAre(HasSubstr("close 1008")));
  client_->leave();
  run();
  EXPECT_EQ(ask("POST", path).first, 404);
  EXPECT_EQ(ask("POST", "/api/v1/clients/9-9-9/disconnect").first, 404);
  EXPECT_EQ(ask("POST", "/api/v1/clients/x/disconnect").first, 404);
  all = get_json("/api/v1/clients")["clients"];
  EXPECT_EQ(all.size(), 1U);
}

TEST_P(ServiceApi, ShowsWhoseASessionIs) {
  start_and_open(GetParam());
  const auto other = join();
  client_->calls(test::ccr);
  run();
  ocs_->grants(ocs_->take_message());
  advance(3s);
  client_->take_frames();
  const json first = get_json("/api/v1/session?id=s%3B1%3B2");
  EXPECT_EQ(first["session_id"], "s;1;2");
  EXPECT_EQ(first["peer"], "ocs.example");
  EXPECT_EQ(first["bound_seconds"], 3.0);

  other->calls(call("gateway.bind", "s;1;2"));
  run();

  EXPECT_THAT(other->take_frame(), HasSubstr(R"("result":true)"));
  EXPECT_THAT(client_->take_frame(), HasSubstr(R"("method":"gateway.session_taken")"))
      << "whichever shards they are on";
  const json taken = get_json("/api/v1/session?id=s;1;2");
  EXPECT_NE(taken["client"]["id"], first["client"]["id"]);
  EXPECT_EQ(taken["bound_seconds"], 0.0);

  ocs_->re_authorizes("s;1;2");
  run();
  EXPECT_THAT(other->take_frame(), HasSubstr(R"("method":"RAR")"));
  EXPECT_EQ(client_->take(), "");

  other->leave();
  run();
  EXPECT_EQ(ask("GET", "/api/v1/session?id=s;1;2"),
            (std::pair{404, std::string{"no client of this gateway has the session\n"}}));
  EXPECT_EQ(ask("GET", "/api/v1/session").first, 400);
  EXPECT_EQ(ask("GET", "/api/v1/session?id=%zz").first, 400);
}

// Whoever had it before does not get it back.
TEST_P(ServiceApi, HasNobodyForASessionWhoseLastClientHasLeft) {
  start_and_open(GetParam());
  const auto other = join();
  for (test::far_client* who : {client_.get(), other.get()}) {
    who->calls(test::ccr);
    run();
    ocs_->grants(ocs_->take_message());
    advance(1s);
    EXPECT_THAT(who->take_frame(), HasSubstr("\"result\""));
  }
  EXPECT_THAT(client_->take_frame(), HasSubstr("gateway.session_taken"));

  other->leave();
  run();
  ocs_->re_authorizes("s;1;2");
  run();

  EXPECT_EQ(diameter::find_unsigned32(ocs_->take_message(), diameter::avps::result_code), 5002U);
  EXPECT_EQ(client_->take(), "");
}

}  // namespace
}  // namespace diamgw::gateway
