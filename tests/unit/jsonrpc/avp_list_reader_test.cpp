// AVPs in list form, through the reader that hands it their members: docs/jsonrpc.md, "The list
// form".
#include "jsonrpc/avp_list_reader.hpp"

#include <gtest/gtest.h>

#include "support/jsonrpc_recorder.hpp"

namespace diamgw::jsonrpc::testing {
namespace {

struct list_row {
  std::string_view params;
  std::string_view expected;
};

TEST(AvpListReader, TakesTheMembersOfAnAvpInAnyOrder) {
  const list_row rows[] = {
      {R"([{"name":"CC-Request-Number","value":1}])", "0000019f4000000c00000001"},
      {R"([{"code":415,"value":1}])", "0000019f4000000c00000001"},
      {R"([{"code":415,"vendor":0,"flags":0,"value":1}])", "0000019f0000000c00000001"},
      {R"([{"code":415,"vendor":0,"flags":255,"value":1}])", "0000019fff0000100000000000000001"},
      {R"([{"code":415,"flags":31,"value":{"hex":""}}])", "0000019f1f000008"},
      {R"([{"code":443,"flags":31,"value":{"hex":"0a"}}])", "000001bb1f0000090a000000"},
      // members in any order
      {R"([{"value":1,"name":"CC-Request-Number"}])", "0000019f4000000c00000001"},
      {R"([{"value":1,"vendor":9999,"flags":128,"code":4}])", "00000004800000100000270f00000001"},
      {R"([{"code":443,"flags":0,"name":"Subscription-Id","value":[{"value":"61","code":444}],"vendor":0}])",
       "000001bb00000014000001bc4000000961000000"},
      {R"([{"flags":129,"code":15,"vendor":9999,"value":[]}])", "0000000f8100000c0000270f"},
      {R"([{"code":15,"vendor":9999,"value":{"T-Octets":""}}])",
       "0000000f800000180000270f000000018000000c0000270f"},
      // unknown AVPs
      {R"([{"code":70000,"vendor":10,"flags":192,"value":"00"}])",
       "00011170c000000d0000000a00000000"},
      {R"([{"code":70000,"name":"Anything","value":"00"}])", "000111700000000900000000"},
      // V set with Vendor-Id 0, group and plain
      {R"([{"code":443,"vendor":0,"flags":128,"value":[{"code":1,"flags":128,"vendor":0,"value":"61"}]}])",
       "000001bb8000001c00000000000000018000000d0000000061000000"},
      {R"([{"code":70000,"value":{"text":"x"}}])", "000111700000000978000000"},
      // without a name a text is hexadecimal, whatever the type
      {R"([{"code":1,"value":"6162"}])", "000000014000000a61620000"},
      {R"([{"code":1,"name":"User-Name","value":"6162"}])", "000000014000000c36313632"},
  };
  for (const list_row& r : rows) {
    EXPECT_EQ(avps_of(r.params), r.expected) << r.params;
  }
}

TEST(AvpListReader, ReadsAheadWhatStandsAfterTheValue) {
  const list_row rows[] = {
      {R"([{"value":{"a":[1,"}"]},"name":"Subscription-Id"}])",
       "refused call 1 -32602 5001 params[0].value.a: unknown AVP"},
      {R"([{"value":"78","$form":"list","code":1}])", "000000014000000978000000"},
      {R"([{"value":"78","flags":"no","code":1}])",
       "refused call 1 -32602 5004 params[0].flags: expected flags (0 to 255), found the string "
       "\"no\""},
      {R"([{"code":1,"value":"78","flags":300}])",
       "refused call 1 -32602 5004 params[0].flags: expected flags (0 to 255), found the number "
       "300"},
      {R"([{"value" : "78" , "code" : 1 }])", "000000014000000978000000"},
      {R"([{"name":"User-Name","value":"x","name":"User-Name"}])",
       "refused call 1 -32602 5004 params[0].name: the key stands here twice"},
      {R"([{"value":"78","name":5,"code":1}])",
       "refused call 1 -32602 5004 params[0].name: expected the name of an AVP, found the number "
       "5"},
  };
  for (const list_row& r : rows) {
    EXPECT_EQ(avps_of(r.params), r.expected) << r.params;
  }
}

TEST(AvpListReader, RefusesWithThePathAndTheReason) {
  const list_row rows[] = {
      {R"([5])", "5004 params[0]: expected an AVP in list form (an object), found the number 5"},
      {R"([[]])", "5004 params[0]: expected an object, found an array"},
      {R"([{}])", "5004 params[0]: an AVP in list form needs a \"value\""},
      {R"([{"code":1}])", "5004 params[0]: an AVP in list form needs a \"value\""},
      {R"([{"value":1}])", "5001 params[0].value: an AVP needs a \"code\" or a \"name\""},
      {R"([{"name":"","value":1}])", "5001 params[0].name: unknown AVP without a \"code\""},
      {R"([{"value":1,"name":""}])", "5001 params[0].name: unknown AVP without a \"code\""},
      {R"([{"name":""}])", "5004 params[0]: an AVP in list form needs a \"value\""},
      {R"([{"name":"Origin-Hst","value":1}])",
       "5001 params[0].name: unknown AVP without a \"code\"; did you mean \"Origin-Host\"?"},
      {R"([{"value":1,"name":"Origin-Hst"}])",
       "5001 params[0].name: unknown AVP without a \"code\"; did you mean \"Origin-Host\"?"},
      {R"([{"code":1,"name":"Origin-Host","value":"a"}])",
       "5004 params[0].name: \"name\" and \"code\" mean different AVPs"},
      {R"([{"code":4,"vendor":9999,"flags":64,"value":1}])",
       "3009 params[0].flags: an AVP with a vendor has flag 128"},
      {R"([{"code":1,"flags":256,"value":"a"}])",
       "5004 params[0].flags: expected flags (0 to 255), found the number 256"},
      {R"([{"code":-1,"value":"a"}])",
       "5004 params[0].code: expected a number (0 to 4294967295), found the number -1"},
      {R"([{"code":1,"code":1,"value":"a"}])", "5004 params[0].code: the key stands here twice"},
      {R"([{"code":1,"type":1,"value":"a"}])",
       "5004 params[0].type: unknown member; an AVP in list form has code, vendor, flags, name and "
       "value"},
      {R"([{"code":1,"value":["a"]}])",
       "5004 params[0].value: expected a single value, found an array"},
      {R"([{"code":443,"value":[{"name":"Subscription-Id-Type","value":"x"}]}])",
       "5004 params[0].value[0].value: expected a number or one of the names that the dictionary "
       "has, found the string \"x\""},
      // what cannot be looked ahead at must stand in front
      {R"([{"code":1,"v\u0061lue":"61","flags":0}])",
       "5004 params[0].flags: must stand before \"value\" here, found the number 0"},
  };
  for (const list_row& r : rows) {
    EXPECT_EQ(avps_of(r.params), "refused call 1 -32602 " + std::string{r.expected}) << r.params;
  }
}

}  // namespace
}  // namespace diamgw::jsonrpc::testing
