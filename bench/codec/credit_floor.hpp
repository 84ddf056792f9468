// CCR of a session's begin with two Multiple-Services-Credit-Control, by hand (RFC 8506 §3.1).
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "diamgw/base/bytes.hpp"

namespace diamgw::bench {

struct subscription_values {
  std::uint32_t type = 0;
  std::string_view data;

  friend bool operator==(const subscription_values&, const subscription_values&) = default;
};

struct service_values {
  std::uint64_t requested_octets = 0;
  std::uint32_t service_identifier = 0;
  std::uint32_t rating_group = 0;

  friend bool operator==(const service_values&, const service_values&) = default;
};

struct ccr_values {
  std::uint32_t hop_by_hop = 0;
  std::uint32_t end_to_end = 0;
  std::string_view session_id;
  std::string_view origin_host;
  std::string_view origin_realm;
  std::string_view destination_realm;
  std::uint32_t auth_application_id = 0;
  std::string_view service_context_id;
  std::uint32_t request_type = 0;
  std::uint32_t request_number = 0;
  std::string_view destination_host;
  std::string_view user_name;
  std::uint32_t origin_state_id = 0;
  std::uint32_t event_timestamp = 0;  // NTP seconds, as on the wire
  std::array<subscription_values, 2> subscriptions;
  std::uint32_t multiple_services_indicator = 0;
  std::array<service_values, 2> services;

  friend bool operator==(const ccr_values&, const ccr_values&) = default;
};

namespace by_hand {

/// Octets written; 0 where `out` is smaller.
[[nodiscard]] std::size_t encode(const ccr_values& v, mutable_bytes out) noexcept;
/// False where the message is not one of its kind. Views into it.
[[nodiscard]] bool decode(bytes_view message, ccr_values& v) noexcept;

}  // namespace by_hand
}  // namespace diamgw::bench
