// Octets, and integers in network byte order.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace diamgw {

using bytes_view = std::span<const std::byte>;
using mutable_bytes = std::span<std::byte>;

/// The octets of a text; valid while the text lives.
[[nodiscard]] inline bytes_view as_bytes(std::string_view text) noexcept {
  return std::as_bytes(std::span{text.data(), text.size()});
}

/// The octets as text, unchecked; valid while they live.
[[nodiscard]] inline std::string_view as_text(bytes_view octets) noexcept {
  return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

/// Reads and writes of network byte order; `p` must have the octets that the name says.
[[nodiscard]] inline std::uint8_t load_u8(const std::byte* p) noexcept {
  return std::to_integer<std::uint8_t>(*p);
}
[[nodiscard]] inline std::uint16_t load_be16(const std::byte* p) noexcept {
  std::uint16_t v;
  std::memcpy(&v, p, sizeof v);
  return std::endian::native == std::endian::little ? __builtin_bswap16(v) : v;
}
[[nodiscard]] inline std::uint32_t load_be32(const std::byte* p) noexcept {
  std::uint32_t v;
  std::memcpy(&v, p, sizeof v);
  return std::endian::native == std::endian::little ? __builtin_bswap32(v) : v;
}
[[nodiscard]] inline std::uint64_t load_be64(const std::byte* p) noexcept {
  std::uint64_t v;
  std::memcpy(&v, p, sizeof v);
  return std::endian::native == std::endian::little ? __builtin_bswap64(v) : v;
}
/// A 24-bit value from 3 octets.
[[nodiscard]] inline std::uint32_t load_be24(const std::byte* p) noexcept {
  return (std::uint32_t{load_u8(p)} << 16U) | load_be16(p + 1);
}

inline void store_u8(std::byte* p, std::uint8_t v) noexcept {
  *p = std::byte{v};
}
inline void store_be16(std::byte* p, std::uint16_t v) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    v = __builtin_bswap16(v);
  }
  std::memcpy(p, &v, sizeof v);
}
inline void store_be32(std::byte* p, std::uint32_t v) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    v = __builtin_bswap32(v);
  }
  std::memcpy(p, &v, sizeof v);
}
inline void store_be64(std::byte* p, std::uint64_t v) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    v = __builtin_bswap64(v);
  }
  std::memcpy(p, &v, sizeof v);
}
/// The low 24 bits into 3 octets.
inline void store_be24(std::byte* p, std::uint32_t v) noexcept {
  store_u8(p, static_cast<std::uint8_t>(v >> 16U));
  store_be16(p + 1, static_cast<std::uint16_t>(v));
}

}  // namespace diamgw
