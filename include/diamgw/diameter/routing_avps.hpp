// The AVPs on the top level by which requests are routed and answers judged, found in one walk.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "diamgw/base/bytes.hpp"

namespace diamgw::diameter {

/// Views into the message's octets, valid while they live. Of repeated AVPs the first counts;
/// numbers of a length that is not their type's are taken for absent.
struct routing_avps {
  std::optional<std::string_view> session_id;
  std::optional<std::string_view> origin_host;
  std::optional<std::string_view> origin_realm;
  std::optional<std::string_view> destination_host;
  std::optional<std::string_view> destination_realm;
  std::optional<std::string_view> user_name;
  std::optional<std::uint32_t> auth_application;
  std::optional<std::uint32_t> acct_application;
  std::optional<std::uint32_t> vendor_specific_application;  // the Auth- or Acct- id inside it
  std::optional<std::uint32_t> result_code;
  std::optional<std::uint32_t> experimental_result_code;
  std::optional<std::uint32_t> auth_session_state;  // RFC 6733 §8.11
  std::optional<std::uint32_t> cc_request_type;     // RFC 8506 §8.3
  std::size_t session_id_offset = 0;                // from the first AVP to the Session-Id's header
  bool has_proxy_info = false;
  bool has_route_record = false;

  /// The application that the AVPs name: Auth-, Acct-, then Vendor-Specific-Application-Id.
  [[nodiscard]] std::optional<std::uint32_t> application() const noexcept;
};

/// in:   AVPs that passed check_avps (check.hpp)
/// cost: one walk, no allocation; into Vendor-Specific-Application-Id and Experimental-Result. Any
///       thread.
[[nodiscard]] routing_avps find_routing_avps(bytes_view avps) noexcept;
/// Into `found`, which is empty: for callers to whom a copy would cost as much as the walk.
void find_routing_avps(bytes_view avps, routing_avps& found) noexcept;

}  // namespace diamgw::diameter
