#include "diamgw/diameter/typed/write.hpp"

#include <algorithm>
#include <cstring>

namespace diamgw::diameter::typed {

DIAMGW_TYPED_SELDOM void put_padded(std::byte* to, const void* data, std::size_t octets) noexcept {
  if (octets == 0) {
    return;
  }
  const auto* const from = static_cast<const std::byte*>(data);
  store_be32(to + padded(octets) - 4, 0);
  if (octets > 32) {
    std::memcpy(to, from, octets);
  } else if (octets >= 16) {
    copy_ends<sixteen_octets>(to, from, octets);
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

DIAMGW_TYPED_SELDOM void put_address(std::byte* to, const address& v) noexcept {
  store_be32(to + padded(2 + v.octets.size()) - 4, 0);
  store_be16(to, v.family);
  const std::size_t octets = v.octets.size();
  if (octets == 16) {
    std::memcpy(to + 2, v.octets.data(), 16);
  } else {
    std::ranges::copy(v.octets, to + 2);
  }
}

}  // namespace diamgw::diameter::typed
