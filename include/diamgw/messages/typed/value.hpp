// AVP data as C++ values: what members of generated messages are made of.
#pragma once
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/avp.hpp"
#include "diamgw/codec/values.hpp"

namespace diamgw::diameter::typed {

/// An AVP as it is written: code, vendor and flags, the V bit among them where it has a vendor.
struct avp_key {
  std::uint32_t code = 0;
  std::uint32_t vendor = 0;
  std::uint8_t flags = 0;

  [[nodiscard]] constexpr std::size_t header_octets() const noexcept {
    return vendor != 0 ? vendor_avp_header_octets : avp_header_octets;
  }
  /// What a reader looks up; a vendor's code is never the base AVP's.
  [[nodiscard]] constexpr std::uint64_t id() const noexcept {
    return (std::uint64_t{vendor} << 32U) | code;
  }
};

/// Types of one length (RFC 6733 §4.2, and Time and Enumerated of §4.3).
template <class T>
concept fixed_value =
    std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, std::chrono::sys_seconds>;

template <fixed_value T>
inline constexpr std::size_t value_octets =
    std::is_same_v<T, std::chrono::sys_seconds> ? 4 : sizeof(T);

/// Seconds from the NTP epoch to that of `sys_seconds`: 70 years, 17 of them leap years.
inline constexpr std::int64_t ntp_epoch = (70 * 365 + 17) * 86400LL;

template <fixed_value T>
void store(std::byte* p, T v) noexcept {
  if constexpr (std::is_same_v<T, std::chrono::sys_seconds>) {
    store_be32(p, static_cast<std::uint32_t>(v.time_since_epoch().count() + ntp_epoch));
  } else if constexpr (sizeof(T) == 8) {
    store_be64(p, std::bit_cast<std::uint64_t>(v));
  } else {
    static_assert(sizeof(T) == 4);
    store_be32(p, std::bit_cast<std::uint32_t>(v));
  }
}

template <fixed_value T>
[[nodiscard]] T load(const std::byte* p) noexcept {
  if constexpr (std::is_same_v<T, std::chrono::sys_seconds>) {
    // §4.3.1: the top bit clear means the era that begins in 2036.
    const std::uint32_t seconds = load_be32(p);
    const std::int64_t era = (seconds & 0x80000000U) != 0 ? 0 : std::int64_t{1} << 32U;
    return T{std::chrono::seconds{seconds + era - ntp_epoch}};
  } else if constexpr (sizeof(T) == 8) {
    return std::bit_cast<T>(load_be64(p));
  } else {
    static_assert(sizeof(T) == 4);
    return std::bit_cast<T>(load_be32(p));
  }
}

}  // namespace diamgw::diameter::typed
