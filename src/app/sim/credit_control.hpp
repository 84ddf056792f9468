// Numbers of the Credit-Control application (RFC 8506) that the simulated server names.
#pragma once
#include <cstdint>

#include "diamgw/base/strong_id.hpp"

namespace diamgw::sim {

inline constexpr application_id credit_control_application{4};  // RFC 8506 §1.3

namespace cc {  // RFC 8506 §8
inline constexpr avp_code input_octets{412};
inline constexpr avp_code money{413};
inline constexpr avp_code output_octets{414};
inline constexpr avp_code request_number{415};
inline constexpr avp_code request_type_avp{416};
inline constexpr avp_code service_specific_units{417};
inline constexpr avp_code time{420};
inline constexpr avp_code total_octets{421};
inline constexpr avp_code check_balance_result{422};
inline constexpr avp_code cost_information{423};
inline constexpr avp_code cost_unit{424};
inline constexpr avp_code currency_code{425};
inline constexpr avp_code exponent{429};
inline constexpr avp_code final_unit_indication{430};
inline constexpr avp_code granted_service_unit{431};
inline constexpr avp_code rating_group{432};
inline constexpr avp_code requested_action_avp{436};
inline constexpr avp_code requested_service_unit{437};
inline constexpr avp_code service_identifier{439};
inline constexpr avp_code subscription_id{443};
inline constexpr avp_code subscription_id_data{444};
inline constexpr avp_code unit_value{445};
inline constexpr avp_code used_service_unit{446};
inline constexpr avp_code value_digits{447};
inline constexpr avp_code validity_time{448};
inline constexpr avp_code final_unit_action{449};
inline constexpr avp_code subscription_id_type{450};
inline constexpr avp_code multiple_services_credit_control{456};
inline constexpr avp_code service_context_id{461};
inline constexpr avp_code subscription_id_extension{659};
inline constexpr avp_code subscription_id_e164{660};
inline constexpr avp_code subscription_id_private{664};  // 661 to 663: IMSI, SIP URI, NAI
}  // namespace cc

/// CC-Request-Type (§8.3).
enum class request_type : std::uint32_t { initial = 1, update = 2, termination = 3, event = 4 };

/// Requested-Action (§8.41).
enum class requested_action : std::uint32_t {
  direct_debiting = 0,
  refund_account = 1,
  check_balance = 2,
  price_enquiry = 3,
};

/// Check-Balance-Result (§8.6).
enum class balance_result : std::uint32_t { enough_credit = 0, no_credit = 1 };

/// Final-Unit-Action (§8.35): the only one that this server asks for.
inline constexpr std::uint32_t final_unit_terminate = 0;
/// Re-Auth-Request-Type (RFC 6733 §8.12) of a credit re-authorization (RFC 8506 §5.5).
inline constexpr std::uint32_t authorize_only = 0;

/// Result-Code values of the application (§9) and those of the base that the server gives.
enum class cc_result : std::uint32_t {
  success = 2001,
  too_busy = 3004,
  application_unsupported = 3007,
  credit_limit_reached = 4012,
  unknown_session_id = 5002,
  invalid_avp_value = 5004,
  missing_avp = 5005,
  resources_exceeded = 5006,
  invalid_avp_length = 5014,
  user_unknown = 5030,
};

}  // namespace diamgw::sim
