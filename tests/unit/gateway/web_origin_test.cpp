#include "diamgw/gateway/web_origin.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace diamgw::gateway {
namespace {

TEST(WebOrigin, MayConnectWhereItIsAllowedOrOurOwn) {
  using list = std::vector<std::string>;
  const list named{"https://console.example", "http://a.example:3000"};
  const list hosts{"localhost", "gw.example"};
  struct row {
    const char* rule;
    std::string origin;
    std::string host;
    list allowed;
    bool may;
  };
  const std::vector<row> rows{
      {"RFC 6455 §10.2: no browser", "", "gw.example", {}, true},
      {"no browser, though pages are named", "", "gw.example", named, true},
      {"nothing is allowed", "https://console.example", "gw.example", {}, false},
      {"it is named", "https://console.example", "gw.example", named, true},
      {"another port is another origin (RFC 6454 §4)", "http://a.example", "gw.example", named,
       false},
      {"another scheme likewise", "http://console.example", "gw.example", named, false},
      {"a longer name", "https://console.example.evil", "gw.example", named, false},
      {"all are allowed", "https://evil.example", "gw.example", {"*"}, true},
      {"all, a page of no origin too", "null", "gw.example", {"*"}, true},
      {"§7: a page of no origin", "null", "null", {}, false},
      {"our own page", "http://localhost:8080", "localhost:8080", {}, true},
      {"our own page, behind what ends TLS", "https://gw.example", "GW.example", {}, true},
      {"another port of ours", "http://localhost:3000", "localhost:8080", {}, false},
      {"by a literal address", "http://192.0.2.1:8080", "192.0.2.1:8080", {}, true},
      {"by a literal address of IPv6", "http://[::1]:8080", "[::1]:8080", {}, true},
      {"DNS rebinding: a name that points at us",
       "http://evil.example:8080",
       "evil.example:8080",
       {},
       false},
      {"what looks like an address",
       "http://127.0.0.1.evil.example",
       "127.0.0.1.evil.example",
       {},
       false},
      {"another scheme of the same name", "ftp://localhost", "localhost", {}, false},
      {"no name at all", "http://", "", {}, false},
  };
  for (const row& r : rows) {
    EXPECT_EQ(may_connect(r.origin, r.host, {r.allowed, hosts}), r.may) << r.rule;
  }
}

TEST(WebOrigin, RefusesAChangeThatAWebPageMayHaveMade) {
  struct row {
    const char* rule;
    std::string type;
    std::string origin;
    unsigned status;  // 0: it is served
  };
  const std::vector<row> rows{
      {"a form can send this", "text/plain", "", 415},
      {"and this", "", "", 415},
      {"a longer type", "application/jsonp", "", 415},
      {"no browser", "application/json", "", 0},
      {"RFC 9110 §8.3.1: parameters, any case", "Application/JSON; charset=utf-8", "", 0},
      {"another's page", "application/json", "https://evil.example", 403},
      {"our own", "application/json", "http://localhost:9090", 0},
  };
  const std::vector<std::string> hosts{"localhost"};
  for (const row& r : rows) {
    transport::http_request request{.method = "POST", .path = "/x"};
    request.headers = {{"host", "localhost:9090"}, {"content-type", r.type}};
    if (!r.origin.empty()) {
      request.headers.emplace_back("origin", r.origin);
    }
    const auto refused = refuse_change(request, {{}, hosts});
    EXPECT_EQ(refused ? refused->status : 0U, r.status) << r.rule;
  }
}

}  // namespace
}  // namespace diamgw::gateway
