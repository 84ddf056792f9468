#include "diamgw/dictionary/builder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace diamgw::dictionary {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Files are called 1.dia, 2.dia, ...
result<dictionary, diagnostics> build(std::initializer_list<std::string_view> texts,
                                      std::size_t max_errors = 100) {
  dictionary::builder builder{max_errors};
  int number = 0;
  for (const std::string_view text : texts) {
    auto parsed = parse(text, std::to_string(++number) + ".dia");
    EXPECT_TRUE(parsed.has_value()) << to_string(parsed.error().front());
    builder.add(std::move(*parsed));
  }
  return builder.build();
}

std::vector<std::string> errors_of(std::initializer_list<std::string_view> texts) {
  std::vector<std::string> out;
  if (const auto built = build(texts); !built) {
    for (const diagnostic& d : built.error()) {
      out.push_back(to_string(d));
    }
  }
  return out;
}

struct error_row {
  std::initializer_list<std::string_view> texts;
  const char* error;
};

TEST(Builder, NamesBothPlacesOfAClashAndTheNearestOfUnknownNames) {
  const error_row rows[] = {
      {{"@name a", "@name a"}, "2.dia:1:7: dictionary 'a' clashes with that at 1.dia:1:7"},
      {{"@avp_types A 1 Time M\n A 2 Time M"},
       "1.dia:2:2: AVP 'A' (2, Time, M) clashes with 'A' (1, Time, M) at 1.dia:1:12"},
      {{"@avp_types A 1 Time M", "@avp_types B 1 Time M"},
       "2.dia:1:12: AVP 'B' (1, Time, M) clashes with 'A' (1, Time, M) at 1.dia:1:12"},
      {{"@avp_types A 1 Time M", "@avp_types A 1 Time mp"},
       "2.dia:1:12: AVP 'A' (1, Time, mp) clashes with 'A' (1, Time, M) at 1.dia:1:12"},
      {{"@vendor 5 V @avp_types A 1 Time V", "@vendor 5 V @avp_types A 1 Address V"},
       "2.dia:1:24: AVP 'A' (1 of vendor 5, Address, -) clashes with 'A' (1 of vendor 5, Time, -) "
       "at 1.dia:1:24"},
      {{"@avp_types A 1 Time V"},
       "1.dia:1:12: expected @vendor or @avp_vendor_id for 'A', whose flags have a V; found none"},
      {{"@avp_types Abcd 1 Time - @avp_vendor_id 5 Abce"},
       "1.dia:1:43: no AVP is called 'Abce'; did you mean 'Abcd'?"},
      {{"@name a @vendor 5 V @avp_types A 1 Time V", "@inherits a @avp_vendor_id 6 A"},
       "2.dia:1:30: @avp_vendor_id gives 'A' vendor 6, but it has vendor 5 at 1.dia:1:32"},
      {{"@avp_types A 1 Time M @avp_vendor_id 6 A"},
       "1.dia:1:40: @avp_vendor_id gives 'A' vendor 6, but its flags in 1 have no V"},
      {{"@avp_types Abcd 1 Time M @codecs mod Abce"},
       "1.dia:1:38: no AVP is called 'Abce'; did you mean 'Abcd'?"},
      {{"@avp_types A 1 Time M @custom_types mod B"}, "1.dia:1:41: no AVP is called 'B'"},
      {{"@name '2'", "@avp_types A 1 Time M"},
       "2.dia:1:1: dictionary '2', which has no @name and is called after its file, clashes with "
       "that at 1.dia:1:7"},
      {{"@name rfc1", "@inherits rfc2"},
       "2.dia:1:11: no dictionary is called 'rfc2'; did you mean 'rfc1'?"},
      {{"@name rfc1", "@refines rfc2"},
       "2.dia:1:10: no dictionary is called 'rfc2'; did you mean 'rfc1'?"},
      {{"@name a @avp_types G 1 Grouped M @grouped G ::= < AVP Header: 1 >",
        "@inherits a @grouped G ::= < AVP Header: 1 > [ G ]"},
       "2.dia:1:22: the grammar of 'G' clashes with that at 1.dia:1:43; where this is the fuller "
       "one, say '@refines a'"},
      {{"@name base @avp_types User-Name 1 UTF8String M", "@inherits base User-Nmae"},
       "2.dia:1:16: base has no AVP 'User-Nmae'; did you mean 'User-Name'?"},
      {{"@avp_types G 1 Grouped M"},
       "1.dia:1:12: expected a grammar of 'G' in @grouped, found none"},
      {{"@avp_types G 1 Time M @grouped G ::= < AVP Header: 1 >"},
       "1.dia:1:32: expected an AVP of type Grouped, found 'G' (1, Time, M)"},
      {{"@avp_types G 1 Grouped M @grouped G ::= < AVP Header: 2 >"},
       "1.dia:1:55: expected the AVP code 1 of 'G', found 2"},
      {{"@avp_types G 1 Grouped M @grouped G ::= < AVP Header: 1 9 >"},
       "1.dia:1:57: expected the vendor id 0 of 'G', found 9"},
      {{"@avp_types G 1 Grouped M @grouped G ::= < AVP Header: 1 >\nG ::= < AVP Header: 1 >"},
       "1.dia:2:1: the grammar of 'G' clashes with that at 1.dia:1:35"},
      {{"@avp_types Origin-Host 1 Grouped M @grouped Origin-Host ::= < AVP Header: 1 > "
        "{ Origin-Hots }"},
       "1.dia:1:81: no AVP is called 'Origin-Hots'; did you mean 'Origin-Host'?"},
      {{"@name base @avp_types A 1 Time M",
        "@avp_types G 2 Grouped M @grouped G ::= < AVP Header: 2 > { A }"},
       "2.dia:1:61: AVP 'A' is defined in base, which @inherits does not name here"},
      {{"@avp_types G 1 Grouped M A 2 Time M @grouped G ::= < AVP Header: 1 > { A } [ A ]"},
       "1.dia:1:78: 'A' stands twice in this grammar"},
      {{"@enum Kind ONE 1"}, "1.dia:1:7: no AVP is called 'Kind'"},
      {{"@avp_types A 1 Time M @enum A ONE 1"},
       "1.dia:1:29: expected an AVP of type Enumerated, found 'A' (1, Time, M)"},
      {{"@avp_types A 1 Enumerated M @enum A ONE 1 ONE 2"},
       "1.dia:1:43: 'ONE' 2 of A clashes with 'ONE' 1 at 1.dia:1:37"},
      {{"@avp_types A 1 Enumerated M @enum A ONE 1", "@avp_types A 1 Enumerated M @enum A UNO 1"},
       "2.dia:1:37: 'UNO' 1 of A clashes with 'ONE' 1 at 1.dia:1:37"},
      {{"@messages XXR ::= < Diameter Header: 1, REQ >"},
       "1.dia:1:11: expected @id, the application of 'XXR', found none"},
      {{"@id 7 @messages XXR ::= < Diameter Header: 1, REQ >\nYYR ::= < Diameter Header: 1, REQ >"},
       "1.dia:2:1: request 'YYR' (1 of application 7) clashes with that at 1.dia:1:17"},
  };
  for (const error_row& row : rows) {
    EXPECT_THAT(errors_of(row.texts), ElementsAre(row.error)) << *row.texts.begin();
  }
}

