#include "app/sim/credit_request.hpp"

#include <span>

#include "diamgw/codec/codes.hpp"

namespace diamgw::sim {
namespace {

/// Not what its AVP may hold.
outcome bad_value(messages::typed::avp_key key) noexcept {
  return {cc_result::invalid_avp_value, code_of(key)};
}

/// All together, nothing where there are none: usage before and after a tariff change comes as two
/// AVPs (§8.19). False for a negative amount.
[[nodiscard]] bool read_used(std::span<const cc::used_service_unit> list,
                             std::optional<service_units>& used) noexcept {
  for (const cc::used_service_unit& one : list) {
    const auto units = units_of(one);
    if (!units) {
      return false;
    }
    used = used ? sum_of(*used, *units) : *units;
  }
  return true;
}

[[nodiscard]] bool read_requested(const cc::requested_service_unit* group,
                                  std::optional<service_units>& requested) noexcept {
  if (group != nullptr) {
    requested = units_of(*group);
    return requested.has_value();
  }
  return true;
}

[[nodiscard]] bool read_service(const cc::multiple_services_credit_control& group,
                                service_request& into) noexcept {
  into.key.rating_group = group.rating_group();
  if (!group.service_identifier().empty()) {
    into.key.service_identifier = group.service_identifier().front();
  }
  return read_requested(group.requested_service_unit(), into.requested) &&
         read_used(group.used_service_unit(), into.used);
}

/// Subscription-Id { Type, Data } (§8.46), or Subscription-Id-Extension with one AVP (§8.58).
std::string_view subscriber_of(const cc::credit_control_request& message) noexcept {
  if (!message.subscription_id().empty()) {
    return message.subscription_id().front().subscription_id_data();
  }
  for (const cc::subscription_id_extension& id : message.subscription_id_extension()) {
    for (const auto& data :
         {id.subscription_id_e164(), id.subscription_id_imsi(), id.subscription_id_sip_uri(),
          id.subscription_id_nai(), id.subscription_id_private()}) {
      if (data) {
        return *data;
      }
    }
  }
  return message.user_name().value_or(std::string_view{});
}

std::optional<outcome> read_command_level(const cc::credit_control_request& message,
                                          credit_request& out) noexcept {
  if (message.requested_service_unit() == nullptr && message.used_service_unit().empty()) {
    return std::nullopt;
  }
  service_request& session = out.session.emplace();
  if (!read_requested(message.requested_service_unit(), session.requested)) {
    return bad_value(cc::avps::requested_service_unit);
  }
  if (!read_used(message.used_service_unit(), session.used)) {
    return bad_value(cc::avps::used_service_unit);
  }
  return std::nullopt;
}

std::optional<outcome> read_services(const cc::credit_control_request& message,
                                     credit_request& out) noexcept {
  for (const cc::multiple_services_credit_control& group :
       message.multiple_services_credit_control()) {
    if (out.services.size() == max_services) {
      return outcome{cc_result::resources_exceeded,
                     code_of(cc::avps::multiple_services_credit_control)};
    }
    if (!read_service(group, out.services.emplace_back())) {
      return bad_value(cc::avps::multiple_services_credit_control);
    }
  }
  return std::nullopt;
}

}  // namespace

result<credit_request, outcome> decode_credit_request(
    const cc::credit_control_request& message) noexcept {
  credit_request out{.session_id = message.session_id(),
                     .origin_host = message.origin_host(),
                     .origin_realm = message.origin_realm(),
                     .user_name = message.user_name().value_or(std::string_view{}),
                     .subscriber = subscriber_of(message),
                     .type = message.cc_request_type(),
                     .number = message.cc_request_number(),
                     .action = message.requested_action(),
                     .session = {},
                     .services = {}};
  if (out.session_id.empty()) {
    return outcome{cc_result::invalid_avp_value, diameter::avps::session_id};
  }
  if (out.type < request_type::initial_request || out.type > request_type::event_request) {
    return bad_value(cc::avps::cc_request_type);  // §8.3
  }
  if (out.action && (*out.action < requested_action::direct_debiting ||
                     *out.action > requested_action::price_enquiry)) {
    return bad_value(cc::avps::requested_action);  // §8.41
  }
  if (out.type == request_type::event_request && !out.action) {
    // §8.41: in every event request.
    return outcome{cc_result::missing_avp, code_of(cc::avps::requested_action)};
  }
  if (const auto bad = read_command_level(message, out)) {
    return *bad;
  }
  if (const auto bad = read_services(message, out)) {
    return *bad;
  }
  return out;
}

}  // namespace diamgw::sim
