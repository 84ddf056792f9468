#include <gtest/gtest.h>

#include <array>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/base/hex.hpp"
#include "diamgw/base/nearest.hpp"

namespace diamgw {
namespace {

TEST(Bytes, StoresAndLoadsNetworkByteOrder) {
  std::array<std::byte, 8> octets{};

  store_be64(octets.data(), 0x0102030405060708U);

  EXPECT_EQ(to_hex(octets), "0102030405060708");
  EXPECT_EQ(load_be64(octets.data()), 0x0102030405060708U);
  EXPECT_EQ(load_be32(octets.data() + 2), 0x03040506U);
  EXPECT_EQ(load_be24(octets.data() + 1), 0x020304U);
  EXPECT_EQ(load_be16(octets.data() + 6), 0x0708U);
}

TEST(Bytes, StoresTheLow24Bits) {
  std::array<std::byte, 3> octets{};

  store_be24(octets.data(), 0xff010203U);

  EXPECT_EQ(to_hex(octets), "010203");
}

TEST(Hex, RefusesWrongDigitsAndOddCounts) {
  EXPECT_FALSE(from_hex("0g").has_value());
  EXPECT_FALSE(from_hex("012").has_value());
  EXPECT_EQ(to_hex(from_hex("00fFA5").value()), "00ffa5");
}

TEST(Nearest, CountsEditsWithoutCase) {
  EXPECT_EQ(edit_distance("Sesion-Id", "Session-Id", 3), 1U);
  EXPECT_EQ(edit_distance("session-id", "Session-Id", 3), 0U);
  EXPECT_EQ(edit_distance("Sessoin-Id", "Session-Id", 3), 1U);
  EXPECT_EQ(edit_distance("Origin-Host", "Result-Code", 3), 4U);
}

TEST(Nearest, ProposesOnlyWhatIsNear) {
  constexpr std::array<std::string_view, 3> names{"Origin-Host", "Origin-Realm", "Session-Id"};

  EXPECT_EQ(find_nearest("Orgin-Host", names), "Origin-Host");
  EXPECT_EQ(find_nearest("Multiple-Services", names), "");
}

}  // namespace
}  // namespace diamgw
