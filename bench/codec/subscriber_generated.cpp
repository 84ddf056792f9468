#include "codec/subscriber_generated.hpp"

#include "diamgw/codec/check.hpp"

namespace diamgw::bench {

namespace m = messages::ts29_272;
namespace policy = messages::ts29_212;

generated<ulr_values>::generated(const ulr_values& v) noexcept {
  set_ids(v.hop_by_hop, v.end_to_end);
  message.session_id(v.session_id);
  message.auth_session_state(
      static_cast<messages::rfc6733::auth_session_state>(v.auth_session_state));
  message.origin_host(v.origin_host);
  message.origin_realm(v.origin_realm);
  message.destination_host(v.destination_host);
  message.destination_realm(v.destination_realm);
  message.user_name(v.user_name);
  message.rat_type(static_cast<policy::rat_type>(v.rat_type));
  message.ulr_flags(v.ulr_flags);
  message.visited_plmn_id(as_bytes(v.visited_plmn_id));
}

bool generated<ulr_values>::decode(bytes_view octets, ulr_values& v) noexcept {
  const auto checked = diameter::check_header(octets);
  if (!checked) {
    return false;
  }
  const auto view = m::update_location_request_view::decode(*checked);
  if (!view) {
    return false;
  }
  v.hop_by_hop = checked->hop_by_hop().value;
  v.end_to_end = checked->end_to_end().value;
  v.session_id = view->session_id();
  v.auth_session_state = static_cast<std::uint32_t>(view->auth_session_state());
  v.origin_host = view->origin_host();
  v.origin_realm = view->origin_realm();
  v.destination_host = *view->destination_host();
  v.destination_realm = view->destination_realm();
  v.user_name = view->user_name();
  v.rat_type = static_cast<std::uint32_t>(view->rat_type());
  v.ulr_flags = view->ulr_flags();
  v.visited_plmn_id = as_text(view->visited_plmn_id());
  return true;
}

namespace {

void fill(const bandwidth_values& v, m::ambr& out) noexcept {
  out.max_requested_bandwidth_ul(v.uplink);
  out.max_requested_bandwidth_dl(v.downlink);
}

void fill(const apn_values& v, generated<ula_values>::apn_groups& groups,
          m::apn_configuration& out) noexcept {
  groups.priority.priority_level(v.priority_level);
  groups.priority.pre_emption_capability(
      static_cast<policy::pre_emption_capability>(v.pre_emption_capability));
  groups.priority.pre_emption_vulnerability(
      static_cast<policy::pre_emption_vulnerability>(v.pre_emption_vulnerability));
  groups.qos.qos_class_identifier(static_cast<policy::qos_class_identifier>(v.qos_class));
  groups.qos.allocation_retention_priority(&groups.priority);
  fill(v.bandwidth, groups.bandwidth);
  out.context_identifier(v.context);
  out.pdn_type(static_cast<m::pdn_type>(v.pdn_type));
  out.service_selection(v.name);
  out.eps_subscribed_qos_profile(&groups.qos);
  out.ambr(&groups.bandwidth);
}

}  // namespace

generated<ula_values>::generated(const ula_values& v) noexcept {
  for (std::size_t i = 0; i < apns.size(); ++i) {
    fill(v.apns[i], groups[i], apns[i]);
  }
  profile.context_identifier(v.default_context);
  profile.all_apn_configurations_included_indicator(
      static_cast<m::all_apn_configurations_included_indicator>(v.all_apns_included));
  profile.apn_configuration(apns);
  fill(v.bandwidth, bandwidth);
  subscription.subscriber_status(static_cast<m::subscriber_status>(v.subscriber_status));
  subscription.msisdn(as_bytes(v.msisdn));
  subscription.network_access_mode(static_cast<m::network_access_mode>(v.network_access_mode));
  subscription.access_restriction_data(v.access_restriction_data);
  subscription.ambr(&bandwidth);
  subscription.apn_configuration_profile(&profile);
  set_ids(v.hop_by_hop, v.end_to_end);
  message.session_id(v.session_id);
  message.result_code(v.result_code);
  message.auth_session_state(
      static_cast<messages::rfc6733::auth_session_state>(v.auth_session_state));
  message.origin_host(v.origin_host);
  message.origin_realm(v.origin_realm);
  message.ula_flags(v.ula_flags);
  message.subscription_data(&subscription);
}

namespace {

template <class Group>
[[nodiscard]] bool read_bandwidth(const Group& group, bandwidth_values& v) noexcept {
  const auto view = group->decode();
  if (!view) {
    return false;
  }
  v.uplink = view->max_requested_bandwidth_ul();
  v.downlink = view->max_requested_bandwidth_dl();
  return true;
}

[[nodiscard]] bool read(const m::apn_configuration_view& apn, apn_values& v) noexcept {
  v.context = apn.context_identifier();
  v.pdn_type = static_cast<std::uint32_t>(apn.pdn_type());
  v.name = apn.service_selection();
  const auto qos = apn.eps_subscribed_qos_profile()->decode();
  if (!qos) {
    return false;
  }
  v.qos_class = static_cast<std::uint32_t>(qos->qos_class_identifier());
  const auto priority = qos->allocation_retention_priority().decode();
  if (!priority) {
    return false;
  }
  v.priority_level = priority->priority_level();
  v.pre_emption_capability = static_cast<std::uint32_t>(*priority->pre_emption_capability());
  v.pre_emption_vulnerability = static_cast<std::uint32_t>(*priority->pre_emption_vulnerability());
  return read_bandwidth(apn.ambr(), v.bandwidth);
}

[[nodiscard]] bool read(const m::apn_configuration_profile_view& profile, ula_values& v) noexcept {
  v.default_context = profile.context_identifier();
  v.all_apns_included =
      static_cast<std::uint32_t>(profile.all_apn_configurations_included_indicator());
  std::size_t n = 0;
  for (const auto group : profile.apn_configuration()) {
    const auto apn = group.decode();
    if (!apn || n == v.apns.size() || !read(*apn, v.apns[n++])) {
      return false;
    }
  }
  return true;
}

[[nodiscard]] bool read(const m::subscription_data_view& data, ula_values& v) noexcept {
  v.subscriber_status = static_cast<std::uint32_t>(*data.subscriber_status());
  v.msisdn = as_text(*data.msisdn());
  v.network_access_mode = static_cast<std::uint32_t>(*data.network_access_mode());
  v.access_restriction_data = *data.access_restriction_data();
  if (!read_bandwidth(data.ambr(), v.bandwidth)) {
    return false;
  }
  const auto profile = data.apn_configuration_profile()->decode();
  return profile && read(*profile, v);
}

}  // namespace

bool generated<ula_values>::decode(bytes_view octets, ula_values& v) noexcept {
  const auto checked = diameter::check_header(octets);
  if (!checked) {
    return false;
  }
  const auto view = m::update_location_answer_view::decode(*checked);
  if (!view) {
    return false;
  }
  v.hop_by_hop = checked->hop_by_hop().value;
  v.end_to_end = checked->end_to_end().value;
  v.session_id = view->session_id();
  v.result_code = *view->result_code();
  v.auth_session_state = static_cast<std::uint32_t>(view->auth_session_state());
  v.origin_host = view->origin_host();
  v.origin_realm = view->origin_realm();
  v.ula_flags = *view->ula_flags();
  const auto data = view->subscription_data()->decode();
  return data && read(*data, v);
}

}  // namespace diamgw::bench
