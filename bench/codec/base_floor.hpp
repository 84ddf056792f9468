// CER, CEA, DWR and ACR by hand (RFC 6733 §5.3, §5.5, §9.7).
#pragma once
#include <cstdint>
#include <string_view>

#include "diamgw/base/bytes.hpp"

namespace diamgw::bench {

struct cer_values {
  std::uint32_t hop_by_hop = 0;
  std::uint32_t end_to_end = 0;
  std::string_view origin_host;
  std::string_view origin_realm;
  std::uint32_t ipv4 = 0;
  std::uint32_t vendor_id = 0;
  std::string_view product_name;
  std::uint32_t origin_state_id = 0;
  std::uint32_t auth_application_id = 0;
  std::uint32_t firmware_revision = 0;

  friend bool operator==(const cer_values&, const cer_values&) = default;
};

struct cea_values {
  std::uint32_t hop_by_hop = 0;
  std::uint32_t end_to_end = 0;
  std::uint32_t result_code = 0;
  std::string_view origin_host;
  std::string_view origin_realm;
  std::uint32_t ipv4 = 0;
  std::uint32_t vendor_id = 0;
  std::string_view product_name;
  std::uint32_t origin_state_id = 0;
  std::uint32_t supported_vendor_id = 0;
  std::uint32_t auth_application_id = 0;
  std::uint32_t application_vendor_id = 0;       // of Vendor-Specific-Application-Id
  std::uint32_t vendor_auth_application_id = 0;  // beside it
  std::uint32_t firmware_revision = 0;

  friend bool operator==(const cea_values&, const cea_values&) = default;
};

struct dwr_values {
  std::uint32_t hop_by_hop = 0;
  std::uint32_t end_to_end = 0;
  std::string_view origin_host;
  std::string_view origin_realm;
  std::uint32_t origin_state_id = 0;

  friend bool operator==(const dwr_values&, const dwr_values&) = default;
};

struct acr_values {
  std::uint32_t hop_by_hop = 0;
  std::uint32_t end_to_end = 0;
  std::string_view session_id;
  std::string_view origin_host;
  std::string_view origin_realm;
  std::string_view destination_realm;
  std::uint32_t record_type = 0;
  std::uint32_t record_number = 0;
  std::uint32_t acct_application_id = 0;
  std::string_view user_name;
  std::string_view destination_host;
  std::uint64_t sub_session_id = 0;
  std::uint32_t interim_interval = 0;
  std::uint32_t origin_state_id = 0;
  std::uint32_t event_timestamp = 0;  // NTP seconds, as on the wire

  friend bool operator==(const acr_values&, const acr_values&) = default;
};

namespace by_hand {

/// Octets written; 0 where `out` is smaller.
[[nodiscard]] std::size_t encode(const cer_values& v, mutable_bytes out) noexcept;
[[nodiscard]] std::size_t encode(const cea_values& v, mutable_bytes out) noexcept;
[[nodiscard]] std::size_t encode(const dwr_values& v, mutable_bytes out) noexcept;
[[nodiscard]] std::size_t encode(const acr_values& v, mutable_bytes out) noexcept;

/// False where the message is not one of its kind. Views into it.
[[nodiscard]] bool decode(bytes_view message, cer_values& v) noexcept;
[[nodiscard]] bool decode(bytes_view message, cea_values& v) noexcept;
[[nodiscard]] bool decode(bytes_view message, dwr_values& v) noexcept;
[[nodiscard]] bool decode(bytes_view message, acr_values& v) noexcept;

}  // namespace by_hand
}  // namespace diamgw::bench
