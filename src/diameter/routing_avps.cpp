#include "diamgw/diameter/routing_avps.hpp"

#include "diamgw/codec/check.hpp"
#include "diamgw/codec/codes.hpp"

namespace diamgw::diameter {
namespace {

template <class T>
void set_first(std::optional<T>& field, T value) noexcept {
  if (!field.has_value()) {
    field = value;
  }
}

void set_number(std::optional<std::uint32_t>& field, bytes_view data) noexcept {
  if (data.size() == 4) {
    set_first(field, load_be32(data.data()));
  }
}

/// The number in the first of the two AVPs that a group holds.
void set_inner_number(std::optional<std::uint32_t>& field, bytes_view group, avp_code one,
                      avp_code other) noexcept {
  const auto inside = check_avps(group);
  if (!inside) {
    return;
  }
  for (const avp_view avp : *inside) {
    if (avp.vendor == ietf_vendor && (avp.code == one || avp.code == other)) {
      set_number(field, avp.data);
    }
  }
}

}  // namespace

std::optional<std::uint32_t> routing_avps::application() const noexcept {
  if (auth_application.has_value()) {
    return auth_application;
  }
  return acct_application.has_value() ? acct_application : vendor_specific_application;
}

routing_avps find_routing_avps(bytes_view octets) noexcept {
  routing_avps found;
  find_routing_avps(octets, found);
  return found;
}

void find_routing_avps(bytes_view octets, routing_avps& found) noexcept {
  for (const avp_view avp : avp_range{octets}) {
    if (avp.vendor != ietf_vendor) {
      continue;
    }
    switch (avp.code.value) {
      case avps::session_id.value:
        if (!found.session_id) {
          found.session_id = as_text(avp.data);
          found.session_id_offset = static_cast<std::size_t>(avp.header - octets.data());
        }
        break;
      case avps::origin_host.value:
        set_first(found.origin_host, as_text(avp.data));
        break;
      case avps::origin_realm.value:
        set_first(found.origin_realm, as_text(avp.data));
        break;
      case avps::destination_host.value:
        set_first(found.destination_host, as_text(avp.data));
        break;
      case avps::destination_realm.value:
        set_first(found.destination_realm, as_text(avp.data));
        break;
      case avps::user_name.value:
        set_first(found.user_name, as_text(avp.data));
        break;
      case avps::auth_application_id.value:
        set_number(found.auth_application, avp.data);
        break;
      case avps::acct_application_id.value:
        set_number(found.acct_application, avp.data);
        break;
      case avps::vendor_specific_application_id.value:
        set_inner_number(found.vendor_specific_application, avp.data, avps::auth_application_id,
                         avps::acct_application_id);
        break;
      case avps::result_code.value:
        set_number(found.result_code, avp.data);
        break;
      case avps::experimental_result.value:
        set_inner_number(found.experimental_result_code, avp.data, avps::experimental_result_code,
                         avps::experimental_result_code);
        break;
      case avps::proxy_info.value:
        found.has_proxy_info = true;
        break;
      case avps::route_record.value:
        found.has_route_record = true;
        break;
      case avps::auth_session_state.value:
        set_number(found.auth_session_state, avp.data);
        break;
      case avps::cc_request_type.value:
        set_number(found.cc_request_type, avp.data);
        break;
      default:
        break;
    }
  }
}

}  // namespace diamgw::diameter
