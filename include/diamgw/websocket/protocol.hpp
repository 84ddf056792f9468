// The vocabulary of RFC 6455: roles, opcodes, close codes, limits of the wire.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace diamgw::websocket {

/// Which end of the connection we are. A server accepts masked frames only, a client unmasked
/// ones only (RFC 6455 §5.1).
enum class role : std::uint8_t { server, client };

/// RFC 6455 §5.2; values not named here are reserved.
enum class opcode : std::uint8_t {
  continuation = 0x0,
  text = 0x1,
  binary = 0x2,
  close = 0x8,
  ping = 0x9,
  pong = 0xa,
};

/// Control opcodes have the top bit of the four set (RFC 6455 §5.5).
[[nodiscard]] constexpr bool is_control(opcode op) noexcept {
  return (static_cast<std::uint8_t>(op) & 0x8U) != 0;
}

/// RFC 6455 §7.4.1 and IANA's registry for 1012 to 1014. Any 16-bit value may be held.
enum class close_code : std::uint16_t {
  normal_closure = 1000,
  going_away = 1001,
  protocol_error = 1002,
  unsupported_data = 1003,
  no_status_received = 1005,  // never on the wire: a close frame without a code
  abnormal_closure = 1006,    // never on the wire: the connection ended without a close frame
  invalid_frame_payload_data = 1007,
  policy_violation = 1008,
  message_too_big = 1009,
  mandatory_extension = 1010,
  internal_error = 1011,
  service_restart = 1012,
  try_again_later = 1013,
  bad_gateway = 1014,
  tls_handshake = 1015,  // never on the wire
};

/// True for a code that a close frame may carry (RFC 6455 §7.4): 1000 to 1003, 1007 to 1014,
/// 3000 to 4999.
[[nodiscard]] constexpr bool may_be_sent(close_code code) noexcept {
  const auto value = static_cast<std::uint16_t>(code);
  return (value >= 1000 && value <= 1003) || (value >= 1007 && value <= 1014) ||
         (value >= 3000 && value <= 4999);
}

/// The four octets of a frame's masking key, in wire order (RFC 6455 §5.3).
using masking_key = std::array<std::byte, 4>;

/// The longest payload of a control frame (RFC 6455 §5.5).
inline constexpr std::size_t max_control_octets = 125;
/// The longest reason of a close frame: a control payload without its code.
inline constexpr std::size_t max_reason_octets = max_control_octets - 2;
/// The longest frame header: 2 octets, 8 of extended length, 4 of masking key.
inline constexpr std::size_t max_header_octets = 2 + 8 + 4;

}  // namespace diamgw::websocket
