#include "diamgw/gateway/web_origin.hpp"

#include <algorithm>

#include "diamgw/base/letter_case.hpp"
#include "diamgw/transport/address.hpp"

namespace diamgw::gateway {
namespace {

bool is_one_of(std::span<const std::string> all, std::string_view text) {
  return std::ranges::any_of(all, [&](const std::string& one) { return same_text(one, text); });
}

/// Whether a page that came from `host` has this origin. Of http as of https: what ends TLS for us
/// passes on the name alone.
bool is_same(std::string_view origin, std::string_view host) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme) && same_text(origin.substr(scheme.size()), host)) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool is_name_of_ours(std::string_view host, std::span<const std::string> hosts) {
  constexpr std::uint16_t any_port = 80;
  const auto where = transport::decode_host_and_port(host, any_port);
  return where && (is_one_of(hosts, where->host) ||
                   transport::endpoint_address::from_text(where->host, where->port).kind() !=
                       transport::endpoint_address::family::none);
}

bool may_connect(std::string_view origin, std::string_view host, const web_origin_rules& rules) {
  return origin.empty() || is_one_of(rules.allowed, "*") || is_one_of(rules.allowed, origin) ||
         (is_same(origin, host) && is_name_of_ours(host, rules.hosts));
}

std::optional<transport::http_response> refuse_change(const transport::http_request& request,
                                                      const web_origin_rules& rules) {
  std::string_view type = request.header("content-type");
  type = type.substr(0, type.find_first_of("; \t"));
  if (!same_text(type, "application/json")) {
    return transport::http_response{
        .status = 415,
        .body = "a " + request.method + " here wants Content-Type: application/json\n"};
  }
  if (!may_connect(request.header("origin"), request.header("host"), rules)) {
    return transport::http_response{.status = 403, .body = "this Origin is not allowed\n"};
  }
  return std::nullopt;
}

}  // namespace diamgw::gateway
