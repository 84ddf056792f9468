#include "diamgw/jsonrpc/complete.hpp"

#include <gtest/gtest.h>

#include "diamgw/codec/check.hpp"
#include "diamgw/codec/codes.hpp"
#include "diamgw/codec/writer.hpp"
#include "diamgw/jsonrpc/encoder.hpp"
#include "support/jsonrpc_recorder.hpp"

namespace diamgw::jsonrpc::testing {
namespace {

namespace avps = diameter::avps;

/// Completes what it is told, as the gateway does.
class completer : public recorder {
 public:
  request_completion with{.session_id = "gw;1;2",
                          .origin_host = "gw.example",
                          .origin_realm = "example",
                          .destination_realm = "ocs.example",
                          .hop_by_hop = hop_by_hop_id{5},
                          .end_to_end = end_to_end_id{6}};
  std::vector<std::byte> whole;
  std::string text;  // AVPs in object form
  std::optional<std::string> session_id;

  void on_request(const request_call& call) override {
    request_call mine = call;
    const bytes_view m = complete_request(mine, with);
    whole.assign(m.begin(), m.end());
    if (mine.message.avps.session_id) {
      session_id = *mine.message.avps.session_id;
    }
    std::vector<std::byte> room(4096);
    if (!whole.empty()) {
      text = encode_avps(diameter::message_view{whole}.avps(), form::object, names(), room);
    }
  }
};

completer complete(std::string_view method, std::string_view params) {
  decoder d{names()};
  completer c;
  d.decode(R"({"jsonrpc":"2.0","id":1,"method":")" + std::string{method} + R"(","params":)" +
               std::string{params} + "}",
           c);
  return c;
}

TEST(CompleteRequest, AddsWhatTheClientLeftOut) {
  const completer c = complete("CCR", R"({"CC-Request-Number":0})");

  EXPECT_EQ(
      c.text,
      R"({"Session-Id":"gw;1;2","CC-Request-Number":0,"Origin-Host":"gw.example",)"
      R"("Origin-Realm":"example","Destination-Realm":"ocs.example","Auth-Application-Id":4})");
  EXPECT_EQ(c.session_id, "gw;1;2");
  const diameter::message_view m{c.whole};
  EXPECT_TRUE(diameter::check_message(c.whole).has_value());
  EXPECT_EQ(m.flags(), 0xc0);
  EXPECT_EQ(m.command(), diameter::commands::credit_control);
  EXPECT_EQ(m.application(), application_id{4});
  EXPECT_EQ(m.hop_by_hop(), hop_by_hop_id{5});
  EXPECT_EQ(m.end_to_end(), end_to_end_id{6});
}

TEST(CompleteRequest, KeepsWhatTheClientGaveAndMovesItsSessionIdFirst) {
  const completer c = complete(
      "CCR",
      R"({"Origin-Host":"me","Origin-Realm":"r","CC-Request-Number":0,"Auth-Application-Id":9,
          "Session-Id":"mine","Destination-Realm":"d"})");

  EXPECT_EQ(c.text, R"({"Session-Id":"mine","Origin-Host":"me","Origin-Realm":"r",)"
                    R"("CC-Request-Number":0,"Auth-Application-Id":9,"Destination-Realm":"d"})");
  EXPECT_EQ(diameter::message_view{c.whole}.application(), application_id{9});
}

TEST(CompleteRequest, AddsNothingThatTheGrammarDoesNotHave) {
  EXPECT_EQ(complete("TTR", R"({"$application":4343})").text, R"({"Session-Id":"gw;1;2"})");
  EXPECT_EQ(complete("DWR", "{}").text, R"({"Origin-Host":"gw.example","Origin-Realm":"example"})");
}

TEST(CompleteRequest, AddsNoApplicationBesideAVendorSpecificOne) {
  const completer c = complete("CCR", R"({"Vendor-Specific-Application-Id":{"Vendor-Id":1,
                                          "Auth-Application-Id":7}})");

  EXPECT_EQ(c.text.find("\"Auth-Application-Id\":4"), std::string::npos);
  EXPECT_EQ(diameter::message_view{c.whole}.application(), application_id{7});
}

TEST(CompleteRequest, IsEmptyWhereTheTailIsTooShort) {
  decoder_options none;
  none.tail_room = 0;
  decoder d{names(), none};
  completer c;
  const std::string long_id(70000, 'x');
  c.with.session_id = long_id;

  d.decode(R"({"jsonrpc":"2.0","id":1,"method":"CCR"})", c);

  EXPECT_TRUE(c.whole.empty());
}

/// Answers a RAR with the results that it is told.
class answerer : public recorder {
 public:
  std::vector<std::byte> request = std::vector<std::byte>(512);
  std::vector<std::byte> whole;
  std::string text;

  answerer() {
    diameter::writer w{request};
    w.begin_message(
        {0xc0, diameter::commands::re_auth, application_id{4}, hop_by_hop_id{7}, end_to_end_id{8}});
    w.text(avps::session_id, ietf_vendor, 0x40, "s");
    w.unsigned32(avps::auth_application_id, ietf_vendor, 0x40, 4);
    for (const char* host : {"p1", "p2"}) {
      const auto group = w.begin_group(avps::proxy_info, ietf_vendor, 0x40);
      w.text(avps::proxy_host, ietf_vendor, 0x40, host);
      w.end_group(group);
    }
    request.resize(w.finish().size());
  }
  void on_response(const client_response& response) override {
    encoded_avps mine = *response.result;
    const diameter::message_view rar{request};
    const bytes_view m = complete_answer(
        mine, rar, *names().find_command(rar.application(), rar.command()), "gw", "example");
    whole.assign(m.begin(), m.end());
    std::vector<std::byte> room(4096);
    text = encode_avps(diameter::message_view{whole}.avps(), form::object, names(), room);
  }
};

TEST(CompleteAnswer, AddsWhatTheClientLeftOut) {
  decoder d{names()};
  answerer a;
  d.decode(R"({"jsonrpc":"2.0","id":1,"result":{"Result-Code":2002}})", a);

  EXPECT_EQ(a.text,
            R"({"Session-Id":"s","Result-Code":2002,"Origin-Host":"gw","Origin-Realm":"example",)"
            R"("Proxy-Info":[{"Proxy-Host":"p1"},{"Proxy-Host":"p2"}]})");
  const diameter::message_view m{a.whole};
  EXPECT_TRUE(diameter::check_message(a.whole).has_value());
  EXPECT_EQ(m.flags(), 0x40);
  EXPECT_EQ(m.command(), diameter::commands::re_auth);
  EXPECT_EQ(m.hop_by_hop(), hop_by_hop_id{7});
  EXPECT_EQ(m.end_to_end(), end_to_end_id{8});
}

TEST(CompleteAnswer, SetsTheErrorBitForProtocolErrors) {
  decoder d{names()};
  answerer a;
  d.decode(R"({"jsonrpc":"2.0","id":1,"result":{"Result-Code":3004,"Session-Id":"s"}})", a);

  EXPECT_EQ(diameter::message_view{a.whole}.flags(), 0x60);
}

}  // namespace
}  // namespace diamgw::jsonrpc::testing
