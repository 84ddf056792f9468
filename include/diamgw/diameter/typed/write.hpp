// Writing AVPs in one pass: each is checked against the room that is left, then stored.
#pragma once
#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/diameter/message.hpp"
#include "diamgw/diameter/typed/inline.hpp"
#include "diamgw/diameter/typed/value.hpp"
#include "diamgw/diameter/writer.hpp"

namespace diamgw::diameter::typed {

/// A generated struct of a Grouped AVP.
template <class T>
concept group = requires(const T& g, std::byte* p) {
  { g.write_to(p, p) } -> std::same_as<std::byte*>;
};

/// `octets` of data and the zeros that pad them to 4.
DIAMGW_TYPED_SELDOM void put_padded(std::byte* to, const void* data, std::size_t octets) noexcept;

/// The first and the last octets, as many as a Word has, which overlap where there are fewer.
template <class Word>
[[DIAMGW_TYPED_INLINE]] inline void copy_ends(std::byte* to, const std::byte* from,
                                              std::size_t octets) noexcept {
  Word first;
  Word last;
  std::memcpy(&first, from, sizeof first);
  std::memcpy(&last, from + octets - sizeof last, sizeof last);
  std::memcpy(to, &first, sizeof first);
  std::memcpy(to + octets - sizeof last, &last, sizeof last);
}
using sixteen_octets = std::uint64_t __attribute__((vector_size(16)));

/// The same for names and identifiers: most have 4 to 32 octets, for which a call costs more than
/// the copy.
[[DIAMGW_TYPED_INLINE]] inline void put_short(std::byte* to, const std::byte* data,
                                              std::size_t octets) noexcept {
  if (octets - 4 > 28) [[unlikely]] {
    put_padded(to, data, octets);
    return;
  }
  store_be32(to + padded(octets) - 4, 0);
  if (octets >= 16) {
    copy_ends<sixteen_octets>(to, data, octets);
  } else if (octets >= 8) {
    copy_ends<std::uint64_t>(to, data, octets);
  } else {
    copy_ends<std::uint32_t>(to, data, octets);
  }
}

/// Family and octets, and the same.
DIAMGW_TYPED_SELDOM void put_address(std::byte* to, const address& v) noexcept;

[[DIAMGW_TYPED_INLINE]] inline void put_header(std::byte* p, avp_key key,
                                               std::size_t data_octets) noexcept {
  // One store: who reads the message right afterwards loads both words at once.
  store_be64(p, (std::uint64_t{key.code} << 32U) | (std::uint64_t{key.flags} << 24U) |
                    (key.header_octets() + data_octets));
  if (key.vendor != 0) {
    store_be32(p + 8, key.vendor);
  }
}

/// Appends AVPs. `put` is false where one does not fit, and what is written is unspecified then.
/// A local of the function that writes: with all of its members inline, it lives in registers.
class output {
 public:
  [[DIAMGW_TYPED_INLINE]] output(std::byte* begin, const std::byte* end) noexcept
      : next_{begin}, end_{end} {}

  /// The end of what was put.
  [[nodiscard, DIAMGW_TYPED_INLINE]] std::byte* position() const noexcept { return next_; }

  template <fixed_value T>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put(avp_key key, T v) noexcept {
    std::byte* const p = position();
    if (!take(key.header_octets() + value_octets<T>)) {
      return false;
    }
    put_header(p, key, value_octets<T>);
    store(p + key.header_octets(), v);
    return true;
  }

  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put(avp_key key, bytes_view v) noexcept {
    std::byte* const p = position();
    if (!take(key.header_octets() + padded(v.size()))) {
      return false;
    }
    put_header(p, key, v.size());
    put_short(p + key.header_octets(), v.data(), v.size());
    return true;
  }
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put(avp_key key, std::string_view v) noexcept {
    return put(key, as_bytes(v));
  }

  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put(avp_key key, const address& v) noexcept {
    std::byte* const p = position();
    const std::size_t octets = v.octets.size();
    if (!take(key.header_octets() + padded(2 + octets))) {
      return false;
    }
    put_header(p, key, 2 + octets);
    std::byte* const data = p + key.header_octets();
    if (octets == 4) [[likely]] {  // IPv4
      store_be64(data, (std::uint64_t{v.family} << 48U) |
                           (std::uint64_t{load_be32(v.octets.data())} << 16U));
    } else {
      put_address(data, v);
    }
    return true;
  }

  template <class T>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put(avp_key key, const optional<T>& v) noexcept {
    if (v.has_value()) [[unlikely]] {
      return put(key, *v);
    }
    return true;
  }

