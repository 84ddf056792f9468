#include <string_view>

#include "diamgw/diameter/capabilities.hpp"

namespace diamgw::diameter {
namespace {

constexpr std::uint8_t mandatory = avp_flags::mandatory;

void begin(writer& out, std::uint8_t flags, message_ids ids) noexcept {
  out.begin_message(
      {flags, commands::capabilities_exchange, base_application, ids.hop_by_hop, ids.end_to_end});
}

void result_avp(writer& out, result_code code) noexcept {
  out.unsigned32(avps::result_code, ietf_vendor, mandatory, static_cast<std::uint32_t>(code));
}

// {Origin-Host} {Origin-Realm} 1*{Host-IP-Address} {Vendor-Id} {Product-Name} [Origin-State-Id]
void identity(writer& out, const local_node& node,
              std::span<const host_address> addresses) noexcept {
  out.text(avps::origin_host, ietf_vendor, mandatory, node.origin_host);
  out.text(avps::origin_realm, ietf_vendor, mandatory, node.origin_realm);
  if (!node.host_ip_addresses.empty()) {
    addresses = node.host_ip_addresses;
  }
  for (const host_address& address : addresses) {
    out.octets(avps::host_ip_address, ietf_vendor, mandatory, address.avp_data());
  }
  out.unsigned32(avps::vendor_id_avp, ietf_vendor, mandatory, node.vendor.value);
  out.text(avps::product_name, ietf_vendor, 0, node.product_name);  // §4.5: M must not be set
  if (node.origin_state_id) {
    out.unsigned32(avps::origin_state_id, ietf_vendor, mandatory, *node.origin_state_id);
  }
}

void vendor_specific(writer& out, const vendor_specific_application& item) noexcept {
  const std::size_t mark =
      out.begin_group(avps::vendor_specific_application_id, ietf_vendor, mandatory);
  out.unsigned32(avps::vendor_id_avp, ietf_vendor, mandatory, item.vendor.value);
  out.unsigned32(
      item.kind == application_kind::auth ? avps::auth_application_id : avps::acct_application_id,
      ietf_vendor, mandatory, item.application.value);
  out.end_group(mark);
}

// *[Supported-Vendor-Id] *[Auth-Application-Id] *[Inband-Security-Id] *[Acct-Application-Id]
// *[Vendor-Specific-Application-Id] [Firmware-Revision]
void abilities(writer& out, const local_node& node) noexcept {
  for (const vendor_id vendor : node.supported_vendors) {
    out.unsigned32(avps::supported_vendor_id, ietf_vendor, mandatory, vendor.value);
  }
  for (const application_id application : node.auth_applications) {
    out.unsigned32(avps::auth_application_id, ietf_vendor, mandatory, application.value);
  }
  for (const std::uint32_t id : node.inband_security_ids) {
    out.unsigned32(avps::inband_security_id, ietf_vendor, mandatory, id);
  }
  for (const application_id application : node.acct_applications) {
    out.unsigned32(avps::acct_application_id, ietf_vendor, mandatory, application.value);
  }
  for (const vendor_specific_application& item : node.vendor_specific_applications) {
    vendor_specific(out, item);
  }
  if (node.firmware_revision) {
    // §4.5: M must not be set.
    out.unsigned32(avps::firmware_revision, ietf_vendor, 0, *node.firmware_revision);
  }
}

}  // namespace

bytes_view encode_cer(writer& out, const local_node& node, std::span<const host_address> addresses,
                      message_ids ids) noexcept {
  begin(out, command_flags::request, ids);
  identity(out, node, addresses);
  abilities(out, node);
  return out.finish();
}

bytes_view encode_cea(writer& out, const local_node& node, std::span<const host_address> addresses,
                      message_ids ids) noexcept {
  begin(out, 0, ids);
  result_avp(out, result_code::success);
  identity(out, node, addresses);
  abilities(out, node);
  return out.finish();
}

bytes_view encode_cea(writer& out, const local_node& node, std::span<const host_address> addresses,
                      message_ids ids, const capabilities_fault& fault) noexcept {
  const bool protocol_error = is_protocol_error(fault.code);
  begin(out, protocol_error ? command_flags::error : std::uint8_t{0}, ids);
  result_avp(out, fault.code);
  identity(out, node, addresses);
  if (!fault.reason.empty()) {
    out.text(avps::error_message, ietf_vendor, 0, fault.reason);  // §7.3: M must not be set
  }
  if (!fault.failed_avp.empty()) {
    const std::size_t mark = out.begin_group(avps::failed_avp, ietf_vendor, mandatory);
    out.encoded({fault.failed_avp.data(), fault.failed_avp.size()});
    out.end_group(mark);
  }
  if (!protocol_error) {
    abilities(out, node);
  }
  return out.finish();
}

}  // namespace diamgw::diameter
