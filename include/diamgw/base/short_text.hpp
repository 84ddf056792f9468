// Hash and equality of names: texts so short that a call of memcmp would cost more than it does.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace diamgw {

namespace detail {
template <class Word>
[[nodiscard]] inline Word load_word(const char* p) noexcept {
  Word w;
  std::memcpy(&w, p, sizeof w);
  return w;
}
}  // namespace detail

/// From the length and the words at both ends, which lie over one another in short texts. Texts
/// that only differ between them have one hash: for names, of which few do.
[[nodiscard]] inline std::size_t hash_short_text(std::string_view key) noexcept {
  const char* const p = key.data();
  const std::size_t n = key.size();
  std::uint64_t front = 0;
  std::uint64_t back = 0;
  if (n >= 8) {
    front = detail::load_word<std::uint64_t>(p);
    back = detail::load_word<std::uint64_t>(p + n - 8);
  } else if (n >= 4) {
    front = detail::load_word<std::uint32_t>(p);
    back = detail::load_word<std::uint32_t>(p + n - 4);
  } else if (n > 0) {
    front = static_cast<unsigned char>(p[0]);
    back = static_cast<unsigned char>(p[n / 2]) * 256U + static_cast<unsigned char>(p[n - 1]);
  }
  const std::uint64_t hash = ((front ^ n) * 0x9e3779b97f4a7c15ULL) ^ (back * 0xc2b2ae3d27d4eb4fULL);
  return static_cast<std::size_t>(hash ^ (hash >> 32U));
}

/// Equality: both ends, which lie over one another, and what is between.
[[nodiscard]] inline bool same_short_text(std::string_view a, std::string_view b) noexcept {
  const std::size_t n = a.size();
  if (n != b.size()) {
    return false;
  }
  const char* const p = a.data();
  const char* const q = b.data();
  const auto differ = [p, q]<class Word>(Word, std::size_t at) -> std::uint64_t {
    return detail::load_word<Word>(p + at) ^ detail::load_word<Word>(q + at);
  };
  if (n >= 16) {
    std::uint64_t found = differ(std::uint64_t{}, 0) | differ(std::uint64_t{}, 8) |
                          differ(std::uint64_t{}, n - 16) | differ(std::uint64_t{}, n - 8);
    for (std::size_t at = 16; at + 16 < n; at += 8) {
      found |= differ(std::uint64_t{}, at);
    }
    return found == 0;
  }
  if (n >= 8) {
    return (differ(std::uint64_t{}, 0) | differ(std::uint64_t{}, n - 8)) == 0;
  }
  if (n >= 4) {
    return (differ(std::uint32_t{}, 0) | differ(std::uint32_t{}, n - 4)) == 0;
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (p[i] != q[i]) {
      return false;
    }
  }
  return true;
}

}  // namespace diamgw
