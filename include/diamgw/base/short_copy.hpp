// Copies of some 4 to 64 octets, where a call of memcpy costs more than what it does.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace diamgw {

using sixteen_octets = std::uint64_t __attribute__((vector_size(16)));
using thirty_two_octets = std::uint64_t __attribute__((vector_size(32)));

/// Copies one Word to two of them: the first and the last octets, which overlap where there are
/// fewer.
template <class Word, class Octet>
[[gnu::always_inline]] inline void copy_ends(Octet* to, const Octet* from,
                                             std::size_t octets) noexcept {
  static_assert(sizeof(Octet) == 1);
  Word first;
  Word last;
  std::memcpy(&first, from, sizeof first);
  std::memcpy(&last, from + octets - sizeof last, sizeof last);
  std::memcpy(to, &first, sizeof first);
  std::memcpy(to + octets - sizeof last, &last, sizeof last);
}

/// memcpy; neither reads nor writes beyond `octets`.
inline void copy_short(void* target, const void* source, std::size_t octets) noexcept {
  auto* const to = static_cast<char*>(target);
  const auto* const from = static_cast<const char*>(source);
  if (octets > 64) {
    std::memcpy(to, from, octets);
  } else if (octets >= 32) {
    copy_ends<thirty_two_octets>(to, from, octets);
  } else if (octets >= 16) {
    copy_ends<sixteen_octets>(to, from, octets);
  } else if (octets >= 8) {
    copy_ends<std::uint64_t>(to, from, octets);
  } else if (octets >= 4) {
    copy_ends<std::uint32_t>(to, from, octets);
  } else if (octets != 0) {
    to[0] = from[0];
    to[octets / 2] = from[octets / 2];
    to[octets - 1] = from[octets - 1];
  }
}

}  // namespace diamgw
