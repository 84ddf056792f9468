#include "diamgw/routing/table.hpp"

#include "routing/table_state.hpp"

namespace diamgw::routing {
namespace {

void add_choices(route& to, const std::vector<choice>& choices, const table_state& t) {
  for (const choice& c : choices) {
    const auto peer = t.hosts.find(std::string_view{c.host});
    const auto behind = std::upper_bound(
        to.begin(), to.end(), c.priority,
        [](std::uint32_t priority, const candidate& other) { return priority < other.priority; });
    to.insert(behind, {.peer = peer == t.hosts.end() ? no_peer : peer->second,
                       .priority = c.priority,
                       .weight = c.weight,
                       .host = c.host});
  }
}

[[nodiscard]] bool supports(std::span<const application_id> advertised, application_id wanted) {
  // One that advertised the relay application takes all (RFC 6733 §2.4); the base protocol's own
  // commands need not be advertised.
  return wanted == base_application ||
         std::any_of(advertised.begin(), advertised.end(),
                     [wanted](application_id a) { return a == wanted || a == relay_application; });
}

[[nodiscard]] constexpr std::size_t end_of_group(std::span<const candidate> all,
                                                 std::size_t begin) noexcept {
  std::size_t end = begin;
  while (end < all.size() && all[end].priority == all[begin].priority) {
    ++end;
  }
  return end;
}

/// What one walk over a priority group finds.
struct group_shares {
  std::uint64_t weights = 0;
  std::uint64_t usable = 0;
  bool full = false;          // one could deliver, were it not at its limit
  peer_index last = no_peer;  // of those that can
};

[[nodiscard]] group_shares add_up(std::span<const candidate> group, const route_request& request,
                                  const status_source& status) {
  group_shares shares;
  for (const candidate& c : group) {
    const obstacle reason = find_obstacle(c, request, status);
    if (reason == obstacle::none) {
      shares.weights += c.weight;
      shares.last = c.peer;
      ++shares.usable;
    }
    shares.full = shares.full || reason == obstacle::full;
  }
  return shares;
}

/// The peer that `random` draws in proportion to the weights; with no weight at all, evenly. The
/// status may change between the two walks: then the last that can deliver now, or no_peer.
[[nodiscard]] peer_index draw(std::span<const candidate> group, const route_request& request,
                              const status_source& status, const group_shares& shares,
                              std::uint64_t random) {
  const bool weighted = shares.weights != 0;
  // The high half of a 128-bit product maps 64 random bits evenly onto [0, shares).
  __extension__ using wide = unsigned __int128;
  auto point = static_cast<std::uint64_t>(
      (wide{random} * (weighted ? shares.weights : shares.usable)) >> 64U);
  peer_index last = no_peer;
  for (const candidate& c : group) {
    if (find_obstacle(c, request, status) != obstacle::none) {
      continue;
    }
    const std::uint64_t share = weighted ? c.weight : 1;
    last = c.peer;
    if (point < share) {
      break;
    }
    point -= share;
  }
  return last;
}

}  // namespace

obstacle find_obstacle(const candidate& c, const route_request& request,
                       const status_source& status) {
  if (c.peer == no_peer) {
    return obstacle::unknown;
  }
  if (std::find(request.excluded.begin(), request.excluded.end(), c.peer) !=
      request.excluded.end()) {
    return obstacle::excluded;
  }
  const peer_status now = status(c.peer);
  if (now.link != link_state::open && now.link != link_state::suspect) {
    return obstacle::not_open;
  }
  if (!supports(now.applications, request.application)) {
    return obstacle::no_application;
  }
  // RFC 3539 §3.4.1: a suspect connection gets no new requests; its pending ones fail over.
  if (now.link == link_state::suspect) {
    return obstacle::not_open;
  }
  return now.full ? obstacle::full : obstacle::none;
}

found_route find_route(const table_state& t, const route_request& request) noexcept {
  // RFC 6733 §6.1.5: a Destination-Host that is in the peer table gets the request, and where it
  // cannot, nobody else does.
  if (!request.destination_host.empty()) {
    if (const auto host = t.hosts.find(request.destination_host); host != t.hosts.end()) {
      return {route_kind::destination_host, {&t.as_candidates[host->second], 1}};
    }
  }
  // §6.1.6: Destination-Realm and application, as the realm routing table (§2.7) has them.
  if (const auto realm = t.realms.find(request.destination_realm); realm != t.realms.end()) {
    const auto& routes = realm->second.by_application;
    if (const auto exact = routes.find(request.application.value); exact != routes.end()) {
      return {route_kind::realm_and_application, exact->second};
    }
    if (!realm->second.any_application.empty() || t.fallback.empty()) {
      return {route_kind::realm, realm->second.any_application};
    }
  } else if (const auto peers = t.peers_of_realm.find(request.destination_realm);
             peers != t.peers_of_realm.end()) {
    return {route_kind::peers_of_realm, peers->second};
  }
  // §2.7: the default route.
  if (!t.fallback.empty()) {
    return {route_kind::fallback, t.fallback};
  }
  return {};
}

table::table(const table_spec& spec) {
  auto t = std::make_unique<table_state>();
  t->peers = spec.peers;
  for (peer_index i = 0; i < spec.peers.size(); ++i) {
    const peer_spec& peer = spec.peers[i];
    const candidate only{.peer = i, .priority = 0, .weight = 1, .host = peer.host};
    t->as_candidates.push_back(only);
    if (peer.host.empty()) {
      continue;
    }
    t->hosts.try_emplace(peer.host, i);
    if (!peer.realm.empty()) {
      t->peers_of_realm[peer.realm].push_back(only);
    }
  }
  for (const realm_route& r : spec.realms) {
    realm_entry& entry = t->realms[r.realm];
    add_choices(r.application ? entry.by_application[r.application->value] : entry.any_application,
                r.peers, *t);
  }
  add_choices(t->fallback, spec.fallback, *t);
  state_ = std::move(t);
}

table::table(table&&) noexcept = default;
table& table::operator=(table&&) noexcept = default;
table::~table() = default;

decision choose_among(const found_route& found, const route_request& request,
                      const status_source& status, std::uint64_t random) {
  if (found.kind == route_kind::none) {
    return {.peer = no_peer, .refused = refusal::realm_not_served};
  }
  bool full = false;
  for (std::size_t begin = 0; begin < found.candidates.size();) {
    const std::size_t end = end_of_group(found.candidates, begin);
    const auto group = found.candidates.subspan(begin, end - begin);
    const group_shares shares = add_up(group, request, status);
    full = full || shares.full;
    if (shares.usable == 1) {
      return {.peer = shares.last, .refused = refusal::none};
    }
    if (shares.usable != 0) {
      const peer_index peer = draw(group, request, status, shares, random);
      if (peer != no_peer) {
        return {.peer = peer, .refused = refusal::none};
      }
    }
    begin = end;
  }
  return {.peer = no_peer, .refused = full ? refusal::too_busy : refusal::unable_to_deliver};
}

decision table::choose(const route_request& request, const status_source& status,
                       std::uint64_t random) const {
  return choose_among(find_route(*state_, request), request, status, random);
}

peer_index table::find_peer(std::string_view host) const noexcept {
  const auto found = state_->hosts.find(host);
  return found == state_->hosts.end() ? no_peer : found->second;
}

std::string_view table::peer_host(peer_index peer) const noexcept {
  return peer < state_->peers.size() ? std::string_view{state_->peers[peer].host}
                                     : std::string_view{};
}

std::size_t table::peer_count() const noexcept {
  return state_->peers.size();
}

}  // namespace diamgw::routing
