#include "diamgw/diameter/typed/write.hpp"

#include <algorithm>
#include <cstring>

namespace diamgw::diameter::typed {
namespace {

using sixteen = std::uint64_t __attribute__((vector_size(16)));

/// The first and the last octets, as many as a Word has, which overlap where there are fewer.
template <class Word>
void copy_ends(std::byte* to, const std::byte* from, std::size_t octets) noexcept {
  Word first;
  Word last;
  std::memcpy(&first, from, sizeof first);
  std::memcpy(&last, from + octets - sizeof last, sizeof last);
  std::memcpy(to, &first, sizeof first);
  std::memcpy(to + octets - sizeof last, &last, sizeof last);
}

}  // namespace

// Names and identifiers have some 4 to 32 octets: for these a call of memcpy costs more than the
// copy.
void put_padded(std::byte* to, const void* data, std::size_t octets) noexcept {
  if (octets == 0) {
    return;
  }
  const auto* const from = static_cast<const std::byte*>(data);
  store_be32(to + padded(octets) - 4, 0);
  if (octets > 32) {
    std::memcpy(to, from, octets);
  } else if (octets >= 16) {
    copy_ends<sixteen>(to, from, octets);
  } else if (octets >= 8) {
    copy_ends<std::uint64_t>(to, from, octets);
  } else if (octets >= 4) {
    copy_ends<std::uint32_t>(to, from, octets);
  } else {
    to[0] = from[0];
    to[octets / 2] = from[octets / 2];
    to[octets - 1] = from[octets - 1];
  }
}

void put_address(std::byte* to, const address& v) noexcept {
  store_be32(to + padded(2 + v.octets.size()) - 4, 0);
  store_be16(to, v.family);
  std::ranges::copy(v.octets, to + 2);
}

}  // namespace diamgw::diameter::typed
