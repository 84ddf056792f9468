#include "gateway/clients/json_conversation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "clients_fixture.hpp"

namespace diamgw::gateway {
namespace {

using testing::ClientShard;
using testing::fake_client;
using testing::waiting_exchange;

std::string call_of(std::string_view id, std::string_view more = {}) {
  return R"({"jsonrpc":"2.0","id":)" + std::string{id} + R"(,"method":"CCR","params":{)" +
         R"("Session-Id":"s;1;2","Destination-Realm":"example","Service-Context-Id":"a@b",)" +
         R"("CC-Request-Type":"INITIAL_REQUEST","CC-Request-Number":0)" + std::string{more} + "}}";
}

class JsonConversation : public ClientShard {
 protected:
  fake_client& client_ = join<json_conversation>();
};

// A subscriber's number may be the name of a member, too.
TEST_F(JsonConversation, LogsThePlaceOfARefusalWithoutNamesThatOnlyTheClientKnows) {
  client_.says(call_of("1", R"(,"491701234567":{"User-Name":"x"})"));

  EXPECT_EQ(
      log_.fields_of("a call is refused"),
      (diamgw::test::text_log::fields{
          {"client", client_.remote()}, {"reason", "invalid_params"}, {"place", "params.?"}}));
  EXPECT_EQ(log_.str().find("491701234567"), std::string::npos) << log_.str();
}

TEST_F(JsonConversation, SendsACallToAPeerAndItsAnswerBack) {
  client_.says(call_of("17"));
  ASSERT_EQ(peers_.sent.size(), 1U);
  const outgoing_request& sent = peers_.sent.front();
  EXPECT_EQ(sent.header.command, diameter::commands::credit_control);
  EXPECT_EQ(sent.header.application, application_id{4});
  EXPECT_EQ(sent.header.flags,
            diameter::command_flags::request | diameter::command_flags::proxiable);
  EXPECT_EQ(client_.speaks().requests_in_flight(), 1U);
  EXPECT_EQ(client_.take_frame(), "");

  peer_answers(credit_control_answer());

  const std::string answer = client_.take_frame();
  EXPECT_TRUE(answer.starts_with(R"({"jsonrpc":"2.0","id":17,"result":{"Session-Id":"s;1;2")"))
      << answer;
  EXPECT_EQ(client_.speaks().requests_in_flight(), 0U);
}

TEST_F(JsonConversation, CompletesWhatTheClientLeftOut) {
  client_.says(R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":{"Service-Context-Id":"a@b",)"
               R"("CC-Request-Type":"EVENT_REQUEST","CC-Request-Number":0}})");
  ASSERT_EQ(peers_.sent.size(), 1U);

  const auto avps = diameter::find_routing_avps(peers_.sent.front().avps.octets);

  EXPECT_EQ(avps.session_id, "gw.example;7;0");
  EXPECT_EQ(avps.origin_host, "gw.example");
  EXPECT_EQ(avps.origin_realm, "example");
  EXPECT_EQ(avps.destination_realm, "example");
}

TEST_F(JsonConversation, AnswersWhatItCannotServe) {
  struct row {
    const char* what;
    std::string says;
    std::string is_told;  // how the frame begins, after the version; "": nothing
  };
  const std::vector<row> rows{
      {"JSON-RPC 2.0 §5.1: no JSON", "{", R"("id":null,"error":{"code":-32700,)"},
      {"§5.1: no call", R"({"jsonrpc":"1.0","id":3})", R"("id":3,"error":{"code":-32600,)"},
      {"§5.1: unknown method", R"({"jsonrpc":"2.0","id":"a","method":"XXR"})",
       R"("id":"a","error":{"code":-32601,)"},
      {"§5.1: wrong params", call_of("4", R"(,"No-Such-AVP":1)"),
       R"("id":4,"error":{"code":-32602,)"},
      {"§4.1: a notification that is wrong", R"({"jsonrpc":"2.0","method":"XXR"})", ""},
      {"RFC 6733 §5.3: between peers only",
       R"({"jsonrpc":"2.0","id":5,"method":"DWR","params":{}})",
       R"("id":5,"error":{"code":-32601,"message":"CER, DWR and DPR are between)"},
      {"no such gateway method", R"({"jsonrpc":"2.0","id":6,"method":"gateway.x"})",
       R"("id":6,"error":{"code":-32601,"message":"known are gateway.info, gateway.bind, )"
       R"(gateway.cancel and rpc.discover")"},
      {"an answer to no request", R"({"jsonrpc":"2.0","id":77,"result":{}})", ""},
  };
  for (const row& r : rows) {
    client_.says(r.says);
    const std::string frame = client_.take_frame();
    if (r.is_told.empty()) {
      EXPECT_EQ(frame, "") << r.what;
    } else {
      EXPECT_TRUE(frame.starts_with(R"({"jsonrpc":"2.0",)" + r.is_told)) << r.what << ": " << frame;
    }
    EXPECT_EQ(client_.speaks().requests_in_flight(), 0U) << r.what;
  }
  EXPECT_TRUE(peers_.sent.empty());
}

TEST_F(JsonConversation, TellsEachEndOfARequest) {
  struct row {
    exchange_outcome ended;
    const char* is_told;
  };
  const std::vector<row> rows{
      {exchange_outcome::deadline, R"("code":-32002,)"},
      {exchange_outcome::too_busy, R"("code":-32003,)"},
      {exchange_outcome::receiver_lost, R"("code":-32004,)"},
      {exchange_outcome::draining, R"("code":-32005,)"},
      {exchange_outcome::malformed_answer, R"("code":-32006,)"},
      {exchange_outcome::cancelled, R"("code":-32007,)"},
      {exchange_outcome::not_sent, R"("code":-32001,)"},
  };
  for (const row& r : rows) {
    client_.says(call_of("1"));
    peer_ends(r.ended);
    const std::string frame = client_.take_frame();
    EXPECT_NE(frame.find(r.is_told), std::string::npos) << frame;
    EXPECT_EQ(client_.speaks().requests_in_flight(), 0U);
  }
}

TEST_F(JsonConversation, NamesTheCandidatesWhereNoPeerIsOpen) {
  peers_.link = routing::link_state::closed;
  client_.says(call_of("1"));

  const std::string frame = client_.take_frame();
  EXPECT_NE(frame.find(R"("code":-32001,)"), std::string::npos) << frame;
  EXPECT_NE(frame.find(R"("result_code":3002,)"), std::string::npos) << frame;
  EXPECT_NE(frame.find(R"("candidates":[{"host":"ocs.example","reason":)"), std::string::npos)
      << frame;
}

TEST_F(JsonConversation, RefusesNewCallsWhileTheGatewayDrains) {
  path_.set_draining();
  client_.says(call_of("1"));

  EXPECT_NE(client_.take_frame().find(R"("code":-32005,)"), std::string::npos);
}

TEST_F(JsonConversation, ClosesWhereAFrameIsNotText) {
  client_.says(websocket::message_kind::binary, "x");

  EXPECT_EQ(client_.failed_with, "1003 diameter.jsonrpc.v1 speaks in text frames");
}

TEST_F(JsonConversation, TellsNobodyWhenTheClientHasLeft) {
  client_.says(call_of("1"));
  leave(client_);

  EXPECT_TRUE(client_.frames.empty());
  EXPECT_EQ(client_.speaks().requests_in_flight(), 0U);
}

// docs/architecture.md, "How an exchange ends": a late answer is counted, never delivered.
TEST_F(JsonConversation, CountsALateAnswerByWhatHadEndedTheRequest) {
  using metrics::late_reason;
  const auto late = [this](late_reason why) { return on_.recorder.late_answers.value(why); };
  client_.says(call_of("1"));
  client_.says(R"({"jsonrpc":"2.0","id":2,"method":"gateway.cancel","params":{"id":1}})");
  peer_answers(credit_control_answer());
  EXPECT_EQ(late(late_reason::cancelled), 1U);

  client_.says(call_of("1"));
  shards_.advance(std::chrono::seconds{11});
  peer_answers(credit_control_answer());
  EXPECT_EQ(late(late_reason::deadline), 1U);

  client_.frames.clear();
  client_.says(call_of("1"));
  leave(client_);
  peer_answers(credit_control_answer());
  EXPECT_EQ(late(late_reason::client_left), 1U);
  EXPECT_TRUE(client_.frames.empty());
}

TEST_F(JsonConversation, CutsADeadlineToTheLongestThereIs) {
  struct row {
    const char* option;
    duration patience;
  };
  for (const row& r : {
           row{"", options_.requests.timeout},
           row{R"(,"$timeout":"2s")", std::chrono::seconds{2}},
           row{R"(,"$timeout":"1000s")", options_.requests.max_timeout},
       }) {
    client_.says(call_of("1", r.option));
    const time_point deadline = peers_.sent.back().deadline;

    EXPECT_EQ(deadline, shards_.now() + r.patience) << r.option;
    peer_answers(credit_control_answer());
    static_cast<void>(client_.take_frame());
  }
}

TEST_F(JsonConversation, RefusesARequestThatHasNoRoomForWhatCompletesIt) {
  identity_.origin_host = std::string(20000, 'h');
  client_.says(call_of("1"));

  EXPECT_NE(client_.take_frame().find(R"("id":1,"error":{"code":-32008,)"), std::string::npos);
  EXPECT_EQ(client_.speaks().requests_in_flight(), 0U);
  EXPECT_EQ(on_.recorder.refused_requests.value(metrics::refused_reason::limit), 1U);
}

TEST_F(JsonConversation, DropsAnAnswerWhoseIdIsNoneOfOurs) {
  for (const char* id : {R"("a")", "1.5", "-1", "4294967296", "null", "7"}) {
    client_.says(R"({"jsonrpc":"2.0","id":)" + std::string{id} + R"(,"result":{"Result-Code":1}})");
  }

  EXPECT_TRUE(client_.frames.empty());
  EXPECT_EQ(on_.recorder.dropped.value(metrics::drop_reason::client_answer_unknown), 6U);
}

TEST_F(JsonConversation, RefusesARequestThatIsTooLarge) {
  client_.says(call_of(
      "1", R"(,"User-Name":")" + std::string(options_.diameter.max_message_octets, 'x') + '"'));

  const std::string told = client_.take_frame();
  EXPECT_NE(told.find(R"("code":-32008,)"), std::string::npos);
  EXPECT_NE(told.find(R"("sent":false)"), std::string::npos);
  EXPECT_TRUE(peers_.sent.empty());
  EXPECT_EQ(client_.speaks().requests_in_flight(), 0U);
}

// docs/architecture.md, "Clients": a text of more than 8 MiB.
TEST_F(JsonConversation, PutsAnErrorInThePlaceOfAnAnswerThatIsTooLarge) {
  const std::string octets(5U << 20U, '\xff');  // twice as much in hexadecimal digits
  const diamgw::test::octets large =
      diamgw::test::message_builder{diameter::commands::credit_control, application_id{4}, 0}
          .avp(diameter::avps::result_code, 2001)
          .avp(avp_code{25}, octets)
          .build();
  client_.says(call_of("1"));
  peer_answers(large);
  std::string told = client_.take_frame();
  EXPECT_NE(told.find(R"("id":1,"error":{"code":-32008,)"), std::string::npos);
  EXPECT_NE(told.find(R"("sent":true)"), std::string::npos) << "it was served";

  client_.says("[" + call_of("2") + "]");
  peer_answers(large);
  told = client_.take_frame();
  EXPECT_NE(told.find(R"([{"jsonrpc":"2.0","id":2,"error":{"code":-32008,)"), std::string::npos);
  EXPECT_NE(told.find(R"("sent":true)"), std::string::npos) << "it was served";
}

TEST_F(JsonConversation, SendsARequestWhoseSessionIdIsTooLongToBeBound) {
  const std::string session(1025, 's');
  client_.says(R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":{"Session-Id":")" + session +
               R"(","Service-Context-Id":"a@b","CC-Request-Type":"INITIAL_REQUEST",)"
               R"("CC-Request-Number":0}})");

