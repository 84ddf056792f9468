// The JSON-RPC call of a CCR, written from its octets by hand.
#pragma once
#include <string_view>

#include "diamgw/base/bytes.hpp"

namespace diamgw::bench::by_hand {

/// Writes what jsonrpc::encode_request writes of the CCR of json_rows.cpp in object form: the names
/// and the order of this one message are in the code. Empty where `out` is too small or the message
/// is another.
/// in: a message that diameter::check_message accepted
[[nodiscard]] std::string_view write_json(std::string_view id, bytes_view ccr,
                                          mutable_bytes out) noexcept;

}  // namespace diamgw::bench::by_hand
