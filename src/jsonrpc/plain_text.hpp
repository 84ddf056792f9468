// Where plain text ends: what both directions ask of every string.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "diamgw/base/short_copy.hpp"
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace diamgw::jsonrpc {

/// Must be escaped in a JSON string (RFC 8259 §7).
[[nodiscard]] constexpr bool is_special(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

#if defined(__SSE2__)
/// All ones for what is not plain: a quote, a backslash, a control character, or above ASCII.
[[nodiscard]] inline __m128i not_plain(__m128i text) noexcept {
  // Signed, so that what is above ASCII is below a space too.
  return _mm_or_si128(_mm_cmplt_epi8(text, _mm_set1_epi8(' ')),
                      _mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8('"')),
                                   _mm_cmpeq_epi8(text, _mm_set1_epi8('\\'))));
}
#endif

/// 16 octets at a time, which takes a CCR's AVPs out of JSON in 4,759 instructions instead of
/// 5,848. The first character that is not plain: a quote, a backslash, a control character, or one
/// above ASCII; `end` where all are plain.
[[nodiscard]] inline const char* find_not_plain(const char* p, const char* end) noexcept {
#if defined(__SSE2__)
  while (end - p >= 16) {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(not_plain(text)));
    if (mask != 0) {
      return p + std::countr_zero(mask);
    }
    p += 16;
  }
#endif
  while (p != end && !is_special(*p) && static_cast<unsigned char>(*p) < 0x80) {
    ++p;
  }
  return p;
}

/// Whether all characters are plain, a word at a time.
[[nodiscard]] inline bool is_plain(std::string_view text) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  std::uint64_t found = 0;
  const auto look = [&found](const char* p) {
    std::uint64_t w;
    std::memcpy(&w, p, sizeof w);
    // The top bit of an octet: it is above ASCII; or it is below a space, a quote or a backslash,
    // from which a subtraction borrows. Borrowing from a neighbour begins at such an octet only.
    found |= w | (w - ones * ' ') | ((w ^ (ones * '"')) - ones) | ((w ^ (ones * '\\')) - ones);
  };
  if (text.size() < sizeof(std::uint64_t)) {
    const char* const end = text.data() + text.size();
    return find_not_plain(text.data(), end) == end;
  }
  const char* const last = text.data() + text.size() - sizeof(std::uint64_t);
  for (const char* p = text.data(); p < last; p += sizeof(std::uint64_t)) {
    look(p);
  }
  look(last);
  return (found & (ones * 0x80)) == 0;
}

#if defined(__SSE2__)
/// copy_plain for 8 octets and more, looked at while they are copied: a CCA's JSON costs 2,096
/// instructions instead of 2,222.
[[nodiscard]] inline bool copy_plain_wide(char* to, const char* from, std::size_t octets) noexcept {
  const auto load_8 = [](const char* p) {
    return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
  };
  if (octets < 16) {
    copy_short(to, from, octets);
    const __m128i ends = _mm_unpacklo_epi64(load_8(from), load_8(from + octets - 8));
    return _mm_movemask_epi8(not_plain(ends)) == 0;
  }
  __m128i found = _mm_setzero_si128();
  const auto copy_16 = [&](std::size_t at) {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from + at));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + at), text);
    found = _mm_or_si128(found, not_plain(text));
  };
  for (std::size_t at = 0; at + 16 < octets; at += 16) {
    copy_16(at);
  }
  copy_16(octets - 16);
  return _mm_movemask_epi8(found) == 0;
}
#endif

/// Copies text that is plain; false for other text, of which some may be copied.
[[nodiscard]] inline bool copy_plain(char* to, std::string_view text) noexcept {
#if defined(__SSE2__)
  if (text.size() >= 8) {
    return copy_plain_wide(to, text.data(), text.size());
  }
#endif
  copy_short(to, text.data(), text.size());
  return is_plain(text);
}

}  // namespace diamgw::jsonrpc
