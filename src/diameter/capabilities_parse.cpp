// Reading of CER and CEA. Tolerant where that is harmless: what is unknown, repeated or out of
// order costs nothing; only what leaves us without an identity or an application is refused.
//
// So not by the generated views: they hold a message to its grammar, and refuse a CER without
// Host-IP-Address, with two Origin-State-Ids or, as RFC 3588 had it, with several Vendor-Ids in a
// Vendor-Specific-Application-Id.
#include <algorithm>

#include "diamgw/codec/check.hpp"
#include "diamgw/diameter/base_messages.hpp"
#include "diamgw/diameter/capabilities.hpp"

namespace diamgw::diameter {
namespace {

using fault = std::optional<capabilities_fault>;

/// Appends an AVP to the Failed-AVP's data, as far as it has room.
void add_failed(capabilities_fault& to, avp_code code, bytes_view data) noexcept {
  std::array<std::byte, decltype(to.failed_avp)::static_capacity> room;
  writer avp{mutable_bytes{room}.first(to.failed_avp.capacity() - to.failed_avp.size())};
  avp.octets(code, ietf_vendor, avp_flags::mandatory, data);
  to.failed_avp.insert(to.failed_avp.end(), avp.written().begin(), avp.written().end());
}

constexpr std::array<std::byte, 4> zeros{};

/// §7.1.5 DIAMETER_MISSING_AVP: "an example of the missing AVP", its data zero-filled.
capabilities_fault missing(avp_code code, std::size_t data_octets, std::string_view reason) {
  capabilities_fault f{result_code::missing_avp, {}, reason};
  add_failed(f, code, bytes_view{zeros}.first(data_octets));
  return f;
}

/// §7.1.5 DIAMETER_INVALID_AVP_LENGTH: the AVP's header with a zero-filled payload of the least
/// length that its type allows.
capabilities_fault wrong_length(avp_code code, std::size_t data_octets) {
  capabilities_fault f{result_code::invalid_avp_length, {}, "an AVP has a wrong length"};
  add_failed(f, code, bytes_view{zeros}.first(data_octets));
  return f;
}

template <class T>
void keep(std::vector<T>& list, const T& item, peer_capabilities& into) {
  if (std::find(list.begin(), list.end(), item) != list.end()) {
    return;
  }
  if (list.size() == max_capability_items) {
    ++into.ignored_items;
    return;
  }
  list.push_back(item);
}

fault read_u32(const avp_view& avp, std::uint32_t& into) {
  if (avp.data.size() != 4) {
    return wrong_length(avp.code, 4);
  }
  into = load_be32(avp.data.data());
  return std::nullopt;
}

template <class Id>
fault keep_id(const avp_view& avp, std::vector<Id>& list, peer_capabilities& into) {
  std::uint32_t value = 0;
  if (auto f = read_u32(avp, value)) {
    return f;
  }
  keep(list, Id{value}, into);
  return std::nullopt;
}

fault read_optional(const avp_view& avp, std::optional<std::uint32_t>& into) {
  std::uint32_t value = 0;
  if (auto f = read_u32(avp, value)) {
    return f;
  }
  into = into ? into : value;
  return std::nullopt;
}

fault read_identity(const avp_view& avp, std::string& into) {
  if (avp.data.empty() || avp.data.size() > max_identity_octets) {
    capabilities_fault f{result_code::invalid_avp_value, {}, "an identity is empty or too long"};
    add_failed(f, avp.code, {});
    return f;
  }
  if (into.empty()) {
    into = as_text(avp.data);
  }
  return std::nullopt;
}

struct vendor_specific_members {
  std::vector<vendor_id> vendors;
  std::optional<std::uint32_t> auth;
  std::optional<std::uint32_t> acct;
};

fault read_members(const avp_view& group, vendor_specific_members& into,
                   peer_capabilities& counted) {
  // Nobody has checked the lengths in it. That the last padding is not counted in is forgiven.
  for (bytes_view rest = group.data; !rest.empty();) {
    avp_view member;
    if (const auto e = take_avp(rest, member); e && *e != errc::avp_padding_cut) {
      return wrong_length(group.code, 0);
    }
    rest = rest.subspan(std::min(padded(member.octets().size()), rest.size()));
    if (member.vendor != ietf_vendor) {
      continue;
    }
    fault f;
    if (member.code == avps::vendor_id_avp) {
      f = keep_id(member, into.vendors, counted);
    } else if (member.code == avps::auth_application_id) {
      f = read_optional(member, into.auth);
    } else if (member.code == avps::acct_application_id) {
      f = read_optional(member, into.acct);
    }
    if (f) {
      return f;
    }
  }
  return std::nullopt;
}

// §6.11: <Vendor-Specific-Application-Id> ::= < AVP Header: 260 > { Vendor-Id }
//        [ Auth-Application-Id ] [ Acct-Application-Id ], one of the two exactly. RFC 3588 had
//        1* [ Vendor-Id ], and such peers are still about.
fault read_vendor_specific(const avp_view& group, peer_capabilities& into) {
  vendor_specific_members members;
  if (auto f = read_members(group, members, into)) {
    return f;
  }
  if (!members.auth && !members.acct) {
    capabilities_fault f{
        result_code::missing_avp, {}, "a Vendor-Specific-Application-Id names no application"};
    add_failed(f, avps::auth_application_id, zeros);
    add_failed(f, avps::acct_application_id, zeros);
    return f;
  }
  if (members.auth && members.acct) {
    capabilities_fault f{result_code::avp_occurs_too_many_times,
                         {},
                         "a Vendor-Specific-Application-Id names two applications"};
    std::array<std::byte, 4> value{};
    store_be32(value.data(), *members.auth);
    add_failed(f, avps::auth_application_id, value);
    store_be32(value.data(), *members.acct);
    add_failed(f, avps::acct_application_id, value);
    return f;
  }
  const application_id application{members.auth ? *members.auth : *members.acct};
  const application_kind kind = members.auth ? application_kind::auth : application_kind::acct;
  if (members.vendors.empty()) {
    members.vendors.push_back(ietf_vendor);
  }
  for (const vendor_id vendor : members.vendors) {
    keep(into.vendor_specific_applications, {vendor, application, kind}, into);
  }
  return std::nullopt;
}

struct presence {
  bool host_ip_address = false;
  bool vendor = false;
  bool product_name = false;
};

fault read_avp(const avp_view& avp, peer_capabilities& into, presence& seen) {
  switch (avp.code.value) {
    case avps::origin_host.value:
      return read_identity(avp, into.origin_host);
    case avps::origin_realm.value:
      return read_identity(avp, into.origin_realm);
    case avps::host_ip_address.value:
      seen.host_ip_address = true;
      if (const auto address = host_address::from_avp_data(avp.data)) {
        keep(into.host_ip_addresses, *address, into);
      }
      return std::nullopt;
    case avps::vendor_id_avp.value: {
      std::uint32_t value = 0;
      auto f = read_u32(avp, value);
      if (!f && !seen.vendor) {
        into.vendor = vendor_id{value};
      }
      seen.vendor = true;
      return f;
    }
    case avps::product_name.value:
      if (!seen.product_name) {
        into.product_name = as_text(avp.data.first(std::min(avp.data.size(), max_identity_octets)));
      }
      seen.product_name = true;
      return std::nullopt;
    case avps::firmware_revision.value:
      return read_optional(avp, into.firmware_revision);
    case avps::origin_state_id.value:
      return read_optional(avp, into.origin_state_id);
    case avps::result_code.value:
      return read_optional(avp, into.result_code);
    case avps::supported_vendor_id.value:
      return keep_id(avp, into.supported_vendors, into);
    case avps::auth_application_id.value:
      return keep_id(avp, into.auth_applications, into);
    case avps::acct_application_id.value:
      return keep_id(avp, into.acct_applications, into);
    case avps::inband_security_id.value:
      return keep_id(avp, into.inband_security_ids, into);
    case avps::vendor_specific_application_id.value:
      return read_vendor_specific(avp, into);
    default:
      return std::nullopt;
  }
}

fault check_presence(const peer_capabilities& peer, const presence& seen, strictness required) {
  if (peer.origin_host.empty()) {
    return missing(avps::origin_host, 0, "no Origin-Host");
  }
  if (peer.origin_realm.empty()) {
    return missing(avps::origin_realm, 0, "no Origin-Realm");
  }
  if (required == strictness::lenient) {
    return std::nullopt;
  }
  if (!seen.host_ip_address) {
    return missing(avps::host_ip_address, 2, "no Host-IP-Address");
  }
  if (!seen.vendor) {
    return missing(avps::vendor_id_avp, 4, "no Vendor-Id");
  }
  if (!seen.product_name) {
    return missing(avps::product_name, 0, "no Product-Name");
  }
  return std::nullopt;
}

result<peer_capabilities, capabilities_fault> parse(const message_view& message,
                                                    strictness required) {
  peer_capabilities peer;
  presence seen;
  for (const avp_view avp : message.avps()) {
    if (avp.vendor != ietf_vendor) {
      continue;  // a vendor's AVP of the same code is another AVP
    }
    if (auto f = read_avp(avp, peer, seen)) {
      return *f;
    }
  }
  if (auto f = check_presence(peer, seen, required)) {
    return *f;
  }
  return peer;
}

}  // namespace

peer_capabilities read_capabilities(const message_view& message) {
  peer_capabilities peer;
  presence seen;
  for (const avp_view avp : message.avps()) {
    if (avp.vendor == ietf_vendor) {
      static_cast<void>(read_avp(avp, peer, seen));
    }
  }
  return peer;
}

std::string_view find_origin_host(avp_range avps) noexcept {
  for (const avp_view avp : avps) {
    if (avp.code == diameter::avps::origin_host && avp.vendor == ietf_vendor) {
      return as_text(avp.data);
    }
  }
  return {};
}

result<peer_capabilities, capabilities_fault> parse_cer(const message_view& cer,
                                                        strictness required) {
  return parse(cer, required);
}

result<peer_capabilities, capabilities_fault> parse_cea(const message_view& cea) {
  // A refusal need not be whole (§7.2: an E-bit answer has its own grammar), so its Result-Code
  // counts before anything else in it.
  if (const auto code = find_unsigned32(cea, avps::result_code); code && *code / 1000 != 2) {
    peer_capabilities refusal;
    refusal.origin_host = find_origin_host(cea).substr(0, max_identity_octets);
    refusal.result_code = code;
    return refusal;
  }
  auto parsed = parse(cea, strictness::lenient);
  if (parsed && !parsed->result_code) {
    return missing(avps::result_code, 4, "no Result-Code");
  }
  return parsed;
}

}  // namespace diamgw::diameter