  EXPECT_EQ(peers_.sent.size(), 1U);
  EXPECT_EQ(testing::owner_of(registry_, session), nullptr);
}

// ---- batches (JSON-RPC 2.0 §6)

TEST_F(JsonConversation, AnswersABatchAtOnceWhenItsLastAnswerIsThere) {
  client_.says("[" + call_of("1") + R"(,{"jsonrpc":"2.0","id":2,"method":"gateway.x"},)" +
               call_of("3") + R"(,{"jsonrpc":"2.0","method":"gateway.info"},5])");
  ASSERT_EQ(peers_.sent.size(), 2U);
  EXPECT_EQ(client_.take_frame(), "");
  peer_answers(credit_control_answer());
  EXPECT_EQ(client_.take_frame(), "");
  peers_.sent.pop_back();

  peer_ends(exchange_outcome::deadline);

  const std::string frame = client_.take_frame();
  EXPECT_TRUE(frame.starts_with("[{") && frame.ends_with("}]")) << frame;
  for (const char* part : {R"("id":1,"error":{"code":-32002)", R"("id":2,"error":{"code":-32601)",
                           R"("id":3,"result")", R"("id":null,"error":{"code":-32600)"}) {
    EXPECT_NE(frame.find(part), std::string::npos) << part << " in " << frame;
  }
}

