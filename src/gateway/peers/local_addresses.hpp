// Host-IP-Address (RFC 6733 §5.3.5) of a connection.
#pragma once
#include <vector>

#include "diamgw/diameter/capabilities.hpp"
#include "diamgw/transport/stream.hpp"

namespace diamgw::gateway {

/// Addresses of ours as CER and CEA state them: all that our end of one connection has (where it
/// may use several, all are to be told); none where it has no IP address.
[[nodiscard]] std::vector<diameter::host_address> local_addresses(
    const transport::stream& connection);

}  // namespace diamgw::gateway
