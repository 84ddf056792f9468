// AVP data: the basic types (RFC 6733 §4.2) and the derived ones (§4.3), as values and as text.
//
// `decode_` reads AVP data, `encode_` makes it, `parse_` reads text, `format_` writes text. Pure
// functions; no allocation; any thread. Errors are values of errc.
#pragma once
#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/base/result.hpp"
#include "diamgw/codec/errc.hpp"
#include "diamgw/dictionary/types.hpp"

namespace diamgw::diameter {

/// Fixed-length types (§4.2). Another length than the type's is errc::value_length.
[[nodiscard]] inline result<std::uint32_t> decode_unsigned32(bytes_view data) noexcept {
  if (data.size() != 4) {
    return make_error_code(errc::value_length);
  }
  return load_be32(data.data());
}
[[nodiscard]] inline result<std::uint64_t> decode_unsigned64(bytes_view data) noexcept {
  if (data.size() != 8) {
    return make_error_code(errc::value_length);
  }
  return load_be64(data.data());
}
[[nodiscard]] result<std::int32_t> decode_integer32(bytes_view data) noexcept;
[[nodiscard]] result<std::int64_t> decode_integer64(bytes_view data) noexcept;
[[nodiscard]] result<float> decode_float32(bytes_view data) noexcept;
[[nodiscard]] result<double> decode_float64(bytes_view data) noexcept;

/// Address families (IANA "Address Family Numbers") that have a text form of their own.
namespace address_families {
inline constexpr std::uint16_t ipv4 = 1;
inline constexpr std::uint16_t ipv6 = 2;
inline constexpr std::uint16_t e164 = 8;
}  // namespace address_families

/// Address (§4.3.1): two octets of family, then the address. `octets` are a view into the data.
struct address {
  std::uint16_t family = 0;
  bytes_view octets;
};

/// errors: value_length below 2 octets; value_address where an IPv4 or IPv6 address has not 4 or
/// 16 octets. Other families are passed as they are.
[[nodiscard]] result<address> decode_address(bytes_view data) noexcept;

/// Octets that `format_address` may need at most.
[[nodiscard]] std::size_t max_address_text(const address& a) noexcept;
/// "192.0.2.1", "2001:db8::1", "e164:4930123456", and "family:16389:00ff" for everything else (an
/// E.164 address that is not all digits included). Empty where `out` is too small.
[[nodiscard]] std::string_view format_address(const address& a, std::span<char> out) noexcept;
/// The AVP data of any text that format_address writes, at the front of `out`, which needs
/// `max_address_data(text)` octets. errors: value_address.
[[nodiscard]] result<bytes_view> parse_address(std::string_view text, mutable_bytes out) noexcept;
[[nodiscard]] constexpr std::size_t max_address_data(std::string_view text) noexcept {
  return text.size() + 18;
}

/// Time (§4.3.1): the seconds of an NTP timestamp. Bit 0 set: since 1900-01-01; clear: since
/// 2036-02-07T06:28:16Z (RFC 5905 §6 eras; RFC 4330 §3). So it runs from 1968-01-20T03:14:08Z to
/// 2104-02-26T09:42:23Z; what lies outside is errc::value_time.
[[nodiscard]] result<std::chrono::sys_seconds> decode_time(bytes_view data) noexcept;
[[nodiscard]] result<std::uint32_t> encode_time(std::chrono::sys_seconds t) noexcept;
/// RFC 3339 in UTC: "2036-02-07T06:28:16Z".
[[nodiscard]] std::array<char, 20> format_time(std::chrono::sys_seconds t) noexcept;
/// RFC 3339 with any offset; a fraction of a second is dropped, a leap second is the one after it.
/// errors: value_time.
[[nodiscard]] result<std::chrono::sys_seconds> parse_time(std::string_view text) noexcept;

/// UTF8String (§4.3.1): RFC 3629, so no surrogates, no overlong forms, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(bytes_view data) noexcept;

/// DiameterIdentity (§4.3.1): labels of 1 to 63 letters, digits, '-' and '_' joined by dots, 255
/// octets at most. Underscores are not in a host name's grammar, but in the field.
[[nodiscard]] bool is_diameter_identity(std::string_view text) noexcept;

/// Ports (§2.1, §4.3.1). deviates: the text has 5658 for TLS; the registry assigned 5868.
inline constexpr std::uint16_t default_port = 3868;
inline constexpr std::uint16_t default_secure_port = 5868;

/// DiameterURI (§4.3.1): "aaa://" FQDN [ ":" port ] [ ";transport=" t ] [ ";protocol=" p ]
struct diameter_uri {
  enum class transport_kind : std::uint8_t { tcp, sctp, udp };
  enum class protocol_kind : std::uint8_t { diameter, radius, tacacs_plus };

  bool secure = false;    // aaas
  std::string_view fqdn;  // into the text
  std::uint16_t port = default_port;
  transport_kind transport = transport_kind::tcp;
  protocol_kind protocol = protocol_kind::diameter;
};

/// errors: value_uri; also for transport=udp with Diameter, which §4.3.1 forbids.
[[nodiscard]] result<diameter_uri> parse_diameter_uri(std::string_view text) noexcept;

/// The least data that an AVP of this type can have: 0 for strings and groups.
[[nodiscard]] std::size_t min_data_octets(dictionary::avp_type type) noexcept;

/// Whether the data can be of this type; nothing where it can. A group's inside and an
/// Enumerated's names are not looked at.
[[nodiscard]] std::optional<errc> check_value(dictionary::avp_type type, bytes_view data) noexcept;

}  // namespace diamgw::diameter