TEST_F(JsonConversation, DoesNotAnswerABatchOfNotifications) {
  client_.says(R"([{"jsonrpc":"2.0","method":"gateway.info"},{"jsonrpc":"2.0","method":"x"}])");

  EXPECT_TRUE(client_.frames.empty());
}

// ---- gateway methods

TEST_F(JsonConversation, ServesTheGatewaysMethods) {
  client_.says(R"({"jsonrpc":"2.0","id":1,"method":"gateway.info"})");
  EXPECT_EQ(
      client_.take_frame(),
      R"({"jsonrpc":"2.0","id":1,"result":{"draining":false,"origin_host":"gw.example",)"
      R"("origin_realm":"example","peers":[{"applications":[{"id":4,"name":"Diameter Credit Control"}],"host":"ocs.example",)"
      R"("realm":"example","requests_waiting":0,"state":"open","state_seconds":3600.0}],)"
      R"("product":"diamgw","version":"1.2.3"}})");

  client_.says(R"({"jsonrpc":"2.0","id":2,"method":"rpc.discover"})");
  EXPECT_EQ(client_.take_frame(), R"({"jsonrpc":"2.0","id":2,"result":{}})");

  client_.says(R"({"jsonrpc":"2.0","id":3,"method":"gateway.bind","params":{"session_id":"x"}})");
  EXPECT_EQ(client_.take_frame(), R"({"jsonrpc":"2.0","id":3,"result":true})");
  EXPECT_EQ(testing::owner_of(registry_, "x"), &client_);

  client_.says(R"({"jsonrpc":"2.0","id":4,"method":"gateway.bind","params":{"session_id":1}})");
  EXPECT_NE(client_.take_frame().find(R"("code":-32602,)"), std::string::npos);

  client_.says(R"({"jsonrpc":"2.0","id":5,"method":"gateway.bind","params":{"session_id":")" +
               std::string(1025, 'x') + R"("}})");
  EXPECT_NE(client_.take_frame().find("more than 1024 octets"), std::string::npos);
}

