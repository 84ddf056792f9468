// What an operator is shown of a peer: by `gateway.info`, and by whoever else shows the peers.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "diamgw/base/clock.hpp"
#include "diamgw/base/link_state.hpp"
#include "diamgw/base/strong_id.hpp"
#include "diamgw/diameter/ending.hpp"

namespace diamgw::gateway {

/// Immutable once published; any thread.
struct peer_report {
  /// Why the last connection, attempt or refused CER failed; what we ended ourselves is none.
  struct failure {
    diameter::ending why{};
    time_point at{};
  };

  std::string host{};   // as configured, or as an unknown peer named itself
  std::string realm{};  // likewise
  link_state link = link_state::closed;
  time_point since{};     // when it came to this state
  std::string address{};  // of the connection, or of the last one or attempt; empty: there was none
  std::string product{};  // Product-Name of its last CER or CEA; as the peer wrote it
  std::string in_realm{};                      // Origin-Realm, likewise
  std::vector<application_id> applications{};  // in common; none where there is no connection
  std::shared_ptr<const failure> last_error{};
  time_point next_attempt = time_point::max();  // to connect; max: none is to come
};

}  // namespace diamgw::gateway
