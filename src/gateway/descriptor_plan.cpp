#include "diamgw/gateway/descriptor_plan.hpp"

#include <algorithm>

#include "diamgw/transport/http_server.hpp"

namespace diamgw::gateway {
namespace {

/// Standard streams, the log, files that are read, the resolver's.
constexpr std::size_t of_the_process = 16;
/// What a shard's loop waits by: epoll, its eventfd and its timer.
constexpr std::size_t of_a_shard = 3;
/// A peer that connects anew may have its old connection still.
constexpr std::size_t of_a_peer = 2;

std::size_t count_dialled(const config::diameter_options& d) {
  return static_cast<std::size_t>(
      std::ranges::count_if(d.peers, [](const auto& p) { return p.connect.has_value(); }));
}

}  // namespace

descriptor_plan plan_descriptors(const config::options& o, std::size_t shards,
                                 std::size_t allowed) {
  const std::size_t listeners = o.diameter.listen.size() + o.websocket.listen.size();
  const std::size_t admin =
      o.admin.listen ? 1 + transport::http_server::options{}.listen.limit_connections : 0;
  const std::size_t dialled = count_dialled(o.diameter);
  const std::size_t peers =
      std::min<std::size_t>(o.diameter.max_connections, o.diameter.accept_unknown_peers
                                                            ? o.diameter.max_connections
                                                            : o.diameter.peers.size() * of_a_peer);
  descriptor_plan plan{.allowed = allowed};
  plan.needed = of_the_process + shards * (of_a_shard + listeners) + admin + dialled +
                o.diameter.max_connections + o.websocket.max_clients;
  plan.kept_from_peers = std::min(of_the_process + admin + dialled, allowed / 4);
  plan.kept_from_clients = std::min(of_the_process + admin + dialled + peers, allowed / 2);
  return plan;
}

std::optional<std::string> find_shortage(const descriptor_plan& plan) {
  if (plan.needed <= plan.allowed) {
    return std::nullopt;
  }
  return "the system allows " + std::to_string(plan.allowed) +
         " descriptors (ulimit -n), and up to " + std::to_string(plan.needed) +
         " are needed by websocket.max_clients, diameter.max_connections and peers: clients that "
         "would take the last " +
         std::to_string(plan.kept_from_clients) + " are refused";
}

}  // namespace diamgw::gateway
