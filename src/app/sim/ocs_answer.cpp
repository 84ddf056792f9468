// The messages that the simulated server writes: CCA and RAR.
#include <array>

#include "app/sim/ocs.hpp"
#include "app/sim/ocs_session.hpp"
#include "diamgw/codec/codes.hpp"

namespace diamgw::sim {
namespace {

namespace avps = diameter::avps;
namespace flags = diameter::command_flags;
constexpr std::uint8_t mandatory = diameter::avp_flags::mandatory;

/// Octets of the smallest value of an AVP whose length was wrong or which is missing (§7.5 of
/// RFC 6733: "a value of the minimum length, filled with zero").
std::size_t minimal_octets(avp_code code) noexcept {
  if (code == avps::session_id || code == cc::service_context_id) {
    return 0;
  }
  if (code == cc::total_octets || code == cc::input_octets || code == cc::output_octets ||
      code == cc::service_specific_units || code == cc::value_digits) {
    return 8;
  }
  const bool group = code == cc::multiple_services_credit_control ||
                     code == cc::requested_service_unit || code == cc::used_service_unit ||
                     code == cc::money || code == cc::unit_value || code == cc::subscription_id ||
                     code == cc::subscription_id_extension;
  return group ? 0 : 4;
}

void copy_if_whole(const diameter::message_view& request, avp_code code, std::size_t octets,
                   diameter::writer& out) noexcept {
  const auto avp = request.find(code);
  if (avp && (octets == 0 || avp->data.size() == octets)) {
    out.copy(*avp);
  }
}

}  // namespace

bytes_view ocs::write_answer(const diameter::message_view& request, cc_result code, bytes_view body,
                             diameter::writer& out) const {
  const auto value = static_cast<std::uint32_t>(code);
  const bool protocol_error = value / 1000 == 3;
  // RFC 6733 §6.2: the answer keeps both identifiers and the P bit; §7.1.3: 3xxx sets E.
  const auto kept = static_cast<std::uint8_t>(request.flags() & flags::proxiable);
  out.begin_message({.flags = static_cast<std::uint8_t>(kept | (protocol_error ? flags::error : 0)),
                     .command = request.command(),
                     .application = request.application(),
                     .hop_by_hop = request.hop_by_hop(),
                     .end_to_end = request.end_to_end()});
  copy_if_whole(request, avps::session_id, 0, out);
  out.unsigned32(avps::result_code, ietf_vendor, mandatory, value);
  out.text(avps::origin_host, ietf_vendor, mandatory, options_.origin_host);
  out.text(avps::origin_realm, ietf_vendor, mandatory, options_.origin_realm);
  out.unsigned32(avps::auth_application_id, ietf_vendor, mandatory,
                 credit_control_application.value);
  copy_if_whole(request, cc::request_type_avp, 4, out);
  copy_if_whole(request, cc::request_number, 4, out);
  out.encoded(body);
  // RFC 6733 §6.2: every Proxy-Info comes back, in order.
  for (const diameter::avp_view avp : request.avps()) {
    if (avp.code == avps::proxy_info && avp.vendor == ietf_vendor) {
      out.copy(avp);
    }
  }
  return out.finish();
}

bytes_view ocs::refuse(const diameter::message_view& request, const request_error& error,
                       diameter::writer& out) {
  ++statistics_.errors;
  diameter::writer body{scratch_};
  const bool absent = error.offender.header == nullptr;
  const avp_code code = absent ? error.missing : error.offender.code;
  if (code != avp_code{}) {
    const auto group = body.begin_group(avps::failed_avp, ietf_vendor, mandatory);
    if (absent || error.code == cc_result::invalid_avp_length) {
      constexpr std::array<std::byte, 8> zero{};
      body.octets(code, ietf_vendor, absent ? mandatory : error.offender.flags,
                  bytes_view{zero}.first(minimal_octets(code)));
    } else {
      body.copy(error.offender);
    }
    body.end_group(group);
  }
  return write_answer(request, error.code, {scratch_.data(), body.size()}, out);
}

bytes_view ocs::make_rar(std::string_view session_id, hop_by_hop_id hop_by_hop,
                         end_to_end_id end_to_end, diameter::writer& out) const {
  const auto found = sessions_.find(session_id);
  if (found == sessions_.end() || !found->second.open) {
    return {};
  }
  const session& s = found->second;
  out.begin_message({.flags = flags::request | flags::proxiable,
                     .command = diameter::commands::re_auth,
                     .application = credit_control_application,
                     .hop_by_hop = hop_by_hop,
                     .end_to_end = end_to_end});
  out.text(avps::session_id, ietf_vendor, mandatory, session_id);
  out.text(avps::origin_host, ietf_vendor, mandatory, options_.origin_host);
  out.text(avps::origin_realm, ietf_vendor, mandatory, options_.origin_realm);
  out.text(avps::destination_realm, ietf_vendor, mandatory, s.client_realm);
  out.text(avps::destination_host, ietf_vendor, mandatory, s.client_host);
  out.unsigned32(avps::auth_application_id, ietf_vendor, mandatory,
                 credit_control_application.value);
  out.unsigned32(avps::re_auth_request_type, ietf_vendor, mandatory, authorize_only);
  if (!s.user_name.empty()) {
    out.text(avps::user_name, ietf_vendor, mandatory, s.user_name);
  }
  return out.finish();
}

}  // namespace diamgw::sim
