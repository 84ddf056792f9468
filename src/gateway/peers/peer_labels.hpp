// What metrics say of a request that a peer's connection answers itself.
#pragma once
#include "diamgw/codec/codes.hpp"
#include "diamgw/metrics/catalogue.hpp"

namespace diamgw::gateway {

/// It cannot be read, or comes at a wrong time.
[[nodiscard]] metrics::refused_reason label_of(diameter::result_code code) noexcept;

}  // namespace diamgw::gateway
