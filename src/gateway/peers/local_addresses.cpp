#include "gateway/peers/local_addresses.hpp"

#include <array>
#include <cstring>

namespace diamgw::gateway {

std::vector<diameter::host_address> local_addresses(const transport::stream& connection) {
  const transport::endpoint_address& local = connection.local();
  const bytes_view octets = local.host();
  switch (local.kind()) {
    case transport::endpoint_address::family::v4: {
      std::array<std::uint8_t, 4> host{};
      std::memcpy(host.data(), octets.data(), host.size());
      return {diameter::host_address::v4(host)};
    }
    case transport::endpoint_address::family::v6: {
      std::array<std::uint8_t, 16> host{};
      std::memcpy(host.data(), octets.data(), host.size());
      return {diameter::host_address::v6(host)};
    }
    default:
      return {};
  }
}

}  // namespace diamgw::gateway
