#include "jsonrpc/scalar_to_avp.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <limits>
#include <type_traits>

#include "diamgw/base/hex.hpp"
#include "diamgw/codec/values.hpp"

namespace diamgw::jsonrpc {
namespace {

using dictionary::avp_type;
using kind = scalar::kind;

/// Digits alone, and so few that they cannot overflow: nearly every number.
[[nodiscard]] bool parse_digits(std::string_view text, std::uint64_t most,
                                std::uint64_t& v) noexcept {
  if (text.empty() || text.size() > 19) {
    return false;
  }
  for (const char c : text) {
    const auto digit = static_cast<unsigned>(c - '0');
    if (digit > 9) {
      return false;
    }
    v = v * 10 + digit;
  }
  return v <= most;
}

template <class Number>
[[nodiscard, gnu::noinline]] bool parse_any_number(std::string_view text, Number& v) noexcept {
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), v);
  return ec == std::errc{} && end == text.data() + text.size() && !text.empty();
}

/// The whole text as a number of this type; false where it is not one or out of range.
template <class Number>
[[nodiscard]] bool parse_number(std::string_view text, Number& v) noexcept {
  if constexpr (std::is_integral_v<Number>) {
    std::uint64_t digits = 0;
    if (parse_digits(text, std::numeric_limits<Number>::max(), digits)) {
      v = static_cast<Number>(digits);
      return true;
    }
  }
  return parse_any_number(text, v);
}

[[nodiscard]] bool is_number(const scalar& value) noexcept {
  return value.what == kind::integer || value.what == kind::real;
}

/// Integers of 32 bits: a JSON number, or a name of the definition's.
[[nodiscard, gnu::noinline]] std::string_view write_32(avp_writer& out, const avp_place& at,
                                                       const scalar& value) noexcept {
  if (value.what == kind::string && !at.definition->values.empty()) {
    const dictionary::enum_value* named = at.definition->find_value(value.text);
    if (named == nullptr) {
      return "expected a number or one of the names that the dictionary has";
    }
    out.unsigned32(at, static_cast<std::uint32_t>(named->value));
    return {};
  }
  if (at.type == avp_type::unsigned32) {
    std::uint32_t v = 0;
    if (!is_number(value) || !parse_number(value.text, v)) {
      return "expected Unsigned32 (0 to 4294967295)";
    }
    out.unsigned32(at, v);
    return {};
  }
  std::int32_t v = 0;
  if (!is_number(value) || !parse_number(value.text, v)) {
    return at.type == avp_type::enumerated
               ? "expected Enumerated (a name or -2147483648 to 2147483647)"
               : "expected Integer32 (-2147483648 to 2147483647)";
  }
  out.unsigned32(at, static_cast<std::uint32_t>(v));
  return {};
}

/// Integers of 64 bits: JSON numbers lose digits in many languages, so strings are taken too.
[[nodiscard, gnu::noinline]] std::string_view write_64(avp_writer& out, const avp_place& at,
                                                       const scalar& value) noexcept {
  const bool usable = is_number(value) || value.what == kind::string;
  if (at.type == avp_type::unsigned64) {
    std::uint64_t v = 0;
    if (!usable || !parse_number(value.text, v)) {
      return "expected Unsigned64 (0 to 18446744073709551615, as a string or number)";
    }
    out.unsigned64(at, v);
    return {};
  }
  std::int64_t v = 0;
  if (!usable || !parse_number(value.text, v)) {
    return "expected Integer64 (a string or number within 64 bits)";
  }
  out.unsigned64(at, static_cast<std::uint64_t>(v));
  return {};
}

template <class Float>
[[nodiscard]] bool parse_float(const scalar& value, Float& v) noexcept {
  if (is_number(value)) {
    return parse_number(value.text, v);  // 1e400 is out of range here
  }
  if (value.what != kind::string) {
    return false;
  }
  if (value.text == "NaN") {
    v = std::numeric_limits<Float>::quiet_NaN();
  } else if (value.text == "Infinity") {
    v = std::numeric_limits<Float>::infinity();
  } else if (value.text == "-Infinity") {
    v = -std::numeric_limits<Float>::infinity();
  } else {
    return false;
  }
  return true;
}

[[nodiscard, gnu::noinline]] std::string_view write_float(avp_writer& out, const avp_place& at,
                                                          const scalar& value) noexcept {
  if (at.type == avp_type::float32) {
    float v = 0;
    if (!parse_float(value, v)) {
      return "expected Float32 (a number in its range, \"NaN\", \"Infinity\" or \"-Infinity\")";
    }
    out.unsigned32(at, std::bit_cast<std::uint32_t>(v));
    return {};
  }
  double v = 0;
  if (!parse_float(value, v)) {
    return "expected Float64 (a number in its range, \"NaN\", \"Infinity\" or \"-Infinity\")";
  }
  out.unsigned64(at, std::bit_cast<std::uint64_t>(v));
  return {};
}

