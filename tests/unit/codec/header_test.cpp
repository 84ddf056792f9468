#include "diamgw/codec/header.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace diamgw::diameter {
namespace {

// RFC 6733 §3: version, length, flags, command, application, hop-by-hop, end-to-end.
constexpr std::array<unsigned char, 20> octets_of_a_request{
    1, 0x01, 0x02, 0x03, 0xc0, 0x00, 0x01, 0x10, 0,    0,
    0, 4,    0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88};

TEST(Header, IsWrittenAsTheRfcDrawsIt) {
  const header h{.flags = command_flags::request | command_flags::proxiable,
                 .command = command_code{272},
                 .application = application_id{4},
                 .hop_by_hop = hop_by_hop_id{0x11223344},
                 .end_to_end = end_to_end_id{0x55667788}};

  const auto written = h.encode(0x010203);

  EXPECT_TRUE(std::ranges::equal(written, std::as_bytes(std::span{octets_of_a_request})));
}

TEST(Header, OfAMessageIsWrittenBackAsItCame) {
  const auto octets = std::as_bytes(std::span{octets_of_a_request});

  const auto written = header_of(message_view{octets}).encode(0x010203);

  EXPECT_TRUE(std::ranges::equal(written, octets));
}

}  // namespace
}  // namespace diamgw::diameter