  template <fixed_value T>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put(avp_key key, std::span<const T> list) noexcept {
    if (list.empty()) [[likely]] {
      return true;
    }
    const std::size_t one = key.header_octets() + value_octets<T>;
    std::byte* p = position();
    if (!take(list.size() * one)) {
      return false;
    }
    for (const T v : list) {
      put_header(p, key, value_octets<T>);
      store(p + key.header_octets(), v);
      p += one;
    }
    return true;
  }
  template <class T>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put(avp_key key, std::span<const T> list) noexcept {
    if (list.empty()) [[likely]] {
      return true;
    }
    for (const T& one : list) {
      if (!put(key, one)) {
        return false;
      }
    }
    return true;
  }

  /// Its length is known when its inside is written.
  template <group G>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put(avp_key key, const G& g) noexcept {
    std::byte* const p = position();
    if (!take(key.header_octets())) {
      return false;
    }
    std::byte* const inside = p + key.header_octets();
    std::byte* const end = g.write_to(inside, end_);
    if (end == nullptr) {
      return false;
    }
    put_header(p, key, static_cast<std::size_t>(end - inside));
    next_ = end;
    return true;
  }
  template <group G>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put(avp_key key, const G* g) noexcept {
    if (g != nullptr) [[unlikely]] {
      return put(key, *g);
    }
    return true;
  }

  /// The same for groups that are worth no call: `inside(output, group)` puts their members.
  template <group G, class Inside>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put_small(avp_key key, const G& g,
                                                    Inside inside) noexcept {
    if (g.kept != nullptr) [[unlikely]] {
      return put(key, g);
    }
    std::byte* const p = position();
    if (!take(key.header_octets()) || !inside(*this, g)) {
      return false;
    }
    put_header(p, key, static_cast<std::size_t>(next_ - p) - key.header_octets());
    return true;
  }
  template <group G, class Inside>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put_small(avp_key key, const G* g,
                                                    Inside inside) noexcept {
    if (g != nullptr) [[unlikely]] {
      return put_small(key, *g, inside);
    }
    return true;
  }
  template <group G, class Inside>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put_small(avp_key key, std::span<const G> list,
                                                    Inside inside) noexcept {
    if (list.empty()) [[likely]] {
      return true;
    }
    for (const G& one : list) {
      if (!put_small(key, one, inside)) {
        return false;
      }
    }
    return true;
  }

  /// AVPs that were encoded before, with padding, as they are.
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool encoded(bytes_view avps) noexcept {
    if (avps.empty()) [[likely]] {
      return true;
    }
    std::byte* const p = position();
    if (!take(avps.size())) {
      return false;
    }
    put_padded(p, avps.data(), avps.size());
    return true;
  }

 private:
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool take(std::size_t octets) noexcept {
    // As numbers: a pointer may not leave the octets, not even to be compared.
    if (reinterpret_cast<std::uintptr_t>(next_) + octets > reinterpret_cast<std::uintptr_t>(end_)) {
      return false;
    }
    next_ += octets;
    return true;
  }

  std::byte* next_;
  const std::byte* end_;
};

/// Nothing to write of all these members. One branch for several: a large grammar names many AVPs
/// that a message has not.
template <class... T>
[[nodiscard, DIAMGW_TYPED_INLINE]] inline bool none_of(const T&... members) noexcept {
  const auto bits = []<class M>(const M& m) -> std::uint64_t {
    if constexpr (std::is_pointer_v<M>) {
      return reinterpret_cast<std::uintptr_t>(m);
    } else if constexpr (requires { m.presence_bits(); }) {
      return m.presence_bits();
    } else {
      return m.size();
    }
  };
  return (bits(members) | ...) == 0;
}

/// M::encode_to, the same for every message: the AVPs, then the header.
template <class M>
[[nodiscard]] std::size_t encode_message(const M& message, mutable_bytes out) noexcept {
  if (out.size() < header_octets) {
    return 0;
  }
  std::byte* const p = out.data();
  const std::byte* const end =
      message.write_to(p + header_octets, p + std::min(out.size(), max_message_octets));
  if (end == nullptr) {
    return 0;
  }
  const auto octets = static_cast<std::size_t>(end - p);
  store_be32(p, (std::uint32_t{protocol_version} << 24U) | static_cast<std::uint32_t>(octets));
  store_be32(p + 4, (std::uint32_t{message.flags} << 24U) | message.command.value);
  store_be32(p + 8, message.application.value);
  store_be32(p + 12, message.hop_by_hop.value);
  store_be32(p + 16, message.end_to_end.value);
  return octets;
}

}  // namespace diamgw::diameter::typed
