#include "diamgw/websocket/writer.hpp"

#include <gtest/gtest.h>

#include "diamgw/buffer/allocation_statistics.hpp"
#include "support/websocket_frames.hpp"

namespace diamgw::websocket {
namespace {

using testing::describe;
using testing::test_key;

std::string read_one(buffer_pool& pool, role receiver, bytes_view octets) {
  reader r{pool, {.role = receiver, .max_message_octets = 1UL << 20U}};
  std::string events;
  while (!octets.empty()) {
    octets = octets.subspan(r.feed(octets));
    const reader_event event = r.next();
    if (!std::holds_alternative<need_more>(event)) {
      events += describe(event);
    }
  }
  return events;
}

TEST(FrameInPlace, PutsTheHeaderRightInFrontOfThePayload) {
  buffer_pool pool;
  for (const std::size_t length : {0UL, 1UL, 125UL, 126UL, 65535UL, 65536UL}) {
    buffer_ref buffer = pool.allocate(max_header_octets + length);
    std::byte* const payload = buffer.data() + max_header_octets;
    std::fill_n(payload, length, std::byte{'x'});

    const buffer_slice frame = frame_in_place(std::move(buffer), max_header_octets,
                                              {.opcode = opcode::text, .length = length});

    EXPECT_EQ(frame.octets.data() + header_octets(length, false), payload) << "nothing moved";
    EXPECT_EQ(read_one(pool, role::client, frame.octets),
              "text " + std::to_string(length) + ":" + std::string(length, 'x'));
  }
}

TEST(FrameInPlace, MasksThePayloadOfAClient) {
  // RFC 6455 §5.7: a single-frame masked text message
  buffer_pool pool;
  buffer_ref buffer = pool.allocate(64);
  std::ranges::copy(as_bytes("Hello"), buffer.data() + max_header_octets);

  const buffer_slice frame = frame_in_place(std::move(buffer), max_header_octets,
                                            {.opcode = opcode::text, .key = test_key, .length = 5});

  EXPECT_EQ(to_hex(frame.octets), "818537fa213d7f9f4d5158");
}

TEST(MakeFrame, GivesTheExamplesOfSection57) {
  buffer_pool pool;
  EXPECT_EQ(to_hex(make_frame(pool, opcode::text, as_bytes("Hello")).octets), "810548656c6c6f");
  EXPECT_EQ(to_hex(make_frame(pool, opcode::ping, as_bytes("Hello")).octets), "890548656c6c6f");
  EXPECT_EQ(to_hex(make_frame(pool, opcode::pong, as_bytes("Hello"), test_key).octets),
            "8a8537fa213d7f9f4d5158");
}

TEST(MakeClose, CarriesCodeAndReason) {
  buffer_pool pool;
  const auto sent = [&](close_code code, std::string_view reason) {
    return read_one(pool, role::server, make_close(pool, code, reason, test_key).octets);
  };

  EXPECT_EQ(sent(close_code::going_away, "drain"), "close 1001 5:drain");
  EXPECT_EQ(sent(close_code::normal_closure, ""), "close 1000 0:");
  EXPECT_EQ(sent(close_code::no_status_received, "unsaid"), "close 1005 0:");
}

TEST(MakeClose, CutsALongReasonBetweenCharacters) {
  buffer_pool pool;
  const std::string fits(max_reason_octets, 'x');
  const std::string splits = std::string(max_reason_octets - 1, 'x') + "\xc3\xa9";

  EXPECT_EQ(read_one(pool, role::client, make_close(pool, close_code::internal_error, fits).octets),
            "close 1011 123:" + fits);
  EXPECT_EQ(
      read_one(pool, role::client, make_close(pool, close_code::internal_error, splits).octets),
      "close 1011 122:" + std::string(122, 'x'));
}

// The whole path of a message, in and out, in the steady state.
TEST(WebsocketPath, AllocatesNothingPerMessage) {
  ASSERT_TRUE(allocation_counting_works());
  buffer_pool pool;
  const std::string text(300, 't');
  const std::string burst =
      testing::frame(opcode::text, text) + testing::frame(opcode::binary, text, {.fin = false}) +
      testing::frame(opcode::ping, "?") + testing::frame(opcode::continuation, text);
  reader r{pool, {}};
  std::size_t messages = 0;
  const auto run = [&] {
    bytes_view octets = as_bytes(burst);
    while (!octets.empty()) {
      octets = octets.subspan(r.feed(octets.first(std::min<std::size_t>(octets.size(), 100))));
      for (reader_event e = r.next(); !std::holds_alternative<need_more>(e); e = r.next()) {
        if (const auto* p = std::get_if<ping>(&e)) {
          static_cast<void>(make_frame(pool, opcode::pong, p->payload.octets));
        } else {
          static_cast<void>(make_frame(pool, opcode::text, std::get<message>(e).payload.octets));
          ++messages;
        }
      }
    }
  };
  for (int i = 0; i < 100; ++i) {
    run();
  }

  messages = 0;
  const auto before = thread_allocations();
  for (int i = 0; i < 1000; ++i) {
    run();
  }
  const auto spent = thread_allocations() - before;

  EXPECT_EQ(messages, 2000U);
  EXPECT_EQ(spent.calls, 0U);
}

}  // namespace
}  // namespace diamgw::websocket
