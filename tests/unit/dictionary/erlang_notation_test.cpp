// Every rule of Erlang/OTP's notation, as the compiler of its `diameter` application has them
// (diameter_dict(4), and the reasons for which it refuses a file), and what is made of each here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "diamgw/dictionary/builder.hpp"
#include "diamgw/dictionary/parser.hpp"

namespace diamgw::dictionary {
namespace {

using testing::HasSubstr;

/// The first thing that is wrong; empty where all is right. Files are called f1.dia, f2.dia, ...
std::string verdict_on(const std::vector<std::string_view>& texts) {
  dictionary::builder builder;
  int number = 0;
  for (const std::string_view text : texts) {
    auto parsed = parse(text, "f" + std::to_string(++number) + ".dia");
    if (!parsed) {
      return to_string(parsed.error().front());
    }
    builder.add(std::move(*parsed));
  }
  const auto built = builder.build();
  return built ? std::string{} : to_string(built.error().front());
}

struct rule {
  const char* name;
  std::vector<std::string_view> texts;
  const char* verdict = "";  // taken
};

TEST(ErlangNotation, IsTaken) {
  const rule rules[] = {
      {"@name is optional: the file's is meant", {"@avp_types A 1 Time M", "@inherits f1 A"}},
      {"sections in any order", {"@enum A ONE 1 @avp_types A 1 Enumerated M @name a @id 1"}},
      {"a section several times, as long as the bodies differ",
       {"@avp_types A 1 Time M @avp_types B 2 Time M @avp_vendor_id 1 @avp_vendor_id 2"}},
      {"comments, and line ends of every kind", {"; c\n@name a;c\r@id 1\r\n;"}},
      {"@end", {"@name a @end { [ '"}},
      {"hexadecimal numbers", {"@id 0xffffffff @avp_types A 0X1f Time M"}},
      {"a name that begins with a digit",
       {"@avp_types 3GPP-A 1 Time M @enum 5x"
        " @avp_types 5x 2 Enumerated -"}},
      {"quoted names", {"@avp_types 'S6a/S6d thing' 1 Enumerated M @enum 'S6a/S6d thing' 'a b' 1"}},
      {"flags M, P, V in any order, or -", {"@vendor 1 x @avp_types A 1 Time VPM B 2 Time -"}},
      {"DiamIdent, DiamURI", {"@avp_types A 1 DiamIdent M B 2 DiamURI M"}},
      {"@avp_vendor_id before @vendor", {"@vendor 1 x @avp_vendor_id 2 A @avp_types A 1 Time V"}},
      {"@avp_vendor_id of an inherited AVP",
       {"@vendor 1 x @avp_types A 1 Time V", "@inherits f1 @avp_vendor_id 1 A"}},
      {"@codecs and @custom_types of inherited AVPs",
       {"@avp_types A 1 Time M", "@inherits f1 @codecs m A @custom_types m"}},
      {"@enum of an inherited AVP", {"@avp_types A 1 Enumerated M", "@inherits f1 @enum A X 1"}},
      {"@define of anything", {"@define Whatever X 1 Y 1"}},
      {"@prefix", {"@prefix my_prefix"}},
      {"Diameter-Header, AVP-Header",
       {"@id 1 @avp_types G 1 Grouped M @grouped G ::= < AVP-Header: 1 > "
        "@messages XXR ::= < Diameter-Header: 1, REQ >"}},
      {"the application of the header, as @id has it",
       {"@id 1 @messages XXR ::= < Diameter Header: 1, REQ, PXY 1 >"}},
      {"answer-message",
       {"@id 0 @messages answer-message ::= < Diameter Header: code, ERR [PXY] > * [ AVP ]"}},
      {"every qualifier",
       {"@avp_types A 1 Time M B 2 Time M C 3 Time M D 4 Time M E 5 Time M F 6 Time M G 7 Grouped "
        "M "
        "@grouped G ::= < AVP Header: 7 > 2*3 < A > 2* { B } *3 [ C ] * [ D ] 0*1 < E > *0 [ F ] "
        "* { AVP }"}},
      {"fixed AVPs at the end",
       {"@avp_types A 1 Time M G 7 Grouped M @grouped G ::= < AVP Header: 7 > [ AVP ] < A >"}},
  };
  for (const rule& r : rules) {
    EXPECT_EQ(verdict_on(r.texts), r.verdict) << r.name;
  }
}

TEST(ErlangNotation, IsTakenMoreGenerouslyThanThere) {
  const rule rules[] = {
      {"message_application_id_mismatch: a file may hold messages of several applications",
       {"@id 1 @messages XXR ::= < Diameter Header: 1, REQ 2 >"}},
      {"message_missing: a command may have an answer only, or a request",
       {"@id 1 @messages XXR ::= < Diameter Header: 1, REQ >"}},
      {"invalid_avp_order: { } and [ ] may be mixed",
       {"@avp_types A 1 Time M B 2 Time M G 7 Grouped M "
        "@grouped G ::= < AVP Header: 7 > [ A ] { B }"}},
      {"already_declared: values may be added in parts",
       {"@avp_types A 1 Enumerated M @enum A X 1 @enum A Y 2"}},
      {"inherited_avp_already_defined, duplicate_import: the same words are one definition",
       {"@avp_types A 1 Time M", "@avp_types A 1 Time M", "@inherits f1 A @inherits f2 A"}},
      {"inheritance goes on: what an inherited file inherits is seen",
       {"@avp_types A 1 Enumerated M", "@inherits f1", "@inherits f2 @enum A X 1"}},
      {"m and p: a bit that may be set", {"@avp_types A 1 Time mp"}},
      {"a type of one's own, with a codec", {"@avp_types A 1 Own M @codecs m A"}},
      {"a value's name that an inherited file gives to another number: that file's holds",
       {"@avp_types A 1 Enumerated M @enum A X 1", "@inherits f1 @enum A X 2 Y 3"}},
      {"negative values", {"@avp_types A 1 Enumerated M @enum A X -1"}},
  };
  for (const rule& r : rules) {
    EXPECT_EQ(verdict_on(r.texts), r.verdict) << r.name;
  }
}

TEST(ErlangNotation, IsRefusedWhereItIsThere) {
  const rule rules[] = {
      {"duplicate_section", {"@prefix a @prefix b"}, "a second @prefix"},
      {"unknown section", {"@nam a"}, "expected a section such as @name"},
      {"empty string", {"@name ''"}, "an empty quotation"},
      {"unterminated string", {"@name 'a\n'"}, "a quotation that its line does not end"},
      {"unexpected character", {"@name #"}, "found '#'"},
      {"uint32_out_of_range", {"@avp_types A 4294967296 Time M"}, "an AVP code up to 4294967295"},
      {"messages_without_id", {"@messages XXR ::= < Diameter Header: 1, REQ >"}, "expected @id"},
      {"avp_name_already_defined", {"@avp_types A 1 Time M A 2 Time M"}, "clashes with 'A'"},
      {"avp_code_already_defined", {"@avp_types A 1 Time M B 1 Time M"}, "clashes with 'A'"},
      {"avp_has_unknown_type", {"@avp_types A 1 Tim M"}, "an AVP type such as Time"},
      {"avp_has_invalid_flag", {"@avp_types A 1 Time MX"}, "AVP flags (letters of MPV, or -)"},
      {"avp_has_duplicate_flag", {"@avp_types A 1 Time MPM"}, "each of the flags once"},
      {"avp_has_vendor_id", {"@avp_types A 1 Time M @avp_vendor_id 5 A"}, "have no V"},
      {"avp_has_no_vendor", {"@avp_types A 1 Time V"}, "expected @vendor or @avp_vendor_id"},
      {"avp_already_defined, in two @avp_vendor_id",
       {"@avp_types A 1 Time V @avp_vendor_id 5 A @avp_vendor_id 6 A"},
       "gives 'A' vendor 6, but it has vendor 5"},
      {"avp_not_defined, in @avp_vendor_id", {"@avp_vendor_id 5 A"}, "no AVP is called 'A'"},
      {"avp_not_defined, in @codecs", {"@codecs m A"}, "no AVP is called 'A'"},
      {"group_already_defined",
       {"@avp_types G 1 Grouped M @grouped G ::= < AVP Header: 1 > G ::= < AVP Header: 1 >"},
       "the grammar of 'G' clashes"},
      {"grouped_avp_code_mismatch",
       {"@avp_types G 1 Grouped M @grouped G ::= < AVP Header: 2 >"},
       "expected the AVP code 1"},
      {"grouped_avp_has_wrong_type",
       {"@avp_types G 1 Time M @grouped G ::= < AVP Header: 1 >"},
       "expected an AVP of type Grouped"},
      {"grouped_avp_not_defined: not of this file",
       {"@avp_types G 1 Grouped M @grouped G ::= < AVP Header: 1 >",
        "@inherits f1 @grouped G ::= < AVP Header: 1 > [ G ]"},
       "say '@refines f1'"},
      {"grouped_avp_not_grouped", {"@avp_types G 1 Grouped M"}, "expected a grammar of 'G'"},
      {"grouped_vendor_id_without_flag",
       {"@avp_types G 1 Grouped M @grouped G ::= < AVP Header: 1 9 >"},
       "expected the vendor id 0"},
      {"grouped_vendor_id_mismatch",
       {"@avp_vendor_id 9 G @avp_types G 1 Grouped V @grouped G ::= < AVP Header: 1 8 >"},
       "expected the vendor id 9"},
      {"message_name_already_defined",
       {"@id 1 @messages XXR ::= < Diameter Header: 1, REQ > XXR ::= < Diameter Header: 2, REQ >"},
       "message 'XXR' clashes"},
      {"message_code_already_defined",
       {"@id 1 @messages XXR ::= < Diameter Header: 1, REQ > YYR ::= < Diameter Header: 1, REQ >"},
       "request 'YYR' (1 of application 1) clashes"},
      {"message_has_duplicate_flag",
       {"@id 1 @messages XXR ::= < Diameter Header: 1, REQ, REQ >"},
       "each of 'REQ', 'PXY' and 'ERR' once"},
      {"required_avp_has_zero_max_arity",
       {"@avp_types G 1 Grouped M @grouped G ::= < AVP Header: 1 > *0 { G }"},
       "a maximum of at least 1"},
      {"required_avp_has_zero_min_arity",
       {"@avp_types G 1 Grouped M @grouped G ::= < AVP Header: 1 > 0* { G }"},
       "a minimum of at least 1"},
      {"optional_avp_has_nonzero_min_arity",
       {"@avp_types G 1 Grouped M @grouped G ::= < AVP Header: 1 > 1* [ G ]"},
       "a minimum of 0"},
      {"qualifier_has_min_greater_than_max",
       {"@avp_types G 1 Grouped M @grouped G ::= < AVP Header: 1 > 2*1 < G >"},
       "a maximum of at least 2"},
      {"avp_already_referenced",
       {"@avp_types G 1 Grouped M @grouped G ::= < AVP Header: 1 > { G } [ G ]"},
       "'G' stands twice"},
      {"requested_avp_not_found", {"@avp_types A 1 Time M", "@inherits f1 B"}, "f1 has no AVP 'B'"},
      {"a module that is not there", {"@inherits nobody"}, "no dictionary is called 'nobody'"},
      {"enumerated_avp_has_wrong_local_type",
       {"@avp_types A 1 Time M @enum A X 1"},
       "expected an AVP of type Enumerated"},
      {"enumerated_avp_has_wrong_inherited_type",
       {"@avp_types A 1 Time M", "@inherits f1 @enum A X 1"},
       "expected an AVP of type Enumerated"},
      {"enumerated_avp_not_defined", {"@enum A X 1"}, "no AVP is called 'A'"},
      {"key_already_defined",
       {"@avp_types A 1 Enumerated M @enum A X 1 X 2"},
       "'X' 2 of A clashes with 'X' 1"},
      {"avp_not_defined",
       {"@avp_types G 1 Grouped M @grouped G ::= < AVP Header: 1 > { A }"},
       "no AVP is called 'A'"},
  };
  for (const rule& r : rules) {
    EXPECT_THAT(verdict_on(r.texts), HasSubstr(r.verdict)) << r.name;
  }
}

}  // namespace
}  // namespace diamgw::dictionary
