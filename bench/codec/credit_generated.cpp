#include "codec/generated.hpp"
#include "diamgw/codec/check.hpp"

namespace diamgw::bench {

namespace m = messages::rfc8506;

generated<ccr_values>::generated(const ccr_values& v) noexcept {
  for (std::size_t i = 0; i < subscriptions.size(); ++i) {
    subscriptions[i].subscription_id_type(
        static_cast<m::subscription_id_type>(v.subscriptions[i].type));
    subscriptions[i].subscription_id_data(v.subscriptions[i].data);
  }
  for (std::size_t i = 0; i < services.size(); ++i) {
    service_identifiers[i] = v.services[i].service_identifier;
    units[i].cc_total_octets(v.services[i].requested_octets);
    services[i].requested_service_unit(&units[i]);
    services[i].service_identifier({&service_identifiers[i], 1});
    services[i].rating_group(v.services[i].rating_group);
  }
  set_ids(v.hop_by_hop, v.end_to_end);
  message.session_id(v.session_id);
  message.origin_host(v.origin_host);
  message.origin_realm(v.origin_realm);
  message.destination_realm(v.destination_realm);
  message.auth_application_id(v.auth_application_id);
  message.service_context_id(v.service_context_id);
  message.cc_request_type(static_cast<m::cc_request_type>(v.request_type));
  message.cc_request_number(v.request_number);
  message.destination_host(v.destination_host);
  message.user_name(v.user_name);
  message.origin_state_id(v.origin_state_id);
  message.event_timestamp(time_of(v.event_timestamp));
  message.subscription_id(subscriptions);
  message.multiple_services_indicator(
      static_cast<m::multiple_services_indicator>(v.multiple_services_indicator));
  message.multiple_services_credit_control(services);
}

namespace {

[[nodiscard]] bool read(const m::credit_control_request_view& view,
                        std::array<subscription_values, 2>& out) noexcept {
  std::size_t n = 0;
  for (const auto group : view.subscription_id()) {
    const auto subscription = group.decode();
    if (!subscription || n == out.size()) {
      return false;
    }
    out[n].type = static_cast<std::uint32_t>(subscription->subscription_id_type());
    out[n].data = subscription->subscription_id_data();
    ++n;
  }
  return true;
}

[[nodiscard]] bool read(const m::credit_control_request_view& view,
                        std::array<service_values, 2>& out) noexcept {
  std::size_t n = 0;
  for (const auto group : view.multiple_services_credit_control()) {
    const auto service = group.decode();
    if (!service || n == out.size()) {
      return false;
    }
    const auto units = service->requested_service_unit()->decode();
    if (!units) {
      return false;
    }
    out[n].requested_octets = *units->cc_total_octets();
    out[n].service_identifier = service->service_identifier().front();
    out[n].rating_group = *service->rating_group();
    ++n;
  }
  return true;
}

}  // namespace

bool generated<ccr_values>::decode(bytes_view octets, ccr_values& v) noexcept {
  const auto checked = diameter::check_header(octets);
  if (!checked) {
    return false;
  }
  const auto view = m::credit_control_request_view::decode(*checked);
  if (!view) {
    return false;
  }
  v.hop_by_hop = checked->hop_by_hop().value;
  v.end_to_end = checked->end_to_end().value;
  v.session_id = view->session_id();
  v.origin_host = view->origin_host();
  v.origin_realm = view->origin_realm();
  v.destination_realm = view->destination_realm();
  v.auth_application_id = view->auth_application_id();
  v.service_context_id = view->service_context_id();
  v.request_type = static_cast<std::uint32_t>(view->cc_request_type());
  v.request_number = view->cc_request_number();
  v.destination_host = *view->destination_host();
  v.user_name = *view->user_name();
  v.origin_state_id = *view->origin_state_id();
  v.event_timestamp = ntp_of(*view->event_timestamp());
  v.multiple_services_indicator = static_cast<std::uint32_t>(*view->multiple_services_indicator());
  return read(*view, v.subscriptions) && read(*view, v.services);
}

}  // namespace diamgw::bench
