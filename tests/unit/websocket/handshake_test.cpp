#include "diamgw/websocket/handshake.hpp"

#include <gtest/gtest.h>

#include <array>

namespace diamgw::websocket {
namespace {

using fields = std::vector<std::pair<std::string, std::string>>;

// RFC 6455 §1.3
constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

/// §1.2's example.
fields good() {
  return {{"host", "server.example.com"},
          {"upgrade", "websocket"},
          {"connection", "Upgrade"},
          {"sec-websocket-key", std::string{key}},
          {"sec-websocket-version", "13"}};
}

fields with(std::string name, std::string value) {
  fields all = good();
  all.emplace_back(std::move(name), std::move(value));
  return all;
}

/// `value` empty: without that field.
fields changed(std::string_view name, std::string value) {
  fields all;
  for (auto& field : good()) {
    if (field.first != name) {
      all.push_back(field);
    } else if (!value.empty()) {
      all.emplace_back(name, value);
    }
  }
  return all;
}

/// The status of the answer.
unsigned judged(const opening_request& request) {
  const auto outcome = judge_opening(request);
  const auto* refused = std::get_if<opening_refusal>(&outcome);
  return refused == nullptr ? 101 : refused->status;
}

TEST(JudgeOpening, TakesAndRefusesFieldsAsTheRfcSays) {
  struct row {
    const char* rule;
    fields said;
    unsigned status;
  };
  const std::vector<row> rows{
      {"§4.2.1: all of it", good(), 101},
      {"§4.2.1 item 2: no Host", changed("host", ""), 400},
      {"RFC 9112 §3.2: two Hosts", with("host", "b"), 400},
      {"§4.2.1 item 3: no Upgrade", changed("upgrade", ""), 426},
      {"§4.2.1 item 3: another Upgrade", changed("upgrade", "h2c"), 426},
      {"§4.2.1 item 3: in a list, in any case", changed("upgrade", "h2c , WebSocket"), 101},
      {"§4.2.1 item 3: a part of a token", changed("upgrade", "websockets"), 426},
      {"§4.2.1 item 4: no Connection", changed("connection", ""), 426},
      {"§4.2.1 item 4: in a list, in any case", changed("connection", "keep-alive,\tUPGRADE"), 101},
      {"RFC 9110 §5.3: in a second field", with("connection", "close"), 101},
      {"§4.2.1 item 5: no key", changed("sec-websocket-key", ""), 400},
      {"§4.2.1 item 5: too short", changed("sec-websocket-key", "dGhlIHNhbXBsZQ=="), 400},
      {"§4.2.1 item 5: too long", changed("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZTEyMzQ="),
       400},
      {"§4.2.1 item 5: no pads", changed("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQAA"), 400},
      {"§4.2.1 item 5: a space", changed("sec-websocket-key", "dGhlIHNhbXBs ZSBub25jZQ="), 400},
      {"§4.2.1 item 5: base64url", changed("sec-websocket-key", "dGhlIHNhbXBsZSBub25j-Q=="), 400},
      {"§11.3.1: two keys", with("sec-websocket-key", std::string{key}), 400},
      {"§4.2.1 item 6: no version", changed("sec-websocket-version", ""), 400},
      {"§4.4: version 8", changed("sec-websocket-version", "8"), 426},
      {"§4.4: two versions", with("sec-websocket-version", "13"), 426},
      {"§4.2.1 item 7: Origin", with("origin", "https://a.example"), 101},
      {"§4.1 item 10: a protocol that is no token", with("sec-websocket-protocol", "a b"), 400},
      {"§9.1: parameters, with and without values",
       with("sec-websocket-extensions", "a; b=1;c ; d=\"2\", e"), 101},
      {"§9.1: spaces, and an escape in quotes",
       with("sec-websocket-extensions", R"(a ; b = 1 ; c = "\2")"), 101},
      {"§9.1: an escape of the last quote", with("sec-websocket-extensions", R"(a; b="1\")"), 400},
      {"§9.1: an extension that is no token", with("sec-websocket-extensions", "a b"), 400},
      {"§9.1: a parameter without a name", with("sec-websocket-extensions", "a; =1"), 400},
      {"§9.1: no parameter behind the semicolon", with("sec-websocket-extensions", "a;"), 400},
      {"§9.1: a value that is missing", with("sec-websocket-extensions", "a; b="), 400},
      {"§9.1: a value in quotes that is no token", with("sec-websocket-extensions", "a; b=\"1 2\""),
       400},
      {"§9.1: quotes that do not end", with("sec-websocket-extensions", "a; b=\"1"), 400},
      {"§9.1: a value of the extension itself", with("sec-websocket-extensions", "a=1"), 400},
      {"RFC 9110 §5.6.1: empty elements", with("sec-websocket-protocol", " , a,,"), 101},
  };
  for (const row& r : rows) {
    EXPECT_EQ(judged({.method = "GET", .fields = r.said}), r.status) << r.rule;
  }
  fields two_origins = with("origin", "https://a.example");
  two_origins.emplace_back("origin", "https://b.example");
  EXPECT_EQ(judged({.method = "GET", .fields = two_origins}), 400U);
}

TEST(JudgeOpening, RefusesRequestsOfAnotherKind) {
  const fields said = good();

  // §4.2.1 item 1
  EXPECT_EQ(judged({.method = "GET", .http_version = 10, .fields = said}), 400U);
  EXPECT_EQ(judged({.method = "POST", .fields = said}), 405U);
  EXPECT_EQ(judged({.method = "get", .fields = said}), 405U) << "RFC 9110 §9.1: case counts";
  EXPECT_EQ(judged({.method = "GET", .has_body = true, .fields = said}), 400U);
}

TEST(JudgeOpening, NamesItsVersionWhereItRefusesAnother) {
  const fields said = changed("sec-websocket-version", "25");

  const auto outcome = judge_opening({.method = "GET", .fields = said});

  const auto& refused = std::get<opening_refusal>(outcome);
  ASSERT_EQ(refused.fields.size(), 2U);
  using field = std::pair<std::string_view, std::string_view>;
  EXPECT_EQ(refused.fields[0], (field{"Upgrade", "websocket"}));
  EXPECT_EQ(refused.fields[1], (field{"Sec-WebSocket-Version", "13"}));
}

TEST(JudgeOpening, ShowsWhatTheRequestSays) {
  fields said = with("origin", "https://app.example");
  said.emplace_back("sec-websocket-protocol", "diameter.binary.v1, other");
  said.emplace_back("sec-websocket-protocol", "diameter.jsonrpc.v1");
  said.emplace_back("sec-websocket-extensions", "a; b; c=1 , d");
  said.emplace_back("sec-websocket-extensions", "a;c = \"\\2\"");

  const auto outcome = judge_opening({.method = "GET", .fields = said});

  const auto& o = std::get<opening>(outcome);
  EXPECT_EQ(o.key, key);
  EXPECT_EQ(o.origin, "https://app.example");
  EXPECT_EQ(o.protocols,
            (std::vector<std::string_view>{"diameter.binary.v1", "other", "diameter.jsonrpc.v1"}));
  EXPECT_EQ(o.extensions,
            (std::vector<extension_offer>{
                {"a", {{"b", std::nullopt}, {"c", "1"}}}, {"d"}, {"a", {{"c", "2"}}}}));
}

TEST(ChooseSubprotocol, IsTheFirstOfTheClientsThatIsKnown) {
  constexpr std::array<std::string_view, 2> known{"a", "b"};
  struct row {
    const char* rule;
    std::vector<std::string_view> offered;
    std::optional<std::size_t> chosen;
  };
  const row rows[] = {
      {"§4.2.2: the client's order", {"x", "b", "a"}, 1},
      {"§4.2.2: none that is known", {"x"}, std::nullopt},
      {"§11.3.4: case counts", {"A"}, std::nullopt},
      {"§4.2.2: none is offered", {}, std::nullopt},
  };
  for (const row& r : rows) {
    EXPECT_EQ(choose_subprotocol(r.offered, known), r.chosen) << r.rule;
  }
}

TEST(EncodeAcceptance, IsTheResponseOfTheRfc) {
  // §1.3
  EXPECT_EQ(encode_acceptance(key, "chat"),
            "HTTP/1.1 101 Switching Protocols\r\n"
            "Upgrade: websocket\r\n"
            "Connection: Upgrade\r\n"
            "Sec-WebSocket-Accept: " +
                std::string{accept} +
                "\r\n"
                "Sec-WebSocket-Protocol: chat\r\n"
                "\r\n");
  EXPECT_EQ(encode_acceptance(key, "").find("Protocol:"), std::string::npos);
  EXPECT_EQ(encode_acceptance(key, "").find("Extensions:"), std::string::npos);
  EXPECT_NE(encode_acceptance(key, "", "a; b").find("\r\nSec-WebSocket-Extensions: a; b\r\n"),
            std::string::npos);
}

TEST(EncodeOpening, IsTheRequestOfTheRfc) {
  EXPECT_EQ(encode_opening({.host = "server.example.com",
                            .target = "/chat",
                            .key = key,
                            .protocols = {"chat", "superchat"}}),
            "GET /chat HTTP/1.1\r\n"
            "Host: server.example.com\r\n"
            "Upgrade: websocket\r\n"
            "Connection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            "Sec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: chat\r\n"
            "Sec-WebSocket-Protocol: superchat\r\n"
            "\r\n");
}

TEST(EncodeKey, GivesTheRfcExample) {
  // §1.3: "the sample nonce"
  constexpr std::string_view nonce = "the sample nonce";
  std::array<std::byte, 16> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) {
    octets[i] = std::byte(static_cast<unsigned char>(nonce[i]));
  }