TEST_F(JsonConversation, CancelsACallByItsId) {
  client_.says(call_of(R"("a")"));
  client_.says(R"({"jsonrpc":"2.0","id":1,"method":"gateway.cancel","params":{"id":"b"}})");
  EXPECT_EQ(client_.take_frame(), R"({"jsonrpc":"2.0","id":1,"result":false})");
  client_.says(R"({"jsonrpc":"2.0","id":2,"method":"gateway.cancel","params":{"id":true}})");
  EXPECT_NE(client_.take_frame().find(R"("code":-32602,)"), std::string::npos);

  client_.says(R"({"jsonrpc":"2.0","id":3,"method":"gateway.cancel","params":{"id":"a"}})");

  ASSERT_EQ(client_.frames.size(), 2U);
  EXPECT_NE(client_.frames[0].find(R"("id":"a","error":{"code":-32007,)"), std::string::npos);
  EXPECT_EQ(client_.frames[1], R"({"jsonrpc":"2.0","id":3,"result":true})");
}

// ---- requests of the network

class NetworkRequest : public JsonConversation {
 protected:
  NetworkRequest() {
    registry_.bind("s;1;2", client_);
    network_asks(waiting_, re_auth_request());
    request_ = client_.take_frame();
    const std::size_t begin = request_.find("\"id\":") + 5;
    id_ = request_.substr(begin, request_.find(',', begin) - begin);
  }
  void client_answers(std::string_view rest) {
    client_.says(R"({"jsonrpc":"2.0","id":)" + id_ + "," + std::string{rest} + "}");
  }

