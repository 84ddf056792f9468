// Device-Watchdog and Disconnect-Peer messages (RFC 6733 §5.4, §5.5).
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/codes.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/codec/writer.hpp"
#include "diamgw/diameter/answers.hpp"
#include "diamgw/diameter/capabilities.hpp"
#include "diamgw/diameter/identifiers.hpp"

namespace diamgw::diameter {

/// Disconnect-Cause (§5.4.3).
enum class disconnect_cause : std::uint32_t {
  rebooting = 0,
  busy = 1,
  do_not_want_to_talk_to_you = 2,
};

/// As the RFC spells it, in capitals; empty for any other number.
[[nodiscard]] std::string_view to_string(disconnect_cause cause) noexcept;

/// Each writes one whole message and gives it, or an empty view where it does not fit. No
/// allocation.
bytes_view encode_dwr(writer& out, const local_node& node, message_ids ids) noexcept;
bytes_view encode_dwa(writer& out, const local_node& node, const kept_in_answer& kept,
                      result_code code) noexcept;
bytes_view encode_dpr(writer& out, const local_node& node, message_ids ids,
                      disconnect_cause cause) noexcept;
bytes_view encode_dpa(writer& out, const local_node& node, const kept_in_answer& kept,
                      result_code code) noexcept;

/// The first top-level AVP of this code without vendor, read as Unsigned32; nothing where it is
/// absent or not 4 octets.
[[nodiscard]] std::optional<std::uint32_t> find_unsigned32(const message_view& message,
                                                           avp_code code) noexcept;

/// The cause of a DPR; one without a readable cause counts as REBOOTING, so that the peer is tried
/// again later; an unknown cause counts as DO_NOT_WANT_TO_TALK_TO_YOU.
[[nodiscard]] disconnect_cause cause_of(const message_view& dpr) noexcept;

[[nodiscard]] inline message_ids ids_of(const message_view& message) noexcept {
  return {message.hop_by_hop(), message.end_to_end()};
}

}  // namespace diamgw::diameter
