#include "diamgw/routing/attempts.hpp"

namespace diamgw::routing {

decision attempts::next(chooser& routes, route_request asked, const status_source& status,
                        std::uint64_t random) const {
  if (exhausted()) {
    return {no_peer, refusal::unable_to_deliver};
  }
  asked.excluded = tried();
  return routes.choose(asked, status, random);
}

bool attempts::goes_on_after(attempt_outcome outcome, peer_index peer) {
  if (outcome != attempt_outcome::not_taken || exhausted()) {
    return false;
  }
  tried_.push_back(peer);
  return true;
}

}  // namespace diamgw::routing
