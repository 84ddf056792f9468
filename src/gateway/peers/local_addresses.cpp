#include "gateway/peers/local_addresses.hpp"

#include <array>
#include <cstring>

namespace diamgw::gateway {

std::vector<diameter::host_address> local_addresses(const transport::stream& connection) {
  std::vector<diameter::host_address> all;
  for (const transport::endpoint_address& local : connection.local()) {
    const bytes_view octets = local.host();
    if (local.kind() == transport::endpoint_address::family::v4) {
      std::array<std::uint8_t, 4> host{};
      std::memcpy(host.data(), octets.data(), host.size());
      all.push_back(diameter::host_address::v4(host));
    } else if (local.kind() == transport::endpoint_address::family::v6) {
      std::array<std::uint8_t, 16> host{};
      std::memcpy(host.data(), octets.data(), host.size());
      all.push_back(diameter::host_address::v6(host));
    }
  }
  return all;
}

}  // namespace diamgw::gateway
