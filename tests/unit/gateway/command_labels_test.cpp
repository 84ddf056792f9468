#include "diamgw/gateway/command_labels.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "diamgw/codec/codes.hpp"

namespace diamgw::gateway {
namespace {

TEST(MakeCommandLabels, HasBaseCommandsForEveryApplication) {
  const auto labels = make_command_labels(dictionary::embedded());
  const auto has = [&](application_id application, command_code code) {
    return std::ranges::count_if(labels, [&](const metrics::command_label& l) {
      return l.application == application && l.code == code;
    });
  };

  EXPECT_EQ(has(application_id{4}, diameter::commands::credit_control), 1);
  EXPECT_EQ(has(application_id{4}, diameter::commands::re_auth), 1);
  EXPECT_EQ(has(application_id{16777251}, diameter::commands::credit_control), 0);
}

}  // namespace
}  // namespace diamgw::gateway
