// Why the gateway cannot start, as a line of the log.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/result.hpp"
#include "diamgw/gateway/event_log.hpp"
#include "diamgw/metrics/catalogue.hpp"

namespace diamgw::gateway {

struct start_failure {
  std::string sentence;
  std::vector<log_field> fields;
};

/// A listener at `where` that could not be opened.
[[nodiscard]] start_failure cannot_listen(metrics::listener_kind kind, std::string_view where,
                                          const error_code& why);

}  // namespace diamgw::gateway
