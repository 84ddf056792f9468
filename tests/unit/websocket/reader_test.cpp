#include "diamgw/websocket/reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/websocket_frames.hpp"

namespace diamgw::websocket {
namespace {

using namespace std::string_literals;
using testing::close_payload;
using testing::describe;
using testing::frame;
using testing::frame_bits;
using testing::read_in_pieces;

constexpr frame_bits more{.fin = false};
using texts = std::vector<std::string>;

struct row {
  const char* rule;
  std::string octets;
  texts events;
};

const std::string kosme = "\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5";

std::vector<row> accepted_rows() {
  return {
      {"§5.6 text", frame(opcode::text, "Hello"), {"text 5:Hello"}},
      {"§5.6 text of no octets", frame(opcode::text, ""), {"text 0:"}},
      {"§5.6 binary is not checked", frame(opcode::binary, "\xff"), {"binary 1:\xff"}},
      {"§5.6 text beyond ASCII", frame(opcode::text, kosme), {"text 11:" + kosme}},
      {"§5.2 16-bit length",
       frame(opcode::binary, std::string(300, 'x')),
       {"binary 300:" + std::string(300, 'x')}},
      {"§5.2 64-bit length, exactly the limit",
       frame(opcode::text, std::string(65536, 'x')),
       {"text 65536:" + std::string(65536, 'x')}},
      {"§5.4 two fragments",
       frame(opcode::text, "Hel", more) + frame(opcode::continuation, "lo"),
       {"text 5:Hello"}},
      {"§5.4 fragments of no octets",
       frame(opcode::binary, "", more) + frame(opcode::continuation, "", more) +
           frame(opcode::continuation, ""),
       {"binary 0:"}},
      {"§5.4 control frames between fragments",
       frame(opcode::text, "Hel", more) + frame(opcode::ping, "?") +
           frame(opcode::continuation, "l", more) + frame(opcode::pong, "!") +
           frame(opcode::continuation, "o") + frame(opcode::binary, "next"),
       {"ping 1:?", "pong 1:!", "text 5:Hello", "binary 4:next"}},
      {"§5.4 a character across fragments",
       frame(opcode::text, kosme.substr(0, 1), more) +
           frame(opcode::continuation, kosme.substr(1, 2), more) +
           frame(opcode::continuation, kosme.substr(3)),
       {"text 11:" + kosme}},
      {"§5.5 the longest ping",
       frame(opcode::ping, std::string(125, 'p')),
       {"ping 125:" + std::string(125, 'p')}},
      {"§5.5.2 empty ping, empty pong",
       frame(opcode::ping, "") + frame(opcode::pong, ""),
       {"ping 0:", "pong 0:"}},
      {"§5.5.1 close without a body", frame(opcode::close, ""), {"close 1005 0:"}},
      {"§5.5.1 close with a code", frame(opcode::close, close_payload(1000)), {"close 1000 0:"}},
      {"§5.5.1 close with a reason",
       frame(opcode::close, close_payload(4999, kosme)),
       {"close 4999 11:" + kosme}},
      {"§5.4 close between fragments",
       frame(opcode::text, "Hel", more) + frame(opcode::close, close_payload(1001)),
       {"close 1001 0:"}},
      {"§1.4 what follows a close is discarded",
       frame(opcode::close, close_payload(1000)) + frame(opcode::text, "late") + "\xff\xff",
       {"close 1000 0:"}},
      {"many in one read",
       frame(opcode::text, "a") + frame(opcode::binary, "b") + frame(opcode::text, "c"),
       {"text 1:a", "binary 1:b", "text 1:c"}},
  };
}

const std::string utf8_1007 = "malformed 1007 a text message is not valid UTF-8";

std::vector<row> refused_rows() {
  return {
      {"§5.2 reserved opcode after a good message",
       frame(opcode::text, "ok") + "\x83"s,
       {"text 2:ok", "malformed 1002 the opcode is reserved"}},
      {"§5.2 RSV1",
       frame(opcode::text, "x", {.rsv1 = true}),
       {"malformed 1002 a reserved bit is set without an extension that defines it"}},
      {"§5.1 unmasked",
       frame(opcode::text, "x", {}, role::client),
       {"malformed 1002 a frame of the client is not masked"}},
      {"§5.5 fragmented ping",
       frame(opcode::ping, "x", more),
       {"malformed 1002 a control frame is fragmented"}},
      {"§5.5 long ping",
       frame(opcode::ping, std::string(126, 'x')),
       {"malformed 1002 a control frame is longer than 125 octets"}},
      {"§5.4 continuation of nothing",
       frame(opcode::continuation, "x"),
       {"malformed 1002 a continuation frame continues nothing"}},
      {"§5.4 continuation after a finished message",
       frame(opcode::text, "a", more) + frame(opcode::continuation, "b") +
           frame(opcode::continuation, "c", more),
       {"text 2:ab", "malformed 1002 a continuation frame continues nothing"}},
      {"§5.4 new message inside a fragmented one",
       frame(opcode::text, "a", more) + frame(opcode::text, "b"),
       {"malformed 1002 a new message begins inside a fragmented one"}},
      {"§5.2 length not minimal",
       "\x82\xfe\x00\x05"s,
       {"malformed 1002 the payload length is not in its shortest form"}},
      {"§5.2 length with top bit",
       "\x82\xff\x80\x00\x00\x00\x00\x00\x00\x00"s,
       {"malformed 1002 the payload length has its top bit set"}},
      {"§8.1 text with a wrong octet", frame(opcode::text, "ab\xff"), {utf8_1007}},
      {"§8.1 text that ends in a character", frame(opcode::text, "ab\xce"), {utf8_1007}},
      {"§8.1 fragmented text that ends in a character",
       frame(opcode::text, "a", more) + frame(opcode::continuation, "\xe1\xbd"),
       {utf8_1007}},
      {"§8.1 surrogate across fragments",
       frame(opcode::text, "\xed", more) + frame(opcode::continuation, "\xa0\x80"),
       {utf8_1007}},
      {"§10.4 message over the limit",
       frame(opcode::binary, std::string(65537, 'x')).substr(0, 14),
       {"malformed 1009 the message is larger than the limit"}},
      {"§10.4 the largest length there is",
       "\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x01\x02\x03\x04"s,
       {"malformed 1009 the message is larger than the limit"}},
      {"§10.4 sum of fragments over the limit",
       frame(opcode::binary, std::string(65530, 'x'), more) +
           frame(opcode::continuation, "1234567").substr(0, 6),
       {"malformed 1009 the message is larger than the limit"}},
      {"§5.5.1 close of one octet",
       frame(opcode::close, "\x03"),
       {"malformed 1002 a close frame has a payload of one octet"}},
      {"§7.4 code 1005 on the wire",
       frame(opcode::close, close_payload(1005)),
       {"malformed 1002 a close frame has a code that must not be sent"}},
      {"§7.4 code 999",
       frame(opcode::close, close_payload(999, "x")),
       {"malformed 1002 a close frame has a code that must not be sent"}},
      {"§5.5.1 reason not UTF-8",
       frame(opcode::close, close_payload(1000, "\xc3\x28")),
       {"malformed 1007 the reason of a close frame is not valid UTF-8"}},
  };
}

TEST(Reader, GivesTheSameEventsHoweverTheOctetsAreCut) {
  buffer_pool pool;
  for (const auto& rows : {accepted_rows(), refused_rows()}) {
    for (const row& r : rows) {
      for (const std::size_t piece : {1UL << 20U, 1UL, 2UL, 3UL, 7UL, 64UL, 1000UL, 16384UL}) {
        const auto events = read_in_pieces(pool, {}, r.octets, [=] { return piece; });
        EXPECT_EQ(events, r.events) << r.rule << ", pieces of " << piece;
      }
    }
  }
}

TEST(Reader, GivesTheSameEventsFromSmallSlabs) {
  buffer_pool pool;
  const reader::options small{.read_octets = 1, .min_read_octets = 1};
  for (const auto& rows : {accepted_rows(), refused_rows()}) {
    for (const row& r : rows) {
      for (const std::size_t piece : {1UL << 20U, 5UL}) {
        EXPECT_EQ(read_in_pieces(pool, small, r.octets, [=] { return piece; }), r.events) << r.rule;
      }
    }
  }
}

TEST(Reader, TakesUnmaskedFramesAsAClient) {
  buffer_pool pool;
  const std::string octets =
      frame(opcode::text, "Hel", more, role::client) + frame(opcode::ping, "?", {}, role::client) +
      frame(opcode::continuation, "lo", {}, role::client) +
      frame(opcode::binary, "whole", {}, role::client) + frame(opcode::text, "x", {}, role::server);

  for (const std::size_t piece : {1UL, 1000UL}) {
    EXPECT_EQ(read_in_pieces(pool, {.role = role::client}, octets, [=] { return piece; }),
              (texts{"ping 1:?", "text 5:Hello", "binary 5:whole",
                     "malformed 1002 a frame of the server is masked"}));
  }
}

TEST(Reader, LeavesMarkedTextToTheExtension) {
  // RFC 7692 §6: the payload is compressed; its UTF-8 can only be judged after that
  buffer_pool pool;
  const std::string octets = frame(opcode::text, "\xff\xfe", {.rsv1 = true}) +
                             frame(opcode::text, "\xff", {.fin = false, .rsv1 = true}) +
                             frame(opcode::continuation, "\xfe") + frame(opcode::text, "\xff");

  EXPECT_EQ(read_in_pieces(pool, {.rsv1_allowed = true}, octets, [] { return 1UL; }),
            (texts{"text rsv1 2:\xff\xfe", "text rsv1 2:\xff\xfe", utf8_1007}));
}

TEST(Reader, RefusesWrongTextBeforeItsFrameIsWhole) {
  // Autobahn 6.4: fail fast on invalid UTF-8
  buffer_pool pool;
  for (const bool fin : {true, false}) {
    const std::string octets =
        frame(opcode::text, kosme + "\xf4\x90" + std::string(100, 'x'), {.fin = fin});
    const std::size_t up_to_wrong = 6 + kosme.size() + 2;
    reader r{pool, {}};

    EXPECT_EQ(r.feed(as_bytes(octets.substr(0, up_to_wrong - 1))), up_to_wrong - 1);
    EXPECT_EQ(describe(r.next()), "need_more");
    EXPECT_EQ(r.feed(as_bytes(octets.substr(up_to_wrong - 1, 1))), 1U);
    EXPECT_EQ(describe(r.next()), utf8_1007);
    EXPECT_EQ(describe(r.next()), utf8_1007) << "and stays so";
  }
}

TEST(Reader, CountsFragments) {
  buffer_pool pool;
  const reader::options options{.max_fragments = 3};
  const std::string three = frame(opcode::binary, "a", more) +
                            frame(opcode::continuation, "b", more) +
                            frame(opcode::continuation, "c");
  const std::string four =
      frame(opcode::binary, "a", more) + frame(opcode::continuation, "", more) +
      frame(opcode::continuation, "", more) + frame(opcode::continuation, "", more);

  EXPECT_EQ(
      read_in_pieces(pool, options, three + four, [] { return 1000UL; }),
      (texts{"binary 3:abc", "malformed 1009 the message has more fragments than the limit"}));
}

TEST(Reader, GivesSmallMessagesOutOfOneSlabWithoutACopy) {
  buffer_pool pool;
  reader r{pool, {}};
  const std::string octets = frame(opcode::text, "first") + frame(opcode::binary, "second");
  const mutable_bytes room = r.prepare();
  std::ranges::copy(as_bytes(octets), room.data());
  r.commit(octets.size());

  const auto first = std::get<message>(r.next());
  const auto second = std::get<message>(r.next());

  EXPECT_EQ(first.payload.octets.data(), room.data() + 6);
  EXPECT_EQ(second.payload.octets.data(), room.data() + 6 + 5 + 6);
  EXPECT_EQ(first.payload.buffer.data(), second.payload.buffer.data());
}

TEST(Reader, LeavesGivenOutMessagesAloneWhileTheyLive) {
  buffer_pool pool;
  reader r{pool, {.read_octets = 1024, .min_read_octets = 256}};
  std::vector<message> kept;
  for (int i = 0; i < 100; ++i) {
    std::string octets = frame(opcode::binary, std::string(100, char('a' + i % 26)));
    while (!octets.empty()) {
      octets.erase(0, r.feed(as_bytes(octets)));
    }
    kept.push_back(std::get<message>(r.next()));
    ASSERT_EQ(describe(r.next()), "need_more");
  }

  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(as_text(kept[std::size_t(i)].payload.octets), std::string(100, char('a' + i % 26)));
  }
}

TEST(Reader, UsesItsSlabAgainOnceNobodyReadsIt) {
  buffer_pool pool;
  reader r{pool, {}};
  const std::byte* const before = r.prepare().data();
  ASSERT_NE(r.feed(as_bytes(frame(opcode::binary, "x"))), 0U);
  ASSERT_EQ(describe(r.next()), "binary 1:x");

  EXPECT_EQ(r.prepare().data(), before);
}

TEST(Reader, GrowsWithWhatArrivesAndNotWithWhatIsPromised) {
  buffer_pool pool;
  reader r{pool, {.max_message_octets = 1UL << 30U}};
  const std::string octets = frame(opcode::binary, std::string(1UL << 20U, 'x'));
  ASSERT_EQ(r.feed(as_bytes(octets.substr(0, 100))), 100U);

  EXPECT_EQ(describe(r.next()), "need_more");
  EXPECT_LE(r.prepare().size(), 16384U);
}

TEST(Reader, IsIdleOnlyBetweenMessages) {
  buffer_pool pool;
  reader r{pool, {}};
  EXPECT_TRUE(r.idle());
  const std::string part = frame(opcode::text, "a", more);

  EXPECT_EQ(r.feed(as_bytes(part)), part.size());
  EXPECT_EQ(describe(r.next()), "need_more");
  EXPECT_FALSE(r.idle());
  EXPECT_EQ(r.feed(as_bytes(frame(opcode::continuation, "b"))), 7U);
  EXPECT_EQ(describe(r.next()), "text 2:ab");
  EXPECT_TRUE(r.idle());

  const std::string header = frame(opcode::text, "ab").substr(0, 6);
  EXPECT_EQ(r.feed(as_bytes(header)), header.size());
  EXPECT_EQ(describe(r.next()), "need_more");
  EXPECT_FALSE(r.idle());
}

// ---- with a slab that all connections of a shard read into

std::uint64_t slabs_out(const buffer_pool& pool) {
  std::uint64_t out = 0;
  for (const auto& tier : pool.statistics().tiers) {
    out += tier.misses - tier.free;
  }
  return out;
}

TEST(Reader, GivesTheSameEventsFromASharedSlab) {
  buffer_pool pool;
  for (const std::size_t shared_octets : {300UL, 4096UL}) {
    shared_slab shared{pool, shared_octets};
    for (const auto& rows : {accepted_rows(), refused_rows()}) {
      for (const row& r : rows) {
        for (const std::size_t piece : {1UL << 20U, 1UL, 7UL, 1000UL}) {
          EXPECT_EQ(read_in_pieces(
                        pool, {}, r.octets, [=] { return piece; }, &shared),
                    r.events)
              << r.rule << ", pieces of " << piece;
        }
      }
    }
  }
}

TEST(Reader, HoldsNothingOfTheSharedSlabWhileItWaits) {
  buffer_pool pool;
  shared_slab shared{pool, 4096};
  reader one{pool, {}, &shared};
  reader other{pool, {}, &shared};

  EXPECT_GT(one.feed(as_bytes(frame(opcode::text, "whole"))), 0U);
  EXPECT_EQ(describe(one.next()), "text 5:whole");
  one.let_go();
  EXPECT_EQ(slabs_out(pool), 1U) << "the shared one";

  const std::string cut = frame(opcode::text, "in two pieces");
  EXPECT_EQ(one.feed(as_bytes(cut.substr(0, 10))), 10U);
  EXPECT_EQ(describe(one.next()), "need_more");
  one.let_go();
  EXPECT_EQ(slabs_out(pool), 2U) << "the head has one of its own";
  EXPECT_GT(other.feed(as_bytes(frame(opcode::text, "of another"))), 0U);
  EXPECT_EQ(describe(other.next()), "text 10:of another");
  other.let_go();
  EXPECT_EQ(one.feed(as_bytes(cut.substr(10))), cut.size() - 10);
  EXPECT_EQ(describe(one.next()), "text 13:in two pieces");
  one.let_go();
  EXPECT_EQ(slabs_out(pool), 1U);
}

TEST(Reader, NeedsMoreWhereItHasLetGoAfterAHeader) {
  buffer_pool pool;
  shared_slab shared{pool, 4096};
  for (const opcode op : {opcode::text, opcode::ping}) {
    reader r{pool, {}, &shared};
    const std::string octets = frame(op, "a");
    ASSERT_EQ(r.feed(as_bytes(octets.substr(0, octets.size() - 1))), octets.size() - 1);
    ASSERT_EQ(describe(r.next()), "need_more");
    r.let_go();

    EXPECT_EQ(describe(r.next()), "need_more");
    ASSERT_EQ(r.feed(as_bytes(octets.substr(octets.size() - 1))), 1U);
    EXPECT_EQ(describe(r.next()), op == opcode::text ? "text 1:a" : "ping 1:a");
  }
}

TEST(Reader, LeavesAMessageInTheSharedSlabAloneWhileItLives) {
  buffer_pool pool;
  shared_slab shared{pool, 4096};
  reader r{pool, {}, &shared};
  ASSERT_GT(r.feed(as_bytes(frame(opcode::binary, "kept"))), 0U);
  const auto kept = std::get<message>(r.next());
  r.let_go();

  ASSERT_GT(r.feed(as_bytes(frame(opcode::binary, "next"))), 0U);
  EXPECT_EQ(describe(r.next()), "binary 4:next");
  EXPECT_EQ(as_text(kept.payload.octets), "kept");
}

}  // namespace
}  // namespace diamgw::websocket
