#include "gateway/operation/admin_api.hpp"

#include <gtest/gtest.h>

namespace diamgw::gateway {
namespace {

admin_api three_paths() {
  const auto say = [](std::string text) {
    return
        [text](const transport::http_request&) { return transport::http_response{.body = text}; };
  };
  return admin_api{{{"GET", "/metrics", say("metrics")},
                    {"GET", "/healthz", say("health")},
                    {"GET", "/reload", say("when")},
                    {"POST", "/reload", say("now")}}};
}

transport::http_response ask(std::string method, std::string path) {
  return three_paths().answer({.method = std::move(method), .path = std::move(path)});
}

TEST(AdminApi, AnswersByMethodAndPath) {
  EXPECT_EQ(ask("GET", "/metrics").body, "metrics");
  EXPECT_EQ(ask("GET", "/reload").body, "when");
  EXPECT_EQ(ask("POST", "/reload").body, "now");
}

TEST(AdminApi, NamesThePathsThatThereAre) {
  const auto response = ask("GET", "/metrics/");

  EXPECT_EQ(response.status, 404U);
  EXPECT_EQ(response.body, "known are /metrics, /healthz and /reload\n");
}

// RFC 9110 §15.5.6: a 405 names the methods that the path has.
TEST(AdminApi, NamesTheMethodsOfAPath) {
  const auto response = ask("POST", "/metrics");

  EXPECT_EQ(response.status, 405U);
  ASSERT_EQ(response.headers.size(), 1U);
  EXPECT_EQ(response.headers[0].first, "Allow");
  EXPECT_EQ(response.headers[0].second, "GET, HEAD");
}

}  // namespace
}  // namespace diamgw::gateway
