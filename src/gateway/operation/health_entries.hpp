// What the admin listener tells whoever watches the process: /metrics, /healthz and /readyz.
#pragma once
#include <atomic>
#include <cstdint>
#include <vector>

#include "diamgw/gateway/peers/peer_table.hpp"
#include "diamgw/metrics/registry.hpp"
#include "gateway/operation/admin_api.hpp"

namespace diamgw::gateway {

enum class readiness : std::uint8_t {
  ready,
  draining,
  no_peer_open,  // though some are known
};
/// Whether a load balancer is to send clients here: at least one peer is open, or none is known,
/// since then nothing is amiss. By what `on` knows of the peers; its thread.
[[nodiscard]] readiness judge_readiness(const peer_table& peers, const shard_context& on,
                                        bool draining);

/// What the entries look at; outlives them.
struct health_context {
  const metrics::registry& metrics;
  const peer_table& peers;
  const shard_context& on;  // the admin listener's
  const std::atomic<bool>& draining;
  std::uint32_t started_seconds;  // since 1970
};
[[nodiscard]] std::vector<admin_api::entry> make_health_entries(const health_context& with);

}  // namespace diamgw::gateway
