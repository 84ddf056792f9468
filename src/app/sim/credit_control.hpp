// The Credit-Control application (RFC 8506) as the simulated server speaks it: by its generated
// messages.
#pragma once
#include <cstdint>

#include "diamgw/base/strong_id.hpp"
#include "diamgw/messages/rfc8506.hpp"

namespace diamgw::sim {

namespace cc = messages::rfc8506;

inline constexpr application_id credit_control_application{4};  // RFC 8506 §1.3

using request_type = cc::cc_request_type;
using requested_action = cc::requested_action;

/// Result-Code values of the application (§9) and those of the base that the server gives.
enum class cc_result : std::uint32_t {
  success = 2001,
  too_busy = 3004,
  credit_limit_reached = 4012,
  unknown_session_id = 5002,
  invalid_avp_value = 5004,
  missing_avp = 5005,
  resources_exceeded = 5006,
  user_unknown = 5030,
};

/// What a request comes to; the AVP `offender` of the request, or an example of it where it is
/// missing, goes into Failed-AVP (RFC 6733 §7.5). 0 is none.
struct outcome {
  cc_result code = cc_result::success;
  avp_code offender{};
};

[[nodiscard]] constexpr avp_code code_of(messages::typed::avp_key key) noexcept {
  return avp_code{key.code};
}

}  // namespace diamgw::sim
