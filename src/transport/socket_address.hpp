// How the system writes an end of a connection.
#pragma once
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <cstring>

#include "diamgw/transport/address.hpp"

namespace diamgw::transport {

/// `none` where it is neither v4 nor v6.
[[nodiscard]] inline endpoint_address to_endpoint_address(const sockaddr_storage& from) noexcept {
  if (from.ss_family == AF_INET) {
    sockaddr_in a{};
    std::memcpy(&a, &from, sizeof a);
    std::array<std::uint8_t, 4> host{};
    std::memcpy(host.data(), &a.sin_addr, host.size());
    return endpoint_address::v4(host, ntohs(a.sin_port));
  }
  if (from.ss_family == AF_INET6) {
    sockaddr_in6 a{};
    std::memcpy(&a, &from, sizeof a);
    std::array<std::uint8_t, 16> host{};
    std::memcpy(host.data(), &a.sin6_addr, host.size());
    return endpoint_address::v6(host, ntohs(a.sin6_port));
  }
  return {};
}

}  // namespace diamgw::transport
