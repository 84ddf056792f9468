// A grammar as large as an operator can write one: its rules are found by their whole number.
#include <gtest/gtest.h>

#include <string>

#include "diamgw/dictionary/builder.hpp"
#include "diamgw/dictionary/parser.hpp"

namespace diamgw::dictionary {
namespace {

TEST(LargeGrammar, LinksRulesBehindThe65536th) {
  constexpr std::size_t rules = 65570;
  constexpr std::size_t first = 10;
  constexpr std::size_t second = 65556;
  std::string text = "@name large @avp_types G 1 Grouped - ";
  std::string grammar = "@grouped G ::= < AVP Header: 1 > ";
  for (std::size_t i = 0; i < rules; ++i) {
    const std::string name = "A" + std::to_string(i);
    text += name + ' ' + std::to_string(i + 100) + " Unsigned32 - ";
    grammar += (i == first || i == second ? "* [ " : "[ ") + name + " ] ";
  }
  dictionary::builder builder;
  builder.add(*parse(text + grammar, "large.dia"));
  const auto built = builder.build();

  ASSERT_TRUE(built.has_value()) << to_string(built.error().front());
  const auto& all = built->find_avp("G")->grammar;
  ASSERT_EQ(all.size(), rules);
  EXPECT_EQ(all[0].next_repeated, first);
  EXPECT_EQ(all[first].next_repeated, second);
  EXPECT_EQ(all[second].next_repeated, first);
}

}  // namespace
}  // namespace diamgw::dictionary
