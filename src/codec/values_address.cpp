// Address (RFC 6733 §4.3.1) and its text.
#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

#include "diamgw/base/hex.hpp"
#include "diamgw/codec/values.hpp"

namespace diamgw::diameter {
namespace {

constexpr std::string_view e164_prefix = "e164:";
constexpr std::string_view family_prefix = "family:";
constexpr std::size_t family_octets = 2;
constexpr std::size_t ipv4_octets = 4;
constexpr std::size_t ipv6_octets = 16;

bool all_digits(std::string_view text) noexcept {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool has_text_form(const address& a) noexcept {
  return (a.family == address_families::ipv4 && a.octets.size() == ipv4_octets) ||
         (a.family == address_families::ipv6 && a.octets.size() == ipv6_octets);
}

std::string_view format_ip(const address& a, std::span<char> out) noexcept {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int family = a.family == address_families::ipv4 ? AF_INET : AF_INET6;
  if (inet_ntop(family, a.octets.data(), text.data(), text.size()) == nullptr) {
    return {};
  }
  const std::size_t size = std::strlen(text.data());
  if (size > out.size()) {
    return {};
  }
  std::copy_n(text.data(), size, out.data());
  return {out.data(), size};
}

std::string_view format_other(const address& a, std::span<char> out) noexcept {
  static constexpr std::string_view digits = "0123456789abcdef";
  char* p = std::copy(family_prefix.begin(), family_prefix.end(), out.data());
  p = std::to_chars(p, out.data() + out.size(), a.family).ptr;
  *p++ = ':';
  for (const std::byte octet : a.octets) {
    *p++ = digits[std::to_integer<unsigned>(octet >> 4)];
    *p++ = digits[std::to_integer<unsigned>(octet & std::byte{0x0f})];
  }
  return {out.data(), static_cast<std::size_t>(p - out.data())};
}

bytes_view put_family(std::uint16_t family, std::size_t octets, mutable_bytes out) noexcept {
  store_be16(out.data(), family);
  return out.first(family_octets + octets);
}

result<bytes_view> parse_other(std::string_view rest, mutable_bytes out) noexcept {
  const error_code bad = make_error_code(errc::value_address);
  std::uint16_t family = 0;
  const char* const end = rest.data() + rest.size();
  const auto [stop, ec] = std::from_chars(rest.data(), end, family);
  if (ec != std::errc{} || stop == end || *stop != ':') {
    return bad;
  }
  const std::string_view hex{stop + 1, static_cast<std::size_t>(end - stop - 1)};
  const std::size_t octets = hex.size() / 2;
  if (hex.size() % 2 != 0 || family_octets + octets > out.size()) {
    return bad;
  }
  for (std::size_t i = 0; i < octets; ++i) {
    const int high = hex_digit(hex[2 * i]);
    const int low = hex_digit(hex[2 * i + 1]);
    if (high < 0 || low < 0) {
      return bad;
    }
    store_u8(out.data() + family_octets + i, static_cast<std::uint8_t>(high * 16 + low));
  }
  const bytes_view data = put_family(family, octets, out);
  if (decode_address(data).has_error()) {
    return bad;
  }
  return data;
}

result<bytes_view> parse_ip(std::string_view text, mutable_bytes out) noexcept {
  std::array<char, INET6_ADDRSTRLEN> copy{};  // with the NUL that inet_pton wants
  if (text.size() >= copy.size() || text.find('\0') != std::string_view::npos ||
      out.size() < family_octets + ipv6_octets) {
    return make_error_code(errc::value_address);
  }
  std::copy(text.begin(), text.end(), copy.begin());
  std::byte* const octets = out.data() + family_octets;
  if (inet_pton(AF_INET, copy.data(), octets) == 1) {
    return put_family(address_families::ipv4, ipv4_octets, out);
  }
  if (inet_pton(AF_INET6, copy.data(), octets) == 1) {
    return put_family(address_families::ipv6, ipv6_octets, out);
  }
  return make_error_code(errc::value_address);
}

}  // namespace

result<address> decode_address(bytes_view data) noexcept {
  if (data.size() < family_octets) {
    return make_error_code(errc::value_length);
  }
  const address a{load_be16(data.data()), data.subspan(family_octets)};
  const bool ip = a.family == address_families::ipv4 || a.family == address_families::ipv6;
  if (ip && !has_text_form(a)) {
    return make_error_code(errc::value_address);
  }
  return a;
}

std::size_t max_address_text(const address& a) noexcept {
  constexpr std::size_t family_digits = 5;
  return std::max<std::size_t>(INET6_ADDRSTRLEN,
                               family_prefix.size() + family_digits + 1 + 2 * a.octets.size());
}

std::string_view format_address(const address& a, std::span<char> out) noexcept {
  if (has_text_form(a)) {
    return format_ip(a, out);
  }
  const std::string_view digits = as_text(a.octets);
  if (a.family == address_families::e164 && all_digits(digits)) {
    const std::size_t size = e164_prefix.size() + digits.size();
    if (size > out.size()) {
      return {};
    }
    char* const p = std::copy(e164_prefix.begin(), e164_prefix.end(), out.data());
    std::copy(digits.begin(), digits.end(), p);
    return {out.data(), size};
  }
  return out.size() < max_address_text(a) ? std::string_view{} : format_other(a, out);
}

result<bytes_view> parse_address(std::string_view text, mutable_bytes out) noexcept {
  if (text.starts_with(family_prefix)) {
    return parse_other(text.substr(family_prefix.size()), out);
  }
  if (text.starts_with(e164_prefix) && all_digits(text.substr(e164_prefix.size()))) {
    const bytes_view digits = as_bytes(text.substr(e164_prefix.size()));
    if (family_octets + digits.size() > out.size()) {
      return make_error_code(errc::value_address);
    }
    std::copy(digits.begin(), digits.end(), out.begin() + family_octets);
    return put_family(address_families::e164, digits.size(), out);
  }
  return parse_ip(text, out);
}

}  // namespace diamgw::diameter
