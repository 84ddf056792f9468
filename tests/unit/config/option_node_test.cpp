// The option table: what a row says of its option against what the option's type is.
#include "config/option_node.hpp"

#include <gtest/gtest.h>

namespace diamgw::config {
namespace {

void expect_kind_of_type(const option_node& node, const std::string& pointer) {
  const option_kind kind = node.spec.kind;
  const bool has_children = !node.children.empty();
  const bool has_choices = !node.choices.empty();

  EXPECT_EQ(has_children, kind == option_kind::object || kind == option_kind::list) << pointer;
  EXPECT_EQ(has_choices, kind == option_kind::choice) << pointer;
  for (const option_node& child : node.children) {
    expect_kind_of_type(child, descend(pointer, child.spec.name));
  }
}

/// Also fails for a list of texts whose row does not say what kind of texts they are.
TEST(OptionTable, HasForEveryOptionTheKindOfItsType) {
  expect_kind_of_type(option_tree(), "");
}

}  // namespace
}  // namespace diamgw::config
