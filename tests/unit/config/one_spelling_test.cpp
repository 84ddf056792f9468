#include "config/one_spelling.hpp"

#include <gtest/gtest.h>

namespace diamgw::config {
namespace {

TEST(OneSpelling, IsThatOfTheSameHost) {
  const struct {
    const char* text;
    const char* spelled;
  } rows[] = {
      {"192.0.2.1", "192.0.2.1"},
      {"2001:DB8:0::1", "2001:db8::1"},
      {"0:0:0:0:0:0:0:1", "::1"},
      {"::ffff:192.0.2.1", "192.0.2.1"},
      {"::FFFF:C000:0201", "192.0.2.1"},
      {"OCS.example", "ocs.example"},
      {"", ""},
  };

  for (const auto& r : rows) {
    EXPECT_EQ(one_spelling(r.text), r.spelled) << r.text;
  }
}

}  // namespace
}  // namespace diamgw::config
