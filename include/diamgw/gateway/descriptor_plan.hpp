// Who may have how many of the process's descriptors: administration must get in when clients have
// taken all that they can get, and peers before clients.
#pragma once
#include <cstddef>
#include <optional>
#include <string>

#include "diamgw/config/options.hpp"

namespace diamgw::gateway {

struct descriptor_plan {
  std::size_t allowed = 0;            // of the process
  std::size_t needed = 0;             // where every listener has all that its options let it have
  std::size_t kept_from_clients = 0;  // for peers, administration and files
  std::size_t kept_from_peers = 0;    // for administration, dialling and files
};

/// `allowed`: what the system lets the process have. At most half of it is kept.
[[nodiscard]] descriptor_plan plan_descriptors(const config::options& o, std::size_t shards,
                                               std::size_t allowed);

/// The warning where `needed` is not `allowed`.
[[nodiscard]] std::optional<std::string> find_shortage(const descriptor_plan& plan);

}  // namespace diamgw::gateway
