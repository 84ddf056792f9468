#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "diamgw/dictionary/builder.hpp"
#include "messages.hpp"
#include "names.hpp"

namespace diamgw::codegen {
namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

// Where the generator changed on purpose, and only then:
//   build/dev/bin/diamgw_dictionary_tool --messages tests/golden tests/golden/ping.dia
TEST(WriteMessages, WritesTheGoldenFiles) {
  const std::filesystem::path golden{"tests/golden"};
  const auto parsed = dictionary::parse(read(golden / "ping.dia"), "ping.dia");
  ASSERT_TRUE(parsed.has_value()) << to_string(parsed.error().front());
  dictionary::dictionary::builder builder;
  builder.add(*parsed);
  const auto built = builder.build();
  ASSERT_TRUE(built.has_value()) << to_string(built.error().front());

  const generated_code code = write_messages(*built, "ping", error_answer::absent);

  EXPECT_EQ(code.header, read(golden / "ping.hpp"));
  EXPECT_EQ(code.source, read(golden / "ping.cpp"));
}

TEST(Identifier, IsTheNameInLowerCaseAndNoKeyword) {
  EXPECT_EQ(identifier("CC-Request-Type"), "cc_request_type");
  EXPECT_EQ(identifier("Class"), "class_");
  EXPECT_EQ(identifier("3GPP-Charging-Id"), "_3gpp_charging_id");
  EXPECT_EQ(value_identifier("DIAMETER_SUCCESS"), "success");
  EXPECT_EQ(value_identifier("CONTINUE"), "continue_");
}

}  // namespace
}  // namespace diamgw::codegen