TEST(Builder, RefusesOneNameOfTwoApplications) {
  EXPECT_THAT(errors_of({"@define Application-Id '3GPP Gx' 5", "@define Application-Id gx 6"}),
              ElementsAre("2.dia:1:24: application 'gx' (6) clashes with '3GPP Gx' (5) at "
                          "1.dia:1:24"));
}

TEST(Builder, TakesFurtherNamesOfAnApplication) {
  const auto built =
      build({"@name a @id 5 @define Application-Id Acme 5", "@define Application-Id Ac 5 ACME 5"});

  ASSERT_TRUE(built.has_value()) << to_string(built.error().front());
  ASSERT_EQ(built->applications().size(), 1U);
  EXPECT_EQ(built->applications()[0].name, "Acme");
  EXPECT_THAT(built->applications()[0].aliases, ElementsAre("Ac"));
  EXPECT_EQ(built->find_application("ac")->id.value, 5U);
}

TEST(Builder, CallsAFileWithoutANameAfterItself) {
  const auto built = build({"@avp_types A 1 Time M",
                            "@inherits '1' @avp_types G 2 Grouped M "
                            "@grouped G ::= < AVP Header: 2 > { A }"});

  ASSERT_TRUE(built.has_value()) << to_string(built.error().front());
  EXPECT_EQ(built->find_avp("A")->source, "1");
}

TEST(Builder, TakesTheVendorOfAnInheritedAvpAgain) {
  EXPECT_THAT(errors_of({"@name a @vendor 5 V @avp_types A 1 Time V",
                         "@inherits a @avp_vendor_id 5 A @codecs mod A"}),
              IsEmpty());
}

