// A peer's report as JSON: for `gateway.info`, and for whoever else shows the peers.
#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>

#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/gateway/peers/peer_report.hpp"

namespace diamgw::gateway {

/// The members are those of docs/jsonrpc.md, "gateway.info"; what is not known is left out. Times
/// are in seconds, before or after `now`; applications have the names of `names`. Printable ASCII.
[[nodiscard]] nlohmann::json describe_peer(const peer_report& of, std::uint32_t waiting,
                                           time_point now, const dictionary::dictionary& names);

}  // namespace diamgw::gateway
