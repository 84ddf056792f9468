#include "diamgw/transport/http_server.hpp"

#include <gtest/gtest.h>

#include <array>
#include <boost/asio/error.hpp>
#include <cstring>
#include <stdexcept>

#include "diamgw/transport/network.hpp"
#include "support/manual_time.hpp"
#include "support/memory_network.hpp"
#include "transport/http_request_reader.hpp"

namespace diamgw::transport {
namespace {

http_response echo(const http_request& request) {
  if (request.path == "/throws") {
    throw std::runtime_error{"handler"};
  }
  return {.status = request.path == "/none" ? 404U : 200U,
          .body = request.method + " " + request.path + " " + request.query + " " + request.body,
          .headers = {{"X-Seen", std::string{request.header("x-asked")}}}};
}

/// All that the server sends for `sent`, by one connection.
std::string exchange(std::string sent, http_server::options o = {},
                     shard_group::options options = test::one_shard()) {
  options.network = std::make_shared<test::memory_network>();
  test::stepped_shards shards{1, std::move(options)};
  auto server = http_server::open(shards.at(), o, make_http_handler(echo));
  EXPECT_TRUE(server);
  std::string received;
  bool ended = false;
  spawn(
      shards.at(),
      [](shard& on, http_server& at, std::string text, std::string& out) -> awaitable<> {
        auto connected = co_await dial(on, address{.host = "127.0.0.1", .port = at.port()});
        EXPECT_TRUE(connected);
        stream& s = **connected;
        const std::array<bytes_view, 1> views{as_bytes(text)};
        co_await s.write(views);
        std::array<std::byte, 1024> room{};
        io_result r;
        while (!r.error) {
          r = co_await s.read(room);
          out.append(as_text(bytes_view{room}.first(r.octets)));
        }
        at.stop();
      }(shards.at(), **server, std::move(sent), received),
      "client", [&ended] { ended = true; });
  shards.advance(std::chrono::minutes{1});
  EXPECT_TRUE(ended);
  return received;
}

TEST(HttpServer, AnswersAGet) {
  const std::string answer =
      exchange("GET /a/b?c=d HTTP/1.1\r\nHost: h\r\nX-Asked: me\r\nConnection: close\r\n\r\n");

  EXPECT_EQ(answer,
            "HTTP/1.1 200 OK\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n"
            "Content-Length: 13\r\n"
            "Connection: close\r\n"
            "X-Seen: me\r\n"
            "\r\n"
            "GET /a/b c=d ");
}

// RFC 9112 §3.2.2.
TEST(HttpServer, TakesTheAbsoluteForm) {
  const std::string answer =
      exchange("GET http://h/a/b?c=d HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

  EXPECT_TRUE(answer.ends_with("GET /a/b c=d ")) << answer;
}

TEST(HttpServer, LeavesTheBodyOutForHead) {
  const std::string answer = exchange("HEAD /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

  EXPECT_NE(answer.find("Content-Length: 8\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

TEST(HttpServer, AnswersSeveralRequestsOfOneConnectionInTheirOrder) {
  const std::string answer = exchange(
      "GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
      "POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody"
      "POST /3 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nabcde"
      "GET /none HTTP/1.0\r\n\r\n");

  const std::size_t first = answer.find("GET /1  ");
  const std::size_t second = answer.find("POST /2  body");
  const std::size_t third = answer.find("POST /3  abcde");
  const std::size_t fourth = answer.find("HTTP/1.1 404 Not Found\r\n");
  EXPECT_TRUE(first < second && second < third && third < fourth) << answer;
  EXPECT_NE(fourth, std::string::npos);
  EXPECT_TRUE(answer.ends_with("GET /none  ")) << "HTTP/1.0 ends the connection";
}

TEST(HttpServer, AnswersAHandlersExceptionBy500) {
  shard_group::options o;
  std::string where;
  o.on_failure = [&](std::string_view w, std::exception_ptr) { where = w; };

  const std::string answer =
      exchange("GET /throws HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", {}, o);

  EXPECT_TRUE(answer.starts_with("HTTP/1.1 500 Internal Server Error\r\n")) << answer;
  EXPECT_EQ(where, "http handler");
}

TEST(HttpServer, ClosesAConnectionThatSendsNothing) {
  EXPECT_EQ(exchange("GET / HT", {.request_timeout = std::chrono::seconds{10}}), "");
}

TEST(HttpServer, ClosesIdleConnectionsWhenItStops) {
  shard_group::options options = test::one_shard();
  options.network = std::make_shared<test::memory_network>();
  test::stepped_shards shards{1, std::move(options)};
  auto server = http_server::open(shards.at(), {}, make_http_handler(echo));
  ASSERT_TRUE(server);
  bool ended = false;

  const auto client = [](shard& on, http_server& at) -> awaitable<> {
    auto connected = co_await dial(on, address{.host = "127.0.0.1", .port = at.port()});
    EXPECT_TRUE(connected);
    stream& s = **connected;
    const std::array<bytes_view, 1> views{as_bytes("GET / HTTP/1.1\r\nHost: h\r\n\r\n")};
    co_await s.write(views);
    std::array<std::byte, 1024> room{};
    io_result r = co_await s.read(room);
    EXPECT_FALSE(r.error);
    at.stop();
    while (!r.error) {
      r = co_await s.read(room);
    }
    EXPECT_EQ(r.error, boost::asio::error::eof);
  };
  spawn(shards.at(), client(shards.at(), **server), "client", [&ended] { ended = true; });
  shards.run();

  EXPECT_TRUE(ended) << "without waiting for a time-out";
}

unsigned status_of(const request_outcome& outcome) {
  if (const auto* refusal = std::get_if<http_refusal>(&outcome)) {
    return refusal->status;
  }
  if (std::holds_alternative<send_continue>(outcome)) {
    return 100;
  }
  return std::holds_alternative<received_request>(outcome) ? 200 : 0;
}

/// The first outcome but need_more, of octets that come in pieces of that size.
request_outcome first_outcome(http_request_reader& reader, std::string_view octets,
                              std::size_t piece) {
  while (!octets.empty()) {
    const mutable_bytes room = reader.prepare();
    const std::size_t n = std::min({piece, octets.size(), room.size()});
    if (n == 0) {
      break;
    }
    std::memcpy(room.data(), octets.data(), n);
    reader.commit(n);
    octets.remove_prefix(n);
    request_outcome outcome = reader.next();
    if (!std::holds_alternative<need_more>(outcome)) {
      return outcome;
    }
  }
  return need_more{};
}

TEST(HttpRequestReader, TakesAndRefusesHoweverTheOctetsCome) {
  struct row {
    std::string_view what;
    std::string request;
    unsigned status;
  };
  const std::string end = "Host: h\r\n\r\n";
  const row rows[] = {
      {"a GET", "GET / HTTP/1.1\r\n" + end, 200},
      {"not whole", "GET / HTTP/1.1\r\nHost: h\r\n", 0},
      {"a body", "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", 200},
      {"a body that is not whole", "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", 0},
      {"a body at the limit",
       "POST / HTTP/1.1\r\nContent-Length: 5000\r\n\r\n" + std::string(5000, 'b'), 200},
      {"a body above the limit, by its length", "POST / HTTP/1.1\r\nContent-Length: 5001\r\n\r\n",
       413},
      {"a body in chunks", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411},
      {"RFC 9112 §6.1: another coding", "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 411},
      {"two lengths", "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
      {"length and chunks",
       "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"other method", "DELETE / HTTP/1.1\r\n" + end, 405},
      {"target is no path", "GET a/b HTTP/1.1\r\n" + end, 400},
      {"RFC 9112 §3.2.2: absolute form", "GET http://a/b HTTP/1.1\r\n" + end, 200},
      {"RFC 9112 §2.2: an empty line before it", "\r\nGET / HTTP/1.1\r\n" + end, 200},
      {"no HTTP", "\x16\x03\x01", 400},
      {"header above the limit", "GET / HTTP/1.1\r\nX: " + std::string(2000, 'x') + "\r\n\r\n",
       431},
  };
  for (const row& r : rows) {
    for (const std::size_t piece : {std::size_t{100000}, std::size_t{1}, std::size_t{7}}) {
      http_request_reader reader{1000, 5000};

      EXPECT_EQ(status_of(first_outcome(reader, r.request, piece)), r.status)
          << r.what << ", in pieces of " << piece;
    }
  }
}

TEST(HttpRequestReader, TellsWhereTheClientWaitsBeforeItsBody) {
  http_request_reader reader{1000, 5000};
  const std::string header = "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n";

  EXPECT_EQ(status_of(first_outcome(reader, header, 100000)), 100U);
  EXPECT_FALSE(reader.idle());
  EXPECT_EQ(status_of(first_outcome(reader, "abc", 100000)), 200U);
  EXPECT_TRUE(reader.idle());
}

}  // namespace
}  // namespace diamgw::transport
