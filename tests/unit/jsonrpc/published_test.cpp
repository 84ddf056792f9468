#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "diamgw/jsonrpc/errors.hpp"
#include "support/jsonrpc_recorder.hpp"

namespace diamgw::jsonrpc::testing {
namespace {

std::string page() {
  std::ifstream file{"docs/jsonrpc.md"};
  return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(Published, ExamplesDecode) {
  const std::string text = page();
  std::size_t examples = 0;
  for (std::size_t at = text.find("```json\n"); at != std::string::npos;
       at = text.find("```json\n", at + 1)) {
    const std::size_t begin = at + 8;
    const std::string example = text.substr(begin, text.find("```", begin) - begin);
    EXPECT_EQ(told(example).find("refused"), std::string::npos) << example << told(example);
    ++examples;
  }
  EXPECT_GT(examples, 7U);
}

TEST(Published, ErrorCodesAreAllOnThePage) {
  const std::string text = page();
  for (const error_definition& e : error_definitions()) {
    const std::string row = "| " + std::to_string(static_cast<std::int32_t>(e.number)) + " | `" +
                            std::string{e.name} + "` |";
    EXPECT_NE(text.find(row), std::string::npos) << row;
  }
}

}  // namespace
}  // namespace diamgw::jsonrpc::testing
