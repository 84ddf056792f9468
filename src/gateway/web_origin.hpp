// Which web pages may talk to us.
//
// A browser connects to whatever a page asks it to, this host and those behind it included, and
// says in `Origin` whose page asked (RFC 6454 §7, RFC 6455 §10.2). What says nothing there is no
// browser.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace diamgw::gateway {

struct web_origin_rules {
  std::span<const std::string> allowed;  // origins, as browsers write them; "*": all of them
  /// Names of ours. A page of the same origin as we may connect where it knows us by one of these,
  /// or by a literal address: any other name may be one that its owner has pointed at us since the
  /// page was loaded (DNS rebinding).
  std::span<const std::string> hosts;
};

/// Whether a request with these fields may be served. `origin`: empty where there is none; `host`:
/// the field Host. cost: O(rules), allocates. Any thread.
[[nodiscard]] bool may_connect(std::string_view origin, std::string_view host,
                               const web_origin_rules& rules);

}  // namespace diamgw::gateway
