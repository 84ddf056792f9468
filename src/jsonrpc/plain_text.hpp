// Where plain text ends: what both directions ask of every string.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace diamgw::jsonrpc {

/// Must be escaped in a JSON string (RFC 8259 §7).
[[nodiscard]] constexpr bool is_special(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// The first character that is not plain: a quote, a backslash, a control character, or one above
/// ASCII; `end` where all are plain.
[[nodiscard]] inline const char* find_not_plain(const char* p, const char* end) noexcept {
#if defined(__SSE2__)
  const __m128i quote = _mm_set1_epi8('"');
  const __m128i backslash = _mm_set1_epi8('\\');
  const __m128i space = _mm_set1_epi8(' ');
  while (end - p >= 16) {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    // Signed, so that what is above ASCII is below a space too.
    const __m128i found =
        _mm_or_si128(_mm_cmplt_epi8(text, space),
                     _mm_or_si128(_mm_cmpeq_epi8(text, quote), _mm_cmpeq_epi8(text, backslash)));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(found));
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

}  // namespace diamgw::jsonrpc
