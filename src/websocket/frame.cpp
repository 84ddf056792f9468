#include "diamgw/websocket/frame.hpp"

#include <algorithm>

namespace diamgw::websocket {
namespace {

constexpr std::uint8_t fin_bit = 0x80;
constexpr std::uint8_t rsv1_bit = 0x40;
constexpr std::uint8_t rsv23_bits = 0x30;
constexpr std::uint8_t opcode_bits = 0x0f;
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::uint8_t length_bits = 0x7f;
constexpr std::uint8_t length_in_16_bits = 126;
constexpr std::uint8_t length_in_64_bits = 127;

constexpr bool is_reserved(std::uint8_t op) noexcept {
  return (op >= 0x3 && op <= 0x7) || op >= 0xb;
}

// The rules that the first octet alone can break.
std::optional<errc> check_first(std::uint8_t first, header_rules rules) noexcept {
  const auto op = static_cast<std::uint8_t>(first & opcode_bits);
  const bool control = is_control(static_cast<opcode>(op));
  // §5.2: RSV1-3 "MUST be 0 unless an extension is negotiated that defines meanings". RFC 7692
  // §6: RSV1 is for the first frame of a data message, never for a continuation or control frame.
  const bool rsv1_wrong =
      (first & rsv1_bit) != 0 &&
      (!rules.rsv1_allowed || control || op == static_cast<std::uint8_t>(opcode::continuation));
  if (rsv1_wrong || (first & rsv23_bits) != 0) {
    return errc::reserved_bits;
  }
  // §5.2: "If an unknown opcode is received, the receiving endpoint MUST Fail the Connection."
  if (is_reserved(op)) {
    return errc::reserved_opcode;
  }
  // §5.5: control frames "MUST NOT be fragmented".
  if (control && (first & fin_bit) == 0) {
    return errc::fragmented_control;
  }
  return std::nullopt;
}

std::optional<errc> check_second(std::uint8_t first, std::uint8_t second,
                                 header_rules rules) noexcept {
  const bool masked = (second & mask_bit) != 0;
  // §5.1: "The server MUST close the connection upon receiving a frame that is not masked" and
  // "A client MUST close a connection if it detects a masked frame."
  if (rules.receiver == role::server && !masked) {
    return errc::mask_missing;
  }
  if (rules.receiver == role::client && masked) {
    return errc::mask_unexpected;
  }
  // §5.5: "All control frames MUST have a payload length of 125 bytes or less".
  if (is_control(static_cast<opcode>(first & opcode_bits)) &&
      (second & length_bits) > max_control_octets) {
    return errc::long_control;
  }
  return std::nullopt;
}

}  // namespace

std::variant<decoded_header, need_more, errc> decode_header(bytes_view octets,
                                                            header_rules rules) noexcept {
  if (octets.empty()) {
    return need_more{};
  }
  const std::uint8_t first = load_u8(octets.data());
  if (const auto wrong = check_first(first, rules)) {
    return *wrong;
  }
  if (octets.size() < 2) {
    return need_more{};
  }
  const std::uint8_t second = load_u8(octets.data() + 1);
  if (const auto wrong = check_second(first, second, rules)) {
    return *wrong;
  }

  decoded_header out;
  out.header.opcode = static_cast<opcode>(first & opcode_bits);
  out.header.fin = (first & fin_bit) != 0;
  out.header.rsv1 = (first & rsv1_bit) != 0;
  out.header.length = second & length_bits;
  out.octets = 2;
  if (out.header.length == length_in_16_bits) {
    out.octets += 2;
    if (octets.size() < out.octets) {
      return need_more{};
    }
    out.header.length = load_be16(octets.data() + 2);
    // §5.2: "the minimal number of bytes MUST be used to encode the length".
    if (out.header.length < length_in_16_bits) {
      return errc::length_not_minimal;
    }
  } else if (out.header.length == length_in_64_bits) {
    out.octets += 8;
    if (octets.size() < out.octets) {
      return need_more{};
    }
    out.header.length = load_be64(octets.data() + 2);
    // §5.2: "the most significant bit MUST be 0".
    if ((out.header.length >> 63U) != 0) {
      return errc::length_top_bit;
    }
    if (out.header.length <= 0xffff) {
      return errc::length_not_minimal;
    }
  }
  if ((second & mask_bit) != 0) {
    if (octets.size() < out.octets + 4) {
      return need_more{};
    }
    std::copy_n(octets.data() + out.octets, 4, out.header.key.emplace().data());
    out.octets += 4;
  }
  return out;
}

encoded_header encode_header(const frame_header& header) noexcept {
  encoded_header out;
  std::byte* const p = out.octets.data();
  store_u8(p,
           static_cast<std::uint8_t>((header.fin ? fin_bit : 0U) | (header.rsv1 ? rsv1_bit : 0U) |
                                     static_cast<std::uint8_t>(header.opcode)));
  const std::uint8_t masked = header.key ? mask_bit : std::uint8_t{0};
  if (header.length < length_in_16_bits) {
    store_u8(p + 1, static_cast<std::uint8_t>(masked | header.length));
    out.size = 2;
  } else if (header.length <= 0xffff) {
    store_u8(p + 1, masked | length_in_16_bits);
    store_be16(p + 2, static_cast<std::uint16_t>(header.length));
    out.size = 2 + 2;
  } else {
    store_u8(p + 1, masked | length_in_64_bits);
    store_be64(p + 2, header.length);
    out.size = 2 + 8;
  }
  if (header.key) {
    std::ranges::copy(*header.key, p + out.size);
    out.size += header.key->size();
  }
  return out;
}

}  // namespace diamgw::websocket
