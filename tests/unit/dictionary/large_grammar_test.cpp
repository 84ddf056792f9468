// A grammar as large as an operator can write one: its rules are found by their whole number.
#include <gtest/gtest.h>

#include <ctime>
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

/// A file of so many AVPs, in every kind of section; the processor's time for it.
std::clock_t read_large(std::size_t avps) {
  std::string types = "@name large @vendor 9 NINE @avp_types G 1 Grouped V E 2 Enumerated V ";
  std::string vendors = "@avp_vendor_id 8 ";
  std::string codecs = "@codecs module ";
  std::string grammar = "@grouped G ::= < AVP Header: 1 9 > ";
  std::string groups;
  std::string values = "@enum E ";
  for (std::size_t i = 0; i < avps; ++i) {
    const std::string name = "A" + std::to_string(i);
    const std::string code = std::to_string(i + 100);
    const bool group = i % 2 == 0;
    types += name + ' ' + code + (group ? " Grouped V " : " Odd V ");
    (group ? groups : vendors) +=
        group ? name + " ::= < AVP Header: " + code + " 7 > " : name + ' ';
    codecs += group ? "" : name + ' ';
    grammar += "[ " + name + " ] ";
    values += "V" + std::to_string(i) + ' ' + std::to_string(i) + ' ';
  }
  const std::clock_t start = std::clock();

  auto parsed = parse(types + vendors + codecs + grammar + groups + values, "large.dia");
  EXPECT_TRUE(parsed.has_value()) << to_string(parsed.error().front());
  dictionary::builder builder;
  builder.add(std::move(*parsed));
  const auto built = builder.build();
  const std::clock_t end = std::clock();

  EXPECT_TRUE(built.has_value()) << to_string(built.error().front());
  EXPECT_EQ(built->find_avp("A" + std::to_string(avps - 2))->vendor.value, 7U);
  EXPECT_EQ(built->find_avp("A" + std::to_string(avps - 1))->vendor.value, 8U);
  EXPECT_EQ(built->find_avp("E")->find_value(static_cast<std::int32_t>(avps - 1))->value,
            static_cast<std::int32_t>(avps - 1));
  return end - start;
}

/// 8 times as much takes some 10 times as long: no name is looked for in a list.
TEST(LargeDictionary, IsReadInProportionToItsSize) {
  const std::clock_t small = read_large(3'000);
  const std::clock_t large = read_large(24'000);

  EXPECT_LT(large, 25 * small);
}

}  // namespace
}  // namespace diamgw::dictionary
