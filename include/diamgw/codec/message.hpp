// A Diameter message over borrowed octets (RFC 6733 §3), and one that holds them.
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |    Version    |                 Message Length                |
//  |R P E T r r r r|                 Command Code                  |
//  |                         Application-ID                        |
//  |                      Hop-by-Hop Identifier                    |
//  |                      End-to-End Identifier                    |
//  |  AVPs ...
#pragma once
#include <optional>

#include "diamgw/base/bytes.hpp"
#include "diamgw/base/strong_id.hpp"
#include "diamgw/buffer/pool.hpp"
#include "diamgw/codec/avp.hpp"

namespace diamgw::diameter {

inline constexpr std::uint8_t protocol_version = 1;
inline constexpr std::size_t header_octets = 20;
inline constexpr std::size_t max_message_octets = 0xffffff;  // 24 bits of length

/// Bits of the Command Flags octet (§3).
namespace command_flags {
inline constexpr std::uint8_t request = 0x80;
inline constexpr std::uint8_t proxiable = 0x40;
inline constexpr std::uint8_t error = 0x20;
inline constexpr std::uint8_t retransmitted = 0x10;  // T
inline constexpr std::uint8_t reserved = 0x0f;
}  // namespace command_flags

/// A whole message that `check_message` accepted; never owns. Valid while the octets live.
class message_view {
 public:
  message_view() noexcept = default;
  explicit message_view(bytes_view octets) noexcept : octets_{octets} {}

  [[nodiscard]] bytes_view octets() const noexcept { return octets_; }
  [[nodiscard]] std::uint8_t flags() const noexcept { return load_u8(octets_.data() + 4); }
  [[nodiscard]] bool is_request() const noexcept { return (flags() & command_flags::request) != 0; }
  [[nodiscard]] bool is_error() const noexcept { return (flags() & command_flags::error) != 0; }
  [[nodiscard]] bool is_proxiable() const noexcept {
    return (flags() & command_flags::proxiable) != 0;
  }
  [[nodiscard]] command_code command() const noexcept {
    return command_code{load_be24(octets_.data() + 5)};
  }
  [[nodiscard]] application_id application() const noexcept {
    return application_id{load_be32(octets_.data() + 8)};
  }
  [[nodiscard]] hop_by_hop_id hop_by_hop() const noexcept {
    return hop_by_hop_id{load_be32(octets_.data() + 12)};
  }
  [[nodiscard]] end_to_end_id end_to_end() const noexcept {
    return end_to_end_id{load_be32(octets_.data() + 16)};
  }
  [[nodiscard]] avp_range avps() const noexcept {
    return avp_range{octets_.subspan(header_octets)};
  }
  /// The first top-level AVP of this code and vendor.
  [[nodiscard]] std::optional<avp_view> find(avp_code code,
                                             vendor_id vendor = ietf_vendor) const noexcept;

 private:
  bytes_view octets_;
};

/// A message and the reference that keeps its octets alive: what may be held across a suspension.
struct message {
  buffer_ref buffer;
  message_view view;
};

/// Writes the two identifiers into a message's header in place (a relay's or sender's patch).
inline void patch_hop_by_hop(mutable_bytes message, hop_by_hop_id id) noexcept {
  store_be32(message.data() + 12, id.value);
}
inline void patch_end_to_end(mutable_bytes message, end_to_end_id id) noexcept {
  store_be32(message.data() + 16, id.value);
}

}  // namespace diamgw::diameter
