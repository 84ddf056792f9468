// What became of the RARs and ASRs of one call, as JSON.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "app/sim/session_requests.hpp"

namespace diamgw::sim {

/// Counts by Result-Code, and each session; of more than 1000 the first, and how many are left out.
[[nodiscard]] nlohmann::ordered_json describe(const std::vector<session_outcome>& all);

}  // namespace diamgw::sim
