// What a routing table holds, for `choose` and `explain`.
#pragma once
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "diamgw/routing/table.hpp"
#include "routing/identity.hpp"

namespace diamgw::routing {

struct candidate {
  peer_index peer = no_peer;  // no_peer: `host` is no peer
  std::uint32_t priority = 0;
  std::uint32_t weight = 1;
  std::string host;
};

/// Sorted by priority, the order of the configuration within a group.
using route = std::vector<candidate>;

/// All routes of one realm.
struct realm_entry {
  std::unordered_map<std::uint32_t, route> by_application;
  route any_application;
};

struct table_state {
  std::vector<peer_spec> peers;
  std::vector<candidate> as_candidates;  // each peer, as the only choice by Destination-Host
  std::unordered_map<std::string, peer_index, identity_hash, identity_equal> hosts;
  std::unordered_map<std::string, realm_entry, identity_hash, identity_equal> realms;
  std::unordered_map<std::string, route, identity_hash, identity_equal> peers_of_realm;
  route fallback;
};

/// The step of the look-up that a request comes to, and its candidates.
struct found_route {
  route_kind kind = route_kind::none;
  std::span<const candidate> candidates;
};

[[nodiscard]] found_route find_route(const table_state& t, const route_request& request) noexcept;

/// The peer among the candidates of a route, or why there is none.
[[nodiscard]] decision choose_among(const found_route& found, const route_request& request,
                                    const status_source& status, std::uint64_t random);

/// What keeps one candidate from delivering; the most lasting reason first.
[[nodiscard]] obstacle find_obstacle(const candidate& c, const route_request& request,
                                     const status_source& status);

}  // namespace diamgw::routing