  EXPECT_EQ(encode_key(octets), key);
}

TEST(FindFault, ChecksAReplyAsAClientMust) {
  const std::string good_accept{accept};
  struct row {
    const char* rule;
    fields reply;
    std::string_view fault;
  };
  const std::vector<row> rows{
      {"§4.1: all of it",
       {{"upgrade", "WebSocket"}, {"connection", "upgrade"}, {"sec-websocket-accept", good_accept}},
       ""},
      {"§4.1 item 2: no Upgrade",
       {{"connection", "upgrade"}, {"sec-websocket-accept", good_accept}},
       "the reply is no upgrade to WebSocket"},
      {"§4.1 item 3: no Connection",
       {{"upgrade", "websocket"}, {"sec-websocket-accept", good_accept}},
       "the reply is no upgrade to WebSocket"},
      {"§4.1 item 4: another Accept",
       {{"upgrade", "websocket"}, {"connection", "upgrade"}, {"sec-websocket-accept", "x"}},
       "wrong Sec-WebSocket-Accept"},
      {"§4.1 item 5: an extension, where none was asked for",
       {{"upgrade", "websocket"},
        {"connection", "upgrade"},
        {"sec-websocket-accept", good_accept},
        {"sec-websocket-extensions", "permessage-deflate"}},
       "an extension that was not asked for"},
      {"§4.1 item 6: a protocol that was asked for",
       {{"upgrade", "websocket"},
        {"connection", "upgrade"},
        {"sec-websocket-accept", good_accept},
        {"sec-websocket-protocol", "chat"}},
       ""},
      {"§4.1 item 6: another protocol",
       {{"upgrade", "websocket"},
        {"connection", "upgrade"},
        {"sec-websocket-accept", good_accept},
        {"sec-websocket-protocol", "other"}},
       "a subprotocol that was not asked for"},
  };
  for (const row& r : rows) {
    EXPECT_EQ(find_fault(r.reply, {.key = key, .protocols = {"chat"}}), r.fault) << r.rule;
  }
}

}  // namespace
}  // namespace diamgw::websocket
