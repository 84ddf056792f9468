// Octets as hexadecimal text and back.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/bytes.hpp"

namespace diamgw {

/// Lower-case, two digits an octet, no separators.
[[nodiscard]] std::string to_hex(bytes_view octets);

/// Either case; nothing where a digit is wrong or the count of digits is odd.
[[nodiscard]] std::optional<std::vector<std::byte>> from_hex(std::string_view text);

/// The value of one hexadecimal digit, or -1.
[[nodiscard]] constexpr int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return -1;
}

}  // namespace diamgw
