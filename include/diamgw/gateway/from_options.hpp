// What the objects of a node are made from, out of the configuration.
#pragma once
#include <memory>
#include <vector>

#include "diamgw/config/options.hpp"
#include "diamgw/diameter/capabilities.hpp"
#include "diamgw/gateway/peers/routed_application.hpp"
#include "diamgw/routing/table.hpp"
#include "diamgw/transport/address.hpp"

namespace diamgw::gateway {

class peer_table;

/// Our identity as CER and CEA state it. Applications must have been resolved to numbers.
[[nodiscard]] diameter::local_node make_identity(const config::node_options& o,
                                                 std::uint32_t origin_state_id);

/// Where to listen or to dial: no other place makes an address of what the configuration has.
[[nodiscard]] transport::address make_address(const config::endpoint& e);

/// The routes over the peers that `n` has now. Any thread.
[[nodiscard]] std::shared_ptr<const routing::table> make_routes(const config::routing_options& o,
                                                                const peer_table& peers);

/// The routes that name a peer for an application; those for any application want none of it.
[[nodiscard]] std::vector<routed_application> make_routed_applications(
    const config::routing_options& o);

}  // namespace diamgw::gateway
