#include "diamgw/transport/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <charconv>
#include <cstring>

#include "diamgw/base/host_name.hpp"

namespace diamgw::transport {

namespace {

std::string with_port(std::string_view host, std::uint16_t port) {
  const bool v6 = host.find(':') != std::string_view::npos;
  std::string text;
  text.append(v6 ? "[" : "").append(host).append(v6 ? "]:" : ":");
  return text.append(std::to_string(port));
}

bool is_address(std::string_view host) {
  return endpoint_address::from_text(host, 0).kind() != endpoint_address::family::none;
}

}  // namespace

std::string to_string(const address& a) {
  return std::string{protocol_schemes.at(static_cast<std::size_t>(a.over))} + host_and_port_of(a);
}

std::string host_and_port_of(const address& a) {
  return with_port(a.host, a.port);
}

endpoint_address endpoint_address::v4(const std::array<std::uint8_t, 4>& host,
                                      std::uint16_t port) noexcept {
  endpoint_address e;
  std::memcpy(e.octets_.data(), host.data(), host.size());
  e.kind_ = family::v4;
  e.port_ = port;
  return e;
}

endpoint_address endpoint_address::v6(const std::array<std::uint8_t, 16>& host,
                                      std::uint16_t port) noexcept {
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(mapped.begin(), mapped.end(), host.begin())) {
    return v4({host[12], host[13], host[14], host[15]}, port);
  }
  endpoint_address e;
  std::memcpy(e.octets_.data(), host.data(), host.size());
  e.kind_ = family::v6;
  e.port_ = port;
  return e;
}

endpoint_address endpoint_address::from_text(std::string_view host, std::uint16_t port) {
  if (host.find('\0') != std::string_view::npos) {
    return {};
  }
  const std::string text{host};
  std::array<std::uint8_t, 4> four{};
  if (::inet_pton(AF_INET, text.c_str(), four.data()) == 1) {
    return v4(four, port);
  }
  std::array<std::uint8_t, 16> six{};
  if (::inet_pton(AF_INET6, text.c_str(), six.data()) == 1) {
    return v6(six, port);
  }
  return {};
}

bytes_view endpoint_address::host() const noexcept {
  const std::size_t octets = kind_ == family::v4 ? 4 : kind_ == family::v6 ? 16 : 0;
  return bytes_view{octets_}.first(octets);
}

bool endpoint_address::is_loopback() const noexcept {
  if (kind_ == family::v4) {
    return octets_[0] == std::byte{127};
  }
  std::array<std::byte, 16> one{};
  one.back() = std::byte{1};
  return kind_ == family::v6 && octets_ == one;
}

std::string endpoint_address::host_text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (kind_ == family::none || ::inet_ntop(kind_ == family::v4 ? AF_INET : AF_INET6, octets_.data(),
                                           text.data(), text.size()) == nullptr) {
    return "?";
  }
  return text.data();
}

std::string to_string(const endpoint_address& e) {
  return e.kind() == endpoint_address::family::none ? "?" : with_port(e.host_text(), e.port());
}

result<host_and_port> decode_host_and_port(std::string_view text, std::uint16_t default_port) {
  const error_code wrong{boost::asio::error::invalid_argument};
  std::string_view host = text;
  std::string_view port;
  bool has_port = false;
  bool good_host = false;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) {
      return wrong;
    }
    host = text.substr(1, end - 1);
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && !rest.starts_with(':')) {
      return wrong;
    }
    has_port = !rest.empty();
    port = has_port ? rest.substr(1) : rest;
    good_host = host.find(':') != std::string_view::npos && is_address(host);
  } else {
    if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
      host = text.substr(0, colon);
      port = text.substr(colon + 1);
      has_port = true;
    }
    good_host = is_address(host) || is_host_name(host);
  }
  std::uint16_t number = default_port;
  if (has_port) {
    const char* end = port.data() + port.size();
    const auto [stopped, failed] = std::from_chars(port.data(), end, number);
    if (failed != std::errc{} || stopped != end || port.empty()) {
      return wrong;
    }
  }
  if (!good_host || (!has_port && number == 0)) {
    return wrong;
  }
  return host_and_port{std::string{host}, number};
}

}  // namespace diamgw::transport
