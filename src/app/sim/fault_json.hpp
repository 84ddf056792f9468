// Faults as JSON: an array of objects with the names that the command line has, too.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "app/sim/faults.hpp"
#include "diamgw/base/result.hpp"

namespace diamgw::sim {

/// errors: a sentence that says which fault is wrong, and how
[[nodiscard]] result<std::vector<fault>, std::string> read_faults(std::string_view text);
/// With how often each was applied, and the seed of their chances.
[[nodiscard]] nlohmann::ordered_json describe(const fault_list& faults);

}  // namespace diamgw::sim
