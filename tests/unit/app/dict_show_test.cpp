#include "app/dict/show.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/dict/notation.hpp"

namespace diamgw::app {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

const dictionary_set& built_in() {
  static const dictionary_set loaded = *load_dictionaries({});
  return loaded;
}

TEST(DictShow, TellsAllOfAnAvp) {
  const std::string text = show(built_in(), "auth-session-state");

  EXPECT_THAT(text,
              HasSubstr("AVP Auth-Session-State\n"
                        "  code         277\n"
                        "  vendor       0 (IETF)\n"
                        "  type         Enumerated\n"
                        "  flags        M must be set\n"
                        "               P must not be set\n"
                        "  source       rfc6733: Diameter Base Protocol: RFC 6733 (October 2012)\n"
                        "  defined at   built-in rfc6733.dia:"));
  EXPECT_THAT(text, HasSubstr("  values       STATE_MAINTAINED 0\n"
                              "               NO_STATE_MAINTAINED 1\n"));
}

TEST(DictShow, TellsWhereAnAvpIsUsed) {
  const std::string text = show(built_in(), "CC-Request-Number");

  EXPECT_THAT(text, HasSubstr("CCR of application 4: { CC-Request-Number }\n"));
  EXPECT_THAT(text, HasSubstr("CCA of application 4: { CC-Request-Number }\n"));
  EXPECT_THAT(show(built_in(), "Vendor-Id"), HasSubstr("Experimental-Result: { Vendor-Id }\n"));
}

TEST(DictShow, GivesTheGrammarOfAGroup) {
  EXPECT_THAT(show(built_in(), "Proxy-Info"), HasSubstr("\n  Proxy-Info ::= < AVP Header: 284 >\n"
                                                        "          { Proxy-Host }\n"
                                                        "          { Proxy-State }\n"
                                                        "        * [ AVP ]\n"));
}

TEST(DictShow, TellsAllOfACommand) {
  const std::string text = show(built_in(), "CER");

  EXPECT_THAT(text, HasSubstr("command Capabilities-Exchange\n"
                              "  code         257\n"
                              "  application  0 (Diameter Common Messages)\n"
                              "  methods      CER, Capabilities-Exchange, "
                              "Capabilities-Exchange-Request\n"
                              "  P bit        not set\n"));
  EXPECT_THAT(text, HasSubstr("\n  CER ::= < Diameter Header: 257, REQ >\n"
                              "          { Origin-Host }\n"));
  EXPECT_THAT(text, HasSubstr("\n       1* { Host-IP-Address }\n"));
  EXPECT_THAT(text, HasSubstr("\n  CEA ::= < Diameter Header: 257 >\n"));
}

TEST(DictShow, FindsByEveryName) {
  const std::string by_name = show(built_in(), "Re-Auth");

  EXPECT_FALSE(by_name.empty());
  for (const char* name : {"RAR", "raa", "re-auth-request", "RE-AUTH-ANSWER"}) {
    EXPECT_EQ(show(built_in(), name), by_name) << name;
  }
}

TEST(DictShow, TakesNumbersOfAvpsAndCommands) {
  const std::string both = show(built_in(), "272");

  EXPECT_THAT(both, HasSubstr("AVP Multi-Round-Time-Out\n"));
  EXPECT_THAT(both, HasSubstr("\n\ncommand Credit-Control\n"));
  EXPECT_THAT(show(built_in(), "272/0"), Not(HasSubstr("command")));
  EXPECT_THAT(show(built_in(), "1/3GPP"), HasSubstr("AVP 3GPP-IMSI\n"));
  EXPECT_EQ(show(built_in(), "No-Such-Name"), "");
}

/// Everything that is printed as notation, read again beside what it was printed from: the builder
/// takes equal words for one definition and any others for a clash.
TEST(DictNotation, IsReadAsWhatItWasWrittenFrom) {
  std::string text = "@id 0\n@name again\n";
  for (const dictionary_source& source : built_in().sources) {
    text += "@inherits " + source.name() + '\n';
  }
  text += "@messages\n";
  for (const auto* command : built_in().names->commands()) {
    text += to_notation(*command, message_kind::request);
    if (!command->answer.empty()) {
      text += to_notation(*command, message_kind::answer);
    }
  }
  text += "@grouped\n";
  for (const auto* avp : built_in().names->avps()) {
    if (avp->type == dictionary::avp_type::grouped) {
      text += to_notation(*avp);
    }
  }
  const auto parsed = dictionary::parse(text, "again.dia");
  ASSERT_TRUE(parsed.has_value()) << to_string(parsed.error().front());
  dictionary::dictionary::builder builder;
  for (const dictionary_source& source : built_in().sources) {
    builder.add(source.parsed);
  }
  builder.add(*parsed);

  const auto built = builder.build();

  EXPECT_TRUE(built.has_value()) << to_string(built.error().front());
}

TEST(DictNotation, QualifiesOnlyWhereTheBracketsDoNotSayIt) {
  using dictionary::avp_rule;
  using enum dictionary::placement;
  const struct {
    avp_rule rule;
    const char* written;
  } rows[] = {
      // RFC 6733 §3.2
      {{nullptr, fixed, 1, 1}, "< AVP >"},
      {{nullptr, fixed, 0, avp_rule::unbounded}, "* < AVP >"},
      {{nullptr, fixed, 1, avp_rule::unbounded}, "1* < AVP >"},
      {{nullptr, required, 1, 1}, "{ AVP }"},
      {{nullptr, required, 1, avp_rule::unbounded}, "1* { AVP }"},
      {{nullptr, required, 2, avp_rule::unbounded}, "2* { AVP }"},
      {{nullptr, required, 1, 2}, "1*2 { AVP }"},
      {{nullptr, optional, 0, 1}, "[ AVP ]"},
      {{nullptr, optional, 0, avp_rule::unbounded}, "* [ AVP ]"},
      {{nullptr, optional, 0, 3}, "*3 [ AVP ]"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(to_notation(row.rule), row.written);
  }
}

}  // namespace
}  // namespace diamgw::app
