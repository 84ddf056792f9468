#include "gateway/clients/client_listener.hpp"

#include <gtest/gtest.h>

#include "clients_fixture.hpp"
#include "support/fake_stream.hpp"
#include "support/websocket_frames.hpp"

namespace diamgw::gateway {
namespace {

using testing::ClientShard;

constexpr std::string_view upgrade =
    "GET /d HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";

class ClientListener : public ClientShard {
 protected:
  ClientListener() {
    options_.websocket.path = "/d";
    options_.websocket.max_clients = 1;
    options_.websocket.allowed_origins = {"https://a.example"};
  }
  /// The first line of the answer to a connection that says this, and then nothing.
  std::string says(std::string_view octets, std::size_t fails_at = 1000) {
    auto stream = std::make_unique<diamgw::test::fake_stream>(shards_.at());
    stream->fails_at(fails_at);
    stream_ = stream.get();
    stream->receives(octets);
    written_.clear();
    stream->on_write = [this](std::string_view written) { written_ += written; };
    transport::spawn(shards_.at(), listener_.welcome(shards_.at(), std::move(stream)), "test");
    shards_.run();
    return written_.substr(0, written_.find("\r\n"));
  }
  static std::string with(std::string_view fields) {
    return std::string{upgrade} + "Origin: https://a.example\r\n" + std::string{fields} + "\r\n";
  }
  [[nodiscard]] std::uint64_t refused(metrics::upgrade_refusal why) {
    return on_.recorder.upgrade_refusals.value(why);
  }

