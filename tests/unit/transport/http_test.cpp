#include "diamgw/transport/http.hpp"

#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <cstring>
#include <map>

#include "support/fail_at_each_step.hpp"
#include "support/manual_time.hpp"

namespace diamgw::transport {
namespace {

constexpr std::string_view good_head = "GET /chat?a=1 HTTP/1.1\r\nHost: server.example.com\r\n\r\n";

/// Gives `octets` in pieces of that size; what is left over of them stays in `reader`.
http_head_outcome feed(http_head_reader& reader, std::string_view octets, std::size_t piece) {
  while (!octets.empty()) {
    const mutable_bytes room = reader.prepare();
    if (room.empty()) {
      break;
    }
    const std::size_t n = std::min({piece, octets.size(), room.size()});
    std::memcpy(room.data(), octets.data(), n);
    reader.commit(n);
    octets.remove_prefix(n);
    http_head_outcome outcome = reader.next();
    if (!std::holds_alternative<need_more>(outcome)) {
      return outcome;
    }
  }
  return need_more{};
}

/// "GET /path?query" where it is taken, "" where more is needed, else the refusal's status.
std::string outcome_of(const http_head_outcome& outcome) {
  if (const auto* refusal = std::get_if<http_refusal>(&outcome)) {
    return std::to_string(refusal->status);
  }
  const auto* head = std::get_if<http_request_head>(&outcome);
  if (head == nullptr) {
    return "";
  }
  return head->method + ' ' + head->path + '?' + head->query +
         (head->has_body ? " and a body" : "");
}

TEST(HttpHeadReader, TakesAndRefusesHeadsHoweverTheirOctetsCome) {
  struct row {
    std::string_view rule;
    std::string request;
    std::string_view outcome;
  };
  const std::vector<row> rows{
      {"RFC 9112 §3.2.1: origin-form", std::string{good_head}, "GET /chat?a=1"},
      {"§3.2.2: absolute-form", "GET http://server.example.com/chat HTTP/1.1\r\n\r\n",
       "GET /chat?"},
      {"§3.2.2: without a path", "GET http://server.example.com HTTP/1.1\r\n\r\n", "GET /?"},
      {"§3.2.2: without a path, with a query", "GET ws://server?a=1 HTTP/1.1\r\n\r\n", "GET /?a=1"},
      {"§3.2.2: of a scheme that does not lead here", "GET ftp://server/a HTTP/1.1\r\n\r\n", "400"},
      {"§3.2.3: authority-form", "CONNECT server:80 HTTP/1.1\r\n\r\n", "400"},
      {"RFC 9110 §4.2.4: a user", "GET http://u@server/a HTTP/1.1\r\n\r\n", "400"},
      {"RFC 9110 §4.2.1: an empty host", "GET http:///a HTTP/1.1\r\n\r\n", "400"},
      {"§2.2: an empty line before it", "\r\n" + std::string{good_head}, "GET /chat?a=1"},
      {"§2.2: several, longer than the limit",
       [] {
         std::string text;
         for (int i = 0; i < 600; ++i) {
           text += "\r\n";
         }
         return text + std::string{good_head};
       }(),
       "GET /chat?a=1"},
      {"§2.2: no empty line", "\rGET / HTTP/1.1\r\n\r\n", "400"},
      {"§3: another method", "POST / HTTP/1.1\r\n\r\n", "POST /?"},
      {"§6.2: a body", "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\n", "POST /? and a body"},
      {"§6.2: an empty body", "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "POST /?"},
      {"§7.1: a chunked body", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
       "POST /? and a body"},
      {"not whole", std::string{good_head.substr(0, good_head.size() - 1)}, ""},
      {"no HTTP: a TLS hello", std::string("\x16\x03\x01\x02\x00", 5), "400"},
      {"HTTP/2's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400"},
      {"§3: no version in the line", "GET /chat\r\n\r\n", "400"},
      {"§5: a field without a colon", "GET / HTTP/1.1\r\nHost\r\n\r\n", "400"},
      {"§3.2.4: asterisk-form", "OPTIONS * HTTP/1.1\r\n\r\n", "400"},
      {"§3.2: a target with a fragment", "GET /chat#x HTTP/1.1\r\n\r\n", "400"},
      {"RFC 6585 §5: above the limit", "GET / HTTP/1.1\r\nX: " + std::string(600, 'x') + "\r\n\r\n",
       "431"},
      {"RFC 6585 §5: no end within the limit", "GET /" + std::string(600, 'x'), "431"},
  };
  for (const row& r : rows) {
    for (const std::size_t piece : {std::size_t{100000}, std::size_t{1}, std::size_t{7}}) {
      http_head_reader reader{512};

      const http_head_outcome outcome = feed(reader, r.request, piece);

      EXPECT_EQ(outcome_of(outcome), r.outcome) << r.rule << ", in pieces of " << piece;
    }
  }
}

TEST(HttpHeadReader, ShowsVersionAndFieldsInTheirOrder) {
  http_head_reader reader;

  const http_head_outcome outcome = feed(
      reader, "GET / HTTP/1.0\r\nHost: a\r\nX-Forwarded-For:  1.2.3.4 \r\nhost: b\r\n\r\n", 100000);

  const auto* head = std::get_if<http_request_head>(&outcome);
  ASSERT_NE(head, nullptr);
  EXPECT_EQ(head->version, 10U);
  const std::multimap<std::string, std::string> fields{head->fields.begin(), head->fields.end()};
  EXPECT_EQ(fields, (std::multimap<std::string, std::string>{
                        {"host", "a"}, {"host", "b"}, {"x-forwarded-for", "1.2.3.4"}}));
}

// RFC 9112 §3.2.2: "A server that receives [the absolute form] MUST ignore the received Host".
TEST(HttpHeadReader, TakesTheHostFromTheAbsoluteForm) {
  const struct {
    std::string_view request;
    std::string_view hosts;
  } rows[] = {
      {"GET http://right:80/ HTTP/1.1\r\nHost: wrong\r\n\r\n", "right:80 "},
      {"GET / HTTP/1.1\r\nHost: right\r\n\r\n", "right "},
      {"GET http://right/ HTTP/1.1\r\n\r\n", ""},
      {"GET http://right/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "a b "},
  };
  for (const auto& row : rows) {
    http_head_reader reader;
    const http_head_outcome outcome = feed(reader, row.request, 100000);
    std::string hosts;
    for (const auto& [name, value] : std::get<http_request_head>(outcome).fields) {
      hosts += name == "host" ? value + " " : "";
    }
    EXPECT_EQ(hosts, row.hosts) << row.request;
  }
}

TEST(HttpHeadReader, KeepsTheOctetsAfterTheHead) {
  for (const std::size_t piece : {std::size_t{100000}, std::size_t{50}}) {
    http_head_reader reader;

    const http_head_outcome outcome = feed(reader, std::string{good_head} + "frames", piece);

    EXPECT_EQ(outcome_of(outcome), "GET /chat?a=1");
    EXPECT_TRUE(std::string_view{"frames"}.starts_with(as_text(reader.leftover())));
    EXPECT_TRUE(piece != 100000 || as_text(reader.leftover()) == "frames");
  }
}

TEST(EncodeRefusal, NamesUpgradeInConnection) {
  const std::string text = encode_refusal({426, "No.", {{"Upgrade", "websocket"}}});

  // RFC 9110 §7.8
  EXPECT_TRUE(text.starts_with("HTTP/1.1 426 Upgrade Required\r\n")) << text;
  EXPECT_NE(text.find("\r\nConnection: close, Upgrade\r\n"), std::string::npos);
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

TEST(ReadHead, ReadsFromItsStreamUntilTheHeaderIsWhole) {
  shard_group group{test::one_shard()};
  test::fake_stream from{group.at(0)};
  from.receives_octet_by_octet(std::string{good_head}).receives("frames");
  http_head_reader reader;
  http_head_result got;

  test::run_to_end(
      group, [](shard& on, stream& s, http_head_reader& r, http_head_result& out) -> awaitable<> {
        out = co_await read_head(on, s, r, std::chrono::seconds{10});
      }(group.at(0), from, reader, got));

  EXPECT_TRUE(std::holds_alternative<http_request_head>(got));
}

TEST(ReadHead, ClosesAClientThatNeverEndsItsHeader) {
  test::stepped_shards shards;
  test::fake_stream from{shards.at()};
  from.receives("GET / HT");
  http_head_reader reader;
  http_head_result got;

  spawn(
      shards.at(),
      [](shard& on, stream& s, http_head_reader& r, http_head_result& out) -> awaitable<> {
        out = co_await read_head(on, s, r, std::chrono::seconds{10});
      }(shards.at(), from, reader, got),
      "reader");
  shards.advance(std::chrono::milliseconds{9999});
  EXPECT_FALSE(from.closed());
  shards.advance(std::chrono::milliseconds{10});

  EXPECT_EQ(std::get<error_code>(got), boost::asio::error::timed_out);
  EXPECT_TRUE(from.closed());
}

TEST(ReadHead, ReturnsTheErrorOfEachFailingRead) {
  const std::size_t steps = test::fail_at_each_step([](const auto& arm, std::size_t) {
    shard_group group{test::one_shard()};
    test::fake_stream from{group.at(0)};
    from.receives("GET")
        .receives(std::string{good_head}.substr(3, 20))
        .receives(std::string{good_head}.substr(23));
    arm(from);
    http_head_reader reader;
    http_head_result got;

    test::run_to_end(
        group, [](shard& on, stream& s, http_head_reader& r, http_head_result& out) -> awaitable<> {
          out = co_await read_head(on, s, r, std::chrono::seconds{10});
        }(group.at(0), from, reader, got));

    if (from.has_failed()) {
      EXPECT_EQ(std::get<error_code>(got), boost::asio::error::connection_reset);
    } else {
      EXPECT_TRUE(std::holds_alternative<http_request_head>(got));
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

constexpr std::string_view request_head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

/// What a client gets from a server that sends this.
result<http_response_head> ask(test::fake_stream& to, shard_group& group) {
  result<http_response_head> got{error_code{boost::asio::error::in_progress}};
  test::run_to_end(group, [](shard& on, stream& s, result<http_response_head>& out) -> awaitable<> {
    out = co_await exchange_heads(on, s, std::string{request_head}, std::chrono::seconds{10});
  }(group.at(0), to, got));
  return got;
}

TEST(ExchangeHeads, SendsTheRequestAndReadsTheReply) {
  shard_group group{test::one_shard()};
  test::fake_stream to{group.at(0)};
  to.receives_octet_by_octet("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");

  const result<http_response_head> reply = ask(to, group);

  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 101U);
  EXPECT_EQ(reply->fields, (http_fields{{"upgrade", "x"}}));
  EXPECT_EQ(to.written(), request_head);
}

TEST(ExchangeHeads, KeepsWhatCameWithTheReply) {
  shard_group group{test::one_shard()};
  test::fake_stream to{group.at(0)};
  to.receives("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 10\r\n\r\nDraining.\n");

  const result<http_response_head> reply = ask(to, group);

  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 503U);
  EXPECT_EQ(as_text(reply->leftover), "Draining.\n");
}

TEST(ExchangeHeads, RefusesRepliesThatAreNoHttp) {
  struct row {
    std::string reply;
    error_code error;
  };
  const row rows[] = {
      {"SSH-2.0-OpenSSH\r\n", boost::asio::error::invalid_argument},
      {"HTTP/1.1 abc\r\n\r\n", boost::asio::error::invalid_argument},
      {"HTTP/1.1 101 Sw", boost::asio::error::eof},
      {"HTTP/1.1 101 " + std::string(20000, 'x'), boost::asio::error::message_size},
  };
  for (const row& r : rows) {
    shard_group group{test::one_shard()};
    test::fake_stream to{group.at(0)};
    to.receives(r.reply).ends();

    const result<http_response_head> reply = ask(to, group);

    ASSERT_FALSE(reply) << r.reply.substr(0, 60);
    EXPECT_EQ(reply.error(), r.error) << r.reply.substr(0, 60);
  }
}

}  // namespace
}  // namespace diamgw::transport
