// Frames out (RFC 6455 §5, §6.1): the header goes right in front of a payload that is already in
// a pooled buffer, so that nothing is copied.
//
//   | unused | header | payload ...... |
//                     ^ payload_offset, usually max_header_octets
//
// A client gives a masking key, fresh and unpredictable for each frame (§5.3); a server none.
#pragma once
#include <optional>
#include <string_view>

#include "diamgw/buffer/pool.hpp"
#include "diamgw/websocket/frame.hpp"
#include "diamgw/websocket/protocol.hpp"

namespace diamgw::websocket {

/// Writes the header in front of a payload and masks the payload where a key is given.
/// in:   header.length octets of payload at `payload_offset` of `buffer`; in front of them at
///       least header_octets(...) octets that may be written over; nobody else reads the buffer
/// out:  header and payload as one slice of the same buffer
/// cost: O(1) without a key, O(payload) with one; no allocation. Any thread.
[[nodiscard]] buffer_slice frame_in_place(buffer_ref buffer, std::size_t payload_offset,
                                          const frame_header& header) noexcept;

/// A frame with a copy of `payload`. Thread of the pool.
[[nodiscard]] buffer_slice make_frame(buffer_pool& pool, opcode op, bytes_view payload,
                                      std::optional<masking_key> key = std::nullopt);

/// A close frame; without a payload where `code` is no_status_received. A reason over 123 octets
/// is cut before the character that does not fit. `code` must be one that may_be_sent().
[[nodiscard]] buffer_slice make_close(buffer_pool& pool, close_code code, std::string_view reason,
                                      std::optional<masking_key> key = std::nullopt);

}  // namespace diamgw::websocket
