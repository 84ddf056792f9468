// Writing AVPs in one pass: a look at the room that is left, for as many as can be told at once,
// then the stores.
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/base/short_copy.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/codec/put_avp.hpp"
#include "diamgw/messages/typed/inline.hpp"
#include "diamgw/messages/typed/size.hpp"
#include "diamgw/messages/typed/value.hpp"

namespace diamgw::diameter::typed {

/// `octets` of data and the zeros that pad them to 4.
DIAMGW_TYPED_SELDOM void put_padded(std::byte* to, const void* data, std::size_t octets) noexcept;

/// Copies AVPs that were encoded before.
DIAMGW_TYPED_SELDOM void put_octets(std::byte* to, bytes_view octets) noexcept;

/// As it is in memory where the most significant octet comes first.
[[nodiscard]] constexpr std::uint64_t big_endian(std::uint64_t v) noexcept {
  return std::endian::native == std::endian::little ? __builtin_bswap64(v) : v;
}

/// The data of an Address (§4.3.1), family and octets, and the zeros that pad it to 4.
DIAMGW_TYPED_SELDOM void put_address(std::byte* to, const address& v) noexcept;

[[DIAMGW_TYPED_INLINE]] inline void put_header(std::byte* p, avp_key key,
                                               std::size_t data_octets) noexcept {
  put_avp_header(p, key.code, key.vendor, key.flags, data_octets);
}

// store_avp(p, key, value): writes the AVP where there is room for it, and gives its end.

template <fixed_value T>
[[nodiscard, DIAMGW_TYPED_INLINE]] inline std::byte* store_avp(std::byte* p, avp_key key,
                                                               T v) noexcept {
  if (key.vendor != 0) {
    // Vendor and all, and where the value comes next: a constant, by one store.
    const std::uint64_t header =
        (std::uint64_t{key.code} << 32U) | (std::uint64_t{key.flags} << 24U) | size_of(key, v);
    const sixteen_octets all{big_endian(header), big_endian(std::uint64_t{key.vendor} << 32U)};
    std::memcpy(p, &all, sizeof all);
  } else {
    put_header(p, key, value_octets<T>);
  }
  store(p + key.header_octets(), v);
  return p + size_of(key, v);
}

/// Most names and identifiers have 4 to 32 octets, for which a call costs more than the copy.
[[nodiscard, DIAMGW_TYPED_INLINE]] inline std::byte* store_avp(std::byte* p, avp_key key,
                                                               bytes_view v) noexcept {
  const std::size_t octets = v.size();
  std::byte* const data = put_avp(p, key.code, key.vendor, key.flags, octets);
  if (octets > 32) [[unlikely]] {
    put_padded(data, v.data(), octets);
  } else if (octets >= 16) {
    copy_ends<sixteen_octets>(data, v.data(), octets);
  } else if (octets >= 8) {
    copy_ends<std::uint64_t>(data, v.data(), octets);
  } else if (octets >= 4) {
    copy_ends<std::uint32_t>(data, v.data(), octets);
  } else if (octets >= 2) {
    copy_ends<std::uint16_t>(data, v.data(), octets);
  } else if (octets == 1) {
    *data = v[0];
  }
  return data + padded(octets);
}
[[nodiscard, DIAMGW_TYPED_INLINE]] inline std::byte* store_avp(std::byte* p, avp_key key,
                                                               std::string_view v) noexcept {
  return store_avp(p, key, as_bytes(v));
}

[[nodiscard, DIAMGW_TYPED_INLINE]] inline std::byte* store_avp(std::byte* p, avp_key key,
                                                               const address& v) noexcept {
  std::byte* const data = p + key.header_octets();
  const std::size_t octets = v.octets.size();
  if (octets == 4) [[likely]] {  // IPv4
    put_header(p, key, 6);
    store_be64(data, (std::uint64_t{v.family} << 48U) |
                         (std::uint64_t{load_be32(v.octets.data())} << 16U));
    return data + 8;
  }
  put_header(p, key, 2 + octets);
  put_address(data, v);
  return data + padded(2 + octets);
}

/// A group whose inside ends at `end`, as `store_members` gave it: its header; null where that is.
[[nodiscard, DIAMGW_TYPED_INLINE]] inline std::byte* close_group(std::byte* p, avp_key key,
                                                                 std::byte* end) noexcept {
  if (end != nullptr) [[likely]] {
    put_header(p, key, static_cast<std::size_t>(end - p) - key.header_octets());
  }
  return end;
}

/// Appends AVPs. `put` is false where they do not fit, and what is written is unspecified then.
/// A local of the function that writes: with all of its members inline, it lives in registers.
class output {
 public:
  [[DIAMGW_TYPED_INLINE]] output(std::byte* begin, const std::byte* end) noexcept
      : next_{begin}, end_{end} {}

