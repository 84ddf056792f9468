// How many octets AVPs need.
#pragma once
#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/messages/typed/inline.hpp"
#include "diamgw/messages/typed/value.hpp"

namespace diamgw::diameter::typed {

/// A generated struct of a Grouped AVP.
template <class T>
concept group = requires(const T& g, std::byte* p) {
  { g.write_to(p, p) } -> std::same_as<std::byte*>;
};

// size_of(key, value): octets of the AVP, padding included; of all of them where the value is a
// list, of none where there is no group.

template <fixed_value T>
[[nodiscard, DIAMGW_TYPED_INLINE]] constexpr std::size_t size_of(avp_key key, T /*v*/) noexcept {
  return key.header_octets() + value_octets<T>;
}
[[nodiscard, DIAMGW_TYPED_INLINE]] inline std::size_t size_of(avp_key key, bytes_view v) noexcept {
  return key.header_octets() + padded(v.size());
}
[[nodiscard, DIAMGW_TYPED_INLINE]] inline std::size_t size_of(avp_key key,
                                                              std::string_view v) noexcept {
  return key.header_octets() + padded(v.size());
}
[[nodiscard, DIAMGW_TYPED_INLINE]] inline std::size_t size_of(avp_key key,
                                                              const address& v) noexcept {
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
[[nodiscard]] std::size_t size_of(avp_key key, std::span<const T> list) noexcept {
  std::size_t sum = 0;
  for (const T& one : list) {
    sum += size_of(key, one);
  }
  return sum;
}

}  // namespace diamgw::diameter::typed
