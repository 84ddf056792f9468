// Who may use /api/v1 of the admin listener.
//
// It shows clients and sessions, and closes connections. Where an operator has set a token, whoever
// has it may (RFC 6750 §2.1); where none is set, whoever is on this host, but no web page.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "diamgw/base/result.hpp"
#include "diamgw/transport/http_server.hpp"

namespace diamgw::gateway {

struct admin_access {
  std::string token;                   // empty: none is set
  std::span<const std::string> hosts;  // names of ours, see web_origin_rules
};

/// The refusal of a request that may not be served. 401 without the token, or with another one;
/// where none is set, 403 from another host, or to a name that is none of ours (DNS rebinding); of
/// a POST also as refuse_change has it. Any thread.
[[nodiscard]] std::optional<transport::http_response> refuse_access(
    const transport::http_request& request, const admin_access& rules);

struct admin_token {
  std::string text;
};
/// The token in a file, without the line end after it.
/// errors: a sentence: it cannot be read, is empty, or has octets that no token has (RFC 6750 §2.1)
[[nodiscard]] result<admin_token, std::string> read_admin_token(const std::string& file);

}  // namespace diamgw::gateway
