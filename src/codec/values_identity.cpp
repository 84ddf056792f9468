#include <array>
#include <cstring>

#include "diamgw/codec/values.hpp"
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace diamgw::diameter {
namespace {

constexpr std::size_t max_label_octets = 63;  // RFC 1035 §2.3.4

/// What a label is made of.
constexpr auto is_label_octet = [] {
  std::array<bool, 256> table{};
  for (const char c : std::string_view{"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789-_"}) {
    table[static_cast<unsigned char>(c)] = true;
  }
  return table;
}();

#if defined(__SSE2__)

[[nodiscard]] __m128i load_8(const char* p) noexcept {
  return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p));
}
[[nodiscard]] __m128i load_16(const char* p) noexcept {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
}

/// Whether 16 octets are labels' and dots, no two dots side by side. `pairs` has a bit for each
/// octet that has its neighbour behind it.
[[nodiscard]] bool are_dotted(__m128i text, int pairs) noexcept {
  const auto is = [text](char c) { return _mm_cmpeq_epi8(text, _mm_set1_epi8(c)); };
  // Signed, so that what is above ASCII is below all others.
  const auto is_within = [](__m128i octets, char first, char last) {
    return _mm_andnot_si128(_mm_cmpgt_epi8(octets, _mm_set1_epi8(last)),
                            _mm_cmpgt_epi8(octets, _mm_set1_epi8(static_cast<char>(first - 1))));
  };
  const __m128i dots = is('.');
  const __m128i letters = is_within(_mm_or_si128(text, _mm_set1_epi8(0x20)), 'a', 'z');
  const __m128i others = _mm_or_si128(is_within(text, '0', '9'), _mm_or_si128(is('-'), is('_')));
  const __m128i good = _mm_or_si128(dots, _mm_or_si128(letters, others));
  const int dot_bits = _mm_movemask_epi8(dots);
  return _mm_movemask_epi8(good) == 0xffff && (dot_bits & dot_bits >> 1 & pairs) == 0;
}

/// The same of 8 octets and more.
[[nodiscard]] bool are_dotted(std::string_view text) noexcept {
  const char* p = text.data();
  const char* const end = p + text.size();
  if (text.size() < 16) {
    // The first eight, and the last, where some may be again.
    constexpr int within_eights = 0x7f7f;
    return are_dotted(_mm_unpacklo_epi64(load_8(p), load_8(end - 8)), within_eights);
  }
  constexpr int all = 0x7fff;
  for (; end - p > 16; p += 15) {  // one again, for its pair
    if (!are_dotted(load_16(p), all)) {
      return false;
    }
  }
  return are_dotted(load_16(end - 16), all);
}

#endif

}  // namespace

bool is_diameter_identity(std::string_view text) noexcept {
  if (text.empty() || text.size() > 255) {
    return false;
  }
#if defined(__SSE2__)
  if (text.size() >= 8 && text.size() <= max_label_octets) {  // no label is too long
    return text.front() != '.' && text.back() != '.' && are_dotted(text);
  }
#endif
  const char* label = text.data();
  const char* const end = label + text.size();
  while (true) {
    const char* at = label;
    while (at != end && is_label_octet[static_cast<unsigned char>(*at)]) {
      ++at;
    }
    if (at == label || static_cast<std::size_t>(at - label) > max_label_octets) {
      return false;
    }
    if (at == end) {
      return true;
    }
    if (*at != '.') {
      return false;
    }
    label = at + 1;
  }
}

}  // namespace diamgw::diameter
