#include "diamgw/base/hex.hpp"

namespace diamgw {

std::string to_hex(bytes_view octets) {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(octets.size() * 2);
  for (const std::byte octet : octets) {
    text.push_back(digits[std::to_integer<unsigned>(octet >> 4)]);
    text.push_back(digits[std::to_integer<unsigned>(octet & std::byte{0x0f})]);
  }
  return text;
}

std::optional<std::vector<std::byte>> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) {
    return std::nullopt;
  }
  std::vector<std::byte> octets;
  octets.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) {
      return std::nullopt;
    }
    octets.push_back(static_cast<std::byte>(high * 16 + low));
  }
  return octets;
}

}  // namespace diamgw
