// ULR, and ULA with five APN-Configurations, by hand (TS 29.272 §7.2.3, §7.2.4).
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "diamgw/base/bytes.hpp"

namespace diamgw::bench {

struct ulr_values {
  std::uint32_t hop_by_hop = 0;
  std::uint32_t end_to_end = 0;
  std::string_view session_id;
  std::uint32_t auth_session_state = 0;
  std::string_view origin_host;
  std::string_view origin_realm;
  std::string_view destination_host;
  std::string_view destination_realm;
  std::string_view user_name;
  std::uint32_t rat_type = 0;
  std::uint32_t ulr_flags = 0;
  std::string_view visited_plmn_id;  // octets

  friend bool operator==(const ulr_values&, const ulr_values&) = default;
};

struct bandwidth_values {
  std::uint32_t uplink = 0;
  std::uint32_t downlink = 0;

  friend bool operator==(const bandwidth_values&, const bandwidth_values&) = default;
};

struct apn_values {
  std::uint32_t context = 0;
  std::uint32_t pdn_type = 0;
  std::string_view name;
  std::uint32_t qos_class = 0;
  std::uint32_t priority_level = 0;
  std::uint32_t pre_emption_capability = 0;
  std::uint32_t pre_emption_vulnerability = 0;
  bandwidth_values bandwidth;

  friend bool operator==(const apn_values&, const apn_values&) = default;
};

struct ula_values {
  std::uint32_t hop_by_hop = 0;
  std::uint32_t end_to_end = 0;
  std::string_view session_id;
  std::uint32_t result_code = 0;
  std::uint32_t auth_session_state = 0;
  std::string_view origin_host;
  std::string_view origin_realm;
  std::uint32_t ula_flags = 0;
  // Subscription-Data
  std::uint32_t subscriber_status = 0;
  std::string_view msisdn;  // octets
  std::uint32_t network_access_mode = 0;
  std::uint32_t access_restriction_data = 0;
  bandwidth_values bandwidth;
  std::uint32_t default_context = 0;  // of its APN-Configuration-Profile
  std::uint32_t all_apns_included = 0;
  std::array<apn_values, 5> apns;

  friend bool operator==(const ula_values&, const ula_values&) = default;
};

namespace by_hand {

/// Octets written; 0 where `out` is smaller.
[[nodiscard]] std::size_t encode(const ulr_values& v, mutable_bytes out) noexcept;
[[nodiscard]] std::size_t encode(const ula_values& v, mutable_bytes out) noexcept;
/// False where the message is not one of its kind. Views into it.
[[nodiscard]] bool decode(bytes_view message, ulr_values& v) noexcept;
[[nodiscard]] bool decode(bytes_view message, ula_values& v) noexcept;

}  // namespace by_hand
}  // namespace diamgw::bench
