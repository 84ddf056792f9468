// Which receiver a request is offered to next, and when it is given up: a value, no I/O.
#pragma once
#include <boost/container/static_vector.hpp>
#include <cstdint>

#include "diamgw/routing/chooser.hpp"

namespace diamgw::routing {

/// How a receiver ended one attempt.
enum class attempt_outcome : std::uint8_t {
  answered,   // by the receiver, whatever its Result-Code
  not_taken,  // it was closed before the request left: it has certainly not seen it
  too_busy,   // a limit of the receiver, or of the way to it
  lost,       // the connection ended after the request had left: it may have served it
  given_up,   // the deadline passed, or the asker wants no answer any more
};

/// The attempts of one request. A request that may have been served is never offered again (the
/// server would charge twice), and one that a limit refused is not moved, since the others get
/// their own share: only what was certainly not seen goes on.
class attempts {
 public:
  /// Receivers that one request is offered to before it is given up.
  static constexpr std::size_t limit = 8;

  /// `sender`: the peer that the request came from, which it is never given back to; or no_peer.
  /// Of what RFC 6733 §6.1.7 asks that is the nearest case: Route-Records are not looked at here.
  explicit attempts(peer_index sender = no_peer) {
    if (sender != no_peer) {
      excluded_.push_back(sender);
    }
  }

  /// Whom to offer it to now, none of those excluded; or why it is given up.
  /// `asked.excluded` is not looked at.
  [[nodiscard]] decision next(chooser& routes, route_request asked, const status_source& status,
                              std::uint64_t random) const;

  /// The attempt with `peer` has ended. True where `next` is to be asked; else the asker is told.
  [[nodiscard]] bool goes_on_after(attempt_outcome outcome, peer_index peer);

  /// Whom it came from, and those that did not take it.
  [[nodiscard]] std::span<const peer_index> excluded() const noexcept {
    return {excluded_.data(), excluded_.size()};
  }
  [[nodiscard]] bool exhausted() const noexcept { return tried_ == limit; }

 private:
  boost::container::static_vector<peer_index, limit + 1> excluded_;
  std::size_t tried_ = 0;
};

}  // namespace diamgw::routing
