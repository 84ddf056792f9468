// A Diameter header as a value (RFC 6733 §3): what is sent under other ids or flags than it came
// with gets a header of its own, and the octets that came stay as they are.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "diamgw/base/strong_id.hpp"
#include "diamgw/codec/message.hpp"

namespace diamgw::diameter {

struct header {
  std::uint8_t flags = 0;  // of `command_flags`
  command_code command = {};
  application_id application = {};
  hop_by_hop_id hop_by_hop = {};
  end_to_end_id end_to_end = {};

  /// The header's octets, for a message of so many octets in all.
  [[nodiscard]] std::array<std::byte, header_octets> encode(
      std::size_t message_octets) const noexcept {
    std::array<std::byte, header_octets> out;  // NOLINT(*-member-init): written whole below
    store_be32(out.data(), static_cast<std::uint32_t>(message_octets));
    out[0] = std::byte{protocol_version};
    store_be32(out.data() + 4, command.value);
    out[4] = std::byte{flags};
    store_be32(out.data() + 8, application.value);
    store_be32(out.data() + 12, hop_by_hop.value);
    store_be32(out.data() + 16, end_to_end.value);
    return out;
  }
};

[[nodiscard]] inline header header_of(const message_view& message) noexcept {
  return {.flags = message.flags(),
          .command = message.command(),
          .application = message.application(),
          .hop_by_hop = message.hop_by_hop(),
          .end_to_end = message.end_to_end()};
}

}  // namespace diamgw::diameter
