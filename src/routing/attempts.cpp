#include "diamgw/routing/attempts.hpp"

namespace diamgw::routing {

decision attempts::next(chooser& routes, route_request asked, const status_source& status,
                        std::uint64_t random) const {
  if (exhausted()) {
    return {no_peer, refusal::unable_to_deliver};
  }
  asked.excluded = excluded();
  return routes.choose(asked, status, random);
}

bool attempts::goes_on_after(attempt_outcome outcome, peer_index peer) {
  if (outcome != attempt_outcome::not_taken || exhausted()) {
    return false;
  }
  excluded_.push_back(peer);
  ++tried_;
  return true;
}

}  // namespace diamgw::routing