  /// The end of what was put.
  [[nodiscard, DIAMGW_TYPED_INLINE]] std::byte* position() const noexcept { return next_; }

  /// Keys and values in turn, of which every one is there: one look at the room for all. By value:
  /// what is stored might, for all that a compiler knows, change what is not yet.
  template <class T, class... More>
    requires(!group<T>)
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put(avp_key key, T v, More... more) noexcept {
    if (!has_room(size_of_all(key, v, more...))) {
      return false;
    }
    next_ = store_all(next_, key, v, more...);
    return true;
  }

  /// A list has one value at least, and mostly no more.
  template <class T>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put_list(avp_key key, std::span<const T> list) noexcept {
    const T* one = list.data();
    if (!put(key, *one)) {
      return false;
    }
    if (list.size() > 1) [[unlikely]] {
      const T* const end = one + list.size();
      while (++one != end) {
        if (!put(key, *one)) {
          return false;
        }
      }
    }
    return true;
  }
  template <group G>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put_list(avp_key key, std::span<const G> list) noexcept {
    const G* one = list.data();
    const G* const end = one + list.size();
    do {
      if (!put(key, *one)) {
        return false;
      }
    } while (++one != end);
    return true;
  }

  /// Its length is known when its inside is written.
  template <group G>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put(avp_key key, const G& g) noexcept {
    if (!has_room(key.header_octets())) {
      return false;
    }
    std::byte* const end = close_group(next_, key, g.write_to(next_ + key.header_octets(), end_));
    next_ = end;
    return end != nullptr;
  }

  /// The same for groups that are worth no call: `inside(output, group)` puts their members.
  template <group G, class Inside>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put_small(avp_key key, const G& g,
                                                    Inside inside) noexcept {
    if (g.held.kept != nullptr) [[unlikely]] {
      return put(key, g);
    }
    std::byte* const p = next_;
    if (!has_room(key.header_octets())) {
      return false;
    }
    next_ += key.header_octets();
    if (!inside(*this, g)) {
      return false;
    }
    put_header(p, key, static_cast<std::size_t>(next_ - p) - key.header_octets());
    return true;
  }
  template <group G, class Inside>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put_small(avp_key key, std::span<const G> list,
                                                    Inside inside) noexcept {
    const G* one = list.data();
    const G* const end = one + list.size();
    do {
      if (!put_small(key, *one, inside)) {
        return false;
      }
    } while (++one != end);
    return true;
  }

  /// And for those that never have more than `most` octets inside: where there is room for so many,
  /// `stored(p, group)` looks no further. It gives null for a group that has what its grammar has
  /// not.
  template <group G, class Stored>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put_bounded(avp_key key, const G& g, std::size_t most,
                                                      Stored stored) noexcept {
    if (has_room(key.header_octets() + most)) [[likely]] {
      std::byte* const end = close_group(next_, key, stored(next_ + key.header_octets(), g));
      if (end != nullptr) [[likely]] {
        next_ = end;
        return true;
      }
    }
    return put(key, g);
  }
  template <group G, class Stored>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put_bounded(avp_key key, std::span<const G> list,
                                                      std::size_t most, Stored stored) noexcept {
    const G* one = list.data();
    if (!put_bounded(key, *one, most, stored)) {
      return false;
    }
    return list.size() == 1 || put_list(key, list.subspan(1));
  }

  /// AVPs that were encoded before, with padding, as they are.
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool encoded(bytes_view avps) noexcept {
    if (!has_room(avps.size())) {
      return false;
    }
    put_octets(next_, avps);
    next_ += avps.size();
    return true;
  }

 private:
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool has_room(std::size_t octets) const noexcept {
    // As numbers: a pointer may not leave the octets, not even to be compared.
    return reinterpret_cast<std::uintptr_t>(next_) + octets <=
           reinterpret_cast<std::uintptr_t>(end_);
  }

  [[nodiscard, DIAMGW_TYPED_INLINE]] static std::size_t size_of_all() noexcept { return 0; }
  template <class T, class... More>
  [[nodiscard, DIAMGW_TYPED_INLINE]] static std::size_t size_of_all(avp_key key, const T& v,
                                                                    const More&... more) noexcept {
    return size_of(key, v) + size_of_all(more...);
  }
  [[nodiscard, DIAMGW_TYPED_INLINE]] static std::byte* store_all(std::byte* p) noexcept {
    return p;
  }
  template <class T, class... More>
  [[nodiscard, DIAMGW_TYPED_INLINE]] static std::byte* store_all(std::byte* p, avp_key key,
                                                                 const T& v,
                                                                 const More&... more) noexcept {
    return store_all(store_avp(p, key, v), more...);
  }

  std::byte* next_;
  const std::byte* end_;
};

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
