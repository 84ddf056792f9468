// Writing AVPs in one pass: each is checked against the room that is left, then stored.
#pragma once
#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
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
void put_padded(std::byte* to, const void* data, std::size_t octets) noexcept;

/// Family and octets, and the same.
void put_address(std::byte* to, const address& v) noexcept;

[[DIAMGW_TYPED_INLINE]] inline void put_header(std::byte* p, avp_key key,
                                               std::size_t data_octets) noexcept {
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
      : begin_{begin}, limit_{static_cast<std::size_t>(end - begin)} {}

  /// The end of what was put.
  [[nodiscard, DIAMGW_TYPED_INLINE]] std::byte* position() const noexcept { return begin_ + at_; }

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
    put_padded(p + key.header_octets(), v.data(), v.size());
    return true;
  }
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put(avp_key key, std::string_view v) noexcept {
    return put(key, as_bytes(v));
  }

  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put(avp_key key, const address& v) noexcept {
    std::byte* const p = position();
    if (!take(key.header_octets() + padded(2 + v.octets.size()))) {
      return false;
    }
    put_header(p, key, 2 + v.octets.size());
    put_address(p + key.header_octets(), v);
    return true;
  }

  template <class T>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put(avp_key key, const optional<T>& v) noexcept {
    return !v.has_value() || put(key, *v);
  }

  template <class T>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put(avp_key key, std::span<const T> list) noexcept {
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
    const std::byte* const end = g.write_to(inside, begin_ + limit_);
    if (end == nullptr) {
      return false;
    }
    put_header(p, key, static_cast<std::size_t>(end - inside));
    at_ = static_cast<std::size_t>(end - begin_);
    return true;
  }
  template <group G>
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool put(avp_key key, const G* g) noexcept {
    return g == nullptr || put(key, *g);
  }

  /// AVPs that were encoded before, with padding, as they are.
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool encoded(bytes_view avps) noexcept {
    if (avps.empty()) {
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
    const std::size_t next = at_ + octets;
    if (next > limit_) {
      return false;
    }
    at_ = next;
    return true;
  }

  std::byte* begin_;
  std::size_t at_ = 0;
  std::size_t limit_;
};

/// Nothing to write of all these members. One branch for several: a grammar names many AVPs that a
/// message has not.
template <class... T>
[[nodiscard]] bool none_of(const T&... members) noexcept {
  const auto present = []<class M>(const M& m) -> bool {
    if constexpr (std::is_pointer_v<M>) {
      return m != nullptr;
    } else if constexpr (requires { m.has_value(); }) {
      return m.has_value();
    } else {
      return m.size() != 0;
    }
  };
  return (static_cast<unsigned>(present(members)) | ...) == 0;
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
