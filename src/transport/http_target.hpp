// The target of an HTTP request (RFC 9112 §3.2), for every listener.
#pragma once
#include <optional>
#include <string_view>

#include "diamgw/transport/http.hpp"

namespace diamgw::transport {

/// Views into the target's text.
struct request_target {
  std::string_view path;   // never empty
  std::string_view query;  // without '?'
  /// Of the absolute form: "host" or "host:port". It counts instead of the Host field (§3.2.2).
  std::optional<std::string_view> authority = {};
};

/// Takes the origin form "/path?query" and the absolute form "http://host/path?query", of the
/// schemes that lead here: http, https, ws and wss.
/// out: nothing for what is neither, has a fragment or names a user (RFC 9110 §4.2.4)
[[nodiscard]] std::optional<request_target> decode_request_target(std::string_view text) noexcept;

/// Puts the authority of an absolute form in the place of the one Host field. Where that is missing
/// or there are two, the request is as wrong as without (§3.2).
void set_host(http_fields& fields, const request_target& target);

}  // namespace diamgw::transport
