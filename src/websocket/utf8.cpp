#include "diamgw/websocket/utf8.hpp"

#include <simdjson.h>

#include <cstring>

namespace diamgw::websocket {
namespace {

// Below this many octets the loop is faster than a call of the vector code.
constexpr std::size_t long_piece = 64;
constexpr std::uint64_t top_bits = 0x8080808080808080U;

// How many octets at the end belong to a character that may go on in the next piece: the longest
// character has four, so at most three of the last ones are looked at.
std::size_t cut_off_octets(bytes_view piece) noexcept {
  for (std::size_t back = 1; back <= 3 && back <= piece.size(); ++back) {
    const auto octet = std::to_integer<std::uint8_t>(piece[piece.size() - back]);
    if (octet < 0x80) {
      return 0;
    }
    if (octet >= 0xc0) {
      const std::size_t length = octet >= 0xf0 ? 4 : octet >= 0xe0 ? 3 : 2;
      return length > back ? back : 0;
    }
  }
  return 0;
}

}  // namespace

// RFC 3629 §4:
//   UTF8-2 = %xC2-DF tail
//   UTF8-3 = %xE0 %xA0-BF tail / %xE1-EC 2(tail) / %xED %x80-9F tail / %xEE-EF 2(tail)
//   UTF8-4 = %xF0 %x90-BF 2(tail) / %xF1-F3 3(tail) / %xF4 %x80-8F 2(tail)
bool utf8_validator::step_through(bytes_view piece) noexcept {
  const std::byte* p = piece.data();
  const std::byte* const end = p + piece.size();
  while (p != end) {
    if (missing_ == 0) {
      std::uint64_t word;
      while (end - p >= static_cast<std::ptrdiff_t>(sizeof word)) {
        std::memcpy(&word, p, sizeof word);
        if ((word & top_bits) != 0) {
          break;
        }
        p += sizeof word;
      }
      if (p == end) {
        break;
      }
    }
    const std::uint8_t octet = load_u8(p++);
    if (missing_ != 0) {
      if (octet < low_ || octet > high_) {
        return false;
      }
      --missing_;
      low_ = 0x80;
      high_ = 0xbf;
    } else if (octet >= 0x80) {
      if (octet < 0xc2 || octet > 0xf4) {
        return false;
      }
      missing_ = octet >= 0xf0 ? 3 : octet >= 0xe0 ? 2 : 1;
      low_ = octet == 0xe0 ? 0xa0 : octet == 0xf0 ? 0x90 : 0x80;
      high_ = octet == 0xed ? 0x9f : octet == 0xf4 ? 0x8f : 0xbf;
    }
  }
  return true;
}

bool utf8_validator::update(bytes_view piece) noexcept {
  if (!valid_) {
    return false;
  }
  // The character that the last piece left open ends first, so that the rest starts with one.
  while (missing_ != 0 && !piece.empty()) {
    if (!step_through(piece.first(1))) {
      return valid_ = false;
    }
    piece = piece.subspan(1);
  }
  if (piece.size() >= long_piece) {
    const std::size_t whole = piece.size() - cut_off_octets(piece);
    if (!simdjson::validate_utf8(reinterpret_cast<const char*>(piece.data()), whole)) {
      return valid_ = false;
    }
    piece = piece.subspan(whole);
  }
  return valid_ = step_through(piece);
}

bool is_valid_utf8(bytes_view text) noexcept {
  utf8_validator validator;
  return validator.update(text) && validator.complete();
}

}  // namespace diamgw::websocket
