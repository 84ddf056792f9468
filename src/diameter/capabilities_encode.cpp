#include <array>
#include <vector>

#include "diameter/base_answer.hpp"
#include "diamgw/diameter/capabilities.hpp"
#include "diamgw/messages/rfc6733.hpp"

namespace diamgw::diameter {
namespace {

namespace base = messages::rfc6733;

template <class Id>
std::vector<std::uint32_t> numbers(const std::vector<Id>& ids) {
  std::vector<std::uint32_t> out;
  for (const Id id : ids) {
    out.push_back(id.value);
  }
  return out;
}

/// The lists of a node, as messages take them.
struct capability_lists {
  std::vector<address> addresses;
  std::vector<std::uint32_t> vendors;
  std::vector<std::uint32_t> auth;
  std::vector<std::uint32_t> acct;
  std::vector<base::vendor_specific_application_id> vendor_specific;

  capability_lists(const local_node& node, std::span<const host_address> of_connection)
      : vendors{numbers(node.supported_vendors)},
        auth{numbers(node.auth_applications)},
        acct{numbers(node.acct_applications)} {
    const std::span<const host_address> own{node.host_ip_addresses};
    for (const host_address& a : own.empty() ? of_connection : own) {
      const bytes_view data = a.avp_data();
      addresses.push_back({load_be16(data.data()), data.subspan(2)});
    }
    for (const vendor_specific_application& item : node.vendor_specific_applications) {
      auto& group = vendor_specific.emplace_back();
      group.vendor_id(item.vendor.value);
      if (item.kind == application_kind::auth) {
        group.auth_application_id(item.application.value);
      } else {
        group.acct_application_id(item.application.value);
      }
    }
  }
};

/// Who we are.
template <class Message>
void set_identity(Message& message, const local_node& node, const capability_lists& lists) {
  message.origin_host(node.origin_host)
      .origin_realm(node.origin_realm)
      .host_ip_address(lists.addresses)
      .vendor_id(node.vendor.value)
      .product_name(node.product_name)
      .origin_state_id(node.origin_state_id);
}

/// What we can.
template <class Message>
void set_abilities(Message& message, const local_node& node, const capability_lists& lists) {
  message.supported_vendor_id(lists.vendors)
      .auth_application_id(lists.auth)
      .inband_security_id(node.inband_security_ids)
      .acct_application_id(lists.acct)
      .vendor_specific_application_id(lists.vendor_specific)
      .firmware_revision(node.firmware_revision);
}

}  // namespace

bytes_view encode_cer(writer& out, const local_node& node, std::span<const host_address> addresses,
                      message_ids ids) noexcept {
  const capability_lists lists{node, addresses};
  base::capabilities_exchange_request cer;
  cer.hop_by_hop = ids.hop_by_hop;
  cer.end_to_end = ids.end_to_end;
  set_identity(cer, node, lists);
  set_abilities(cer, node, lists);
  return out.message(cer);
}

bytes_view encode_cea(writer& out, const local_node& node, std::span<const host_address> addresses,
                      const kept_in_answer& kept) noexcept {
  const capability_lists lists{node, addresses};
  base::capabilities_exchange_answer cea;
  set_identity(cea, node, lists);
  set_abilities(cea, node, lists);
  return write_base_answer(out, cea, kept, result_code::success);
}

bytes_view encode_cea(writer& out, const local_node& node, std::span<const host_address> addresses,
                      const kept_in_answer& kept, const capabilities_fault& fault) noexcept {
  const capability_lists lists{node, addresses};
  base::capabilities_exchange_answer cea;
  set_identity(cea, node, lists);
  if (!fault.reason.empty()) {
    cea.error_message(fault.reason);
  }
  base::failed_avp failed;
  if (!fault.failed_avp.empty()) {
    failed.more_avps({fault.failed_avp.data(), fault.failed_avp.size()});
    cea.failed_avp(&failed);
  }
  if (!is_protocol_error(fault.code)) {
    set_abilities(cea, node, lists);
  }
  return write_base_answer(out, cea, kept, fault.code);
}

bytes_view encode_cea(writer& out, const local_node& node, std::span<const host_address> addresses,
                      const kept_in_answer& kept, const violation& broken) noexcept {
  const capability_lists lists{node, addresses};
  std::array<char, max_sentence> sentence;
  base::capabilities_exchange_answer cea;
  set_identity(cea, node, lists);
  cea.error_message(describe(broken, sentence));
  if (!is_protocol_error(broken.code())) {
    set_abilities(cea, node, lists);
  }
  return write_base_answer(out, cea, kept, broken.code(), &broken);
}

}  // namespace diamgw::diameter
