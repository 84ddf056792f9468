// What all peers of one node share.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "diamgw/config/options.hpp"
#include "diamgw/diameter/capabilities.hpp"
#include "diamgw/gateway/peers/routed_application.hpp"
#include "diamgw/metrics/registry.hpp"

namespace diamgw::gateway {

/// Immutable while the shards run. Any thread.
struct node_context {
  diameter::local_node identity;
  config::diameter_options configuration;
  std::uint32_t unix_seconds = 0;      // at the start, for End-to-End Identifiers (RFC 6733 §3)
  std::vector<std::byte> origin_avps;  // Origin-Host and Origin-Realm: every answer begins so
  std::vector<routed_application> routed{};  // what the peers are to serve by the configuration
  metrics::registry& metrics;
};

}  // namespace diamgw::gateway
