#include "diamgw/codec/values.hpp"
#include "diamgw/codec/filter_rule.hpp"

#include <algorithm>

namespace diamgw::diameter {

using dictionary::avp_type;

result<std::int32_t> decode_integer32(bytes_view data) noexcept {
  if (data.size() != 4) {
    return make_error_code(errc::value_length);
  }
  return static_cast<std::int32_t>(load_be32(data.data()));
}

result<std::int64_t> decode_integer64(bytes_view data) noexcept {
  if (data.size() != 8) {
    return make_error_code(errc::value_length);
  }
  return static_cast<std::int64_t>(load_be64(data.data()));
}

result<float> decode_float32(bytes_view data) noexcept {
  if (data.size() != 4) {
    return make_error_code(errc::value_length);
  }
  return std::bit_cast<float>(load_be32(data.data()));
}

result<double> decode_float64(bytes_view data) noexcept {
  if (data.size() != 8) {
    return make_error_code(errc::value_length);
  }
  return std::bit_cast<double>(load_be64(data.data()));
}

namespace {

/// Octets of the well-formed sequence (RFC 3629 §4's table) at the front of `rest`, which begins
/// with an octet above 0x7f; 0 where there is none.
std::size_t utf8_sequence(bytes_view rest) noexcept {
  const std::uint8_t first = load_u8(rest.data());
  std::size_t length = 0;
  std::uint8_t low = 0x80;   // bounds of the second octet: they exclude overlong forms,
  std::uint8_t high = 0xbf;  // surrogates and what is above U+10FFFF
  if (first >= 0xc2 && first <= 0xdf) {
    length = 2;
  } else if (first >= 0xe0 && first <= 0xef) {
    length = 3;
    low = first == 0xe0 ? 0xa0 : 0x80;
    high = first == 0xed ? 0x9f : 0xbf;
  } else if (first >= 0xf0 && first <= 0xf4) {
    length = 4;
    low = first == 0xf0 ? 0x90 : 0x80;
    high = first == 0xf4 ? 0x8f : 0xbf;
  }
  if (length == 0 || rest.size() < length) {
    return 0;
  }
  const std::uint8_t second = load_u8(rest.data() + 1);
  if (second < low || second > high) {
    return 0;
  }
  for (std::size_t i = 2; i < length; ++i) {
    if ((load_u8(rest.data() + i) & 0xc0U) != 0x80U) {
      return 0;
    }
  }
  return length;
}

}  // namespace

bool is_utf8(bytes_view data) noexcept {
  std::size_t at = 0;
  while (at < data.size()) {
    // Eight octets of ASCII at a time: nearly all text in AVPs is.
    if (data.size() - at >= 8 && (load_be64(data.data() + at) & 0x8080808080808080U) == 0) {
      at += 8;
    } else if (load_u8(data.data() + at) < 0x80) {
      ++at;
    } else {
      const std::size_t length = utf8_sequence(data.subspan(at));
      if (length == 0) {
        return false;
      }
      at += length;
    }
  }
  return true;
}

std::size_t min_data_octets(avp_type type) noexcept {
  switch (type) {
    case avp_type::integer32:
    case avp_type::unsigned32:
    case avp_type::float32:
    case avp_type::enumerated:
    case avp_type::time:
      return 4;
    case avp_type::integer64:
    case avp_type::unsigned64:
    case avp_type::float64:
      return 8;
    case avp_type::address:
      return 6;  // family and an IPv4 address, the shortest that anybody expects
    case avp_type::octet_string:
    case avp_type::grouped:
    case avp_type::utf8_string:
    case avp_type::diameter_identity:
    case avp_type::diameter_uri:
    case avp_type::ip_filter_rule:
    case avp_type::qos_filter_rule:
      return 0;
  }
  return 0;
}

namespace {

std::optional<errc> unless(bool good, errc e) noexcept {
  return good ? std::nullopt : std::optional{e};
}

std::optional<errc> check_address(bytes_view data) noexcept {
  if (data.size() < 2) {
    return errc::value_length;
  }
  return unless(decode_address(data).has_value(), errc::value_address);
}

}  // namespace

std::optional<errc> check_value(avp_type type, bytes_view data) noexcept {
  switch (type) {
    case avp_type::integer32:
    case avp_type::unsigned32:
    case avp_type::float32:
    case avp_type::enumerated:
    case avp_type::time:
      return unless(data.size() == 4, errc::value_length);
    case avp_type::integer64:
    case avp_type::unsigned64:
    case avp_type::float64:
      return unless(data.size() == 8, errc::value_length);
    case avp_type::address:
      return check_address(data);
    case avp_type::utf8_string:
      return unless(is_utf8(data), errc::value_utf8);
    case avp_type::diameter_identity:
      return unless(is_diameter_identity(as_text(data)), errc::value_identity);
    case avp_type::diameter_uri:
      return unless(parse_diameter_uri(as_text(data)).has_value(), errc::value_uri);
    case avp_type::ip_filter_rule:
      return unless(parse_ip_filter_rule(as_text(data)).has_value(), errc::value_filter_rule);
    case avp_type::octet_string:
    case avp_type::grouped:
    case avp_type::qos_filter_rule:  // RFC 7155 §4.1.3 leaves its words to the future
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace diamgw::diameter
