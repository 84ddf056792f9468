// A grammar as large as an operator can write one: its rules are found by their whole number.
#include <gtest/gtest.h>

#include <string>

#include "diamgw/dictionary/builder.hpp"
#include "diamgw/dictionary/parser.hpp"

namespace diamgw::dictionary {
namespace {

TEST(LargeGrammar, FindsRulesBehindThe65536th) {
  constexpr std::size_t rules = 65570;
  std::string text = "@name large @avp_types G 1 Grouped - ";
  std::string grammar = "@grouped G ::= < AVP Header: 1 > ";
  for (std::size_t i = 0; i < rules; ++i) {
    const std::string name = "A" + std::to_string(i);
    text += name + ' ' + std::to_string(i + 100) + " Unsigned32 - ";
    grammar += "[ " + name + " ] ";
  }
  dictionary::builder builder;
  builder.add(*parse(text + grammar, "large.dia"));
  const auto built = builder.build();

  ASSERT_TRUE(built.has_value()) << to_string(built.error().front());
  const auto& all = built->find_avp("G")->grammar;
  ASSERT_EQ(all.size(), rules);
  for (std::uint32_t i = 0; i < rules; ++i) {
    ASSERT_EQ(find_rule(all, avp_key(avp_code{i + 100}, ietf_vendor)), i);
  }
  EXPECT_EQ(find_rule(all, avp_key(avp_code{99}, ietf_vendor)), avp_rule::none);
  EXPECT_EQ(find_rule(all, avp_key(avp_code{100}, vendor_id{1})), avp_rule::none);
  EXPECT_EQ(find_rule({}, avp_key(avp_code{100}, ietf_vendor)), avp_rule::none);
}

}  // namespace
}  // namespace diamgw::dictionary
