// Which build this is.
#pragma once
#include <string_view>

#include "diamgw/metrics/registry.hpp"

namespace diamgw::gateway {

[[nodiscard]] metrics::build_information build_information();

/// E.g. "0.1.0".
[[nodiscard]] std::string_view version() noexcept;

}  // namespace diamgw::gateway
