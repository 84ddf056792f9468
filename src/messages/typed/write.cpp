#include "diamgw/messages/typed/write.hpp"

#include <algorithm>

namespace diamgw::diameter::typed {

DIAMGW_TYPED_SELDOM void put_padded(std::byte* to, const void* data, std::size_t octets) noexcept {
  if (octets == 0) {
    return;
  }
  store_be32(to + padded(octets) - 4, 0);
  copy_short(to, data, octets);
}

DIAMGW_TYPED_SELDOM void put_octets(std::byte* to, bytes_view octets) noexcept {
  copy_short(to, octets.data(), octets.size());
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
