#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "diamgw/codec/writer.hpp"
#include "diamgw/jsonrpc/encoder.hpp"
#include "support/jsonrpc_recorder.hpp"

namespace diamgw::jsonrpc::testing {
namespace {

std::string to_json(bytes_view avps, form how) {
  std::vector<std::byte> room(avps.size() * 40 + 64);
  return std::string{encode_avps(diameter::avp_range{avps}, how, names(), room)};
}

/// One vendor AVP of the test dictionary's around some data.
std::vector<std::byte> wrap(std::string_view name, std::string_view data_hex) {
  const dictionary::avp_definition& d = *names().find_avp(name);
  const auto data = from_hex(data_hex).value();
  std::vector<std::byte> room(data.size() + 16);
  diameter::writer w{room};
  w.octets(d.code, d.vendor,
           d.mandatory == dictionary::flag_rule::must ? diameter::avp_flags::mandatory : 0, data);
  room.resize(w.size());
  return room;
}

struct value_row {
  std::string_view avp;
  std::string_view json;
  std::string_view data;  // hexadecimal
};

void PrintTo(const value_row& r, std::ostream* out) {
  *out << r.avp << ' ' << r.json;
}

class Value : public ::testing::TestWithParam<value_row> {};

TEST_P(Value, GoesToTheWireAndBack) {
  const value_row& r = GetParam();
  const auto avp = wrap(r.avp, r.data);

  EXPECT_EQ(avps_of("{\"" + std::string{r.avp} + "\":" + std::string{r.json} + "}"), to_hex(avp));
  EXPECT_EQ(to_json(avp, form::object),
            "{\"" + std::string{r.avp} + "\":" + std::string{r.json} + "}");
  EXPECT_EQ(avps_of(to_json(avp, form::list)), to_hex(avp));
}

constexpr value_row both_ways[] = {
    // RFC 6733 §4.2.1 OctetString
    {"T-Octets", R"("")", ""},
    {"T-Octets", R"("00ff10")", "00ff10"},
    {"T-Octets", R"("0011223344")", "0011223344"},
    // §4.2.2 Integer32
    {"T-Int32", "0", "00000000"},
    {"T-Int32", "-1", "ffffffff"},
    {"T-Int32", "2147483647", "7fffffff"},
    {"T-Int32", "-2147483648", "80000000"},
    // §4.2.3 Integer64
    {"T-Int64", R"("-9223372036854775808")", "8000000000000000"},
    {"T-Int64", R"("9223372036854775807")", "7fffffffffffffff"},
    // §4.2.4 Unsigned32
    {"T-Uint32", "4294967295", "ffffffff"},
    {"Result-Code", "2001", "000007d1"},  // named, but a number all the same
    // §4.2.5 Unsigned64
    {"T-Uint64", R"("0")", "0000000000000000"},
    {"T-Uint64", R"("18446744073709551615")", "ffffffffffffffff"},
    {"T-Uint64", R"("9007199254740993")", "0020000000000001"},  // 2^53 + 1
    // §4.2.6 Float32
    {"T-Float32", "1.5", "3fc00000"},
    {"T-Float32", "-0", "80000000"},
    {"T-Float32", "0.1", "3dcccccd"},
    {"T-Float32", "1e-45", "00000001"},
    {"T-Float32", "3.4028235e+38", "7f7fffff"},
    {"T-Float32", R"("NaN")", "7fc00000"},
    {"T-Float32", R"({"hex":"7fc00001"})", "7fc00001"},
    {"T-Float32", R"("Infinity")", "7f800000"},
    {"T-Float32", R"("-Infinity")", "ff800000"},
    // §4.2.7 Float64
    {"T-Float64", "0.1", "3fb999999999999a"},
    {"T-Float64", "5e-324", "0000000000000001"},
    {"T-Float64", "1.7976931348623157e+308", "7fefffffffffffff"},
    {"T-Float64", "1", "3ff0000000000000"},
    {"T-Float64", R"("NaN")", "7ff8000000000000"},
    {"T-Float64", R"({"hex":"fff8000000000000"})", "fff8000000000000"},
    // §4.3.1 Address
    {"T-Address", R"("192.0.2.1")", "0001c0000201"},
    {"T-Address", R"("2001:db8::1")", "000220010db8000000000000000000000001"},
    {"T-Address", R"("e164:4930123456")", "000834393330313233343536"},
    {"T-Address", R"("family:16389:00ff")", "400500ff"},
    {"T-Address", R"({"hex":"0001c00002"})", "0001c00002"},
    {"T-Address", R"({"hex":"00"})", "00"},
    // §4.3.1 Time, both eras
    {"T-Time", R"("1968-01-20T03:14:08Z")", "80000000"},
    {"T-Time", R"("2036-02-07T06:28:15Z")", "ffffffff"},
    {"T-Time", R"("2036-02-07T06:28:16Z")", "00000000"},
    {"T-Time", R"("2104-02-26T09:42:23Z")", "7fffffff"},
    {"T-Time", R"({"hex":"7fffff"})", "7fffff"},
    // §4.3.1 UTF8String
    {"T-Text", R"("")", ""},
    {"T-Text", R"("a\"\\\n\u0000é😀")", "61225c0a00c3a9f09f9880"},
    {"T-Text", R"({"hex":"61ff"})", "61ff"},
    {"T-Text", R"({"hex":"eda080"})", "eda080"},
    // §4.3.1 DiameterIdentity
    {"T-Identity", R"("ocs.example")", "6f63732e6578616d706c65"},
    {"T-Identity", R"({"hex":"612062"})", "612062"},
    {"T-Identity", R"({"hex":""})", ""},
    // §4.3.1 DiameterURI, with and without a port
    {"T-Uri", R"("aaa://a.example")", "6161613a2f2f612e6578616d706c65"},
    {"T-Uri", R"("aaa://a:1;transport=tcp")", "6161613a2f2f613a313b7472616e73706f72743d746370"},
    {"T-Uri", R"({"hex":"61"})", "61"},
    // §4.3.1 Enumerated
    {"T-Enum", R"("ZERO")", "00000000"},
    {"T-Enum", R"("MINUS_ONE")", "ffffffff"},
    {"T-Enum", "17", "00000011"},
    {"T-Enum", R"({"hex":"000001"})", "000001"},
    // §4.3.1 IPFilterRule
    {"T-Filter", R"("permit in ip from any to any")",
     "7065726d697420696e2069702066726f6d20616e7920746f20616e79"},
    {"T-Filter", R"({"hex":"ff"})", "ff"},
    // data that is not of its type's length
    {"T-Int32", R"({"hex":"0000"})", "0000"},
    {"T-Int64", R"({"hex":"00000000"})", "00000000"},
    {"T-Uint64", R"({"hex":""})", ""},
    // §4.4 Grouped
    {"T-Group", "{}", ""},
    {"T-Group", R"({"T-Octets":"ab","Origin-Host":"a"})",
     "000000018000000d0000270fab000000000001084000000961000000"},
    {"T-Group", R"({"hex":"0102"})", "0102"},
    {"T-Group", R"({"hex":"0000000180000030"})", "0000000180000030"},
};
INSTANTIATE_TEST_SUITE_P(BothWays, Value, ::testing::ValuesIn(both_ways));

TEST(ValueInput, TakesOtherSpellingsOfTheSame) {
  const value_row rows[] = {
      {"T-Octets", R"("ABcd")", "abcd"},
      {"T-Octets", R"({"text":"a\u0062"})", "6162"},
      {"T-Octets", R"({"hex":"6162"})", "6162"},
      {"T-Int64", "-5", "fffffffffffffffb"},
      {"T-Uint64", "18446744073709551615", "ffffffffffffffff"},
      {"T-Float64", "1e3", "408f400000000000"},
      {"T-Float64", "-0.0", "8000000000000000"},
      {"T-Float32", R"({"hex":"00000000"})", "00000000"},
      {"T-Time", R"("2036-02-07T07:28:16+01:00")", "00000000"},
      {"T-Enum", "0", "00000000"},
      {"Result-Code", R"("DIAMETER_SUCCESS")", "000007d1"},
      {"T-Text", R"("\u00e9\ud83d\ude00")", "c3a9f09f9880"},
      {"T-Address", R"("2001:DB8:0:0:0:0:0:1")", "000220010db8000000000000000000000001"},
      {"T-Uint32", R"({"hex":"00000001"})", "00000001"},
  };
  for (const value_row& r : rows) {
    EXPECT_EQ(avps_of("{\"" + std::string{r.avp} + "\":" + std::string{r.json} + "}"),
              to_hex(wrap(r.avp, r.data)))
        << r.avp << r.json;
  }
}

TEST(ValueInput, RefusesWhatIsNotOfTheType) {
  const std::pair<std::string_view, std::string_view> rows[] = {
      {"T-Octets", R"("abc")"},
      {"T-Octets", R"("zz")"},
      {"T-Octets", "5"},
      {"T-Octets", R"({"text":5})"},
      {"T-Octets", R"({"text":"a","hex":"00"})"},
      {"T-Octets", "{}"},
      {"T-Octets", "true"},
      {"T-Octets", "null"},
      {"T-Int32", "2147483648"},
      {"T-Int32", "1.0"},
      {"T-Int32", R"("5")"},
      {"T-Int32", R"({"text":"abcd"})"},
      {"T-Int64", "9223372036854775808"},
      {"T-Int64", R"("9223372036854775808")"},
      {"T-Int64", R"("")"},
      {"T-Int64", R"("5 ")"},
      {"T-Int64", R"("+5")"},
      {"T-Int64", "1e2"},
      {"T-Uint32", "4294967296"},
      {"T-Uint32", "-1"},
      {"T-Uint32", "18446744073709551616"},
      {"T-Uint32", R"("1")"},
      {"T-Uint64", "18446744073709551616"},
      {"T-Uint64", "-1"},
      {"T-Float32", "1e39"},
      {"T-Float64", "1e400"},
      {"T-Float64", R"("nan")"},
      {"T-Float64", R"("1.5")"},
      {"T-Address", R"("300.0.0.1")"},
      {"T-Address", R"("")"},
      {"T-Time", R"("1968-01-20T03:14:07Z")"},
      {"T-Time", R"("2104-02-26T09:42:24Z")"},
      {"T-Time", R"("2024-02-30T00:00:00Z")"},
      {"T-Time", "5"},
      {"T-Text", "5"},
      {"T-Identity", R"("a b")"},
      {"T-Identity", R"("")"},
      {"T-Uri", R"("http://a")"},
      {"T-Enum", R"("TWO")"},
      {"T-Enum", "2147483648"},
      {"T-Filter", R"("permit")"},
      {"T-Group", R"("00")"},
      {"T-Group", "5"},
      {"T-Group", R"({"hex":"0"})"},
      {"T-Octets", R"([["00"]])"},
  };
  for (const auto& [avp, json] : rows) {
    const std::string said = avps_of("{\"" + std::string{avp} + "\":" + std::string{json} + "}");
    EXPECT_TRUE(said.starts_with("refused call 1 -32602 5004 params." + std::string{avp}))
        << avp << json << said;
  }
}

}  // namespace
}  // namespace diamgw::jsonrpc::testing
