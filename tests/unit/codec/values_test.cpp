#include "diamgw/codec/values.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>

#include "diamgw/base/hex.hpp"
#include "support/message_builder.hpp"

namespace diamgw::diameter {
namespace {

using dictionary::avp_type;
using test::octets;

octets from(std::string_view hex) {
  return from_hex(hex).value();
}

TEST(Values, DecodeFixedLengthTypes) {
  EXPECT_EQ(*decode_unsigned32(from("80000001")), 0x80000001U);
  EXPECT_EQ(*decode_unsigned64(from("8000000000000001")), 0x8000000000000001U);
  EXPECT_EQ(*decode_integer32(from("80000000")), std::numeric_limits<std::int32_t>::min());
  EXPECT_EQ(*decode_integer64(from("ffffffffffffffff")), -1);
  EXPECT_EQ(*decode_float32(from("3f800000")), 1.0F);
  EXPECT_EQ(*decode_float64(from("bff0000000000000")), -1.0);
  EXPECT_TRUE(std::isnan(*decode_float32(from("7fc00000"))));
}

TEST(Values, RefuseEveryOtherLength) {
  for (std::size_t n = 0; n <= 9; ++n) {
    const octets data(n);
    EXPECT_EQ(decode_unsigned32(data).has_value(), n == 4) << n;
    EXPECT_EQ(decode_integer32(data).has_value(), n == 4) << n;
    EXPECT_EQ(decode_float32(data).has_value(), n == 4) << n;
    EXPECT_EQ(decode_time(data).has_value(), n == 4) << n;
    EXPECT_EQ(decode_unsigned64(data).has_value(), n == 8) << n;
    EXPECT_EQ(decode_integer64(data).has_value(), n == 8) << n;
    EXPECT_EQ(decode_float64(data).has_value(), n == 8) << n;
  }
  EXPECT_EQ(decode_unsigned32({}).error(), make_error_code(errc::value_length));
}

TEST(Address, IsTextAndBack) {
  struct row {
    std::string_view data;
    std::string_view text;
  };
  const row rows[] = {
      {"0001c0000201", "192.0.2.1"},
      {"000220010db8000000000000000000000001", "2001:db8::1"},
      {"000200000000000000000000000000000000", "::"},
      {"000200000000000000000000ffffc0000201", "::ffff:192.0.2.1"},
      {"000834393330313233343536", "e164:4930123456"},  // family 8
      {"00083439ff", "family:8:3439ff"},                // not digits
      {"0008", "family:8:"},
      {"400500ff", "family:16389:00ff"},  // 48-bit MAC's family, cut short
      {"0000", "family:0:"},
  };
  for (const row& r : rows) {
    const octets data = from(r.data);
    const auto a = decode_address(data);
    ASSERT_TRUE(a.has_value()) << r.text;
    std::string space(max_address_text(*a), '\0');
    EXPECT_EQ(format_address(*a, space), r.text);
    octets out(max_address_data(r.text));
    const auto back = parse_address(r.text, out);
    ASSERT_TRUE(back.has_value()) << r.text;
    EXPECT_EQ(to_hex(*back), r.data) << r.text;
  }
}

TEST(Address, RefusesDataThatItsFamilyCannotBe) {
  EXPECT_EQ(decode_address({}).error(), make_error_code(errc::value_length));
  EXPECT_EQ(decode_address(from("00")).error(), make_error_code(errc::value_length));
  for (const std::string_view hex : {"0001", "0001c00002", "0001c000020100", "0002c0000201"}) {
    EXPECT_EQ(decode_address(from(hex)).error(), make_error_code(errc::value_address)) << hex;
  }
}

TEST(Address, RefusesTextThatIsNoAddress) {
  for (const std::string_view text :
       {"", "192.0.2", "192.0.2.256", "2001:db8", "e164:", "e164:49x", "family:", "family:1",
        "family:1:c00002", "family:70000:00", "family:3:0", "family:3:0g", "family:-1:00",
        "a.example", "192.0.2.1 ", "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000"}) {
    octets out(max_address_data(text));
    EXPECT_FALSE(parse_address(text, out).has_value()) << text;
  }
  octets out(64);
  EXPECT_FALSE(parse_address(std::string_view{"192.0.2.1\0x", 11}, out).has_value());
}

TEST(Address, FormatsNothingIntoTooLittleRoom) {
  for (const std::string_view hex : {"0001c0000201", "000834393330", "00090102030405"}) {
    const octets data = from(hex);
    const auto a = decode_address(data);
    for (std::size_t n = 0; n < 8; ++n) {
      std::string space(n, '\0');
      EXPECT_EQ(format_address(*a, space), "");
    }
  }
}

TEST(Time, RunsThrough2036) {
  struct row {
    std::uint32_t ntp;
    std::string_view text;
  };
  const row rows[] = {
      {0x80000000U, "1968-01-20T03:14:08Z"},  // the first of era 0 that bit 0 tells
      {2'208'988'800U, "1970-01-01T00:00:00Z"},
      {0xffffffffU, "2036-02-07T06:28:15Z"},
      {0, "2036-02-07T06:28:16Z"},  // §4.3.1: "6h 28m 16s UTC, 7 February 2036"
      {1, "2036-02-07T06:28:17Z"},
      {0x7fffffffU, "2104-02-26T09:42:23Z"},
  };
  for (const row& r : rows) {
    const auto t = decode_time(test::be32_octets(r.ntp));
    ASSERT_TRUE(t.has_value());
    const auto text = format_time(*t);
    EXPECT_EQ(std::string_view(text.data(), text.size()), r.text);
    const auto parsed = parse_time(r.text);
    ASSERT_TRUE(parsed.has_value()) << r.text;
    EXPECT_EQ(*encode_time(*parsed), r.ntp) << r.text;
  }
}

TEST(Time, ReadsWhatRfc3339Allows) {
  const auto expected = *parse_time("2026-03-01T00:30:00Z");
  for (const std::string_view text :
       {"2026-03-01T01:30:00+01:00", "2026-02-28T23:00:00-01:30", "2026-03-01t00:30:00z",
        "2026-03-01T00:30:00.999Z", "2026-02-28T23:59:60+23:29", "2026-03-01T00:30:00-00:00"}) {
    const auto t = parse_time(text);
    ASSERT_TRUE(t.has_value()) << text;
    EXPECT_LE(std::chrono::abs(*t - expected), std::chrono::minutes{1441}) << text;
  }
  EXPECT_EQ(*parse_time("2026-03-01T01:30:00+01:00"), expected);
  EXPECT_EQ(*parse_time("2026-02-28T23:00:00-01:30"), expected);
  EXPECT_EQ(*parse_time("2026-03-01T00:30:00.999Z"), expected);
  EXPECT_EQ(*parse_time("2016-12-31T23:59:60Z"), *parse_time("2017-01-01T00:00:00Z"));
}

TEST(Time, RefusesWhatIsNoTimeOrOutsideIts136Years) {
  for (const std::string_view text :
       {"", "2026", "2026-03-01", "2026-03-01T00:30:00", "2026-02-30T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01T00:60:00Z",
        "2026-03-01T00:00:61Z", "2026-03-01T00:00:00.Z", "2026-03-01T00:00:00+1:00",
        "2026-03-01T00:00:00Zx", "2026-03-01 00:00:00Z", "1968-01-20T03:14:07Z",
        "2104-02-26T09:42:24Z", "20x6-03-01T00:00:00Z", "0000-01-01T00:00:00Z"}) {
    EXPECT_EQ(parse_time(text).error(), make_error_code(errc::value_time)) << text;
  }
}

TEST(Utf8, IsWhatRfc3629Says) {
  for (const std::string_view hex :
       {"", "41", "c3a4", "e282ac", "f09f9880", "f48fbfbf", "ed9fbf", "ee8080", "c280", "e0a080",
        "f0908080", "4141414141414141c3a44141414141414141"}) {
    EXPECT_TRUE(is_utf8(from(hex))) << hex;
  }
  for (const std::string_view hex : {"80",
                                     "bf",
                                     "c0af",
                                     "c1bf",
                                     "c3",
                                     "c341",
                                     "e28241",
                                     "e282",
                                     "e08080",
                                     "e09fbf",
                                     "eda080",
                                     "edbfbf",
                                     "f0808080",
                                     "f08fbfbf",
                                     "f4908080",
                                     "f5808080",
                                     "ff",
                                     "fe",
                                     "f09f98",
                                     "414141414141414180",
                                     "41414141414141c3"}) {
    EXPECT_FALSE(is_utf8(from(hex))) << hex;
  }
}

TEST(DiameterIdentity, IsAHostOrRealmName) {
  const std::string label63(63, 'a');
  for (const std::string& text :
       {std::string{"a"}, std::string{"gw.example"},
        std::string{"epc.mnc001.mcc262.3gppnetwork.org"}, std::string{"under_score.example"},
        std::string{"9.example"}, label63 + ".b"}) {
    EXPECT_TRUE(is_diameter_identity(text)) << text;
  }
  for (const std::string& text :
       {std::string{}, std::string{"."}, std::string{".a"}, std::string{"a."}, std::string{"a..b"},
        std::string{"a b"}, std::string{"a/b"},
        std::string{"b\xc3\xbc"
                    "cher"},
        std::string{"a\0b", 3}, label63 + "a",
        label63 + "." + label63 + "." + label63 + "." + label63 + ".a"}) {
    EXPECT_FALSE(is_diameter_identity(text)) << text;
  }
}

TEST(DiameterIdentity, IsLookedAtInAllItsOctets) {
  const std::string others = std::string{"@[`{/:,^ \x7f\x80\xff"} + '\0';
  for (std::size_t size = 1; size <= 63; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      std::string text(size, 'm');
      for (const char good : {'a', 'z', 'A', 'Z', '0', '9', '-', '_'}) {
        text[at] = good;
        ASSERT_TRUE(is_diameter_identity(text)) << text;
      }
      for (const char bad : others) {
        text[at] = bad;
        ASSERT_FALSE(is_diameter_identity(text)) << size << " at " << at;
      }
      text[at] = '.';
      ASSERT_EQ(is_diameter_identity(text), at != 0 && at != size - 1) << text;
      text[size - 1 - at] = '.';  // two dots, where it is not the same
      const std::size_t apart = at > size - 1 - at ? 2 * at + 1 - size : size - 1 - 2 * at;
      ASSERT_EQ(is_diameter_identity(text), at != 0 && at != size - 1 && apart != 1) << text;
    }
    for (std::size_t at = 0; at + 1 < size; ++at) {
      std::string text(size, 'm');
      text[at] = text[at + 1] = '.';
      ASSERT_FALSE(is_diameter_identity(text)) << text;
    }
  }
}

TEST(DiameterUri, HasItsDefaults) {
  using transport = diameter_uri::transport_kind;
  using protocol = diameter_uri::protocol_kind;

  const auto plain = parse_diameter_uri("aaa://host.example.com");
  const auto secure = parse_diameter_uri("aaas://host.example.com");
  const auto full = parse_diameter_uri("aaa://host.example.com:1813;transport=udp;protocol=radius");
  const auto sctp = parse_diameter_uri("aaa://host.example.com:6666;transport=sctp");
  const auto protocol_only = parse_diameter_uri("aaa://host.example.com;protocol=diameter");

  ASSERT_TRUE(plain && secure && full && sctp && protocol_only);
  EXPECT_EQ(plain->port, 3868);
  EXPECT_EQ(plain->fqdn, "host.example.com");
  EXPECT_EQ(plain->transport, transport::tcp);
  EXPECT_EQ(plain->protocol, protocol::diameter);
  EXPECT_FALSE(plain->secure);
  EXPECT_EQ(secure->port, 5868);
  EXPECT_TRUE(secure->secure);
  EXPECT_EQ(full->port, 1813);
  EXPECT_EQ(full->transport, transport::udp);
  EXPECT_EQ(full->protocol, protocol::radius);
  EXPECT_EQ(sctp->transport, transport::sctp);
  EXPECT_EQ(sctp->port, 6666);
  EXPECT_EQ(protocol_only->port, 3868);
}

TEST(DiameterUri, RefusesTheRest) {
  for (const std::string_view text : {"",
                                      "aaa://",
                                      "aaa:host",
                                      "http://host",
                                      "host.example",
                                      "aaa://:3868",
                                      "aaa://host:",
                                      "aaa://host:0",
                                      "aaa://host:65536",
                                      "aaa://host:x",
                                      "aaa://host:38 68",
                                      "aaa://host;transport=",
                                      "aaa://host;transport=quic",
                                      "aaa://host;protocol=http",
                                      "aaa://host;transport=udp",
                                      "aaa://host;transport=udp;protocol=diameter",
                                      "aaa://host;protocol=radius;transport=udp",
                                      "aaa://host;x=y",
                                      "aaa://host/path",
                                      "AAA//host",
                                      "aaa://ho st"}) {
    EXPECT_FALSE(parse_diameter_uri(text).has_value()) << text;
  }
}

TEST(CheckValue, NamesTheFaultOfEachType) {
  struct row {
    avp_type type;
    std::string_view hex;
    std::optional<errc> expected;
  };
  const row rows[] = {
      {avp_type::octet_string, "", std::nullopt},
      {avp_type::integer32, "000000", errc::value_length},
      {avp_type::integer64, "00000000", errc::value_length},
      {avp_type::unsigned32, "00000000", std::nullopt},
      {avp_type::unsigned64, "000000000000000000", errc::value_length},
      {avp_type::float32, "", errc::value_length},
      {avp_type::float64, "0000000000000000", std::nullopt},
      {avp_type::grouped, "00", std::nullopt},
      {avp_type::address, "00", errc::value_length},
      {avp_type::address, "0001", errc::value_address},
      {avp_type::time, "0000", errc::value_length},
      {avp_type::utf8_string, "ff", errc::value_utf8},
      {avp_type::utf8_string, "", std::nullopt},
      {avp_type::diameter_identity, "", errc::value_identity},
      {avp_type::diameter_uri, "616161", errc::value_uri},
      {avp_type::enumerated, "0000000000", errc::value_length},
      {avp_type::ip_filter_rule, "20", errc::value_filter_rule},
      {avp_type::qos_filter_rule, "20", std::nullopt},
  };
  for (const row& r : rows) {
    EXPECT_EQ(check_value(r.type, from(r.hex)), r.expected)
        << dictionary::to_string(r.type) << " " << r.hex;
  }
}

}  // namespace
}  // namespace diamgw::diameter
