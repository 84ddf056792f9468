// The keys of the opening handshake (RFC 6455 §4); the HTTP around them is the transport's.
#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace diamgw::websocket {

/// True for the base64 form of 16 octets, as Sec-WebSocket-Key must be (§4.1).
[[nodiscard]] bool is_valid_key(std::string_view sec_websocket_key) noexcept;

/// Sec-WebSocket-Accept for a key: base64(SHA-1(key + GUID)), 28 characters (§4.2.2).
/// The key is taken as it is. Any thread.
[[nodiscard]] std::string accept_key(std::string_view sec_websocket_key);

/// Sec-WebSocket-Key from 16 random octets: 24 characters (§4.1).
[[nodiscard]] std::string encode_key(std::span<const std::byte, 16> nonce);

}  // namespace diamgw::websocket
