// What the simulated server needs of a Credit-Control-Request (RFC 8506 §3.1).
#pragma once
#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "app/sim/credit_control.hpp"
#include "app/sim/service_units.hpp"
#include "diamgw/base/result.hpp"

namespace diamgw::sim {

/// Multiple-Services-Credit-Control AVPs of one request; more is answered 5006.
inline constexpr std::size_t max_services = 32;

/// What one quota is for (§8.16): a rating group, a service, both, or the whole session.
struct service_key {
  std::optional<std::uint32_t> rating_group{};
  std::optional<std::uint32_t> service_identifier{};  // the first one, where several share a quota

  friend auto operator<=>(const service_key&, const service_key&) = default;
};

struct service_request {
  service_key key;
  std::optional<service_units> requested{};  // present and empty: "as many as the server likes"
  std::optional<service_units> used{};
};

/// Views into the request; valid while its octets live.
struct credit_request {
  std::string_view session_id;
  std::string_view origin_host;
  std::string_view origin_realm;
  std::string_view user_name;   // empty where absent
  std::string_view subscriber;  // of the first Subscription-Id, else the User-Name
  request_type type = request_type::initial_request;
  std::uint32_t number = 0;
  std::optional<requested_action> action;
  std::optional<service_request> session;  // units at the level of the command
  boost::container::static_vector<service_request, max_services> services;  // MSCC
};

/// Takes from a message what the server needs, and judges the values that its grammar does not.
/// errors: missing_avp (5005) of an event's Requested-Action, invalid_avp_value (5004),
///         resources_exceeded (5006)
/// cost:   O(AVPs), no allocation
[[nodiscard]] result<credit_request, outcome> decode_credit_request(
    const cc::credit_control_request& message) noexcept;

}  // namespace diamgw::sim