TEST(Builder, WarnsOfADefineThatNamesNoAvp) {
  dictionary::builder builder;
  builder.add(*parse("@name a @avp_types Acme-Code 1 Unsigned32 M", "a.dia"));
  builder.add(
      *parse("@inherits a @define Acme-Cod ONE 1 @define Acme-Code TWO 2 "
             "@define Command-Code Acme 7 @define Application-Id Acme 8",
             "b.dia"));
  builder.add(*parse("@define Acme-Code THREE 3", "c.dia"));
  builder.add(*parse("@name d @inherits a @define Acme-Code TWO 4", "d.dia"));
  diagnostics warnings;

  ASSERT_TRUE(builder.build(&warnings).has_value());
  std::vector<std::string> found;
  for (const diagnostic& d : warnings) {
    found.push_back(to_string(d));
  }
  EXPECT_THAT(
      found, ElementsAre(
                 "b.dia:1:21: @define Acme-Cod has no effect: no AVP is called 'Acme-Cod'; did you "
                 "mean 'Acme-Code'?",
                 "c.dia:1:9: @define Acme-Code has no effect: AVP 'Acme-Code' is defined in a, "
                 "which @inherits does not name here",
                 "d.dia:1:39: 'TWO' 4 of Acme-Code has no effect: it is 2 at b.dia:1:54"));
}

TEST(Builder, CollectsTheErrorsOfAllFilesInOrder) {
  EXPECT_THAT(errors_of({"@enum B ONE 1\n@avp_types X 1 Grouped M", "@enum A ONE 1"}),
              ElementsAre("1.dia:1:7: no AVP is called 'B'",
                          "1.dia:2:12: expected a grammar of 'X' in @grouped, found none",
                          "2.dia:1:7: no AVP is called 'A'"));
}

TEST(Builder, CollectsNoMoreErrorsThanAllowed) {
  EXPECT_EQ(build({"@enum A ONE 1 @enum B ONE 1 @enum C ONE 1"}, 2).error().size(), 2U);
}

TEST(Builder, TakesTheSameWordsTwice) {
  constexpr std::string_view same =
      "@id 7 @avp_types G 1 Grouped M A 2 Enumerated M @enum A ONE 1 "
      "@grouped G ::= < AVP Header: 1 > { A } @messages XXR ::= < Diameter Header: 1, REQ > { G }";

  EXPECT_THAT(errors_of({same, same}), IsEmpty());
}

TEST(Builder, LetsAFileRefineAnother) {
  constexpr std::string_view plain =
      "@name plain @id 4 @avp_types G 1 Grouped M A 2 Time M @grouped G ::= < AVP Header: 1 > "
      "@messages XXR ::= < Diameter Header: 1, REQ > { A } XXA ::= < Diameter Header: 1 >";
  constexpr std::string_view fuller =
      "@name fuller @id 4 @inherits plain @refines plain @grouped G ::= < AVP Header: 1 > [ A ] "
      "@messages XXR ::= < Diameter Header: 1, REQ > { A } [ G ]";
  for (const bool first : {true, false}) {
    const auto built = first ? build({fuller, plain}) : build({plain, fuller});

    ASSERT_TRUE(built.has_value()) << to_string(built.error().front());
    EXPECT_EQ(built->find_avp("G")->grammar.size(), 1U);
    EXPECT_EQ(built->find_avp("G")->source, "plain");
    EXPECT_EQ(built->find_avp("G")->grammar_source, "fuller");
    ASSERT_EQ(built->commands().size(), 1U);
    const command_definition& command = *built->commands().front();
    EXPECT_EQ(command.request.size(), 2U);
    EXPECT_EQ(command.request_source, "fuller");
    EXPECT_EQ(command.answer_source, "plain");
  }
}

TEST(Builder, LetsOnlyOneFileRefineAThing) {
  EXPECT_THAT(
      errors_of({"@name plain @avp_types G 1 Grouped M A 2 Time M @grouped G ::= < AVP Header: 1 >",
                 "@inherits plain @refines plain @grouped G ::= < AVP Header: 1 > [ A ]",
                 "@inherits plain @refines plain @grouped G ::= < AVP Header: 1 > { A }"}),
      ElementsAre("3.dia:1:41: the grammar of 'G' clashes with that at 2.dia:1:41; where this is "
                  "the fuller one, say '@refines 2'"));
}

