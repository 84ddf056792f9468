#include "jsonrpc/plain_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace diamgw::jsonrpc {
namespace {

// Of every length up to some words, and with each kind of other octet at every place.
TEST(CopyPlain, TellsPlainTextFromOther) {
  for (std::size_t size = 0; size < 70; ++size) {
    const std::string plain(size, '~');
    std::vector<char> copy(size);
    ASSERT_TRUE(copy_plain(copy.data(), plain)) << size;
    ASSERT_TRUE(std::ranges::equal(copy, plain)) << size;
    ASSERT_TRUE(is_plain(plain)) << size;
    for (std::size_t at = 0; at < size; ++at) {
      for (const char other : {'\0', '\x1f', '"', '\\', '\x80', '\xff'}) {
        std::string text = plain;
        text[at] = other;
        ASSERT_FALSE(copy_plain(copy.data(), text)) << size << " at " << at;
        ASSERT_FALSE(is_plain(text)) << size << " at " << at;
        ASSERT_EQ(find_not_plain(text.data(), text.data() + size), text.data() + at);
      }
      for (const char near : {' ', '!', '#', '[', ']', '\x7f'}) {
        std::string text = plain;
        text[at] = near;
        ASSERT_TRUE(copy_plain(copy.data(), text)) << size << " at " << at;
        ASSERT_TRUE(std::ranges::equal(copy, text)) << size << " at " << at;
      }
    }
  }
}

}  // namespace
}  // namespace diamgw::jsonrpc
