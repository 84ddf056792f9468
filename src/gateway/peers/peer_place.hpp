// Which place a peer has, and whether it is its own for good.
#pragma once
#include <cstdint>

#include "diamgw/routing/table.hpp"

namespace diamgw::gateway {

enum class peer_kind : std::uint8_t {
  configured,
  unknown,  // accepted by `diameter.accept_unknown_peers`: its place is given back
};

struct peer_place {
  routing::peer_index index = 0;
  peer_kind kind = peer_kind::configured;
};

}  // namespace diamgw::gateway
