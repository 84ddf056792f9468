// The commands that metrics have names for.
#pragma once
#include <vector>

#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/metrics/registry.hpp"

namespace diamgw::gateway {

/// Every command of every application; the base protocol's for each of them.
[[nodiscard]] std::vector<metrics::command_label> make_command_labels(
    const dictionary::dictionary& names);

}  // namespace diamgw::gateway
