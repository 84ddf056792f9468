// The header of a frame (RFC 6455 §5.2).
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-+-+-+-+-------+-+-------------+-------------------------------+
//   |F|R|R|R| opcode|M| Payload len |    Extended payload length    |
//   |I|S|S|S|  (4)  |A|     (7)     |         (16 or 64 bits)       |
//   |N|V|V|V|       |S|             |   (if payload len is 126/127) |
//   | |1|2|3|       |K|             |                               |
//   +-+-+-+-+-------+-+-------------+-------------------------------+
//   |       Extended payload length continued, Masking-key (0 or 32 bits), Payload ...
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <variant>

#include "diamgw/base/bytes.hpp"
#include "diamgw/websocket/error.hpp"
#include "diamgw/websocket/protocol.hpp"

namespace diamgw::websocket {

struct frame_header {
  websocket::opcode opcode = opcode::continuation;
  bool fin = true;                                // last fragment of its message
  bool rsv1 = false;                              // an extension's mark (RFC 7692 §6: compressed)
  std::optional<masking_key> key = std::nullopt;  // present: the payload is masked
  std::uint64_t length = 0;                       // octets of payload, below 2^63

  friend bool operator==(const frame_header&, const frame_header&) = default;
};

/// What a received header is held against.
struct header_rules {
  role receiver = role::server;  // decides whether the mask bit must be set or clear, §5.1
  bool rsv1_allowed = false;     // an extension that uses RSV1 was negotiated
};

struct need_more {
  friend bool operator==(need_more, need_more) = default;
};

struct decoded_header {
  frame_header header;
  std::size_t octets = 0;  // of the header itself: the payload begins there
};

/// Decodes the header at the front of `octets`. (RFC 6455 §5.2)
/// out:    the header; need_more where it is cut off and right so far; or the first rule that it
///         breaks, which does not depend on how much of it is there beyond the octet at fault
/// errors: reserved_bits, reserved_opcode, fragmented_control, long_control, mask_missing,
///         mask_unexpected, length_not_minimal, length_top_bit
/// cost:   O(1), no allocation. Any thread.
[[nodiscard]] std::variant<decoded_header, need_more, errc> decode_header(
    bytes_view octets, header_rules rules) noexcept;

/// A header as it goes on the wire.
struct encoded_header {
  std::array<std::byte, max_header_octets> octets{};
  std::size_t size = 0;

  [[nodiscard]] bytes_view view() const noexcept { return {octets.data(), size}; }
};

/// How many octets encode_header writes.
[[nodiscard]] constexpr std::size_t header_octets(std::uint64_t length, bool masked) noexcept {
  const std::size_t extended = length < 126 ? 0U : length <= 0xffff ? 2U : 8U;
  return 2 + extended + (masked ? 4U : 0U);
}

/// The shortest form, as §5.2 demands. The caller keeps to the rules for control frames.
[[nodiscard]] encoded_header encode_header(const frame_header& header) noexcept;

}  // namespace diamgw::websocket
