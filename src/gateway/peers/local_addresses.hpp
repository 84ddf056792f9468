// Host-IP-Address (RFC 6733 §5.3.5) of a connection.
#pragma once
#include <vector>

#include "diamgw/diameter/capabilities.hpp"
#include "diamgw/transport/stream.hpp"

namespace diamgw::gateway {

/// Addresses of ours as CER and CEA state them, of one connection's local endpoint; none where it
/// has no IP address.
[[nodiscard]] std::vector<diameter::host_address> local_addresses(
    const transport::stream& connection);

}  // namespace diamgw::gateway
