// What can be wrong with a stream of frames.
#pragma once
#include "diamgw/base/result.hpp"
#include "diamgw/websocket/protocol.hpp"

namespace diamgw::websocket {

enum class errc {
  reserved_bits = 1,           // RSV1-3 set without an extension, §5.2
  reserved_opcode,             // 3-7, 0xB-0xF, §5.2
  fragmented_control,          // control frame without FIN, §5.5
  long_control,                // control payload over 125 octets, §5.5
  mask_missing,                // client's frame without mask, §5.1
  mask_unexpected,             // server's frame with mask, §5.1
  length_not_minimal,          // extended length where a shorter form holds it, §5.2
  length_top_bit,              // 64-bit length with its top bit set, §5.2
  continuation_without_start,  // §5.4
  data_inside_fragments,       // new data frame while a fragmented message is open, §5.4
  invalid_utf8,                // text message, §8.1
  message_too_big,             // over options::max_message_octets, §10.4
  too_many_fragments,          // over options::max_fragments, §10.4
  close_length,                // close payload of 1 octet, §5.5.1
  invalid_close_code,          // §7.4
  close_reason_utf8,           // §5.5.1
};

[[nodiscard]] const error_category& websocket_category() noexcept;
[[nodiscard]] inline error_code make_error_code(errc e) noexcept {
  return {static_cast<int>(e), websocket_category()};
}

/// The code to close with after `e`: 1002, 1007 or 1009 (RFC 6455 §7.4.1).
[[nodiscard]] close_code to_close_code(errc e) noexcept;

}  // namespace diamgw::websocket

template <>
struct boost::system::is_error_code_enum<diamgw::websocket::errc> : std::true_type {};
