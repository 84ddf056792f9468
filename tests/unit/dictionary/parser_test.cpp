#include "diamgw/dictionary/parser.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace diamgw::dictionary {
namespace {

using testing::ElementsAre;

std::vector<std::string> errors_of(std::string_view text) {
  std::vector<std::string> out;
  if (const auto parsed = parse(text, "base.dia"); !parsed) {
    for (const diagnostic& d : parsed.error()) {
      out.push_back(to_string(d));
    }
  }
  return out;
}

TEST(Parse, TakesEverySection) {
  const auto parsed = parse(R"(
; a comment; with another
@id 0x10
@name mine
@prefix my_prefix
@vendor 10415 '3GPP'
@inherits base Session-Id User-Name
@inherits other
@avp_types
  A-Number   1     Unsigned32  MP
  3GPP-Thing 0x2   Grouped     mpV   ; says who
  Plain      3     DiamIdent   -
  Odd        4     OddType     V
@avp_vendor_id 99 Odd
@codecs mod Odd
@custom_types mod Plain
@messages
  XXR ::= < Diameter Header: 9999999, REQ, PXY 77 > < Session-Id > 1*{ A-Number } *[ AVP ]
  XXA ::= < Diameter-Header: 9999999 >
  answer-message ::= < Diameter Header: code, ERR [PXY] > 0*1 < Session-Id >
@grouped
  3GPP-Thing ::= < AVP Header: 2 10415 > 2*3 { Plain } *4 [ A-Number ]
@enum A-Kind  ONE 1  MINUS -2
@define Result-Code  FINE 4294967295
@end
this is not read { [ 'nor that
)",
                            "mine.dia");

  ASSERT_TRUE(parsed.has_value()) << to_string(parsed.error().front());
  const syntax::file& file = *parsed;
  EXPECT_EQ(file.id->value, 16U);
  EXPECT_EQ(file.called->text, "mine");
  EXPECT_EQ(file.prefix->text, "my_prefix");
  EXPECT_EQ(file.vendor->id.value, 10415U);
  EXPECT_EQ(file.vendor->called.text, "3GPP");
  ASSERT_EQ(file.inherits.size(), 2U);
  EXPECT_EQ(file.inherits[0].names.size(), 2U);
  EXPECT_TRUE(file.inherits[1].names.empty());
  ASSERT_EQ(file.avps.size(), 4U);
  EXPECT_EQ(file.avps[0].mandatory, flag_rule::must);
  EXPECT_EQ(file.avps[0].protect, flag_rule::must);
  EXPECT_EQ(file.avps[1].called.text, "3GPP-Thing");
  EXPECT_EQ(file.avps[1].called.at, (position{11, 3}));
  EXPECT_EQ(file.avps[1].mandatory, flag_rule::may);
  EXPECT_TRUE(file.avps[1].has_vendor);
  EXPECT_EQ(file.avps[2].type, avp_type::diameter_identity);
  EXPECT_EQ(file.avps[2].mandatory, flag_rule::must_not);
  EXPECT_EQ(file.avps[3].type, avp_type::octet_string);  // of @codecs
  EXPECT_EQ(file.vendor_ids.at(0).vendor, 99U);
  ASSERT_EQ(file.messages.size(), 3U);
  EXPECT_TRUE(file.messages[0].request);
  EXPECT_TRUE(file.messages[0].proxiable);
  EXPECT_EQ(file.messages[0].application->value, 77U);
  EXPECT_EQ(file.messages[0].rules.size(), 3U);
  EXPECT_TRUE(file.messages[1].rules.empty());
  EXPECT_TRUE(file.messages[2].error);
  EXPECT_EQ(file.groups.at(0).vendor->value, 10415U);
  EXPECT_EQ(file.enumerations.at(0).values.at(1).number, -2);
  EXPECT_TRUE(file.enumerations.at(1).define);
  EXPECT_EQ(file.enumerations.at(1).values.at(0).number, 4294967295);
}

struct rule_row {
  const char* text;
  placement place;
  std::uint32_t min;
  std::uint32_t max;
};

TEST(Parse, GivesRulesTheirLimits) {  // RFC 6733 §3.2
  constexpr std::uint32_t unbounded = avp_rule::unbounded;
  constexpr rule_row rows[] = {
      {"< A >", placement::fixed, 1, 1},
      {"0*1 < A >", placement::fixed, 0, 1},
      {"* < A >", placement::fixed, 0, unbounded},
      {"{ A }", placement::required, 1, 1},
      {"* { A }", placement::required, 1, unbounded},
      {"2*5 { A }", placement::required, 2, 5},
      {"3* { A }", placement::required, 3, unbounded},
      {"[ A ]", placement::optional, 0, 1},
      {"* [ A ]", placement::optional, 0, unbounded},
      {"*7[A]", placement::optional, 0, 7},
      {"0*2 [ A ]", placement::optional, 0, 2},
      {"*0 [ A ]", placement::optional, 0, 0},
  };
  for (const rule_row& row : rows) {
    const auto parsed =
        parse("@grouped G ::= < AVP Header: 1 > " + std::string{row.text}, "rule.dia");

    ASSERT_TRUE(parsed.has_value()) << row.text << to_string(parsed.error().front());
    const syntax::rule& rule = parsed->groups.at(0).rules.at(0);
    EXPECT_EQ(rule.avp.text, "A") << row.text;
    EXPECT_EQ(rule.place, row.place) << row.text;
    EXPECT_EQ(rule.min, row.min) << row.text;
    EXPECT_EQ(rule.max, row.max) << row.text;
  }
}

struct error_row {
  const char* text;
  const char* error;
};

TEST(Parse, SaysWhatItFoundAndWhatItExpected) {
  constexpr error_row rows[] = {
      {"stray", "base.dia:1:1: expected a section such as @avp_types, found 'stray'"},
      {"@avp_typs", "base.dia:1:1: expected a section such as @avp_types, found '@avp_typs'"},
      {"\n  @zzzzzzzz", "base.dia:2:3: expected a section such as @avp_types, found '@zzzzzzzz'"},
      {"@id x", "base.dia:1:5: expected an application id, found 'x'"},
      {"@id 4294967296",
       "base.dia:1:5: expected an application id up to 4294967295, found '4294967296'"},
      {"@id 1\n@id 2", "base.dia:2:1: a second @id; one is allowed"},
      {"@name", "base.dia:1:6: expected a name, found the end of the file"},
      {"@name 'x", "base.dia:1:7: expected a name, found a quotation that its line does not end"},
      {"@name ''", "base.dia:1:7: expected a name, found an empty quotation"},
      {"@name $", "base.dia:1:7: expected a name, found '$'"},
      {"@name \x01", "base.dia:1:7: expected a name, found the octet 0x01"},
      {"@vendor IETF 0", "base.dia:1:9: expected a vendor id, found 'IETF'"},
      {"@vendor 0 0", "base.dia:1:11: expected the vendor's name, found '0'"},
      {"@avp_vendor_id 7 8", "base.dia:1:18: expected the name of an AVP, found '8'"},
      {"@inherits m <", "base.dia:1:13: expected the name of an AVP, found '<'"},
      {"@avp_types\n\n 12 A Unsigned32 M", "base.dia:3:2: expected the name of an AVP, found '12'"},
      {"@avp_types A B", "base.dia:1:14: expected an AVP code, found 'B'"},
      {"@avp_types\n A 1 Unsigned23 M",
       "base.dia:2:6: expected an AVP type such as Unsigned32, found 'Unsigned23'"},
      {"@avp_types A 1 Adress M",
       "base.dia:1:16: expected an AVP type such as Address, found 'Adress'"},
      {"@avp_types A 1 2 M", "base.dia:1:16: expected an AVP type such as Unsigned32, found '2'"},
      {"@avp_types A 1 Time X",
       "base.dia:1:21: expected AVP flags (letters of MPV, or -), found 'X'"},
      {"@avp_types A 1 Time",
       "base.dia:1:20: expected AVP flags (letters of MPV, or -), found the end of the file"},
      {"@avp_types A 1 Time MVM", "base.dia:1:21: expected each of the flags once, found 'MVM'"},
      {"@avp_types A 1 Time Mm", "base.dia:1:21: expected each of the flags once, found 'Mm'"},
      {"@enum 7", "base.dia:1:7: expected the name of an Enumerated AVP, found '7'"},
      {"@enum E A B", "base.dia:1:11: expected a value, found 'B'"},
      {"@enum E 1", "base.dia:1:9: expected the name of a value, found '1'"},
      {"@enum E A -2147483649",
       "base.dia:1:12: expected a value up to 2147483648, found '2147483649'"},
      {"@messages <", "base.dia:1:11: expected the name of a message, found '<'"},
      {"@messages CCR :=", "base.dia:1:15: expected '::=', found ':'"},
      {"@messages CCR ::= {", "base.dia:1:19: expected '<', found '{'"},
      {"@messages CCR ::= < AVP Header: 1 >",
       "base.dia:1:21: expected 'Diameter Header', found 'AVP'"},
      {"@messages CCR ::= < Diameter 272 >", "base.dia:1:30: expected 'Header', found '272'"},
      {"@messages CCR ::= < Diameter Header 272 >", "base.dia:1:37: expected ':', found '272'"},
      {"@messages CCR ::= < Diameter Header: x >",
       "base.dia:1:38: expected a command code, found 'x'"},
      {"@messages CCR ::= < Diameter Header: 16777216 >",
       "base.dia:1:38: expected a command code up to 16777215, found '16777216'"},
      {"@messages CCR ::= < Diameter Header: 1 REQ >",
       "base.dia:1:40: expected ',' or '>', found 'REQ'"},
      {"@messages CCR ::= < Diameter Header: 1, FOO >",
       "base.dia:1:41: expected 'REQ', 'PXY' or 'ERR', found 'FOO'"},
      {"@messages answer-message ::= < Diameter Header: 1 >",
       "base.dia:1:49: expected 'code', found '1'"},
      {"@messages M ::= < Diameter Header: 1 > Session-Id",
       "base.dia:1:40: expected an AVP in <>, {} or [], or a new definition, found 'Session-Id'"},
      {"@messages M ::= < Diameter Header: 1 > 1 { A }", "base.dia:1:42: expected '*', found '{'"},
      {"@messages M ::= < Diameter Header: 1 > 1* A",
       "base.dia:1:43: expected '<', '{' or '[', found 'A'"},
      {"@messages M ::= < Diameter Header: 1 > { 1 }",
       "base.dia:1:42: expected the name of an AVP, found '1'"},
      {"@messages M ::= < Diameter Header: 1 > { A ]", "base.dia:1:44: expected '}', found ']'"},
      {"@messages M ::= < Diameter Header: 1 > 1* [ A ]",
       "base.dia:1:40: expected a minimum of 0 for the optional 'A', found 1"},
      {"@messages M ::= < Diameter Header: 1 > 0* { A }",
       "base.dia:1:40: expected a minimum of at least 1 for the required 'A', found 0"},
      {"@messages M ::= < Diameter Header: 1 > 3*2 { A }",
       "base.dia:1:40: expected a maximum of at least 3 for 'A', found 2"},
      {"@grouped G ::= < AVP Header: >", "base.dia:1:30: expected an AVP code, found '>'"},
      {"@grouped G ::= < AVP Header: 1 x >",
       "base.dia:1:32: expected a vendor id or '>', found 'x'"},
      {"@grouped G ::= < AVP Header: 1 2 3 >", "base.dia:1:34: expected '>', found '3'"},
  };
  for (const error_row& row : rows) {
    EXPECT_THAT(errors_of(row.text), ElementsAre(row.error)) << row.text;
  }
}

TEST(Parse, CollectsSeveralErrors) {
  EXPECT_THAT(
      errors_of("@avp_types\n"
                "  A 1 Unsigned23 M\n"
                "  B x Unsigned32 M\n"
                "  C 3 Unsigned32 M\n"
                "@nonsense a b c\n"
                "@messages\n"
                "  AAR ::= < Diameter Header: 1, REQ > { X\n"
                "  BBR ::= < Diameter Header: y >\n"
                "  CCR ::= < Diameter Header: 3, REQ >\n"
                "@enum E\n"
                "  ONE 1 TWO\n"),
      ElementsAre("base.dia:2:7: expected an AVP type such as Unsigned32, found 'Unsigned23'",
                  "base.dia:3:5: expected an AVP code, found 'x'",
                  "base.dia:5:1: expected a section such as @avp_types, found '@nonsense'",
                  "base.dia:8:3: expected '}', found 'BBR'",
                  "base.dia:8:30: expected a command code, found 'y'",
                  "base.dia:12:1: expected a value, found the end of the file"));
}

TEST(Parse, EndsAfterTheAllowedNumberOfErrors) {
  std::string text = "@avp_types\n";
  for (int i = 0; i < 100; ++i) {
    text += "A b\n";
  }

  EXPECT_EQ(parse(text, "x").error().size(), parse_options{}.max_errors);
  EXPECT_EQ(parse(text, "x", {.max_errors = 3}).error().size(), 3U);
  EXPECT_EQ(parse(text, "x", {.max_errors = 0}).error().size(), 1U);
}

TEST(Parse, RefusesATextThatIsTooLong) {
  const auto parsed = parse("@id 1", "x.dia", {.max_octets = 4});

  ASSERT_TRUE(parsed.has_error());
  EXPECT_EQ(to_string(parsed.error().front()), "x.dia:1:1: expected at most 4 octets, found 5");
}

TEST(Parse, CountsLinesHoweverTheyEnd) {
  for (const char* text : {"\n\n @x", "\r\n\r\n @x", "\r\r @x", ";c\r\n;d\n @x"}) {
    EXPECT_THAT(errors_of(text),
                ElementsAre("base.dia:3:2: expected a section such as @avp_types, found '@x'"));
  }
}

TEST(FindType, KnowsEveryTypeAndTheShortForms) {
  for (int i = 0; i <= static_cast<int>(avp_type::qos_filter_rule); ++i) {
    const auto type = static_cast<avp_type>(i);
    EXPECT_EQ(find_type(to_string(type)), type);
  }
  EXPECT_EQ(find_type("DiamIdent"), avp_type::diameter_identity);
  EXPECT_EQ(find_type("DiamURI"), avp_type::diameter_uri);
  EXPECT_EQ(find_type("IPFltrRule"), avp_type::ip_filter_rule);
  EXPECT_EQ(find_type("QoSFltrRule"), avp_type::qos_filter_rule);
  EXPECT_EQ(find_type("unsigned32"), std::nullopt);
}

}  // namespace
}  // namespace diamgw::dictionary
