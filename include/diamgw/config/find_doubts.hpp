// What is legal in a configuration, and still cannot work as it stands.
#pragma once
#include "diamgw/config/load.hpp"

namespace diamgw::config {

/// Looks at the configuration as a whole: routes, peers, listeners and limits against each other.
/// in:  applications have their numbers: call it after `resolve_applications`
/// out: a warning each, in the order of the options. Pure, any thread.
[[nodiscard]] problems find_doubts(const loaded_options& o, const application_names& names);

}  // namespace diamgw::config
