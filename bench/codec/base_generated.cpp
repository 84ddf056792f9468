#include "codec/generated.hpp"
#include "diamgw/codec/check.hpp"

namespace diamgw::bench {

namespace m = messages::rfc6733;

generated<cer_values>::generated(const cer_values& v) noexcept {
  store_be32(ipv4.data(), v.ipv4);
  address = {diameter::address_families::ipv4, ipv4};
  auth_application_id = v.auth_application_id;
  set_ids(v.hop_by_hop, v.end_to_end);
  message.origin_host(v.origin_host);
  message.origin_realm(v.origin_realm);
  message.host_ip_address({&address, 1});
  message.vendor_id(v.vendor_id);
  message.product_name(v.product_name);
  message.origin_state_id(v.origin_state_id);
  message.auth_application_id({&auth_application_id, 1});
  message.firmware_revision(v.firmware_revision);
}

bool generated<cer_values>::decode(bytes_view octets, cer_values& v) noexcept {
  const auto checked = diameter::check_header(octets);
  if (!checked) {
    return false;
  }
  const auto view = m::capabilities_exchange_request_view::decode(*checked);
  if (!view) {
    return false;
  }
  v.hop_by_hop = checked->hop_by_hop().value;
  v.end_to_end = checked->end_to_end().value;
  v.origin_host = view->origin_host();
  v.origin_realm = view->origin_realm();
  v.ipv4 = load_be32(view->host_ip_address().front().octets.data());
  v.vendor_id = view->vendor_id();
  v.product_name = view->product_name();
  v.origin_state_id = *view->origin_state_id();
  v.auth_application_id = view->auth_application_id().front();
  v.firmware_revision = *view->firmware_revision();
  return true;
}

generated<cea_values>::generated(const cea_values& v) noexcept {
  store_be32(ipv4.data(), v.ipv4);
  address = {diameter::address_families::ipv4, ipv4};
  supported_vendor_id = v.supported_vendor_id;
  auth_application_id = v.auth_application_id;
  application.vendor_id(v.application_vendor_id);
  application.auth_application_id(v.vendor_auth_application_id);
  set_ids(v.hop_by_hop, v.end_to_end);
  message.result_code(v.result_code);
  message.origin_host(v.origin_host);
  message.origin_realm(v.origin_realm);
  message.host_ip_address({&address, 1});
  message.vendor_id(v.vendor_id);
  message.product_name(v.product_name);
  message.origin_state_id(v.origin_state_id);
  message.supported_vendor_id({&supported_vendor_id, 1});
  message.auth_application_id({&auth_application_id, 1});
  message.vendor_specific_application_id({&application, 1});
  message.firmware_revision(v.firmware_revision);
}

bool generated<cea_values>::decode(bytes_view octets, cea_values& v) noexcept {
  const auto checked = diameter::check_header(octets);
  if (!checked) {
    return false;
  }
  const auto view = m::capabilities_exchange_answer_view::decode(*checked);
  if (!view) {
    return false;
  }
  const auto application = view->vendor_specific_application_id().front().decode();
  if (!application) {
    return false;
  }
  v.hop_by_hop = checked->hop_by_hop().value;
  v.end_to_end = checked->end_to_end().value;
  v.result_code = view->result_code();
  v.origin_host = view->origin_host();
  v.origin_realm = view->origin_realm();
  v.ipv4 = load_be32(view->host_ip_address().front().octets.data());
  v.vendor_id = view->vendor_id();
  v.product_name = view->product_name();
  v.origin_state_id = *view->origin_state_id();
  v.supported_vendor_id = view->supported_vendor_id().front();
  v.auth_application_id = view->auth_application_id().front();
  v.application_vendor_id = application->vendor_id();
  v.vendor_auth_application_id = *application->auth_application_id();
  v.firmware_revision = *view->firmware_revision();
  return true;
}

generated<dwr_values>::generated(const dwr_values& v) noexcept {
  set_ids(v.hop_by_hop, v.end_to_end);
  message.origin_host(v.origin_host);
  message.origin_realm(v.origin_realm);
  message.origin_state_id(v.origin_state_id);
}

bool generated<dwr_values>::decode(bytes_view octets, dwr_values& v) noexcept {
  const auto checked = diameter::check_header(octets);
  if (!checked) {
    return false;
  }
  const auto view = m::device_watchdog_request_view::decode(*checked);
  if (!view) {
    return false;
  }
  v.hop_by_hop = checked->hop_by_hop().value;
  v.end_to_end = checked->end_to_end().value;
  v.origin_host = view->origin_host();
  v.origin_realm = view->origin_realm();
  v.origin_state_id = *view->origin_state_id();
  return true;
}

generated<acr_values>::generated(const acr_values& v) noexcept {
  set_ids(v.hop_by_hop, v.end_to_end);
  message.application = application_id{3};
  message.session_id(v.session_id);
  message.origin_host(v.origin_host);
  message.origin_realm(v.origin_realm);
  message.destination_realm(v.destination_realm);
  message.accounting_record_type(static_cast<m::accounting_record_type>(v.record_type));
  message.accounting_record_number(v.record_number);
  message.acct_application_id(v.acct_application_id);
  message.user_name(v.user_name);
  message.destination_host(v.destination_host);
  message.accounting_sub_session_id(v.sub_session_id);
  message.acct_interim_interval(v.interim_interval);
  message.origin_state_id(v.origin_state_id);
  message.event_timestamp(time_of(v.event_timestamp));
}

bool generated<acr_values>::decode(bytes_view octets, acr_values& v) noexcept {
  const auto checked = diameter::check_header(octets);
  if (!checked) {
    return false;
  }
  const auto view = m::accounting_request_view::decode(*checked);
  if (!view) {
    return false;
  }
  v.hop_by_hop = checked->hop_by_hop().value;
  v.end_to_end = checked->end_to_end().value;
  v.session_id = view->session_id();
  v.origin_host = view->origin_host();
  v.origin_realm = view->origin_realm();
  v.destination_realm = view->destination_realm();
  v.record_type = static_cast<std::uint32_t>(view->accounting_record_type());
  v.record_number = view->accounting_record_number();
  v.acct_application_id = *view->acct_application_id();
  v.user_name = *view->user_name();
  v.destination_host = *view->destination_host();
  v.sub_session_id = *view->accounting_sub_session_id();
  v.interim_interval = *view->acct_interim_interval();
  v.origin_state_id = *view->origin_state_id();
  v.event_timestamp = ntp_of(*view->event_timestamp());
  return true;
}

}  // namespace diamgw::bench