  waiting_exchange waiting_{on_, shards_.now() + std::chrono::hours{1}};
  std::string request_;
  std::string id_;
};

TEST_F(NetworkRequest, GoesToTheClientAndItsResultBack) {
  EXPECT_NE(request_.find(R"("method":"RAR","params":{"$application":4,"Session-Id":"s;1;2")"),
            std::string::npos)
      << request_;
  EXPECT_EQ(waiting_.outcome(), "waiting");

  client_answers(R"("result":{"Result-Code":2001})");

  ASSERT_EQ(waiting_.outcome(), "answered");
  const diameter::message_view& answer = waiting_.answer();
  EXPECT_EQ(answer.command(), diameter::commands::re_auth);
  EXPECT_FALSE(answer.is_request());
  const auto avps = diameter::find_routing_avps(answer.avps().octets());
  EXPECT_EQ(avps.session_id, "s;1;2");
  EXPECT_EQ(avps.result_code, 2001U);
  EXPECT_EQ(avps.origin_host, "gw.example");
}

TEST_F(NetworkRequest, TakesOneAnswer) {
  client_answers(R"("result":{"Result-Code":2001})");
  client_answers(R"("result":{"Result-Code":2001})");

  EXPECT_TRUE(client_.frames.empty());
}

TEST_F(NetworkRequest, IsAnsweredByTheClientsOwnError) {
  client_answers(R"("error":{"code":1,"message":"not now","data":{"result_code":4001}})");

  ASSERT_EQ(waiting_.outcome(), "answered");
  const auto avps = diameter::find_routing_avps(waiting_.answer().avps().octets());
  EXPECT_EQ(avps.result_code, 4001U);
  const auto sentence = waiting_.answer().find(diameter::avps::error_message);
  ASSERT_TRUE(sentence);
  EXPECT_EQ(as_text(sentence->data), "not now");
}

TEST_F(NetworkRequest, IsRefusedWhereTheClientsAnswerHasNoResultCode) {
  client_answers(R"("result":{})");

  EXPECT_EQ(waiting_.outcome(), "refused 5012: the client's answer has no Result-Code");
}

TEST_F(NetworkRequest, IsRefusedWhereTheClientsAnswerIsTooLarge) {
  // Within the limit, but for what completes it: the request's Proxy-Info is of the network.
  leave(client_);
  fake_client& other = join<json_conversation>();
  registry_.bind("s;1;2", other);
  diamgw::test::octets request = re_auth_request();
  const std::string long_host(20000, 'h');
  request =
      diamgw::test::message_builder{diameter::commands::re_auth, application_id{4}}
          .raw(bytes_view{request}.subspan(20))
          .group(
              avp_code{284},
              diamgw::test::avp_builder{}.avp(avp_code{280}, long_host).avp(avp_code{33}, "state"))
          .build();
  waiting_exchange waiting{on_, shards_.now() + std::chrono::hours{1}};
  network_asks(waiting, request);
  const std::string asked = other.take_frame();
  const std::size_t begin = asked.find("\"id\":") + 5;
  const std::string id = asked.substr(begin, asked.find(',', begin) - begin);

  other.says(R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":{"Result-Code":2001}})");

  EXPECT_EQ(waiting.outcome(), "refused 5012: the client's answer is too large");
}

