// Content-Encoding of responses (RFC 9110 §8.4.1).
#pragma once
#include <string>
#include <string_view>

#include "diamgw/transport/http_server.hpp"

namespace diamgw::transport {

/// Whether Accept-Encoding asks for gzip and does not rather have the text as it is (§12.5.3):
/// "gzip", "x-gzip" or "*" with a weight above 0, and not below that of "identity". A member that
/// cannot be read counts as absent. Fields of one name are one list (§5.3).
[[nodiscard]] bool accepts_gzip(const http_request& request) noexcept;

/// RFC 1952, at the least effort: text of metrics shrinks to a tenth. Empty where memory is short.
[[nodiscard]] std::string to_gzip(std::string_view text);

/// Shorter bodies are sent as they are: little is gained.
inline constexpr std::size_t least_coded_octets = 1024;

/// Codes the body where the client asks for it and it is worth it, and says so in the response.
void code_content(const http_request& request, http_response& response);

}  // namespace diamgw::transport
