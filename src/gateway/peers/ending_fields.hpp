// Why a connection with a peer ended, as fields of a log line.
#pragma once
#include <vector>

#include "diamgw/diameter/ending.hpp"
#include "diamgw/gateway/event_log.hpp"

namespace diamgw::gateway {

/// What is known of it: reason, address, result_code, disconnect_cause, and the Origin-Host and
/// -Realm that came. Of texts of the other side at most an identity's length, in printable ASCII.
[[nodiscard]] std::vector<log_field> fields_of(const diameter::ending& why);

}  // namespace diamgw::gateway
