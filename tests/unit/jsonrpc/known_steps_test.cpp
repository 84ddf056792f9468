#include "diamgw/jsonrpc/known_steps.hpp"

#include <gtest/gtest.h>

#include "support/jsonrpc_recorder.hpp"

namespace diamgw::jsonrpc::testing {
namespace {

TEST(KnownSteps, ShowNoNameThatOnlyTheClientKnows) {
  struct row {
    std::string_view path;
    std::string_view shown;
  };
  const row rows[] = {
      {"", ""},
      {"method", "method"},
      {"params", "params"},
      {"params.$application", "params.$application"},
      {"params.Subscription-Id[3].Subscription-Id-Data",
       "params.Subscription-Id[3].Subscription-Id-Data"},
      {"params.AVP[12].value", "params.AVP[12].value"},
      {"params.491701234567", "params.?"},
      {"params.Subscription-Id.491701234567", "params.Subscription-Id.?"},
      {"params.user@example.com", "params.?.?"},
      {"params.10:70000", "params.?"},
      {R"(params."")", "params.?"},
      {"params.Subscription-Id[491701234567]", "params.?"},
      {"params.Subscription-Id[3]491701234567", "params.?"},
      {"params.Subscription-Id[]", "params.?"},
      {"params.[7]", "params.?"},
      {"491701234567", "?"},
  };

  for (const row& r : rows) {
    EXPECT_EQ(known_steps(r.path, names()), r.shown) << r.path;
  }
}

}  // namespace
}  // namespace diamgw::jsonrpc::testing
