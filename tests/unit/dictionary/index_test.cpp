#include <gtest/gtest.h>

#include <algorithm>

#include "diamgw/dictionary/dictionary.hpp"

namespace diamgw::dictionary {
namespace {

TEST(FindValue, FindsTheFirstOfEveryNumberAndEveryName) {
  std::size_t most = 0;
  for (const avp_definition* avp : embedded().avps()) {
    most = std::max(most, avp->values.size());
    for (const enum_value& v : avp->values) {
      const auto first = std::ranges::find(avp->values, v.value, &enum_value::value);
      EXPECT_EQ(avp->find_value(v.value), &*first) << avp->name << ' ' << v.name;
      EXPECT_EQ(avp->find_value(v.name), &v) << avp->name << ' ' << v.name;
    }
    EXPECT_EQ(avp->find_value("no such name"), nullptr) << avp->name;
    EXPECT_EQ(avp->find_value(-123456), nullptr) << avp->name;
  }
  EXPECT_GT(most, 50U);  // so that both ways of finding were gone
}

TEST(FindRequests, FindsCommandsByTheNamesOfTheirRequestsOnly) {
  for (const char* name : {"CCR", "Credit-Control", "Credit-Control-Request"}) {
    EXPECT_FALSE(embedded().find_requests(name).empty()) << name;
  }
  for (const char* name : {"CCA", "Credit-Control-Answer", "XYZR", ""}) {
    EXPECT_TRUE(embedded().find_requests(name).empty()) << name;
  }
  EXPECT_FALSE(embedded().find_commands("CCA").empty());
}

TEST(Index, KnowsTheFlagsThatAreWrittenAndTheKeyInJson) {
  EXPECT_EQ(embedded().find_avp("Session-Id")->header_flags, 0x40);
  EXPECT_EQ(embedded().find_avp("Product-Name")->header_flags, 0);
  EXPECT_EQ(embedded().find_avp("ULR-Flags")->header_flags, 0xc0);
  EXPECT_EQ(embedded().find_avp("Session-Id")->member_key, R"(,"Session-Id":)");
}

TEST(FindRule, FindsEveryRuleOfEveryGrammar) {
  const auto check = [](std::span<const avp_rule> grammar) {
    for (std::uint32_t i = 0; i < grammar.size(); ++i) {
      const avp_definition* const avp = grammar[i].avp;
      if (avp != nullptr) {
        EXPECT_EQ(find_rule(grammar, avp_key(avp->code, avp->vendor)), i) << avp->name;
      }
    }
    EXPECT_EQ(find_rule(grammar, avp_key(avp_code{0}, ietf_vendor)), avp_rule::none);
  };
  for (const avp_definition* avp : embedded().avps()) {
    check(avp->grammar);
  }
  for (const command_definition* command : embedded().commands()) {
    check(command->request);
    check(command->answer);
  }
  check(embedded().error_answer());
}

}  // namespace
}  // namespace diamgw::dictionary