// RFC 6733 §6.1.9: a relay adds AVPs of its own.
TEST_F(NetworkRequest, IsToldWithTheAvpsThatWereAppended) {
  fake_client& other = join<json_conversation>();
  registry_.bind("s;1;2", other);
  waiting_exchange waiting{on_, shards_.now() + std::chrono::hours{1}};
  network_asks(waiting, re_auth_request(),
               diamgw::test::avp_builder{}.avp(diameter::avps::route_record, "one.example").list());

  EXPECT_THAT(other.take_frame(),
              ::testing::AllOf(::testing::HasSubstr(R"("Re-Auth-Request-Type":)"),
                               ::testing::HasSubstr(R"("Route-Record":["one.example"])")));
  leave(other);
}

TEST_F(NetworkRequest, IsAnsweredByAnErrorWhereTheClientsResultCannotBeRead) {
  client_answers(R"("result":{"No-Such-AVP":1})");

  ASSERT_EQ(waiting_.outcome(), "answered");
  EXPECT_EQ(diameter::find_routing_avps(waiting_.answer().avps().octets()).result_code, 5012U);
}

TEST_F(NetworkRequest, IsRefusedWhenTheClientLeaves) {
  leave(client_);

  EXPECT_EQ(waiting_.outcome(), "refused 3002: the session's client has left");
}

TEST_F(NetworkRequest, BelongsToOneClientAlone) {
  fake_client& other = join<json_conversation>();
  other.says(R"({"jsonrpc":"2.0","id":)" + id_ + R"(,"result":{"Result-Code":2001}})");

  EXPECT_EQ(waiting_.outcome(), "waiting");
}

// ---- refusals as errors

TEST(ToJson, HasANumberForEachRefusal) {
  using diameter::result_code;
  using diameter::unanswered;
  using jsonrpc::error_number;
  struct row {
    std::optional<unanswered> end;
    result_code code;
    error_number number;
    std::uint32_t result_code;  // 0: the number's own
  };
  const std::vector<row> rows{
      {{}, result_code::command_unsupported, error_number::method_not_found, 3001},
      {{}, result_code::realm_not_served, error_number::unable_to_deliver, 3003},
      {unanswered::unable_to_deliver, result_code::unable_to_deliver,
       error_number::unable_to_deliver, 3002},
      {unanswered::unable_to_deliver, result_code::realm_not_served,
       error_number::unable_to_deliver, 3003},
      {unanswered::too_busy, result_code::too_busy, error_number::too_busy, 3004},
      {unanswered::timed_out, result_code::unable_to_deliver, error_number::timed_out, 0},
      {unanswered::receiver_lost, result_code::unable_to_deliver, error_number::peer_lost, 0},
      {unanswered::malformed_answer, result_code::unable_to_comply, error_number::malformed_answer,
       0},
      {unanswered::too_large, result_code::unable_to_comply, error_number::too_large, 0},
      {unanswered::cancelled, result_code::unable_to_comply, error_number::cancelled, 0},
      {unanswered::draining, result_code::too_busy, error_number::draining, 0},
  };
  for (const row& r : rows) {
    const json_refusal told = to_json({.end = r.end, .code = r.code});
    EXPECT_EQ(told.number, r.number) << static_cast<int>(r.number);
    EXPECT_EQ(told.result_code, r.result_code) << static_cast<int>(r.number);
  }
}

}  // namespace
}  // namespace diamgw::gateway
