// Numbers of the base protocol that the gateway's own logic names. All others are dictionary data.
#pragma once
#include <cstdint>
#include <string_view>

#include "diamgw/base/strong_id.hpp"

namespace diamgw::diameter {

namespace commands {  // RFC 6733 §3.1
inline constexpr command_code capabilities_exchange{257};
inline constexpr command_code re_auth{258};
inline constexpr command_code accounting{271};
inline constexpr command_code abort_session{274};
inline constexpr command_code session_termination{275};
inline constexpr command_code device_watchdog{280};
inline constexpr command_code disconnect_peer{282};
inline constexpr command_code credit_control{272};  // RFC 8506 §3
}  // namespace commands

namespace avps {  // RFC 6733 §4.5
inline constexpr avp_code user_name{1};
inline constexpr avp_code proxy_state{33};
inline constexpr avp_code host_ip_address{257};
inline constexpr avp_code auth_application_id{258};
inline constexpr avp_code acct_application_id{259};
inline constexpr avp_code vendor_specific_application_id{260};
inline constexpr avp_code session_id{263};
inline constexpr avp_code origin_host{264};
inline constexpr avp_code supported_vendor_id{265};
inline constexpr avp_code vendor_id_avp{266};
inline constexpr avp_code firmware_revision{267};
inline constexpr avp_code result_code{268};
inline constexpr avp_code product_name{269};
inline constexpr avp_code disconnect_cause{273};
inline constexpr avp_code auth_session_state{277};
inline constexpr avp_code origin_state_id{278};
inline constexpr avp_code failed_avp{279};
inline constexpr avp_code proxy_host{280};
inline constexpr avp_code error_message{281};
inline constexpr avp_code route_record{282};
inline constexpr avp_code destination_realm{283};
inline constexpr avp_code proxy_info{284};
inline constexpr avp_code re_auth_request_type{285};
inline constexpr avp_code destination_host{293};
inline constexpr avp_code error_reporting_host{294};
inline constexpr avp_code termination_cause{295};
inline constexpr avp_code origin_realm{296};
inline constexpr avp_code experimental_result{297};
inline constexpr avp_code inband_security_id{299};
inline constexpr avp_code experimental_result_code{298};
inline constexpr avp_code cc_request_type{416};  // RFC 8506 §8.3
}  // namespace avps

/// Result-Code values (RFC 6733 §7.1) that the gateway itself gives.
enum class result_code : std::uint32_t {
  multi_round_auth = 1001,
  success = 2001,
  limited_success = 2002,
  command_unsupported = 3001,
  unable_to_deliver = 3002,
  realm_not_served = 3003,
  too_busy = 3004,
  loop_detected = 3005,
  redirect_indication = 3006,
  application_unsupported = 3007,
  invalid_hdr_bits = 3008,
  invalid_avp_bits = 3009,
  unknown_peer = 3010,
  avp_unsupported = 5001,
  unknown_session_id = 5002,
  authorization_rejected = 5003,
  invalid_avp_value = 5004,
  missing_avp = 5005,
  resources_exceeded = 5006,
  contradicting_avps = 5007,
  avp_not_allowed = 5008,
  avp_occurs_too_many_times = 5009,
  no_common_application = 5010,
  unsupported_version = 5011,
  unable_to_comply = 5012,
  invalid_bit_in_header = 5013,
  invalid_avp_length = 5014,
  invalid_message_length = 5015,
  invalid_avp_bit_combo = 5016,
  no_common_security = 5017,
};

/// The name in the RFC, e.g. "DIAMETER_NO_COMMON_APPLICATION"; empty where it is none of these.
/// Static storage.
[[nodiscard]] std::string_view to_string(result_code code) noexcept;

/// Protocol errors (3xxx) are answered with the E bit set (§7.1.3).
[[nodiscard]] constexpr bool is_protocol_error(result_code code) noexcept {
  return static_cast<std::uint32_t>(code) / 1000 == 3;
}

}  // namespace diamgw::diameter