  client_shard shard_{with_, {on_.pool(), 16384}};
  client_listener listener_{options_.websocket, shards_.group(), {&shard_}};
  diamgw::test::fake_stream* stream_ = nullptr;
  std::string written_;  // to the last connection, which may have ended
};

TEST_F(ClientListener, RefusesWhatIsNotForItsClients) {
  using metrics::upgrade_refusal;
  struct row {
    const char* rule;
    std::string says;
    std::string_view answer;
    upgrade_refusal counted_as;
  };
  const std::vector<row> rows{
      {"RFC 6455 §4.2.1: another path", "GET /x HTTP/1.1\r\nHost: a\r\n\r\n",
       "HTTP/1.1 404 Not Found", upgrade_refusal::not_found},
      {"§4.2.1: another method", "POST /d HTTP/1.1\r\nHost: a\r\n\r\n",
       "HTTP/1.1 405 Method Not Allowed", upgrade_refusal::wrong_method},
      {"§4.2.1: no upgrade", "GET /d HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 426 Upgrade Required",
       upgrade_refusal::not_an_upgrade},
      {"§4.4: another version",
       "GET /d HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8\r\n\r\n",
       "HTTP/1.1 426 Upgrade Required", upgrade_refusal::unsupported_version},
      {"RFC 6585 §5: header above the limit",
       "GET /d HTTP/1.1\r\nHost: " + std::string(9000, 'a') + "\r\n\r\n",
       "HTTP/1.1 431 Request Header Fields Too Large", upgrade_refusal::too_large},
      {"no HTTP", "\x16\x03\x01\x02\x01 TLS\r\n\r\n", "HTTP/1.1 400 Bad Request",
       upgrade_refusal::bad_request},
      {"RFC 6455 §4.2.2: Origin", std::string{upgrade} + "Origin: https://b.example\r\n\r\n",
       "HTTP/1.1 403 Forbidden", upgrade_refusal::forbidden_origin},
      {"§4.2.2: no subprotocol that we know", with("Sec-WebSocket-Protocol: a, b\r\n"),
       "HTTP/1.1 400 Bad Request", upgrade_refusal::unsupported_subprotocol},
  };
  for (const row& r : rows) {
    EXPECT_EQ(says(r.says), r.answer) << r.rule;
    EXPECT_EQ(refused(r.counted_as), 1U) << r.rule;
    auto fields = log_.fields_of("upgrade is refused");
    EXPECT_EQ(fields["reason"], to_string(r.counted_as)) << r.rule;
    EXPECT_EQ(fields["status"], r.answer.substr(9, 3)) << r.rule;
    EXPECT_TRUE(fields.contains("client")) << r.rule;
    log_.clear();
    stream_ = nullptr;
  }
  EXPECT_EQ(registry_.size(), 0U);
}

TEST_F(ClientListener, AsksNoOriginOfWhatIsNoBrowserAndPagesForTheirs) {
  EXPECT_EQ(says(std::string{upgrade} + "\r\n"), "HTTP/1.1 101 Switching Protocols");
  stream_->ends();
  shards_.run();
  options_.websocket.allowed_origins = {};
  EXPECT_EQ(says(with("")), "HTTP/1.1 403 Forbidden") << "no page is allowed";
  EXPECT_EQ(says(std::string{upgrade} + "Origin: http://a\r\n\r\n"), "HTTP/1.1 403 Forbidden")
      << "a is no name of ours";
  options_.websocket.hosts = {"a"};
  EXPECT_EQ(says(std::string{upgrade} + "Origin: http://a\r\n\r\n"),
            "HTTP/1.1 101 Switching Protocols");
}

TEST_F(ClientListener, ChoosesTheFirstSubprotocolThatItKnows) {
  struct row {
    std::string fields;
    std::string chosen;  // the field; "": none is named
  };
  const std::vector<row> rows{
      {"", ""},
      {"Sec-WebSocket-Protocol: x, diameter.binary.v1, diameter.jsonrpc.v1\r\n",
       "Sec-WebSocket-Protocol: diameter.binary.v1\r\n"},
      {"Sec-WebSocket-Protocol: diameter.jsonrpc.v1\r\n",
       "Sec-WebSocket-Protocol: diameter.jsonrpc.v1\r\n"},
  };
  for (const row& r : rows) {
    EXPECT_EQ(says(with(r.fields)), "HTTP/1.1 101 Switching Protocols");
    EXPECT_EQ(written_.find("Sec-WebSocket-Protocol") == std::string::npos, r.chosen.empty());
    EXPECT_NE(written_.find(r.chosen), std::string::npos) << written_;
    EXPECT_NE(written_.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"),
              std::string::npos);
    EXPECT_EQ(registry_.size(), 1U);
    stream_->ends();
    shards_.run();
    EXPECT_EQ(registry_.size(), 0U);
  }
}

TEST_F(ClientListener, ServesOctetsThatCameWithTheUpgrade) {
  says(with("") + websocket::testing::frame(websocket::opcode::text,
                                            R"({"jsonrpc":"2.0","id":1,"method":"rpc.discover"})"));

  EXPECT_TRUE(written_.ends_with(R"({"jsonrpc":"2.0","id":1,"result":{}})")) << written_;
}

TEST_F(ClientListener, GivesItsOptionsToTheConnection) {
  options_.websocket.ping_interval = std::chrono::seconds{50};
  options_.websocket.pong_timeout = std::chrono::seconds{7};
  options_.websocket.close_timeout = std::chrono::seconds{3};
  const auto came = [&] { return std::exchange(written_, {}); };
  says(with(""));
  came();

  shards_.advance(std::chrono::milliseconds{49900});
  EXPECT_EQ(came(), "");
  shards_.advance(std::chrono::milliseconds{200});
  EXPECT_EQ(came(), std::string("\x89\0", 2)) << "a ping";
  shards_.advance(std::chrono::milliseconds{6800});
  EXPECT_EQ(registry_.size(), 1U);
  shards_.advance(std::chrono::milliseconds{200});
  EXPECT_EQ(registry_.size(), 0U) << "no pong came";

  says(with(""));
  registry_.close_all(std::chrono::milliseconds{0});
  shards_.advance(std::chrono::milliseconds{2900});
  EXPECT_EQ(registry_.size(), 1U);
  shards_.advance(std::chrono::milliseconds{200});
  EXPECT_EQ(registry_.size(), 0U) << "no close frame came";
}

TEST_F(ClientListener, HasNoMoreClientsThanItMay) {
  says(with(""));
  diamgw::test::fake_stream* const first = stream_;
  EXPECT_EQ(says(with("")), "HTTP/1.1 503 Service Unavailable");
  EXPECT_NE(written_.find("Retry-After: 5\r\n"), std::string::npos);
  EXPECT_EQ(refused(metrics::upgrade_refusal::too_many_clients), 1U);

  first->ends();
  shards_.run();
  EXPECT_EQ(says(with("")), "HTTP/1.1 101 Switching Protocols") << "the first one's place is free";
}

TEST_F(ClientListener, GivesThePlaceOfOneWhoLeavesInItsUpgradeToAnother) {
  EXPECT_EQ(says(with(""), 2), "") << "the 101 cannot be written";
  stream_ = nullptr;
  EXPECT_EQ(registry_.size(), 0U);

  EXPECT_EQ(says(with("")), "HTTP/1.1 101 Switching Protocols");
}

TEST_F(ClientListener, TakesNobodyWhileTheGatewayDrains) {
  path_.set_draining();

  EXPECT_EQ(says(with("")), "HTTP/1.1 503 Service Unavailable");
  EXPECT_EQ(refused(metrics::upgrade_refusal::draining), 1U);
}

TEST_F(ClientListener, ClosesAnUpgradeThatTakesTooLong) {
  says("GET /d HTTP/1.1\r\n");
  shards_.advance(options_.websocket.upgrade_timeout + std::chrono::seconds{1});

  EXPECT_EQ(refused(metrics::upgrade_refusal::timeout), 1U);
  EXPECT_EQ(log_.fields_of("no HTTP request came in time")["reason"], "timeout");
}

}  // namespace
}  // namespace diamgw::gateway
