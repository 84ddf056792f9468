#include "diamgw/websocket/writer.hpp"

#include <algorithm>
#include <cstring>

#include "diamgw/base/assert.hpp"
#include "diamgw/websocket/mask.hpp"

namespace diamgw::websocket {
namespace {

// The longest front of `reason` that fits a close frame and does not cut a character.
std::string_view fitting(std::string_view reason) noexcept {
  if (reason.size() <= max_reason_octets) {
    return reason;
  }
  std::size_t end = max_reason_octets;
  while (end > 0 && (static_cast<unsigned char>(reason[end]) & 0xc0U) == 0x80) {
    --end;  // inside a character
  }
  return reason.substr(0, end);
}

}  // namespace

buffer_slice frame_in_place(buffer_ref buffer, std::size_t payload_offset,
                            const frame_header& header) noexcept {
  const encoded_header front = encode_header(header);
  DIAMGW_ASSERT(payload_offset >= front.size);
  DIAMGW_ASSERT(payload_offset + header.length <= buffer.capacity());

  std::byte* const payload = buffer.data() + payload_offset;
  const auto length = static_cast<std::size_t>(header.length);
  if (header.key) {
    mask({payload, length}, *header.key);
  }
  std::byte* const begin = payload - front.size;
  std::memcpy(begin, front.octets.data(), front.size);
  return {std::move(buffer), {begin, front.size + length}};
}

buffer_slice make_frame(buffer_pool& pool, opcode op, bytes_view payload,
                        std::optional<masking_key> key) {
  buffer_ref buffer = pool.allocate(max_header_octets + payload.size());
  std::ranges::copy(payload, buffer.data() + max_header_octets);
  return frame_in_place(std::move(buffer), max_header_octets,
                        {.opcode = op, .key = key, .length = payload.size()});
}

// §5.5.1: "the first two bytes of the body MUST be a 2-byte unsigned integer (in network byte
// order)", followed by the reason.
buffer_slice make_close(buffer_pool& pool, close_code code, std::string_view reason,
                        std::optional<masking_key> key) {
  if (code == close_code::no_status_received) {
    return make_frame(pool, opcode::close, {}, key);
  }
  DIAMGW_ASSERT(may_be_sent(code));
  std::array<std::byte, max_control_octets> payload;
  const std::string_view text = fitting(reason);
  store_be16(payload.data(), static_cast<std::uint16_t>(code));
  std::ranges::copy(as_bytes(text), payload.data() + 2);
  return make_frame(pool, opcode::close, {payload.data(), 2 + text.size()}, key);
}

}  // namespace diamgw::websocket
