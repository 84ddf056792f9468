#include "diamgw/transport/http.hpp"

#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <cstring>

#include "support/fail_at_each_step.hpp"
#include "support/manual_time.hpp"

namespace diamgw::transport {
namespace {

/// RFC 6455 §1.2's example.
std::string request_with(std::string_view line, std::string_view fields) {
  return std::string{line} + "\r\n" + std::string{fields} + "\r\n";
}

constexpr std::string_view good_line = "GET /chat?a=1 HTTP/1.1";
constexpr std::string_view host = "Host: server.example.com\r\n";
constexpr std::string_view upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
constexpr std::string_view key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
constexpr std::string_view version = "Sec-WebSocket-Version: 13\r\n";

template <class... Text>
std::string fields(Text... text) {
  return (std::string{} + ... + std::string{text});
}

std::string good_request() {
  return request_with(good_line, fields(host, upgrade, key, version));
}

/// Gives `octets` in pieces of that size; what is left over of them stays in `reader`.
upgrade_outcome feed(upgrade_reader& reader, std::string_view octets, std::size_t piece) {
  while (!octets.empty()) {
    const mutable_bytes room = reader.prepare();
    if (room.empty()) {
      break;
    }
    const std::size_t n = std::min({piece, octets.size(), room.size()});
    std::memcpy(room.data(), octets.data(), n);
    reader.commit(n);
    octets.remove_prefix(n);
    upgrade_outcome outcome = reader.next();
    if (!std::holds_alternative<need_more>(outcome)) {
      return outcome;
    }
  }
  return need_more{};
}

/// 101 where it would be taken, 0 where more is needed, else the refusal's status.
unsigned status_of(const upgrade_outcome& outcome) {
  if (const auto* refusal = std::get_if<http_refusal>(&outcome)) {
    return refusal->status;
  }
  return std::holds_alternative<upgrade_request>(outcome) ? 101 : 0;
}

struct upgrade_row {
  std::string_view what;
  std::string request;
  unsigned status;
};

std::vector<upgrade_row> upgrade_rows() {
  const std::string h{host};
  return {
      {"RFC 6455 §4.2.1: the whole of it", good_request(), 101},
      {"§4.2.1: lists and letter case",
       request_with(good_line, fields(host, key, version,
                                      "upgrade: h2c, WebSocket\r\n"
                                      "connection: keep-alive, UPGRADE\r\n")),
       101},
      {"RFC 9112 §3.2.2: absolute-form",
       request_with("GET http://server.example.com/chat HTTP/1.1",
                    fields(host, upgrade, key, version)),
       101},
      {"not whole", good_request().substr(0, good_request().size() - 1), 0},
      {"no HTTP: a TLS hello", std::string("\x16\x03\x01\x02\x00", 5), 400},
      {"HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
      {"no version in the line", "GET /chat\r\n\r\n", 400},
      {"a field without a colon", request_with(good_line, "Host\r\n"), 400},
      {"§4.2.1 item 1: HTTP/1.0",
       request_with("GET /chat HTTP/1.0", fields(host, upgrade, key, version)), 400},
      {"§4.2.1 item 2: no Host", request_with(good_line, fields(upgrade, key, version)), 400},
      {"RFC 9112 §3.2: two Hosts",
       request_with(good_line, fields(host, host, upgrade, key, version)), 400},
      {"target is no path", request_with("GET * HTTP/1.1", fields(host, upgrade, key, version)),
       400},
      {"target with a fragment",
       request_with("GET /chat#x HTTP/1.1", fields(host, upgrade, key, version)), 400},
      {"other path", request_with("GET /other HTTP/1.1", fields(host, upgrade, key, version)), 404},
      {"a path below ours",
       request_with("GET /chat/x HTTP/1.1", fields(host, upgrade, key, version)), 404},
      {"other method", request_with("POST /chat HTTP/1.1", fields(host, upgrade, key, version)),
       405},
      {"a body",
       request_with(good_line, fields(host, upgrade, key, version, "Content-Length: 3\r\n")), 400},
      {"a chunked body",
       request_with(good_line,
                    fields(host, upgrade, key, version, "Transfer-Encoding: chunked\r\n")),
       400},
      {"§4.2.1 item 3: no Upgrade",
       request_with(good_line, fields(host, "Connection: Upgrade\r\n", key, version)), 426},
      {"§4.2.1 item 3: other Upgrade",
       request_with(good_line,
                    fields(host, "Upgrade: h2c\r\nConnection: Upgrade\r\n", key, version)),
       426},
      {"§4.2.1 item 4: no Connection",
       request_with(good_line, fields(host, "Upgrade: websocket\r\n", key, version)), 426},
      {"§4.2.1 item 5: no key", request_with(good_line, fields(host, upgrade, version)), 400},
      {"§4.2.1 item 5: key too short",
       request_with(good_line,
                    fields(host, upgrade, version, "Sec-WebSocket-Key: dGhlIHNhbXBsZQ==\r\n")),
       400},
      {"§4.2.1 item 5: key is no base64",
       request_with(good_line, fields(host, upgrade, version,
                                      "Sec-WebSocket-Key: dGhlIHNhb*BsZSBub25jZQ==\r\n")),
       400},
      {"§11.3.1: two keys", request_with(good_line, fields(host, upgrade, key, key, version)), 400},
      {"§4.2.1 item 6: no version", request_with(good_line, fields(host, upgrade, key)), 400},
      {"§4.4: version 8",
       request_with(good_line, fields(host, upgrade, key, "Sec-WebSocket-Version: 8\r\n")), 426},
      {"§4.4: two versions", request_with(good_line, fields(host, upgrade, key, version, version)),
       426},
      {"two Origins",
       request_with(good_line, fields(host, upgrade, key, version, "Origin: http://a\r\n",
                                      "Origin: http://b\r\n")),
       400},
      {"§4.1 item 10: a protocol that is no token",
       request_with(good_line,
                    fields(host, upgrade, key, version, "Sec-WebSocket-Protocol: a b\r\n")),
       400},
      {"header above the limit",
       request_with(good_line,
                    fields(host, upgrade, key, version, "X: ", std::string(600, 'x'), "\r\n")),
       431},
      {"no end within the limit", "GET /" + std::string(600, 'x'), 431},
  };
}

TEST(UpgradeReader, TakesAndRefusesAsTheRfcSaysHoweverTheOctetsCome) {
  const upgrade_rules rules{.header_octets = 512, .paths = {"/chat", "/v1"}};
  for (const upgrade_row& row : upgrade_rows()) {
    for (const std::size_t piece : {std::size_t{100000}, std::size_t{1}, std::size_t{7}}) {
      upgrade_reader reader{rules};

      const upgrade_outcome outcome = feed(reader, row.request, piece);

      EXPECT_EQ(status_of(outcome), row.status) << row.what << ", in pieces of " << piece;
    }
  }
}

TEST(UpgradeReader, ShowsWhatTheRequestSaid) {
  upgrade_reader reader{{}};
  const std::string request = request_with(
      good_line, fields(host, upgrade, key, version,
                        "Origin: https://app.example\r\n"
                        "Sec-WebSocket-Protocol: diameter.binary.v1, other\r\n"
                        "Sec-WebSocket-Protocol: diameter.jsonrpc.v1\r\n"
                        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
                        "X-Forwarded-For: 198.51.100.1\r\nX-Forwarded-For: 203.0.113.9\r\n"
                        "Authorization: Bearer abc\r\nCookie: a=b\r\nUser-Agent: test/1\r\n"));

  const upgrade_outcome outcome = feed(reader, request, 100000);

  const auto* r = std::get_if<upgrade_request>(&outcome);
  ASSERT_NE(r, nullptr);
  EXPECT_EQ(r->target, "/chat?a=1");
  EXPECT_EQ(r->path, "/chat");
  EXPECT_EQ(r->query, "a=1");
  EXPECT_EQ(r->host, "server.example.com");
  EXPECT_EQ(r->origin, "https://app.example");
  EXPECT_EQ(r->key, "dGhlIHNhbXBsZSBub25jZQ==");
  EXPECT_EQ(r->protocols,
            (std::vector<std::string>{"diameter.binary.v1", "other", "diameter.jsonrpc.v1"}));
  EXPECT_EQ(r->extensions, "permessage-deflate; client_max_window_bits");
  EXPECT_EQ(r->forwarded_for, "198.51.100.1, 203.0.113.9");
  EXPECT_EQ(r->authorization, "Bearer abc");
  EXPECT_EQ(r->cookie, "a=b");
  EXPECT_EQ(r->user_agent, "test/1");
}

TEST(UpgradeReader, KeepsTheOctetsAfterTheHeader) {
  for (const std::size_t piece : {std::size_t{100000}, std::size_t{50}}) {
    upgrade_reader reader{{}};

    const upgrade_outcome outcome = feed(reader, good_request() + "frames", piece);

    EXPECT_EQ(status_of(outcome), 101U);
    EXPECT_TRUE(std::string_view{"frames"}.starts_with(as_text(reader.leftover())));
    EXPECT_TRUE(piece != 100000 || as_text(reader.leftover()) == "frames");
  }
}

TEST(UpgradeReader, NamesItsVersionWhereItRefusesAnother) {
  upgrade_reader reader{{}};

  const upgrade_outcome outcome = feed(
      reader, request_with(good_line, fields(host, upgrade, key, "Sec-WebSocket-Version: 25\r\n")),
      100000);

  const auto* refusal = std::get_if<http_refusal>(&outcome);
  ASSERT_NE(refusal, nullptr);
  const std::string text = encode_refusal(*refusal);
  EXPECT_TRUE(text.starts_with("HTTP/1.1 426 Upgrade Required\r\n")) << text;
  EXPECT_NE(text.find("\r\nSec-WebSocket-Version: 13\r\n"), std::string::npos);
  EXPECT_NE(text.find("\r\nConnection: close, Upgrade\r\n"), std::string::npos);
}

TEST(EncodeUpgradeResponse, IsTheResponseOfTheRfc) {
  EXPECT_EQ(encode_upgrade_response({.accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", .protocol = "chat"}),
            "HTTP/1.1 101 Switching Protocols\r\n"
            "Upgrade: websocket\r\n"
            "Connection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            "Sec-WebSocket-Protocol: chat\r\n"
            "\r\n");
}

TEST(EncodeRefusal, LetsNoValueBeginAField) {
  const std::string text = encode_refusal(
      {.status = 503, .reason = "Draining.", .headers = {{"Retry-After", "1\r\nX: y"}}});

  EXPECT_EQ(text,
            "HTTP/1.1 503 Service Unavailable\r\n"
            "Retry-After: 1  X: y\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Length: 10\r\n"
            "Connection: close\r\n"
            "\r\n"
            "Draining.\n");
}

TEST(ReadUpgrade, ReadsFromItsStreamUntilTheHeaderIsWhole) {
  shard_group group{test::one_shard()};
  test::fake_stream from{group.at(0)};
  from.receives_octet_by_octet(good_request()).receives("frames");
  upgrade_reader reader{{}};
  upgrade_result got;

  test::run_to_end(group,
                   [](shard& on, stream& s, upgrade_reader& r, upgrade_result& out) -> awaitable<> {
                     out = co_await read_upgrade(on, s, r, std::chrono::seconds{10});
                   }(group.at(0), from, reader, got));

  EXPECT_TRUE(std::holds_alternative<upgrade_request>(got));
}

TEST(ReadUpgrade, ClosesAClientThatNeverEndsItsHeader) {
  test::stepped_shards shards;
  test::fake_stream from{shards.at()};
  from.receives("GET / HT");
  upgrade_reader reader{{}};
  upgrade_result got;

  spawn(
      shards.at(),
      [](shard& on, stream& s, upgrade_reader& r, upgrade_result& out) -> awaitable<> {
        out = co_await read_upgrade(on, s, r, std::chrono::seconds{10});
      }(shards.at(), from, reader, got),
      "reader");
  shards.advance(std::chrono::milliseconds{9999});
  EXPECT_FALSE(from.closed());
  shards.advance(std::chrono::milliseconds{10});

  EXPECT_EQ(std::get<error_code>(got), boost::asio::error::timed_out);
  EXPECT_TRUE(from.closed());
}

TEST(ReadUpgrade, ReturnsTheErrorOfEachFailingRead) {
  const std::size_t steps = test::fail_at_each_step([](const auto& arm, std::size_t) {
    shard_group group{test::one_shard()};
    test::fake_stream from{group.at(0)};
    from.receives("GET").receives(good_request().substr(3, 20)).receives(good_request().substr(23));
    arm(from);
    upgrade_reader reader{{}};
    upgrade_result got;

    test::run_to_end(
        group, [](shard& on, stream& s, upgrade_reader& r, upgrade_result& out) -> awaitable<> {
          out = co_await read_upgrade(on, s, r, std::chrono::seconds{10});
        }(group.at(0), from, reader, got));

    if (from.has_failed()) {
      EXPECT_EQ(std::get<error_code>(got), boost::asio::error::connection_reset);
    } else {
      EXPECT_TRUE(std::holds_alternative<upgrade_request>(got));
    }
    return from.has_failed();
  });

  EXPECT_EQ(steps, 3U);
}

TEST(WriteRefusal, EndsOurSide) {
  shard_group group{test::one_shard()};
  test::fake_stream to{group.at(0)};

  test::run_to_end(group, [](stream& s) -> awaitable<> {
    const error_code ec =
        co_await write_refusal(s, refuse_unavailable("Draining.", std::chrono::seconds{5}));
    EXPECT_FALSE(ec);
  }(to));

  EXPECT_TRUE(to.written().starts_with("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n"));
  EXPECT_TRUE(to.send_was_shut_down());
}

constexpr std::string_view good_reply =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
    "Sec-WebSocket-Protocol: diameter.jsonrpc.v1\r\n\r\n";

/// What a client gets from a server that sends this.
result<upgrade_reply> ask(test::fake_stream& to, shard_group& group) {
  result<upgrade_reply> got{error_code{boost::asio::error::in_progress}};
  test::run_to_end(group, [](shard& on, stream& s, result<upgrade_reply>& out) -> awaitable<> {
    upgrade_query query;
    query.host = "gw.example:8080";
    query.target = "/diameter";
    query.key = "dGhlIHNhbXBsZSBub25jZQ==";
    query.protocols = {"diameter.jsonrpc.v1", "other"};
    query.headers = {{"Authorization", "Bearer x"}};
    out = co_await request_upgrade(on, s, query, std::chrono::seconds{10});
  }(group.at(0), to, got));
  return got;
}

TEST(RequestUpgrade, AsksInWordsThatOurReaderTakes) {
  shard_group group{test::one_shard()};
  test::fake_stream to{group.at(0)};
  to.receives_octet_by_octet(good_reply);

  const result<upgrade_reply> reply = ask(to, group);

  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 101U);
  EXPECT_EQ(reply->accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(reply->protocol, "diameter.jsonrpc.v1");
  upgrade_reader reader{{}};
  const upgrade_outcome asked = feed(reader, to.written(), 100000);
  const auto* request = std::get_if<upgrade_request>(&asked);
  ASSERT_NE(request, nullptr) << to.written();
  EXPECT_EQ(request->host, "gw.example:8080");
  EXPECT_EQ(request->target, "/diameter");
  EXPECT_EQ(request->authorization, "Bearer x");
  EXPECT_EQ(request->protocols, (std::vector<std::string>{"diameter.jsonrpc.v1", "other"}));
}

TEST(RequestUpgrade, KeepsFramesThatCameWithTheReply) {
  shard_group group{test::one_shard()};
  test::fake_stream to{group.at(0)};
  to.receives(std::string{good_reply} + "frames");

  const result<upgrade_reply> reply = ask(to, group);

  ASSERT_TRUE(reply);
  EXPECT_EQ(as_text(reply->leftover), "frames");
}

TEST(RequestUpgrade, ShowsTheServersRefusal) {
  shard_group group{test::one_shard()};
  test::fake_stream to{group.at(0)};
  to.receives("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 10\r\n\r\nDraining.\n");

  const result<upgrade_reply> reply = ask(to, group);

  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 503U);
  EXPECT_EQ(reply->reason, "Draining.\n");
}

TEST(RequestUpgrade, RefusesRepliesThatAreNoUpgrade) {
  struct row {
    std::string reply;
    error_code error;
  };
  const row rows[] = {
      {"SSH-2.0-OpenSSH\r\n", boost::asio::error::invalid_argument},
      {"HTTP/1.1 abc\r\n\r\n", boost::asio::error::invalid_argument},
      {"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n",
       boost::asio::error::connection_refused},
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n",
       boost::asio::error::connection_refused},
      {"HTTP/1.1 101 Sw", boost::asio::error::eof},
      {"HTTP/1.1 101 " + std::string(20000, 'x'), boost::asio::error::message_size},
  };
  for (const row& r : rows) {
    shard_group group{test::one_shard()};
    test::fake_stream to{group.at(0)};
    to.receives(r.reply).ends();

    const result<upgrade_reply> reply = ask(to, group);

    ASSERT_FALSE(reply) << r.reply.substr(0, 60);
    EXPECT_EQ(reply.error(), r.error) << r.reply.substr(0, 60);
  }
}

}  // namespace
}  // namespace diamgw::transport
