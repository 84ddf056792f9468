// UTF-8 as RFC 3629 has it, checked as it arrives.
#pragma once
#include <cstdint>

#include "diamgw/base/bytes.hpp"

namespace diamgw::websocket {

/// Checks a text that comes in pieces cut anywhere, and refuses it with the piece that holds the
/// first octet that no valid text could have there: surrogates, overlong forms and values above
/// U+10FFFF are found at their second octet.
class utf8_validator {
 public:
  /// Takes the next piece. False from the first wrong octet on, whatever comes later.
  /// cost: O(octets), vectors for long pieces, no allocation.
  [[nodiscard]] bool update(bytes_view piece) noexcept;

  /// True where the text may end here: no error, and no character is cut off.
  [[nodiscard]] bool complete() const noexcept { return valid_ && missing_ == 0; }

  void reset() noexcept { *this = utf8_validator{}; }

 private:
  bool step_through(bytes_view piece) noexcept;

  std::uint8_t missing_ = 0;  // continuation octets still to come
  std::uint8_t low_ = 0x80;   // bounds of the next one
  std::uint8_t high_ = 0xbf;
  bool valid_ = true;
};

/// True where the whole text is valid.
[[nodiscard]] bool is_valid_utf8(bytes_view text) noexcept;

}  // namespace diamgw::websocket
