#include "diamgw/gateway/descriptor_plan.hpp"

#include <algorithm>

#include "diamgw/transport/http_server.hpp"

namespace diamgw::gateway {
namespace {

/// Standard streams, the log, files that are read.
constexpr std::size_t of_the_process = 16;
/// The system's resolver: a socket for each of two name servers.
constexpr std::size_t of_a_lookup = 2;
/// A listener's name usually has an address of IPv4 and one of IPv6; how many it has is only known
/// when it listens.
constexpr std::size_t of_a_name = 2;
/// What a shard's loop waits by: epoll, its eventfd and its timer.
constexpr std::size_t of_a_shard = 3;
/// A peer that connects anew may have its old connection still.
constexpr std::size_t of_a_peer = 2;

std::size_t count_dialled(const config::diameter_options& d) {
  return static_cast<std::size_t>(
      std::ranges::count_if(d.peers, [](const auto& p) { return p.connect.has_value(); }));
}

bool is_name(const config::endpoint& e) {
  using transport::endpoint_address;
  return endpoint_address::from_text(e.address, e.port).kind() == endpoint_address::family::none;
}

std::size_t count_addresses(const config::endpoint& e) {
  return is_name(e) ? of_a_name : 1;
}

std::size_t count_addresses(const std::vector<config::endpoint>& all) {
  std::size_t n = 0;
  for (const config::endpoint& e : all) {
    n += count_addresses(e);
  }
  return n;
}

/// What lookups hold at a time: of peers' names, and at the start of one listener after the other.
std::size_t count_for_lookups(const config::options& o) {
  std::size_t names = 0;
  for (const config::peer_options& p : o.diameter.peers) {
    names += p.connect && is_name(*p.connect) ? 1 : 0;
  }
  const bool listens_by_name = std::ranges::any_of(o.diameter.listen, is_name) ||
                               std::ranges::any_of(o.websocket.listen, is_name) ||
                               (o.admin.listen && is_name(*o.admin.listen));
  names = std::max<std::size_t>(names, listens_by_name ? 1 : 0);
  return std::min(names, transport::most_lookups) * of_a_lookup;
}

}  // namespace

descriptor_plan plan_descriptors(const config::options& o, std::size_t shards,
                                 std::size_t allowed) {
  const std::size_t listeners =
      count_addresses(o.diameter.listen) + count_addresses(o.websocket.listen);
  const std::size_t admin = o.admin.listen
                                ? count_addresses(*o.admin.listen) +
                                      transport::http_server::options{}.listen.limit_connections
                                : 0;
  const std::size_t dialled = count_dialled(o.diameter);
  const std::size_t of_process = of_the_process + count_for_lookups(o);
  const std::size_t peers =
      std::min<std::size_t>(o.diameter.max_connections, o.diameter.accept_unknown_peers
                                                            ? o.diameter.max_connections
                                                            : o.diameter.peers.size() * of_a_peer);
  descriptor_plan plan{.allowed = allowed};
  plan.needed = of_process + shards * (of_a_shard + listeners) + admin + dialled +
                o.diameter.max_connections + o.websocket.max_clients;
  plan.kept_from_peers = std::min(of_process + admin + dialled, allowed / 4);
  plan.kept_from_clients = std::min(of_process + admin + dialled + peers, allowed / 2);
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