TEST(Builder, SeesWhatInheritedFilesInherit) {
  const auto built =
      build({"@name c @inherits b @avp_types G 1 Grouped M "
             "@grouped G ::= < AVP Header: 1 > { A } { B }",
             "@name b @inherits a @avp_types B 2 Time M",
             "@name a @inherits c @avp_types A 3 Time M"});  // a circle

  ASSERT_TRUE(built.has_value()) << to_string(built.error().front());
  EXPECT_EQ(built->find_avp("G")->grammar.size(), 2U);
}

TEST(Builder, AddsValuesToInheritedAvps) {
  const auto built = build({"@name a @avp_types Code 1 Unsigned32 M @define Code ONE 1",
                            "@inherits a @define Code TWO 2 BIG 4294967295 @define Other X 1"});

  ASSERT_TRUE(built.has_value());
  const avp_definition& code = *built->find_avp("Code");
  EXPECT_EQ(code.find_value(2)->name, "TWO");
  EXPECT_EQ(code.find_value(-1)->name, "BIG");
  EXPECT_EQ(code.values.size(), 3U);
}

TEST(Builder, TakesASecondNameOfAValueFromDefine) {
  const auto built = build({"@avp_types A 1 Enumerated M @enum A ONE 1 @define A OTHER_ONE 1"});

  ASSERT_TRUE(built.has_value());
  EXPECT_EQ(built->find_avp("A")->find_value(1)->name, "ONE");
  EXPECT_EQ(built->find_avp("A")->find_value("OTHER_ONE")->value, 1);
}

TEST(Builder, TakesVendorsInTheirOrderOfPrecedence) {
  const auto built =
      build({"@vendor 5 V @avp_vendor_id 6 B @avp_types A 1 Time V B 1 Time V "
             "C 1 Time M D 2 Grouped V @grouped D ::= < AVP Header: 2 7 >"});

  ASSERT_TRUE(built.has_value()) << to_string(built.error().front());
  EXPECT_EQ(built->find_avp("A")->vendor.value, 5U);
  EXPECT_EQ(built->find_avp("B")->vendor.value, 6U);
  EXPECT_EQ(built->find_avp("C")->vendor, ietf_vendor);
  EXPECT_EQ(built->find_avp("D")->vendor.value, 7U);
  EXPECT_EQ(built->find_avp(avp_code{1}, vendor_id{6})->name, "B");
}

TEST(Builder, NamesCommandsFromEitherSpelling) {
  const auto built =
      build({"@id 7 @define Command-Code Xenon-Yield 2 @messages "
             "Credit-Control-Request ::= < Diameter Header: 1, REQ > "
             "Credit-Control-Answer ::= < Diameter Header: 1 > "
             "XYR ::= < Diameter Header: 2, REQ > ZZR ::= < Diameter Header: 3, REQ >"});

  ASSERT_TRUE(built.has_value()) << to_string(built.error().front());
  EXPECT_EQ(built->find_commands("CCR").size(), 1U);
  EXPECT_EQ(built->find_commands("Credit-Control-Answer").size(), 1U);
  EXPECT_EQ(built->find_commands("Xenon-Yield").size(), 1U);
  EXPECT_EQ(built->find_commands("XYA").size(), 1U);
  EXPECT_EQ(built->find_commands("ZZR").front()->name, "ZZ");
}

TEST(Builder, FindsOneNameInSeveralApplications) {
  const auto built = build({"@id 7 @messages AAR ::= < Diameter Header: 265, REQ >",
                            "@id 8 @messages AAR ::= < Diameter Header: 265, REQ >"});

  ASSERT_TRUE(built.has_value());
  ASSERT_EQ(built->find_commands("AAR").size(), 2U);
  EXPECT_EQ(built->find_commands("AAR")[0]->application.value, 7U);
  EXPECT_EQ(built->find_commands("AAR")[1]->application.value, 8U);
}

TEST(Builder, MakesAnEmptyDictionaryOfNothing) {
  const auto built = build({});

  ASSERT_TRUE(built.has_value());
  EXPECT_EQ(built->find_avp("Session-Id"), nullptr);
  EXPECT_EQ(built->find_avp(avp_code{263}, ietf_vendor), nullptr);
  EXPECT_TRUE(built->find_commands("CER").empty());
  EXPECT_EQ(built->find_application(base_application), nullptr);
  EXPECT_EQ(built->nearest_avp("x"), "");
}

}  // namespace
}  // namespace diamgw::dictionary
