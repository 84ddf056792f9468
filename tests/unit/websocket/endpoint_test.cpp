#include "diamgw/websocket/endpoint.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "support/websocket_endpoint.hpp"

namespace diamgw::websocket {
namespace {

using namespace std::chrono_literals;
using testing::close_payload;
using testing::frame;
using testing::take_all;

using texts = std::vector<std::string>;

const time_point t0{1000s};

/// One thing that happens to the endpoint, and what it gives then.
struct step {
  std::function<void(endpoint&)> happens;
  texts gives;
};

step receives(std::string octets, texts gives, duration at = 0s) {
  return {[octets = std::move(octets), at](endpoint& e) {
            std::string_view rest = octets;
            while (!rest.empty()) {
              rest.remove_prefix(e.feed(as_bytes(rest), t0 + at));
            }
          },
          std::move(gives)};
}
step closes(close_code code, std::string reason, texts gives) {
  return {[code, reason](endpoint& e) { e.close(code, reason, t0); }, std::move(gives)};
}
step fails(close_code code, std::string reason, texts gives) {
  return {[code, reason](endpoint& e) { e.fail(code, reason, t0); }, std::move(gives)};
}
step time_is(duration at, texts gives) {
  return {[at](endpoint& e) { e.on_timer(t0 + at); }, std::move(gives)};
}
step last_is_sent(texts gives) {
  return {[](endpoint& e) { e.on_last_sent(); }, std::move(gives)};
}
step pauses() {
  return {[](endpoint& e) { e.pause(); }, {}};
}
step resumes(texts gives) {
  return {[](endpoint& e) { e.resume(); }, std::move(gives)};
}
step tcp_ends() {
  return {[](endpoint& e) { e.on_disconnect(); }, {}};
}

struct row {
  const char* rule;
  role of;
  std::vector<step> steps;
  int code = 1006;     // of status() at the end
  bool clean = false;  // likewise
};

endpoint::options options_of(role of) {
  return {.role = of,
          .max_message_octets = 1000,
          .close_timeout = 5s,
          .alive = {.ping_interval = 30s, .pong_timeout = 10s}};
}

std::string to_server(opcode op, std::string_view payload = {}) {
  return frame(op, payload, {}, role::server);
}
std::string to_client(opcode op, std::string_view payload = {}) {
  return frame(op, payload, {}, role::client);
}

std::vector<row> rows() {
  const auto server = role::server;
  const auto client = role::client;
  return {
      {"§5.6 messages are given out",
       server,
       {receives(to_server(opcode::text, "a") + to_server(opcode::binary, "b"),
                 {"text 1:a", "binary 1:b"})}},
      {"§5.5.2 a ping is answered by its octets, between fragments, too",
       server,
       {receives(frame(opcode::text, "a", {.fin = false}) + to_server(opcode::ping, "?") +
                     to_server(opcode::continuation, "b"),
                 {"sends pong 1:?", "text 2:ab"})}},
      {"§5.5.2 a client answers pings, too",
       client,
       {receives(to_client(opcode::ping, "?"), {"sends pong 1:?"})}},
      {"§5.5.3 a pong is no event",
       server,
       {receives(to_server(opcode::pong, "?") + to_server(opcode::text, "a"), {"text 1:a"})}},
      {"§5.5.1 a close is answered by its code; §7.1.1 the server ends TCP",
       server,
       {receives(to_server(opcode::close, close_payload(1000)) + to_server(opcode::text, "late"),
                 {"sends last close 1000 0:"}),
        last_is_sent({"ends orderly"}), tcp_ends()},
       1000,
       true},
      {"§7.1.1 the client waits for the server to end TCP",
       client,
       {receives(to_client(opcode::close, close_payload(1001)), {"sends last close 1001 0:"}),
        last_is_sent({}), tcp_ends()},
       1001,
       true},
      {"§7.1.5 a close without a code",
       server,
       {receives(to_server(opcode::close), {"sends last close 1005 0:"}),
        last_is_sent({"ends orderly"})},
       1005,
       true},
      {"§7.1.2 we close: what still comes is discarded, its close frame ends it",
       server,
       {closes(close_code::going_away, "bye", {"sends last close 1001 3:bye"}), last_is_sent({}),
        receives(to_server(opcode::text, "late") + to_server(opcode::ping, "late"), {}),
        receives(to_server(opcode::close, close_payload(1001)), {"ends orderly"})},
       1001,
       true},
      {"§7.1.2 we close once",
       server,
       {closes(close_code::going_away, "", {"sends last close 1001 0:"}),
        closes(close_code::normal_closure, "", {})}},
      {"§7.1.7 the peer never closes: TCP is aborted after the time-out",
       server,
       {closes(close_code::going_away, "", {"sends last close 1001 0:"}), last_is_sent({}),
        time_is(4s, {}), time_is(5s, {"aborts"})}},
      {"§7.1.7 what is spoken over the connection is broken",
       server,
       {fails(close_code::unsupported_data, "speak text", {"sends last close 1003 10:speak text"}),
        receives(to_server(opcode::text, "late"), {}), last_is_sent({"ends orderly"}),
        time_is(5s, {"aborts"})}},
      {"§5.1 an unmasked frame of the client",
       server,
       {receives(to_client(opcode::text, "x"),
                 {"malformed 1002 a frame of the client is not masked",
                  "sends last close 1002 35:a frame of the client is not masked"}),
        receives(to_server(opcode::text, "late"), {}), last_is_sent({"ends orderly"})}},
      {"§5.1 a masked frame of the server",
       client,
       {receives(to_server(opcode::text, "x"),
                 {"malformed 1002 a frame of the server is masked",
                  "sends last close 1002 31:a frame of the server is masked"})}},
      {"§8.1 text that is not UTF-8",
       server,
       {receives(to_server(opcode::text, "\xff"),
                 {"malformed 1007 a text message is not valid UTF-8",
                  "sends last close 1007 33:a text message is not valid UTF-8"})}},
      {"§10.4 a message over the limit",
       server,
       {receives(to_server(opcode::text, std::string(1001, 'x')).substr(0, 8),
                 {"malformed 1009 the message is larger than the limit",
                  "sends last close 1009 36:the message is larger than the limit"})}},
      {"§7.1.7 a fault after our close frame ends TCP without another frame",
       server,
       {closes(close_code::going_away, "", {"sends last close 1001 0:"}), last_is_sent({}),
        receives(to_client(opcode::text, "x"), {}), time_is(5s, {"aborts"})}},
      {"§5.5.2 silence is pinged, and its end is life",
       server,
       {time_is(29s, {}), time_is(30s, {"sends ping 0:"}),
        receives(to_server(opcode::pong), {}, 35s), time_is(40s, {}),
        time_is(65s, {"sends ping 0:"})}},
      {"§7.1.5 silence after a ping: the peer is dropped",
       server,
       {time_is(30s, {"sends ping 0:"}), time_is(40s, {"drops"}), tcp_ends()}},
      {"a paused endpoint gives no message, and takes silence for its own doing",
       server,
       {pauses(), receives(to_server(opcode::text, "a"), {}), time_is(30s, {}), time_is(60s, {}),
        resumes({"text 1:a"})}},
      {"a paused endpoint sends its close frame, and reads again",
       server,
       {pauses(), closes(close_code::going_away, "", {"sends last close 1001 0:"}),
        receives(to_server(opcode::close, close_payload(1001)), {}),
        last_is_sent({"ends orderly"})},
       1001,
       true},
      {"nothing is due after the end of TCP",
       server,
       {closes(close_code::going_away, "", {"sends last close 1001 0:"}), tcp_ends(),
        time_is(60s, {}), closes(close_code::going_away, "", {}), last_is_sent({})}},
  };
}

TEST(Endpoint, FollowsTheRulesOfRfc6455) {
  buffer_pool pool;
  shared_slab shared{pool, 4096};
  for (const row& r : rows()) {
    for (shared_slab* const slab : {static_cast<shared_slab*>(nullptr), &shared}) {
      endpoint e{pool, options_of(r.of), slab};
      e.on_open(t0);
      std::size_t number = 0;
      for (const step& s : r.steps) {
        s.happens(e);
        EXPECT_EQ(take_all(e, r.of, t0), s.gives) << r.rule << ", step " << ++number;
      }
      EXPECT_EQ(static_cast<int>(e.status().code), r.code) << r.rule;
      EXPECT_EQ(e.status().clean, r.clean) << r.rule;
    }
  }
}

TEST(Endpoint, GivesTheSameEventsHoweverTheOctetsAreCut) {
  const std::string stream = to_server(opcode::text, "a") + to_server(opcode::ping, "?") +
                             frame(opcode::binary, "b", {.fin = false}) +
                             to_server(opcode::continuation, std::string(900, 'c')) +
                             to_server(opcode::close, close_payload(1000, "done")) + "rest";
  const texts expected{"text 1:a", "sends pong 1:?", "binary 901:b" + std::string(900, 'c'),
                       "sends last close 1000 0:"};
  buffer_pool pool;
  shared_slab shared{pool, 512};
  for (const std::size_t piece : {1UL, 2UL, 5UL, 100UL, 5000UL}) {
    endpoint e{pool, options_of(role::server), &shared};
    e.on_open(t0);
    texts given;
    for (std::string_view rest = stream; !rest.empty();) {
      rest.remove_prefix(e.feed(as_bytes(rest.substr(0, piece)), t0));
      std::ranges::move(take_all(e, role::server, t0), std::back_inserter(given));
    }
    EXPECT_EQ(given, expected) << "pieces of " << piece;
  }
}

/// A slab with the text where frame_in_place wants it.
buffer_ref slab_of(buffer_pool& pool, std::string_view text) {
  buffer_ref slab = pool.allocate(max_header_octets + text.size());
  std::ranges::copy(as_bytes(text), slab.data() + max_header_octets);
  return slab;
}

// RFC 6455 §5.2, §5.3: by lengths of each form of the header.
TEST(Endpoint, MakesFramesOfMessagesWhereTheyLie) {
  buffer_pool pool;
  for (const role of : {role::server, role::client}) {
    const endpoint e{pool, options_of(of)};
    const role to = of == role::server ? role::client : role::server;
    for (const std::size_t octets : {0U, 125U, 126U, 65535U, 65536U}) {
      const std::string text(octets, 'x');
      buffer_ref slab = slab_of(pool, text);
      const std::byte* const end = slab.data() + max_header_octets + octets;

      const buffer_slice made =
          e.frame_in_place(message_kind::text, std::move(slab), octets, testing::test_key);

      EXPECT_EQ(made.octets.data() + made.octets.size(), end) << "nothing is moved";
      EXPECT_EQ(testing::describe_frame(made.octets, to),
                "text " + std::to_string(octets) + ":" + text);
    }
  }
}

TEST(Endpoint, BeginsAFrameThatGoesOnInSlices) {
  buffer_pool pool;
  const endpoint e{pool, options_of(role::server)};
  const auto whole = [&](std::string_view head, std::size_t rest_octets) {
    const std::string rest(rest_octets, 'x');
    const std::array<buffer_slice, 2> slices{
        buffer_slice{{}, as_bytes(rest).first(rest_octets / 2)},
        {{}, as_bytes(rest).subspan(rest_octets / 2)}};
    const frame_front front = e.begin_frame(message_kind::binary, as_bytes(head), slices);
    const std::string octets = std::string{as_text(front.view())} + rest;
    return testing::describe_frame(as_bytes(octets), role::client);
  };

  EXPECT_EQ(whole("", 0), "binary 0:");
  EXPECT_EQ(whole("head", 3), "binary 7:headxxx");
  EXPECT_EQ(whole(std::string(max_frame_head_octets, 'h'), 70000),
            "binary 70032:" + std::string(max_frame_head_octets, 'h') + std::string(70000, 'x'));
}

TEST(Endpoint, TellsItsNextDeadline) {
  buffer_pool pool;
  endpoint e{pool, options_of(role::server)};
  EXPECT_EQ(e.next_deadline(), time_point::max());
  e.on_open(t0);
  EXPECT_EQ(e.next_deadline(), t0 + 30s) << "the first ping";

  e.close(close_code::going_away, {}, t0 + 1s);
  EXPECT_EQ(e.next_deadline(), t0 + 6s) << "the closing handshake; there are no pings any more";

  e.on_disconnect();
  EXPECT_EQ(e.next_deadline(), time_point::max());
}

}  // namespace
}  // namespace diamgw::websocket
