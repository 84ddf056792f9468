#include "diamgw/transport/http_query.hpp"

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace diamgw::transport {
namespace {

TEST(HttpQuery, DecodesPercentSigns) {
  struct row {
    const char* rule;
    std::string_view text;
    std::optional<std::string> decoded;
  };
  const std::array<row, 9> rows{{
      {"nothing to decode", "gw.example;1;2", "gw.example;1;2"},
      {"empty", "", ""},
      {"RFC 3986 §2.1: either case of digits", "a%3bb%3Bc", "a;b;c"},
      {"an octet that is no text", "%00%ff", std::string("\0\xff", 2)},
      {"the plus sign is itself", "a+b", "a+b"},
      {"decoded once only", "%2541", "%41"},
      {"no digits", "a%", std::nullopt},
      {"one digit", "a%4", std::nullopt},
      {"no hexadecimal digit", "a%4g", std::nullopt},
  }};
  for (const row& r : rows) {
    EXPECT_EQ(decode_percent(r.text), r.decoded) << r.rule;
  }
}

TEST(HttpQuery, FindsAField) {
  struct row {
    std::string_view query;
    std::optional<std::string_view> value;
  };
  const std::array<row, 8> rows{{
      {"id=a", "a"},
      {"x=1&id=a&id=b", "a"},
      {"id=a=b", "a=b"},
      {"id=", ""},
      {"xid=a&ids=b", std::nullopt},
      {"id", std::nullopt},
      {"", std::nullopt},
      {"&&id=a&", "a"},
  }};
  for (const row& r : rows) {
    EXPECT_EQ(find_query_field(r.query, "id"), r.value) << r.query;
  }
}

}  // namespace
}  // namespace diamgw::transport
