// A peer's report as JSON: for `gateway.info`, and for whoever else shows the peers.
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>

#include "diamgw/gateway/peers/peer_report.hpp"

namespace diamgw::gateway {

/// The members are those of docs/jsonrpc.md, "gateway.info"; what is not known is left out. Times
/// are in seconds, before or after `now`. Printable ASCII.
[[nodiscard]] nlohmann::json describe_peer(const peer_report& of, std::uint32_t waiting,
                                           time_point now);

}  // namespace diamgw::gateway
