// What the configuration wants of a peer.
#pragma once
#include <string>

#include "diamgw/base/strong_id.hpp"

namespace diamgw::gateway {

/// A route that names a peer for one application of a realm.
struct routed_application {
  std::string host;
  std::string realm;
  application_id application;
};

}  // namespace diamgw::gateway
