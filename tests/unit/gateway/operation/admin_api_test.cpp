#include "gateway/operation/admin_api.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace diamgw::gateway {
namespace {

using transport::http_request;
using transport::http_response;

const admin_api& api() {
  const auto none = admin_api::at_once([](const auto&) { return http_response{}; });
  static const admin_api all{{{"GET", "/metrics", none},
                              {"GET", "/reload", none},
                              {"POST", "/reload", none},
                              {"GET", "/api/peers", none},
                              {"POST", "/api/peers/{host}/connect", none},
                              {"GET", "/api/peers/{host}/links/{link}", none}}};
  return all;
}

/// "GET /path a b" of who answers, with the names; or "404 body".
std::string found_by(std::string method, std::string path) {
  const auto found = api().find(http_request{.method = std::move(method), .path = std::move(path)});
  if (const auto* refused = std::get_if<http_response>(&found)) {
    return std::to_string(refused->status) + ' ' + refused->body;
  }
  const auto& f = std::get<admin_api::found>(found);
  std::string text = f.by->method + ' ' + f.by->path;
  for (const std::string& name : f.names) {
    text += " '" + name + "'";
  }
  return text;
}

TEST(AdminApi, AnswersByMethodAndPath) {
  struct row {
    const char* method;
    const char* path;
    const char* by;
  };
  for (const row& r : {
           row{"GET", "/metrics", "GET /metrics"},
           row{"GET", "/reload", "GET /reload"},
           row{"POST", "/reload", "POST /reload"},
           row{"POST", "/api/peers/ocs.example/connect",
               "POST /api/peers/{host}/connect 'ocs.example'"},
           row{"POST", "/api/peers/a%2Fb%20c/connect", "POST /api/peers/{host}/connect 'a/b c'"},
           row{"GET", "/api/peers/a/links/7", "GET /api/peers/{host}/links/{link} 'a' '7'"},
           row{"POST", "/api/peers/%zz/connect",
               "400 two hexadecimal digits follow a '%' in a path\n"},
       }) {
    EXPECT_EQ(found_by(r.method, r.path), r.by) << r.path;
  }
}

TEST(AdminApi, NamesThePathsThatThereAre) {
  const std::string none =
      "404 known are /metrics, /reload, /api/peers, /api/peers/{host}/connect and "
      "/api/peers/{host}/links/{link}\n";
  for (const char* path : {"/metrics/", "/", "", "metrics", "/api", "/api/peers/", "//api/peers",
                           "/api/peers//connect", "/api/peers/a/connect/", "/api/peers/a/other",
                           "/api/peers/a/b/connect"}) {
    EXPECT_EQ(found_by("GET", path), none) << path;
  }
}

// RFC 9110 §15.5.6: a 405 names the methods that the path has.
TEST(AdminApi, NamesTheMethodsOfAPath) {
  const auto found = api().find(http_request{.method = "POST", .path = "/metrics"});

  const auto& response = std::get<http_response>(found);
  EXPECT_EQ(response.status, 405U);
  ASSERT_EQ(response.headers.size(), 1U);
  EXPECT_EQ(response.headers[0].first, "Allow");
  EXPECT_EQ(response.headers[0].second, "GET, HEAD");
}

}  // namespace
}  // namespace diamgw::gateway
