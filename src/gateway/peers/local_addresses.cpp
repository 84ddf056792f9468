#include "gateway/peers/local_addresses.hpp"

#include <boost/asio/ip/address.hpp>
#include <string>

namespace diamgw::gateway {

std::vector<diameter::host_address> local_addresses(const transport::stream& connection) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(
      std::string{transport::host_of(connection.local_endpoint())}, error);
  if (error) {
    return {};
  }
  if (address.is_v4()) {
    return {diameter::host_address::v4(address.to_v4().to_bytes())};
  }
  return {diameter::host_address::v6(address.to_v6().to_bytes())};
}

}  // namespace diamgw::gateway
