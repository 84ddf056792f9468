#include "diamgw/diameter/base_messages.hpp"

namespace diamgw::diameter {
namespace {

constexpr std::uint8_t mandatory = avp_flags::mandatory;

void begin(writer& out, std::uint8_t flags, command_code command, message_ids ids) noexcept {
  out.begin_message({flags, command, base_application, ids.hop_by_hop, ids.end_to_end});
}

void origin(writer& out, const local_node& node) noexcept {
  out.text(avps::origin_host, ietf_vendor, mandatory, node.origin_host);
  out.text(avps::origin_realm, ietf_vendor, mandatory, node.origin_realm);
}

void origin_state(writer& out, const local_node& node) noexcept {
  if (node.origin_state_id) {
    out.unsigned32(avps::origin_state_id, ietf_vendor, mandatory, *node.origin_state_id);
  }
}

void begin_answer(writer& out, command_code command, message_ids ids, result_code code) noexcept {
  begin(out, is_protocol_error(code) ? command_flags::error : std::uint8_t{0}, command, ids);
  out.unsigned32(avps::result_code, ietf_vendor, mandatory, static_cast<std::uint32_t>(code));
}

}  // namespace

// <DWR> ::= < Diameter Header: 280, REQ > {Origin-Host} {Origin-Realm} [Origin-State-Id] (§5.5.1)
bytes_view encode_dwr(writer& out, const local_node& node, message_ids ids) noexcept {
  begin(out, command_flags::request, commands::device_watchdog, ids);
  origin(out, node);
  origin_state(out, node);
  return out.finish();
}

// <DWA> ::= < Diameter Header: 280 > {Result-Code} {Origin-Host} {Origin-Realm} [Origin-State-Id]
bytes_view encode_dwa(writer& out, const local_node& node, message_ids ids,
                      result_code code) noexcept {
  begin_answer(out, commands::device_watchdog, ids, code);
  origin(out, node);
  origin_state(out, node);
  return out.finish();
}

// <DPR> ::= < Diameter Header: 282, REQ > {Origin-Host} {Origin-Realm} {Disconnect-Cause} (§5.4.1)
bytes_view encode_dpr(writer& out, const local_node& node, message_ids ids,
                      disconnect_cause cause) noexcept {
  begin(out, command_flags::request, commands::disconnect_peer, ids);
  origin(out, node);
  out.unsigned32(avps::disconnect_cause, ietf_vendor, mandatory, static_cast<std::uint32_t>(cause));
  return out.finish();
}

// <DPA> ::= < Diameter Header: 282 > {Result-Code} {Origin-Host} {Origin-Realm} (§5.4.2)
bytes_view encode_dpa(writer& out, const local_node& node, message_ids ids,
                      result_code code) noexcept {
  begin_answer(out, commands::disconnect_peer, ids, code);
  origin(out, node);
  return out.finish();
}

std::optional<std::uint32_t> find_unsigned32(const message_view& message, avp_code code) noexcept {
  for (const avp_view avp : message.avps()) {
    if (avp.code == code && avp.vendor == ietf_vendor) {
      return avp.data.size() == 4 ? std::optional{load_be32(avp.data.data())} : std::nullopt;
    }
  }
  return std::nullopt;
}

disconnect_cause cause_of(const message_view& dpr) noexcept {
  const auto cause = find_unsigned32(dpr, avps::disconnect_cause);
  if (!cause) {
    return disconnect_cause::rebooting;
  }
  switch (*cause) {
    case static_cast<std::uint32_t>(disconnect_cause::rebooting):
      return disconnect_cause::rebooting;
    case static_cast<std::uint32_t>(disconnect_cause::busy):
      return disconnect_cause::busy;
    default:
      return disconnect_cause::do_not_want_to_talk_to_you;
  }
}

}  // namespace diamgw::diameter
