// Which web pages may talk to us.
//
// A browser connects to whatever a page asks it to, this host and those behind it included, and
// says in `Origin` whose page asked (RFC 6454 §7, RFC 6455 §10.2). What says nothing there is no
// browser.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "diamgw/transport/http_server.hpp"

namespace diamgw::gateway {

struct web_origin_rules {
  std::span<const std::string> allowed;  // origins, as browsers write them; "*": all of them
  /// Names of ours. A page of the same origin as we may connect where it knows us by one of these,
  /// or by a literal address: any other name may be one that its owner has pointed at us since the
  /// page was loaded (DNS rebinding).
  std::span<const std::string> hosts;
};

/// Whether `host`, a field Host, is a literal address or one of `hosts`. Any thread.
[[nodiscard]] bool is_name_of_ours(std::string_view host, std::span<const std::string> hosts);

/// Whether a request with these fields may be served. `origin`: empty where there is none; `host`:
/// the field Host. cost: O(rules), allocates. Any thread.
[[nodiscard]] bool may_connect(std::string_view origin, std::string_view host,
                               const web_origin_rules& rules);

/// The refusal of a request that changes something where a web page may have made it: 415 where it
/// is not application/json, which a page cannot send elsewhere without asking; 403 where its origin
/// may not connect. Nothing where it may be served. Any thread.
[[nodiscard]] std::optional<transport::http_response> refuse_change(
    const transport::http_request& request, const web_origin_rules& rules);

}  // namespace diamgw::gateway
