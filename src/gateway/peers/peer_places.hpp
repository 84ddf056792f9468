// Who has which place among the peers: unknown ones come and go, places stay.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "diamgw/diameter/ending.hpp"
#include "diamgw/routing/table.hpp"

namespace diamgw::gateway {

/// Places are numbered from 0; the first are the configured peers' for good. Control plane: a mutex
/// and a walk over all places at each call; any thread. Bounds: `most` places.
class peer_places {
 public:
  explicit peer_places(std::size_t most) : most_{most} {}

  /// A configured peer's, before anybody else comes.
  routing::peer_index add(diameter::node_name who);

  enum class found : std::uint8_t {
    known,  // it has a place
    added,  // a place that nobody had before
    taken,  // one that was given back
  };
  struct claim {
    routing::peer_index place = routing::no_peer;
    found how = found::known;
  };
  enum class unknown : std::uint8_t { accept, refuse };
  /// The place of that name (letter case does not matter), or one for it. It is not given back
  /// before as many calls of `unclaim`. `prepare` makes an added or taken place ready before any
  /// other thread can find it.
  /// out:    nothing where the name is unknown and refused, or all places are taken
  [[nodiscard]] std::optional<claim> take(const diameter::node_name& who, unknown what,
                                          const std::function<void(claim)>& prepare);
  void unclaim(routing::peer_index place);

  /// True, and the place is nobody's from now on, where nobody claims it. Not for configured peers.
  [[nodiscard]] bool give_back(routing::peer_index place);

  /// How many places there are; nobody's included. It grows only.
  [[nodiscard]] std::size_t size() const;
  /// Empty where it is nobody's.
  [[nodiscard]] diameter::node_name name(routing::peer_index place) const;
  [[nodiscard]] routing::peer_index find(std::string_view host) const;

 private:
  struct entry {
    diameter::node_name who;
    std::size_t claims = 0;
  };
  [[nodiscard]] routing::peer_index find_locked(std::string_view host) const;

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::vector<entry> entries_;
};

}  // namespace diamgw::gateway
