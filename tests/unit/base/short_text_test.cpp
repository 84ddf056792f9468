#include "diamgw/base/short_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace diamgw {
namespace {

TEST(ShortText, IsTheSameWhereEveryOctetIs) {
  for (std::size_t n = 0; n <= 70; ++n) {
    const std::string text(n, 'x');
    const std::string copy = text;
    EXPECT_TRUE(same_short_text(text, copy)) << n;
    EXPECT_EQ(hash_short_text(text), hash_short_text(copy)) << n;
    EXPECT_FALSE(same_short_text(text, text + 'x')) << n;
    for (std::size_t i = 0; i < n; ++i) {
      std::string other = text;
      other[i] = 'y';
      EXPECT_FALSE(same_short_text(text, other)) << n << ", " << i;
    }
  }
}

TEST(ShortText, HasAHashOfItsLengthAndBothEnds) {
  EXPECT_NE(hash_short_text("CC-Time"), hash_short_text("CC-Tine"));
  EXPECT_NE(hash_short_text("Session-Id"), hash_short_text("Session-Ie"));
  EXPECT_NE(hash_short_text("ab"), hash_short_text("ba"));
  EXPECT_NE(hash_short_text("a"), hash_short_text("aa"));
}

}  // namespace
}  // namespace diamgw
