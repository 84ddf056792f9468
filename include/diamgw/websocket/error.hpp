// What can be wrong with a stream of frames, and what is said of it. A new fault is a value and a
// row, both here.
#pragma once
#include <array>

#include "diamgw/base/result.hpp"
#include "diamgw/websocket/protocol.hpp"

namespace diamgw::websocket {

enum class errc {
  reserved_bits = 1,           // §5.2
  reserved_opcode,             // 3-7, 0xB-0xF, §5.2
  fragmented_control,          // §5.5
  long_control,                // §5.5
  mask_missing,                // §5.1
  mask_unexpected,             // §5.1
  length_not_minimal,          // §5.2
  length_top_bit,              // of the 64 bits, §5.2
  continuation_without_start,  // §5.4
  data_inside_fragments,       // §5.4
  invalid_utf8,                // §8.1
  message_too_big,             // over options::max_message_octets, §10.4
  too_many_fragments,          // over options::max_fragments, §10.4
  close_length,                // §5.5.1
  invalid_close_code,          // §7.4
  close_reason_utf8,           // §5.5.1
};

struct error_description {
  errc error{};
  close_code close_with{};  // §7.4.1
  const char* sentence = "";
};

/// In the order of `errc`.
inline constexpr auto error_descriptions = std::to_array<error_description>({
    {errc::reserved_bits, close_code::protocol_error,
     "a reserved bit is set without an extension that defines it"},
    {errc::reserved_opcode, close_code::protocol_error, "the opcode is reserved"},
    {errc::fragmented_control, close_code::protocol_error, "a control frame is fragmented"},
    {errc::long_control, close_code::protocol_error, "a control frame is longer than 125 octets"},
    {errc::mask_missing, close_code::protocol_error, "a frame of the client is not masked"},
    {errc::mask_unexpected, close_code::protocol_error, "a frame of the server is masked"},
    {errc::length_not_minimal, close_code::protocol_error,
     "the payload length is not in its shortest form"},
    {errc::length_top_bit, close_code::protocol_error, "the payload length has its top bit set"},
    {errc::continuation_without_start, close_code::protocol_error,
     "a continuation frame continues nothing"},
    {errc::data_inside_fragments, close_code::protocol_error,
     "a new message begins inside a fragmented one"},
    {errc::invalid_utf8, close_code::invalid_frame_payload_data,
     "a text message is not valid UTF-8"},
    {errc::message_too_big, close_code::message_too_big, "the message is larger than the limit"},
    {errc::too_many_fragments, close_code::message_too_big,
     "the message has more fragments than the limit"},
    {errc::close_length, close_code::protocol_error, "a close frame has a payload of one octet"},
    {errc::invalid_close_code, close_code::protocol_error,
     "a close frame has a code that must not be sent"},
    {errc::close_reason_utf8, close_code::invalid_frame_payload_data,
     "the reason of a close frame is not valid UTF-8"},
});

[[nodiscard]] const error_category& websocket_category() noexcept;
[[nodiscard]] inline error_code make_error_code(errc e) noexcept {
  return {static_cast<int>(e), websocket_category()};
}

/// The code to close with after `e`: 1002, 1007 or 1009 (RFC 6455 §7.4.1).
[[nodiscard]] close_code to_close_code(errc e) noexcept;

}  // namespace diamgw::websocket

template <>
struct boost::system::is_error_code_enum<diamgw::websocket::errc> : std::true_type {};
