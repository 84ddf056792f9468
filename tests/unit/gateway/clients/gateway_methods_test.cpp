#include "gateway/clients/gateway_methods.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "clients_fixture.hpp"
#include "diamgw/jsonrpc/openrpc.hpp"
#include "gateway/clients/json_conversation.hpp"
#include "support/json_schema.hpp"

namespace diamgw::gateway {
namespace {

using jsonrpc::error_number;
using testing::fake_client;

class GatewayMethods : public testing::ClientShard {
 protected:
  gateway_methods::reply call(std::string_view method, std::string_view params = {}) {
    return methods_.call(with_, client_, {.id = "1", .method = method, .params = params});
  }

  fake_client& client_ = join<json_conversation>();
};

// docs/jsonrpc.md, "Methods of the gateway".
TEST_F(GatewayMethods, AnswerOrSayWhatTheyExpect) {
  struct row {
    std::string_view method;
    std::string params;
    std::optional<error_number> error;
    std::string_view text;
  };
  constexpr std::string_view expects_session = R"(expected {"session_id": "..."})";
  constexpr std::string_view expects_id = R"(expected {"id": the id of a waiting request})";
  const std::vector<row> rows{
      {"gateway.bind", R"({"session_id":"x"})", {}, "true"},
      {"gateway.bind", R"({"session_id":""})", {}, "true"},
      {"gateway.bind", "", error_number::invalid_params, expects_session},
      {"gateway.bind", "[]", error_number::invalid_params, expects_session},
      {"gateway.bind", "{}", error_number::invalid_params, expects_session},
      {"gateway.bind", R"({"session_id":7})", error_number::invalid_params, expects_session},
      {"gateway.bind", R"({"session_id":")" + std::string(1024, 'x') + R"("})", {}, "true"},
      {"gateway.bind", R"({"session_id":")" + std::string(1025, 'x') + R"("})",
       error_number::invalid_params, "a session_id of more than 1024 octets is not bound"},
      {"gateway.cancel", R"({"id":1})", {}, "false"},
      {"gateway.cancel", R"({"id":"1"})", {}, "false"},
      {"gateway.cancel", "", error_number::invalid_params, expects_id},
      {"gateway.cancel", "{}", error_number::invalid_params, expects_id},
      {"gateway.cancel", R"({"id":null})", error_number::invalid_params, expects_id},
      {"gateway.cancel", R"({"id":[1]})", error_number::invalid_params, expects_id},
      {"rpc.discover", "", {}, "{}"},
      {"rpc.discover", R"({"ignored":1})", {}, "{}"},
      {"gateway.other", "", error_number::method_not_found,
       "known are gateway.info, gateway.bind, gateway.cancel and rpc.discover"},
      {"rpc.other", "", error_number::method_not_found,
       "known are gateway.info, gateway.bind, gateway.cancel and rpc.discover"},
  };
  for (const row& r : rows) {
    const gateway_methods::reply reply = call(r.method, r.params);
    EXPECT_EQ(reply.error, r.error) << r.method << " " << r.params;
    EXPECT_EQ(reply.text, r.text) << r.method << " " << r.params;
  }
}

TEST_F(GatewayMethods, TellTheStateOfEachPeer) {
  const gateway_methods methods{"1", [](const shard_context&, const auto& tell) {
                                  for (std::size_t i = 0;
                                       i < static_cast<std::size_t>(link_state::count); ++i) {
                                    peer_report report{.host = "h", .realm = "r"};
                                    report.link = static_cast<link_state>(i);
                                    tell({report, 0});
                                  }
                                }};
  path_.set_draining();

  const auto reply =
      methods.call(with_, client_, {.id = "1", .method = "gateway.info", .params = {}});

  EXPECT_NE(reply.text.find(R"("draining":true)"), std::string::npos) << reply.text;
  for (const std::string_view state : enumerator_names<link_state>) {
    EXPECT_NE(reply.text.find(R"("state":")" + std::string{state} + '"'), std::string::npos)
        << state << " in " << reply.text;
  }
}

/// All that can be known of a peer.
peer_report told_report(time_point now) {
  diameter::ending why{.reason = disconnect_reason::capabilities_refused, .address = "192.0.2.2:1"};
  why.code = 3010;
  why.error_message = "who are you";
  why.cause = 2;
  why.exchanged = true;
  why.came = {.host = "other.example", .realm = "other"};
  why.theirs = {application_id{4}};
  why.ours = {application_id{4}, application_id{16777238}};
  return {.host = "h.example",
          .realm = "r",
          .link = link_state::closed,
          .since = now - std::chrono::seconds{3},
          .address = "192.0.2.2:1",
          .product = "other",
          .in_realm = "other",
          .applications = {application_id{4}},
          .last_error = std::make_shared<const peer_report::failure>(
              peer_report::failure{.why = why, .at = now}),
          .next_attempt = now + std::chrono::seconds{5}};
}

// docs/jsonrpc.md, "Methods": what rpc.discover publishes.
TEST_F(GatewayMethods, ResultInWhatIsPublished) {
  using nlohmann::json;
  const gateway_methods methods{
      "1", [now = shards_.now()](const shard_context&, const auto& tell) {
        tell({told_report(now), 7});
        tell({peer_report{.host = "h", .realm = "r", .since = now}, 0});  // nothing else is known
      }};
  json published = json::parse(jsonrpc::make_openrpc(*names_, "1"));
  for (json& m : published["methods"]) {
    if (m["name"].get<std::string>().starts_with("gateway.")) {
      test::close(m["result"]["schema"]);  // a member that is told is described
    }
  }
  for (const auto& [method, params] : std::initializer_list<std::pair<const char*, const char*>>{
           {"gateway.info", ""},
           {"gateway.bind", R"({"session_id":"x"})"},
           {"gateway.cancel", R"({"id":1})"}}) {
    const auto reply =
        methods.call(with_, client_, {.id = "1", .method = method, .params = params});

    const json schema = test::result_schema_in(published, method);
    EXPECT_EQ(test::find_misfit(schema, json::parse(reply.text)), "") << reply.text;
    EXPECT_NE(test::find_misfit(schema, json("other")), "") << method;
  }
}

TEST_F(GatewayMethods, DescribeAllThatIsToldOfAPeer) {
  using nlohmann::json;
  const gateway_methods methods{"1", [now = shards_.now()](const shard_context&, const auto& tell) {
                                  tell({told_report(now), 7});
                                }};
  const json told = json::parse(
      methods.call(with_, client_, {.id = "1", .method = "gateway.info", .params = {}}).text);
  const json info =
      test::result_schema_in(json::parse(jsonrpc::make_openrpc(*names_, "1")), "gateway.info");
  const json& peer = info["properties"]["peers"]["items"];

  // Nothing is described that nobody is ever told.
  const auto names_in = [](const json& object) {
    std::set<std::string> names;
    for (const auto& [name, value] : object.items()) {
      names.insert(name);
    }
    return names;
  };
  EXPECT_EQ(names_in(told), names_in(info["properties"]));
  EXPECT_EQ(names_in(told["peers"][0]), names_in(peer["properties"]));
  EXPECT_EQ(names_in(told["peers"][0]["last_error"]),
            names_in(peer["properties"]["last_error"]["properties"]));
}

TEST_F(GatewayMethods, TakeASessionOverFromAnotherClientOfTheShard) {
  fake_client& former = join<json_conversation>();
  registry_.bind("x", former);

  call("gateway.bind", R"({"session_id":"x"})");

  EXPECT_EQ(former.take_frame(), R"({"jsonrpc":"2.0","method":"gateway.session_taken",)"
                                 R"("params":{"session_id":"x"}})");
  EXPECT_EQ(client_.take_frame(), "");

  EXPECT_EQ(testing::owner_of(registry_, "x"), &client_);
}

TEST_F(GatewayMethods, CancelWhatWaitsUnderTheTokenOfTheId) {
  for (const std::string_view id : {"1", R"("a")", "-7"}) {
    client_.says(R"({"jsonrpc":"2.0","id":)" + std::string{id} +
                 R"(,"method":"CCR","params":{"Session-Id":"s;1;2","Service-Context-Id":"a@b",)"
                 R"("CC-Request-Type":"UPDATE_REQUEST","CC-Request-Number":1}})");
    const std::string params = R"({"id":)" + std::string{id} + "}";

    EXPECT_EQ(call("gateway.cancel", params).text, "true");
    EXPECT_NE(client_.take_frame().find("-32007"), std::string::npos);
    EXPECT_EQ(call("gateway.cancel", params).text, "false");
  }
  EXPECT_EQ(path_.waiting(), 0U);
}

}  // namespace
}  // namespace diamgw::gateway
