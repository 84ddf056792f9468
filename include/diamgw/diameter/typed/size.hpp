// How many octets AVPs need, for those who allocate before they write.
#pragma once
#include <cstddef>
#include <span>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/diameter/typed/value.hpp"
#include "diamgw/diameter/typed/write.hpp"

namespace diamgw::diameter::typed {

// size_of(key, member): octets of the AVP, padding included; of all of them where the member is a
// list, of none where it is absent.

template <fixed_value T>
[[nodiscard]] constexpr std::size_t size_of(avp_key key, T /*v*/) noexcept {
  return key.header_octets() + value_octets<T>;
}
[[nodiscard]] inline std::size_t size_of(avp_key key, bytes_view v) noexcept {
  return key.header_octets() + padded(v.size());
}
[[nodiscard]] inline std::size_t size_of(avp_key key, std::string_view v) noexcept {
  return key.header_octets() + padded(v.size());
}
[[nodiscard]] inline std::size_t size_of(avp_key key, const address& v) noexcept {
  return key.header_octets() + padded(2 + v.octets.size());
}
template <group G>
[[nodiscard]] std::size_t size_of(avp_key key, const G& g) noexcept {
  return key.header_octets() + g.encoded_size();
}
template <group G>
[[nodiscard]] std::size_t size_of(avp_key key, const G* g) noexcept {
  return g == nullptr ? 0 : size_of(key, *g);
}
template <class T>
[[nodiscard]] std::size_t size_of(avp_key key, const optional<T>& v) noexcept {
  return v.has_value() ? size_of(key, *v) : 0;
}
template <class T>
[[nodiscard]] std::size_t size_of(avp_key key, std::span<const T> list) noexcept {
  std::size_t sum = 0;
  for (const T& one : list) {
    sum += size_of(key, one);
  }
  return sum;
}

}  // namespace diamgw::diameter::typed
