// AVP data as C++ values: what members of generated messages are made of.
#pragma once
#include <bit>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "diamgw/base/bytes.hpp"
#include "diamgw/diameter/avp.hpp"
#include "diamgw/diameter/values.hpp"

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

template <class T>
inline constexpr bool is_text =
    std::is_same_v<T, std::string_view> || std::is_same_v<T, bytes_view>;

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

/// A member that may be absent. As std::optional, but absent is all zeros, so that a struct of
/// many is cleared by few wide stores, and a text needs no flag: it is absent where it points
/// nowhere, and present, though empty, where it points somewhere.
template <class T>
class optional {
 public:
  using value_type = T;

  constexpr optional() noexcept = default;
  // NOLINTBEGIN(google-explicit-constructor): stands for its value, as std::optional does
  constexpr optional(std::nullopt_t /*unused*/) noexcept {}
  constexpr optional(const T& v) noexcept : value_{v}, present_{1} {}
  constexpr optional(const std::optional<T>& v) noexcept
      : value_{v ? *v : T{}}, present_{v ? presence{1} : presence{0}} {}
  template <class U>
    requires(!std::is_arithmetic_v<U> && std::convertible_to<U, T>)
  constexpr optional(const U& v) noexcept : optional{T(v)} {}
  // NOLINTEND(google-explicit-constructor)

  [[nodiscard]] constexpr bool has_value() const noexcept { return present_ != 0; }
  /// Zero where it is absent; of several at once.
  [[nodiscard]] constexpr std::uint64_t presence_bits() const noexcept { return present_; }
  [[nodiscard]] constexpr explicit operator bool() const noexcept { return has_value(); }
  /// There is one.
  [[nodiscard]] constexpr const T& operator*() const noexcept { return value_; }
  [[nodiscard]] constexpr const T* operator->() const noexcept { return &value_; }
  [[nodiscard]] constexpr T value_or(const T& other) const noexcept {
    return has_value() ? value_ : other;
  }
  constexpr void reset() noexcept { *this = {}; }

  friend constexpr bool operator==(const optional& a, const optional& b) noexcept {
    return a.has_value() == b.has_value() && (!a.has_value() || *a == *b);
  }

 private:
  // As wide as the value, so that no padding is left between the zeros.
  using presence = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

  T value_{};
  presence present_ = 0;
};

template <class T>
  requires is_text<T>
class optional<T> {
 public:
  using value_type = T;

  constexpr optional() noexcept = default;
  // NOLINTBEGIN(google-explicit-constructor): as above
  constexpr optional(std::nullopt_t /*unused*/) noexcept {}
  constexpr optional(const T& v) noexcept : value_{v.data() != nullptr ? v : empty()} {}
  constexpr optional(const std::optional<T>& v) noexcept {
    if (v) {
      *this = optional{*v};
    }
  }
  template <class U>
    requires(std::convertible_to<const U&, T>)
  constexpr optional(const U& v) noexcept : optional{T(v)} {}
  // NOLINTEND(google-explicit-constructor)

  [[nodiscard]] constexpr bool has_value() const noexcept { return value_.data() != nullptr; }
  [[nodiscard]] std::uint64_t presence_bits() const noexcept {
    return reinterpret_cast<std::uintptr_t>(value_.data());
  }
  [[nodiscard]] constexpr explicit operator bool() const noexcept { return has_value(); }
  /// There is one.
  [[nodiscard]] constexpr const T& operator*() const noexcept { return value_; }
  [[nodiscard]] constexpr const T* operator->() const noexcept { return &value_; }
  [[nodiscard]] constexpr T value_or(const T& other) const noexcept {
    return has_value() ? value_ : other;
  }
  constexpr void reset() noexcept { *this = {}; }

 private:
  static constexpr typename T::value_type nothing{};
  [[nodiscard]] static constexpr T empty() noexcept { return T{&nothing, 0}; }

  T value_{};
};

}  // namespace diamgw::diameter::typed
