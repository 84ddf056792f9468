#include "diamgw/websocket/handshake.hpp"

#include <gtest/gtest.h>

#include <array>

namespace diamgw::websocket {
namespace {

TEST(AcceptKey, AnswersTheRfcExample) {
  // RFC 6455 §1.3
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(EncodeKey, GivesTheRfcExample) {
  // RFC 6455 §1.3: "the sample nonce"
  constexpr std::string_view nonce = "the sample nonce";
  std::array<std::byte, 16> octets{};
  for (std::size_t i = 0; i < octets.size(); ++i) {
    octets[i] = std::byte(static_cast<unsigned char>(nonce[i]));
  }

  EXPECT_EQ(encode_key(octets), "dGhlIHNhbXBsZSBub25jZQ==");
}

TEST(IsValidKey, WantsTheBase64FormOf16Octets) {
  // §4.1
  EXPECT_TRUE(is_valid_key("dGhlIHNhbXBsZSBub25jZQ=="));
  EXPECT_FALSE(is_valid_key(""));
  EXPECT_FALSE(is_valid_key("dGhlIHNhbXBsZSBub25jZQ="));
  EXPECT_FALSE(is_valid_key("dGhlIHNhbXBsZSBub25jZQAA"));
  EXPECT_FALSE(is_valid_key("dGhlIHNhbXBs ZSBub25jZQ="));
  EXPECT_FALSE(is_valid_key("dGhlIHNhbXBsZSBub25j-Q=="));
}

}  // namespace
}  // namespace diamgw::websocket