[[nodiscard, gnu::noinline]] std::string_view write_time(avp_writer& out, const avp_place& at,
                                                         std::string_view text) noexcept {
  const auto when = diameter::parse_time(text);
  if (!when) {
    return "expected Time (RFC 3339, such as \"2036-02-07T06:28:16Z\")";
  }
  const auto seconds = diameter::encode_time(*when);
  if (!seconds) {
    return "expected Time between 1968-01-20T03:14:08Z and 2104-02-26T09:42:23Z";
  }
  out.unsigned32(at, *seconds);
  return {};
}

[[nodiscard, gnu::noinline]] std::string_view write_address(avp_writer& out, const avp_place& at,
                                                            std::string_view text) noexcept {
  constexpr std::string_view expected =
      "expected Address (\"192.0.2.1\", \"2001:db8::1\", \"e164:4930123456\" or "
      "\"family:16389:00ff\")";
  // Longer than any address but those of unknown families, of which 1 KiB is enough.
  std::array<std::byte, 1024> data;
  if (diameter::max_address_data(text) > data.size()) {
    return expected;
  }
  const auto parsed = diameter::parse_address(text, data);
  if (!parsed) {
    return expected;
  }
  out.octets(at, *parsed);
  return {};
}

/// Types that are text on the wire too.
[[nodiscard]] std::string_view write_text(avp_writer& out, const avp_place& at,
                                          std::string_view text) noexcept {
  // What the parser gives is UTF-8.
  if (at.type != avp_type::utf8_string &&
      diameter::check_value(at.type, as_bytes(text)).has_value()) {
    switch (at.type) {
      case avp_type::diameter_identity:
        return "expected DiameterIdentity (a host or realm name)";
      case avp_type::diameter_uri:
        return "expected DiameterURI (such as \"aaa://host.example:3868;transport=tcp\")";
      case avp_type::ip_filter_rule:
        return "expected IPFilterRule (such as \"permit in ip from any to any\")";
      default:
        return "expected QoSFilterRule";
    }
  }
  out.octets(at, as_bytes(text));
  return {};
}

[[nodiscard, gnu::noinline]] std::string_view write_string(avp_writer& out, const avp_place& at,
                                                           std::string_view text) noexcept {
  switch (at.type) {
    case avp_type::octet_string:
      return write_avp_hex(out, at, text)
                 ? std::string_view{}
                 : "expected OctetString (pairs of hexadecimal digits, or {\"text\": …})";
    case avp_type::address:
      return write_address(out, at, text);
    case avp_type::time:
      return write_time(out, at, text);
    default:
      return write_text(out, at, text);
  }
}

[[nodiscard]] std::string_view expected_string(avp_type type) noexcept {
  switch (type) {
    case avp_type::octet_string:
      return "expected OctetString (a string of hexadecimal digits, or {\"text\": …})";
    case avp_type::address:
      return "expected Address (a string)";
    case avp_type::time:
      return "expected Time (a string as in RFC 3339)";
    case avp_type::diameter_identity:
      return "expected DiameterIdentity (a string)";
    case avp_type::diameter_uri:
      return "expected DiameterURI (a string)";
    case avp_type::ip_filter_rule:
      return "expected IPFilterRule (a string)";
    case avp_type::qos_filter_rule:
      return "expected QoSFilterRule (a string)";
    default:
      return "expected UTF8String (a string)";
  }
}

/// Apart, since inlined it costs each AVP by name 5 instructions.
[[nodiscard, gnu::noinline]] std::string_view write_avp_by_number(
    avp_writer& out, const avp_place& at, std::string_view digits) noexcept {
  return write_avp_hex(out, at, digits)
             ? std::string_view{}
             : "expected pairs of hexadecimal digits: by number, a text is always hexadecimal";
}

}  // namespace

std::string_view write_avp(avp_writer& out, const avp_place& at, const scalar& value) noexcept {
  if (at.by_number && at.type != avp_type::octet_string && value.what == kind::string) {
    return write_avp_by_number(out, at, value.text);
  }
  switch (at.type) {
    case avp_type::integer32:
    case avp_type::unsigned32:
    case avp_type::enumerated:
      return write_32(out, at, value);
    case avp_type::integer64:
    case avp_type::unsigned64:
      return write_64(out, at, value);
    case avp_type::float32:
    case avp_type::float64:
      return write_float(out, at, value);
    case avp_type::grouped:
      return "expected Grouped (an object)";
    default:
      break;
  }
  if (value.what != kind::string) {
    return expected_string(at.type);
  }
  return write_string(out, at, value.text);
}

bool parse_unsigned32(std::string_view text, std::uint32_t& v) noexcept {
  return parse_any_number(text, v);
}

bool write_avp_hex(avp_writer& out, const avp_place& at, std::string_view digits) noexcept {
  if (digits.size() % 2 != 0) {
    return false;
  }
  for (const char c : digits) {
    if (hex_digit(c) < 0) {
      return false;
    }
  }
  std::byte* const room = out.reserve(at, digits.size() / 2);
  for (std::size_t i = 0; room != nullptr && i < digits.size() / 2; ++i) {
    const int octet = hex_digit(digits[2 * i]) * 16 + hex_digit(digits[2 * i + 1]);
    room[i] = static_cast<std::byte>(octet);
  }
  return true;
}

}  // namespace diamgw::jsonrpc
