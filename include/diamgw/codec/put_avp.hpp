// The header and the padding of an AVP (RFC 6733 §4.1), as they are put in front of data and after
// it: under everything that writes AVPs. None of these looks whether there is room.
#pragma once
#include <cstddef>
#include <cstdint>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/avp.hpp"

namespace diamgw::diameter {

/// Octets of the header of an AVP with these flags; V may be set for vendor 0, too.
[[nodiscard]] constexpr std::size_t header_octets_of(std::uint32_t flags) noexcept {
  return (flags & avp_flags::vendor) != 0 ? vendor_avp_header_octets : avp_header_octets;
}

/// Writes the header alone.
/// in:  flags as they are sent, V among them, in the low 8 bits
/// out: where the data goes
[[gnu::always_inline]] inline std::byte* put_avp_header(std::byte* p, std::uint32_t code,
                                                        std::uint32_t vendor, std::uint32_t flags,
                                                        std::size_t data_octets) noexcept {
  const std::size_t header = header_octets_of(flags);
  // One store: who reads the message right afterwards loads both words at once.
  store_be64(p,
             (std::uint64_t{code} << 32U) | (std::uint64_t{flags} << 24U) | (header + data_octets));
  if (header == vendor_avp_header_octets) {
    store_be32(p + avp_header_octets, vendor);
  }
  return p + header;
}

/// Writes header and padding; the caller stores the data, over nothing but its own octets.
/// in, out: as put_avp_header
[[gnu::always_inline]] inline std::byte* put_avp(std::byte* p, std::uint32_t code,
                                                 std::uint32_t vendor, std::uint32_t flags,
                                                 std::size_t data_octets) noexcept {
  // The last word, whatever of it is padding: data and, where there is none, the header follow.
  store_be32(p + header_octets_of(flags) + padded(data_octets) - 4, 0);
  return put_avp_header(p, code, vendor, flags, data_octets);
}

/// Sets the length of an AVP whose header was written with another: header and data.
inline void set_avp_length(std::byte* p, std::size_t octets) noexcept {
  store_be24(p + 5, static_cast<std::uint32_t>(octets));
}

}  // namespace diamgw::diameter
