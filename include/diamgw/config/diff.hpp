// What a reload has to do: the difference of two configurations.
#pragma once
#include <string>
#include <vector>

#include "diamgw/config/options.hpp"

namespace diamgw::config {

struct difference {
  std::vector<std::string> peers_added;    // hosts, in the order of the new configuration
  std::vector<std::string> peers_removed;  // hosts, in the order of the old one
  std::vector<std::string> peers_changed;  // same host; realm, connect or watchdog differ
  std::vector<std::string> applied;  // JSON pointers of other settings that a reload can change
  std::vector<std::string> restart;  // JSON pointers of settings that only a restart changes

  [[nodiscard]] bool empty() const noexcept {
    return peers_added.empty() && peers_removed.empty() && peers_changed.empty() &&
           applied.empty() && restart.empty();
  }
};

/// Hosts are compared without regard to letter case (RFC 6733 §4.3.1, DiameterIdentity).
/// Which settings a reload can change is a column of the option table (src/config/describe.hpp).
/// Pure.
[[nodiscard]] difference diff(const options& before, const options& after);

}  // namespace diamgw::config
