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

  EXPECT_EQ(code.avps, read(golden / "ping/avps.hpp"));
  EXPECT_EQ(code.groups, read(golden / "ping/groups.hpp"));
  EXPECT_EQ(code.header, read(golden / "ping.hpp"));
  EXPECT_EQ(code.source, read(golden / "ping.cpp"));
}

// Documents inherit from each other in circles, so that their headers cannot include each other:
// they declare the other's groups and enums, and whoever uses these includes their header.
TEST(WriteMessages, DeclaresWhatOtherDictionariesDefine) {
  dictionary::dictionary::builder builder;
  for (const std::string_view text :
       {"@name one @vendor 9 X @inherits two Kind @avp_types Box 1 Grouped V "
        "@grouped Box ::= < AVP Header: 1 9 > { Kind }",
        "@name two @vendor 9 X @inherits one Box @avp_types Kind 2 Enumerated V Crate 3 Grouped V "
        "@enum Kind SMALL 0 @grouped Crate ::= < AVP Header: 3 9 > { Box }"}) {
    const auto parsed = dictionary::parse(text, std::string{text.substr(6, 3)} + ".dia");
    ASSERT_TRUE(parsed.has_value()) << to_string(parsed.error().front());
    builder.add(*parsed);
  }
  const auto built = builder.build();
  ASSERT_TRUE(built.has_value()) << to_string(built.error().front());

  const std::string one = write_messages(*built, "one", error_answer::absent).groups;
  const std::string two = write_messages(*built, "two", error_answer::absent).groups;

  EXPECT_LT(one.find("enum class kind : std::int32_t;"), one.find("struct box {"));
  EXPECT_EQ(one.find("diamgw/messages/two"), std::string::npos);
  EXPECT_LT(two.find("struct box;\nclass box_view;"), two.find("struct crate {"));
  EXPECT_NE(two.find("const one::box* box{};"), std::string::npos);
  EXPECT_EQ(two.find("diamgw/messages/one"), std::string::npos);
}

// A function called as its struct would be a constructor, and `held` has members of its own.
TEST(WriteMessages, KeepsNamesApart) {
  dictionary::dictionary::builder builder;
  const auto parsed = dictionary::parse(
      "@name odd @vendor 9 X @avp_types Self 1 Grouped V Kept 2 Unsigned32 V "
      "Present 3 Unsigned32 V @grouped Self ::= < AVP Header: 1 9 > [ Kept ] [ Present ] [ Self ]",
      "odd.dia");
  ASSERT_TRUE(parsed.has_value()) << to_string(parsed.error().front());
  builder.add(*parsed);
  const auto built = builder.build();
  ASSERT_TRUE(built.has_value()) << to_string(built.error().front());

  const std::string header = write_messages(*built, "odd", error_answer::absent).groups;

  EXPECT_NE(header.find("const odd::self* self_avp{};"), std::string::npos);
  EXPECT_NE(header.find("std::uint32_t kept_avp{};"), std::string::npos);
  EXPECT_NE(header.find("std::uint32_t present_avp{};"), std::string::npos);
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
