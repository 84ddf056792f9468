#include "diamgw/codec/writer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "diamgw/base/hex.hpp"
#include "diamgw/buffer/allocation_statistics.hpp"
#include "diamgw/codec/check.hpp"
#include "support/message_builder.hpp"

namespace diamgw::diameter {
namespace {

using test::avp_builder;
using test::m_bit;
using test::octets;

constexpr vendor_id tgpp{10415};

std::string hex(bytes_view view) {
  return to_hex(view);
}

TEST(Writer, PadsEveryLengthOfDataWithZeros) {
  for (std::size_t n = 0; n <= 9; ++n) {
    const octets data(n, std::byte{0xab});
    std::array<std::byte, 64> space;
    space.fill(std::byte{0xee});
    writer out{space};

    out.octets(avp_code{1}, ietf_vendor, m_bit, data);
    out.octets(avp_code{2}, tgpp, 0, data);

    const octets expected = avp_builder{}
                                .avp(avp_code{1}, ietf_vendor, m_bit, data)
                                .avp(avp_code{2}, tgpp, 0, data)
                                .list();
    EXPECT_EQ(hex(out.written()), hex(expected)) << n;
  }
}

TEST(Writer, SetsTheVendorBitFromTheVendorAlone) {
  std::array<std::byte, 64> space{};
  writer out{space};

  out.unsigned32(avp_code{1}, ietf_vendor, avp_flags::vendor | m_bit, 7);
  out.unsigned32(avp_code{2}, tgpp, 0, 7);

  EXPECT_EQ(hex(out.written()),
            "000000014000000c00000007"
            "0000000280000010000028af00000007");
}

TEST(Writer, WritesNumbersInNetworkOrder) {
  std::array<std::byte, 128> space{};
  writer out{space};

  out.integer32(avp_code{1}, ietf_vendor, 0, -2);
  out.integer64(avp_code{2}, ietf_vendor, 0, -2);
  out.float32(avp_code{3}, ietf_vendor, 0, 1.0F);
  out.float64(avp_code{4}, ietf_vendor, 0, 1.0);
  out.unsigned64(avp_code{5}, ietf_vendor, 0, 0x8000000000000001U);

  EXPECT_EQ(hex(out.written()),
            "000000010000000cfffffffe"
            "0000000200000010fffffffffffffffe"
            "000000030000000c3f800000"
            "00000004000000103ff0000000000000"
            "00000005000000108000000000000001");
}

TEST(Writer, WritesAMessageWithGroups) {
  std::array<std::byte, 128> space{};
  writer out{space};

  out.begin_message({.flags = command_flags::request | command_flags::proxiable,
                     .command = commands::credit_control,
                     .application = application_id{4},
                     .hop_by_hop = {0x11223344U},
                     .end_to_end = {0x55667788U}});
  const std::size_t outer = out.begin_group(avp_code{456}, ietf_vendor, m_bit);
  const std::size_t inner = out.begin_group(avp_code{437}, ietf_vendor, m_bit);
  out.text(avp_code{1}, ietf_vendor, m_bit, "abc");
  out.end_group(inner);
  out.end_group(outer);
  const bytes_view message = out.finish();

  const octets expected =
      test::message_builder{commands::credit_control, application_id{4},
                            command_flags::request | command_flags::proxiable}
          .group(avp_code{456},
                 avp_builder{}.group(avp_code{437}, avp_builder{}.avp(avp_code{1}, "abc")))
          .build();
  EXPECT_EQ(hex(message), hex(expected));
}

TEST(Writer, LeavesOutWholeWhatDoesNotFitAndAllAfterIt) {
  std::array<std::byte, 40> space{};
  writer out{space};
  out.begin_message({});
  out.text(avp_code{1}, ietf_vendor, m_bit, "abcd");

  out.text(avp_code{2}, ietf_vendor, m_bit, "a");   // 12 octets where 8 are left
  out.octets(avp_code{3}, ietf_vendor, m_bit, {});  // would fit

  EXPECT_TRUE(out.overflowed());
  EXPECT_EQ(out.size(), 32U);
  EXPECT_TRUE(out.finish().empty());
}

TEST(Writer, NeverWritesPastItsSpanWhateverItsSize) {
  const octets part = avp_builder{}.avp(avp_code{9}, "xyz").list();
  for (std::size_t size = 0; size <= 100; ++size) {
    std::vector<std::byte> space(size);  // exact, so that the sanitizer sees an octet too many
    writer out{space};
    header h;
    h.command = commands::credit_control;
    out.begin_message(h);
    const std::size_t group = out.begin_group(avp_code{1}, tgpp, 0);
    out.text(avp_code{2}, ietf_vendor, 0, "abcde");
    out.copy(*avp_range{part}.begin());
    out.end_group(group);
    out.encoded(part);
    const bytes_view message = out.finish();

    const bool fits = size >= 20 + 12 + 16 + 12 + 12;
    EXPECT_EQ(out.overflowed(), !fits) << size;
    EXPECT_EQ(message.size(), fits ? 72U : 0U) << size;
    EXPECT_EQ(fits, check_message(message).has_value()) << size;
  }
}

TEST(Writer, TakesWhatTheLengthOfAMessageCanSay) {  // RFC 6733 §3, §4.1: 24 bits
  std::vector<std::byte> space(std::size_t{1} << 25U);
  constexpr std::size_t most = max_message_octets / 4 * 4;
  {
    writer out{space};
    EXPECT_TRUE(out.reserve(avp_code{1}, ietf_vendor, 0, most - avp_header_octets + 1).empty());
    EXPECT_TRUE(out.overflowed());
  }
  {
    writer out{space};
    EXPECT_FALSE(out.reserve(avp_code{1}, ietf_vendor, 0, most - avp_header_octets).empty());
    EXPECT_EQ(out.size(), most);
  }
  {
    writer out{space};
    out.begin_message({});
    const std::size_t group = out.begin_group(avp_code{1}, ietf_vendor, 0);
    out.octets(avp_code{2}, ietf_vendor, 0, std::vector<std::byte>(most / 2));
    EXPECT_FALSE(out.overflowed());
    out.octets(avp_code{3}, ietf_vendor, 0, std::vector<std::byte>(most / 2));
    out.end_group(group);
    EXPECT_TRUE(out.overflowed());
    EXPECT_TRUE(out.finish().empty());
  }
}

TEST(Writer, WritesVForVendor0WhereItIsTold) {  // RFC 6733 §4.1: no sender should
  std::array<std::byte, 16> space{};
  writer out{space};

  std::byte* const data = out.reserve_as(avp_code{1}, ietf_vendor, avp_flags::vendor, 4);

  ASSERT_NE(data, nullptr);
  store_be32(data, 7);
  EXPECT_EQ(hex(out.written()), "00000001800000100000000000000007");
}

TEST(Writer, CopiesUnknownAvpsWithFlagsAndVendor) {
  const octets in = avp_builder{}
                        .avp(avp_code{77}, vendor_id{42}, 0x7f, as_bytes("abc"))
                        .avp(avp_code{78}, ietf_vendor, 0x3f, as_bytes("d"))
                        .list();
  std::vector<std::byte> space(in.size());
  writer out{space};

  for (const avp_view avp : avp_range{in}) {
    out.copy(avp);
  }

  EXPECT_EQ(hex(out.written()), hex(in));
}

TEST(Writer, RewindsAndKeepsItsOverflow) {
  std::array<std::byte, 24> space{};
  writer out{space};
  out.unsigned32(avp_code{1}, ietf_vendor, 0, 1);
  const std::size_t mark = out.size();
  out.unsigned32(avp_code{2}, ietf_vendor, 0, 2);

  out.rewind(mark);
  EXPECT_EQ(out.size(), 12U);
  out.text(avp_code{3}, ietf_vendor, 0, "too much data");
  out.rewind(0);

  EXPECT_TRUE(out.overflowed());
}

TEST(Writer, AllocatesNothing) {
  ASSERT_TRUE(allocation_counting_works());
  std::array<std::byte, 256> space{};
  const allocation_counts before = thread_allocations();

  writer out{space};
  out.begin_message({});
  out.text(avps::session_id, ietf_vendor, m_bit, "a;b");
  const std::size_t group = out.begin_group(avp_code{1}, ietf_vendor, 0);
  out.unsigned64(avp_code{2}, tgpp, 0, 5);
  out.end_group(group);
  const bytes_view message = out.finish();

  EXPECT_EQ((thread_allocations() - before).calls, 0U);
  EXPECT_FALSE(message.empty());
}

TEST(MessageView, FindsByCodeAndVendor) {
  const octets in = test::message_builder{commands::credit_control}
                        .avp(avps::session_id, tgpp, 0, as_bytes("vendor's"))
                        .avp(avps::session_id, "first")
                        .avp(avps::session_id, "second")
                        .build();
  const message_view view = *check_message(in);

  EXPECT_EQ(as_text(view.find(avps::session_id)->data), "first");
  EXPECT_EQ(as_text(view.find(avps::session_id, tgpp)->data), "vendor's");
  EXPECT_FALSE(view.find(avps::session_id, vendor_id{1}));
}

TEST(MessageView, PatchesIdentifiersInPlace) {
  octets in = test::message_builder{commands::credit_control}.build();

  patch_hop_by_hop(in, {7});
  patch_end_to_end(in, {8});

  EXPECT_EQ(message_view{in}.hop_by_hop(), hop_by_hop_id{7});
  EXPECT_EQ(message_view{in}.end_to_end(), end_to_end_id{8});
}

}  // namespace
}  // namespace diamgw::diameter
