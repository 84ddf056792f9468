#include "diamgw/codec/frame_reader.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "diamgw/base/hex.hpp"
#include "diamgw/buffer/allocation_statistics.hpp"
#include "support/check_decoder.hpp"
#include "support/message_builder.hpp"

namespace diamgw::diameter {
namespace {

using test::octets;

octets message_of(std::size_t data_octets, char fill = 'x') {
  return test::message_builder{commands::credit_control, application_id{4}}
      .avp(avps::session_id, std::string(data_octets, fill))
      .build();
}

octets operator+(octets a, const octets& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

void put(frame_reader& reader, bytes_view in) {
  while (!in.empty()) {
    const mutable_bytes room = reader.prepare();
    ASSERT_FALSE(room.empty());
    const std::size_t n = std::min(room.size(), in.size());
    std::memcpy(room.data(), in.data(), n);
    reader.commit(n);
    in = in.subspan(n);
  }
}

std::string describe(const frame_reader::outcome& o) {
  if (const auto* m = std::get_if<message>(&o)) {
    return to_hex(m->view.octets());
  }
  if (const auto* r = std::get_if<refused_message>(&o)) {
    return "refused at " + std::to_string(r->error.offset) + ": " +
           std::string{to_sentence(r->error.code)};
  }
  if (const auto* m = std::get_if<oversized_message>(&o)) {
    return "oversized: " + std::to_string(m->octets) + " octets under " +
           std::to_string(m->head.hop_by_hop.value);
  }
  if (const auto* m = std::get_if<malformed>(&o)) {
    return "malformed at " + std::to_string(m->error.offset) + ": " +
           std::string{to_sentence(m->error.code)};
  }
  return "need more";
}

/// A decoder for check_decoder: what each piece of input completes; malformed once.
struct stream {
  explicit stream(buffer_pool& pool, const frame_reader::options& o) : reader{pool, o} {}
  std::vector<std::string> operator()(bytes_view in) {
    std::vector<std::string> found;
    while (!in.empty() && !broken) {
      const mutable_bytes room = reader.prepare();
      const std::size_t n = std::min(room.size(), in.size());
      std::memcpy(room.data(), in.data(), n);
      reader.commit(n);
      in = in.subspan(n);
      for (auto o = reader.next(); !std::holds_alternative<need_more>(o); o = reader.next()) {
        found.push_back(describe(o));
        if (std::holds_alternative<malformed>(o)) {
          broken = true;
          break;
        }
      }
    }
    return found;
  }
  frame_reader reader;
  bool broken = false;
};

class FrameReader : public testing::Test {
 protected:
  void check(bytes_view in, const std::vector<std::string>& expected) {
    for (const std::size_t slab : {256U, 1024U, 16384U}) {
      const frame_reader::options options{
          .slab_octets = slab, .min_read_octets = slab / 4, .max_message_octets = 100'000};
      const auto make = [&] {
        return [s = std::make_shared<stream>(pool_, options)](bytes_view piece) {
          return (*s)(piece);
        };
      };
      test::check_decoder(make, in, expected);
    }
  }

  buffer_pool pool_;
};

TEST_F(FrameReader, CutsPipelinedMessages) {
  const octets a = message_of(5);
  const octets b = message_of(400);
  const octets c = message_of(0);

  check(a + b + c + a, {to_hex(a), to_hex(b), to_hex(c), to_hex(a)});
}

TEST_F(FrameReader, CutsMessagesLargerThanItsSlab) {
  const octets small = message_of(3);
  const octets large = message_of(70'000);

  check(small + large + small, {to_hex(small), to_hex(large), to_hex(small)});
}

TEST_F(FrameReader, GoesOnAfterAMessageThatIsBadInside) {
  const octets good = message_of(5);
  octets bad = message_of(5);
  store_be24(bad.data() + 25, 3);
  octets unaligned = good;
  unaligned.resize(unaligned.size() - 1);
  store_be24(unaligned.data() + 1, static_cast<std::uint32_t>(unaligned.size()));

  check(bad + good + unaligned + good,
        {"refused at 20: the AVP length is shorter than the AVP header", to_hex(good),
         "refused at 1: the message length is not a multiple of 4", to_hex(good)});
}

TEST_F(FrameReader, IsMalformedWhereItCannotCut) {
  const octets good = message_of(5);
  octets version = good;
  version[0] = std::byte{0};
  octets short_length = good;
  store_be24(short_length.data() + 1, 19);

  check(good + version + good, {to_hex(good), "malformed at 0: the version is not 1"});
  check(short_length + good, {"malformed at 1: the message length is shorter than the header"});
}

// RFC 6733 §3: Message Length tells where the next message begins, whatever is in this one.
TEST_F(FrameReader, PassesOverWhatIsAboveTheLimit) {
  const octets good = message_of(5);
  octets large = message_of(100'000);
  store_be32(large.data() + 12, 77);
  std::fill(large.begin() + 20, large.end(), std::byte{0xff});  // nothing in it is looked at
  octets header_alone = message_of(5);
  header_alone.resize(20);
  store_be24(header_alone.data() + 1, 0xffffff);
  const std::string told = "oversized: " + std::to_string(large.size()) + " octets under 77";

  check(large + good, {told, to_hex(good)});
  check(good + large + large + good, {to_hex(good), told, told, to_hex(good)});
  check(good + header_alone + good, {to_hex(good), "oversized: 16777215 octets under 287454020"});
}

TEST_F(FrameReader, CountsWhatItPassesOverAndKeepsNoneOfIt) {
  octets large = message_of(200'000);
  frame_reader reader{pool_, {.max_message_octets = 1024}};
  put(reader, bytes_view{large}.first(20));
  ASSERT_TRUE(std::holds_alternative<oversized_message>(reader.next()));
  std::size_t skipped = reader.take_skipped();
  EXPECT_EQ(skipped, 20U);

  for (std::size_t at = 20; at < large.size(); at += 1000) {
    put(reader, bytes_view{large}.subspan(at, std::min<std::size_t>(1000, large.size() - at)));
    EXPECT_TRUE(std::holds_alternative<need_more>(reader.next()));
    EXPECT_EQ(reader.buffered(), 0U);
    EXPECT_LE(reader.prepare().size(), 16384U);
    skipped += reader.take_skipped();
  }

  EXPECT_EQ(skipped, large.size());
  put(reader, message_of(5));
  EXPECT_TRUE(std::holds_alternative<message>(reader.next()));
  EXPECT_EQ(reader.take_skipped(), 0U);
}

TEST_F(FrameReader, StaysMalformed) {
  frame_reader reader{pool_, {}};
  put(reader, as_bytes("GET / HTTP/1.1"));

  EXPECT_TRUE(std::holds_alternative<malformed>(reader.next()));
  put(reader, message_of(1));
  EXPECT_TRUE(std::holds_alternative<malformed>(reader.next()));
}

TEST_F(FrameReader, CutsManyMessagesOutOfOneSlab) {
  octets in;
  for (int i = 0; i < 100; ++i) {
    in = in + message_of(100);
  }
  frame_reader reader{pool_, {}};
  put(reader, in);
  std::vector<message> held;

  for (auto o = reader.next(); std::holds_alternative<message>(o); o = reader.next()) {
    held.push_back(std::get<message>(o));
  }

  ASSERT_EQ(held.size(), 100U);
  for (const message& m : held) {
    EXPECT_EQ(m.buffer.data(), held.front().buffer.data());
  }
}

TEST_F(FrameReader, LeavesHeldMessagesAloneWhileItReadsOn) {
  std::vector<message> held;
  std::vector<octets> sent;
  frame_reader reader{pool_, {.slab_octets = 1024, .min_read_octets = 256}};
  for (std::size_t i = 0; i < 300; ++i) {
    sent.push_back(message_of(i * 7 % 600, static_cast<char>('a' + i % 26)));
    put(reader, sent.back());
    auto o = reader.next();
    ASSERT_TRUE(std::holds_alternative<message>(o));
    held.push_back(std::get<message>(std::move(o)));
  }

  for (std::size_t i = 0; i < held.size(); ++i) {
    EXPECT_EQ(to_hex(held[i].view.octets()), to_hex(sent[i])) << i;
  }
}

TEST_F(FrameReader, ReusesAnEmptySlabInPlace) {
  frame_reader reader{pool_, {}};
  put(reader, message_of(5));
  const std::byte* const first = std::get<message>(reader.next()).view.octets().data();
  put(reader, message_of(5));

  EXPECT_EQ(std::get<message>(reader.next()).view.octets().data(), first);
}

TEST_F(FrameReader, TakesMemoryForWhatCameNotForWhatIsClaimed) {
  octets claim = message_of(5);
  store_be24(claim.data() + 1, 0xffffff);
  frame_reader reader{pool_, {.max_message_octets = max_message_octets}};
  put(reader, claim);
  ASSERT_TRUE(std::holds_alternative<need_more>(reader.next()));

  EXPECT_LE(reader.prepare().size(), 16384U);
  const octets more(12'000);
  put(reader, more);
  EXPECT_LE(reader.prepare().size(), 65536U);
}

TEST_F(FrameReader, GivesALargeSlabBackOnceItIsEmpty) {
  frame_reader reader{pool_, {}};
  put(reader, message_of(200'000));
  ASSERT_TRUE(std::holds_alternative<message>(reader.next()));

  EXPECT_EQ(reader.prepare().size(), 16384U);
}

TEST_F(FrameReader, PassesRefusedMessagesOnWithTheirHeader) {
  octets bad = message_of(5);
  store_be24(bad.data() + 25, 3);
  frame_reader reader{pool_, {}};
  put(reader, bad);

  const auto o = reader.next();

  const auto& refused = std::get<refused_message>(o);
  EXPECT_EQ(refused.view.command(), commands::credit_control);
  EXPECT_EQ(refused.view.hop_by_hop(), hop_by_hop_id{0x11223344U});
}

TEST_F(FrameReader, AllocatesNothingInTheSteadyState) {
  ASSERT_TRUE(allocation_counting_works());
  octets in;
  for (int i = 0; i < 50; ++i) {
    in = in + message_of(static_cast<std::size_t>(i) * 20);
  }
  frame_reader reader{pool_, {}};
  std::vector<message> held;
  held.reserve(16);
  std::size_t messages = 0;
  // Reads of an odd size end in mid-message; a few messages are held across reads.
  const auto turn = [&] {
    for (std::size_t at = 0; at < in.size(); at += 1000) {
      put(reader, bytes_view{in}.subspan(at, std::min<std::size_t>(1000, in.size() - at)));
      for (auto o = reader.next(); auto* m = std::get_if<message>(&o); o = reader.next()) {
        ++messages;
        if (held.size() == 16) {
          held.clear();
        }
        held.push_back(std::move(*m));
      }
    }
  };
  for (int i = 0; i < 20; ++i) {
    turn();
  }

  const allocation_counts before = thread_allocations();
  for (int i = 0; i < 100; ++i) {
    turn();
  }

  EXPECT_EQ((thread_allocations() - before).calls, 0U);
  EXPECT_EQ(messages, 120U * 50U);
}

}  // namespace
}  // namespace diamgw::diameter
