// Which peer gets a request (RFC 6733 §6.1.6), and where none can, why not.
//
// Order of look-up: Destination-Host where it is a known peer (that one or none); then
// Destination-Realm with the application; then the realm with any application; then the default.
// Within a route the lowest priority number that has a peer able to deliver is used, and within
// that group peers are drawn in proportion to their weights.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/link_state.hpp"
#include "diamgw/base/strong_id.hpp"

namespace diamgw::routing {

/// A peer's place in `table_spec::peers`.
using peer_index = std::uint32_t;
inline constexpr peer_index no_peer = 0xffffffffU;

struct peer_spec {
  std::string host;   // DiameterIdentity, letter case does not matter; empty: nobody has the place
  std::string realm;  // a realm that no route names is served by the peers that are in it
};

struct choice {
  std::string host;
  std::uint32_t priority = 0;
  std::uint32_t weight = 1;  // 0: only where the others of its group cannot deliver
};

struct realm_route {
  std::string realm;
  std::optional<application_id> application;  // nothing: any application
  std::vector<choice> peers;
};

struct table_spec {
  std::vector<peer_spec> peers;
  std::vector<realm_route> realms;
  std::vector<choice> fallback;  // where neither host nor realm is known
};

/// New requests go to `link_state::open` only (RFC 3539 §3.4).
using diamgw::link_state;

struct peer_status {
  link_state link = link_state::closed;
  bool full = false;  // at its limit of unanswered requests
  /// What the peer advertised; relay_application among them stands for every application.
  std::span<const application_id> applications;
};

/// Where `choose` asks for the status of a peer; made from any `peer_status f(peer_index)` that
/// outlives it. Called at most twice per candidate.
class status_source {
 public:
  template <class F>
  status_source(const F& f) noexcept  // NOLINT(google-explicit-constructor): a parameter type
      : object_{&f}, call_{[](const void* object, peer_index peer) -> peer_status {
          return (*static_cast<const F*>(object))(peer);
        }} {}

  [[nodiscard]] peer_status operator()(peer_index peer) const { return call_(object_, peer); }

 private:
  const void* object_;
  peer_status (*call_)(const void*, peer_index);
};

/// What of a request matters here. The views live as long as the call.
struct route_request {
  std::string_view destination_host;  // empty: the AVP is absent
  std::string_view destination_realm;
  application_id application;
  /// Peers not to use: already tried (fail-over), or the one that the request came from.
  std::span<const peer_index> excluded;
};

/// Why there is no peer; the values are the Result-Codes to answer with (RFC 6733 §7.1.3).
enum class refusal : std::uint32_t {
  none = 0,
  unable_to_deliver = 3002,  // routes exist, no peer of theirs can deliver
  realm_not_served = 3003,   // no route for the realm, and no default
  too_busy = 3004,           // a peer could deliver but is at its limit
};

struct decision {
  peer_index peer = no_peer;
  refusal refused = refusal::none;

  [[nodiscard]] explicit operator bool() const noexcept { return refused == refusal::none; }
};

/// Which step of the look-up decided.
enum class route_kind : std::uint8_t {
  none,
  destination_host,
  realm_and_application,
  realm,           // with any application
  peers_of_realm,  // no route names the realm, but peers are in it
  fallback,
};

/// Why a candidate was passed over.
enum class obstacle : std::uint8_t {
  none,            // it could have delivered
  not_open,        // what it is instead is its link_state
  no_application,  // it did not advertise the application
  full,            // too many unanswered requests
  excluded,        // tried before, or the request came from it
  unknown,         // the route names a host that is no peer
};
[[nodiscard]] std::string_view to_string(obstacle reason) noexcept;
[[nodiscard]] std::string_view to_string(route_kind kind) noexcept;

struct considered {
  std::string host;
  peer_index peer = no_peer;
  obstacle reason = obstacle::none;
  link_state link = link_state::closed;  // at that time; of `unknown` it says nothing
  std::uint32_t priority = 0;
  std::uint32_t weight = 1;

  /// The obstacle, or the peer's state where that is it; static storage.
  [[nodiscard]] std::string_view phrase() const noexcept;
};

/// "Why not", with every candidate; for error messages, not for the message path.
struct explanation {
  refusal refused = refusal::none;
  route_kind route = route_kind::none;
  std::string destination_host;
  std::string destination_realm;
  application_id application;
  std::vector<considered> candidates;

  /// The part of such requests that goes to each candidate, in their order: 0 to 1, together 1
  /// unless it is refused.
  [[nodiscard]] std::vector<double> shares() const;

  /// E.g. "realm 'x' is served by ocs1 (closed), ocs2 (does not advertise application 4)".
  [[nodiscard]] std::string sentence() const;
};

struct table_state;

/// Immutable once built; shared by all threads and replaced whole.
class table {
 public:
  /// Hosts in routes that are no peer are kept and count as `obstacle::unknown`. Of two routes for
  /// one realm and application the peers add up.
  explicit table(const table_spec& spec);
  table(table&&) noexcept;
  table& operator=(table&&) noexcept;
  ~table();

  /// The peer for one request.
  /// in:   `random`: 64 evenly distributed bits, the draw among the weights; equal input, equal
  ///       answer
  /// cost: one or two hash look-ups and one walk over the route's peers; no allocation
  [[nodiscard]] decision choose(const route_request& request, const status_source& status,
                                std::uint64_t random) const;

  /// Why `choose` answers as it does for the same input. Allocates.
  [[nodiscard]] explanation explain(const route_request& request,
                                    const status_source& status) const;

  /// `no_peer` where unknown. Letter case is ignored; no allocation.
  [[nodiscard]] peer_index find_peer(std::string_view host) const noexcept;

  [[nodiscard]] std::string_view peer_host(peer_index peer) const noexcept;
  [[nodiscard]] std::size_t peer_count() const noexcept;

 private:
  friend class chooser;
  std::unique_ptr<const table_state> state_;
};

}  // namespace diamgw::routing
