#include "diamgw/codec/codes.hpp"

namespace diamgw::diameter {

// RFC 6733 §7.1.
std::string_view to_string(result_code code) noexcept {
  switch (code) {
    case result_code::multi_round_auth:
      return "DIAMETER_MULTI_ROUND_AUTH";
    case result_code::success:
      return "DIAMETER_SUCCESS";
    case result_code::limited_success:
      return "DIAMETER_LIMITED_SUCCESS";
    case result_code::command_unsupported:
      return "DIAMETER_COMMAND_UNSUPPORTED";
    case result_code::unable_to_deliver:
      return "DIAMETER_UNABLE_TO_DELIVER";
    case result_code::realm_not_served:
      return "DIAMETER_REALM_NOT_SERVED";
    case result_code::too_busy:
      return "DIAMETER_TOO_BUSY";
    case result_code::loop_detected:
      return "DIAMETER_LOOP_DETECTED";
    case result_code::redirect_indication:
      return "DIAMETER_REDIRECT_INDICATION";
    case result_code::application_unsupported:
      return "DIAMETER_APPLICATION_UNSUPPORTED";
    case result_code::invalid_hdr_bits:
      return "DIAMETER_INVALID_HDR_BITS";
    case result_code::invalid_avp_bits:
      return "DIAMETER_INVALID_AVP_BITS";
    case result_code::unknown_peer:
      return "DIAMETER_UNKNOWN_PEER";
    case result_code::avp_unsupported:
      return "DIAMETER_AVP_UNSUPPORTED";
    case result_code::unknown_session_id:
      return "DIAMETER_UNKNOWN_SESSION_ID";
    case result_code::authorization_rejected:
      return "DIAMETER_AUTHORIZATION_REJECTED";
    case result_code::invalid_avp_value:
      return "DIAMETER_INVALID_AVP_VALUE";
    case result_code::missing_avp:
      return "DIAMETER_MISSING_AVP";
    case result_code::resources_exceeded:
      return "DIAMETER_RESOURCES_EXCEEDED";
    case result_code::contradicting_avps:
      return "DIAMETER_CONTRADICTING_AVPS";
    case result_code::avp_not_allowed:
      return "DIAMETER_AVP_NOT_ALLOWED";
    case result_code::avp_occurs_too_many_times:
      return "DIAMETER_AVP_OCCURS_TOO_MANY_TIMES";
    case result_code::no_common_application:
      return "DIAMETER_NO_COMMON_APPLICATION";
    case result_code::unsupported_version:
      return "DIAMETER_UNSUPPORTED_VERSION";
    case result_code::unable_to_comply:
      return "DIAMETER_UNABLE_TO_COMPLY";
    case result_code::invalid_bit_in_header:
      return "DIAMETER_INVALID_BIT_IN_HEADER";
    case result_code::invalid_avp_length:
      return "DIAMETER_INVALID_AVP_LENGTH";
    case result_code::invalid_message_length:
      return "DIAMETER_INVALID_MESSAGE_LENGTH";
    case result_code::invalid_avp_bit_combo:
      return "DIAMETER_INVALID_AVP_BIT_COMBO";
    case result_code::no_common_security:
      return "DIAMETER_NO_COMMON_SECURITY";
  }
  return {};
}

}  // namespace diamgw::diameter
