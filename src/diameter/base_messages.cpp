#include "diamgw/diameter/base_messages.hpp"

#include "diameter/base_answer.hpp"
#include "diamgw/messages/rfc6733.hpp"

namespace diamgw::diameter {
namespace {

namespace base = messages::rfc6733;

/// Header and origin, which all requests have; the whole message.
template <class Request>
bytes_view write(writer& out, Request& message, const local_node& node, message_ids ids) noexcept {
  message.origin_host(node.origin_host).origin_realm(node.origin_realm);
  message.hop_by_hop = ids.hop_by_hop;
  message.end_to_end = ids.end_to_end;
  return out.message(message);
}

}  // namespace

bytes_view encode_dwr(writer& out, const local_node& node, message_ids ids) noexcept {
  base::device_watchdog_request dwr;
  dwr.origin_state_id(node.origin_state_id);
  return write(out, dwr, node, ids);
}

bytes_view encode_dwa(writer& out, const local_node& node, const kept_in_answer& kept,
                      result_code code) noexcept {
  base::device_watchdog_answer dwa;
  dwa.origin_host(node.origin_host)
      .origin_realm(node.origin_realm)
      .origin_state_id(node.origin_state_id);
  return write_base_answer(out, dwa, kept, code);
}

bytes_view encode_dpr(writer& out, const local_node& node, message_ids ids,
                      disconnect_cause cause) noexcept {
  base::disconnect_peer_request dpr;
  dpr.disconnect_cause(static_cast<base::disconnect_cause>(cause));
  return write(out, dpr, node, ids);
}

bytes_view encode_dpa(writer& out, const local_node& node, const kept_in_answer& kept,
                      result_code code) noexcept {
  base::disconnect_peer_answer dpa;
  dpa.origin_host(node.origin_host).origin_realm(node.origin_realm);
  return write_base_answer(out, dpa, kept, code);
}

std::optional<std::uint32_t> find_unsigned32(const message_view& message, avp_code code) noexcept {
  for (const avp_view avp : message.avps()) {
    if (avp.code == code && avp.vendor == ietf_vendor) {
      return avp.data.size() == 4 ? std::optional{load_be32(avp.data.data())} : std::nullopt;
    }
  }
  return std::nullopt;
}

std::string_view to_string(disconnect_cause cause) noexcept {
  switch (cause) {
    case disconnect_cause::rebooting:
      return "REBOOTING";
    case disconnect_cause::busy:
      return "BUSY";
    case disconnect_cause::do_not_want_to_talk_to_you:
      return "DO_NOT_WANT_TO_TALK_TO_YOU";
  }
  return {};
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
