// The opening handshake (RFC 6455 §4), both sides of it.
//
// Rules for editors: what makes an HTTP request an opening handshake is judged here, all of it and
// once. How HTTP is cut out of octets is the transport's; who of those that may be answered by 101
// becomes a client (path, origin, how many) is the listener's.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace diamgw::websocket {

/// Fields of an HTTP head in their order: names in lower case, values without spaces around them.
using handshake_fields = std::span<const std::pair<std::string, std::string>>;

/// An HTTP request, as far as it matters here.
struct opening_request {
  std::string_view method;
  unsigned http_version = 11;  // 10: HTTP/1.0
  bool has_body = false;
  handshake_fields fields;
};

struct extension_parameter {
  std::string_view name;
  std::optional<std::string> value;  // without quotes and escapes; nothing: it has none

  friend bool operator==(const extension_parameter&, const extension_parameter&) = default;
};

/// One element of Sec-WebSocket-Extensions (§9.1).
struct extension_offer {
  std::string_view name;
  std::vector<extension_parameter> parameters{};

  friend bool operator==(const extension_offer&, const extension_offer&) = default;
};

/// A request that §4.2.1 lets be answered by 101. Views into its fields.
struct opening {
  std::string_view key;                       // Sec-WebSocket-Key: base64 of 16 octets
  std::string_view origin;                    // empty where there was none
  std::vector<std::string_view> protocols{};  // Sec-WebSocket-Protocol, in the client's order
  std::vector<extension_offer> extensions{};  // Sec-WebSocket-Extensions, likewise
};

/// What is wrong with a request that is refused.
enum class opening_fault : std::uint8_t {
  bad_request,
  wrong_method,
  not_an_upgrade,
  unsupported_version,
};

/// The response that refuses a request. Everything in it is a constant.
struct opening_refusal {
  opening_fault fault{};
  unsigned status = 400;
  std::string_view sentence;
  std::span<const std::pair<std::string_view, std::string_view>> fields{};  // e.g. Allow: GET
};

/// The first rule of §4.2.1 that the request breaks, or what it says.
/// Refusals: 400 HTTP/1.0, body, no or two Host, bad or two keys, no version, two Origins,
/// protocols that are no tokens, extensions that are not as §9.1 has them; 405 other method; 426 no
/// Upgrade, or another version. cost: O(fields), allocates where protocols or extensions are
/// offered. Any thread.
[[nodiscard]] std::variant<opening, opening_refusal> judge_opening(const opening_request& request);

/// Which of `known` is spoken: the first that the client offers in its own order (§4.2.2).
[[nodiscard]] std::optional<std::size_t> choose_subprotocol(
    std::span<const std::string_view> offered, std::span<const std::string_view> known) noexcept;

/// The response that accepts (§4.2.2 item 5). `key` as judge_opening gave it; `protocol`: the
/// chosen one, `extensions`: those agreed on, as the field lists them; empty: none is named.
[[nodiscard]] std::string encode_acceptance(std::string_view key, std::string_view protocol,
                                            std::string_view extensions = {});

// ---- the client's side

struct opening_query {
  std::string_view host{};  // Host, with the port where it is not the scheme's
  std::string_view target = "/";
  std::string_view key{};                     // of encode_key
  std::vector<std::string_view> protocols{};  // by preference
};

/// The request (§4.1). What it is made of is written as it is.
[[nodiscard]] std::string encode_opening(const opening_query& query);

/// Sec-WebSocket-Key from 16 random octets: 24 characters (§4.1).
[[nodiscard]] std::string encode_key(std::span<const std::byte, 16> nonce);

/// What is wrong with the fields of a 101 to a request with that key and those protocols (§4.1);
/// empty: nothing is.
[[nodiscard]] std::string_view find_fault(handshake_fields reply, const opening_query& asked);

}  // namespace diamgw::websocket
