#include <gtest/gtest.h>

#include "support/jsonrpc_recorder.hpp"

namespace diamgw::jsonrpc::testing {
namespace {

struct params_row {
  std::string_view params;
  std::string_view expected;
};

TEST(Params, TakeAvpsByName) {
  const params_row rows[] = {
      {"{}", ""},
      {"[]", ""},
      {R"({"CC-Request-Number":[]})", ""},
      {R"({"CC-Request-Number":[1,2]})", "0000019f4000000c000000010000019f4000000c00000002"},
      {R"({"Subscription-Id":{"Subscription-Id-Type":"END_USER_E164"}})",
       "000001bb40000014000001c24000000c00000000"},
      {R"({"Subscription-Id":[{},{}]})", "000001bb40000008000001bb40000008"},
      // by number: known, unknown, unknown of a vendor
      {R"({"415":1})", "0000019f4000000c00000001"},
      {R"({"0:415":1})", "0000019f4000000c00000001"},
      {R"({"9999:4":1})", "00000004c00000100000270f00000001"},
      {R"({"70000":"abcd"})", "000111700000000aabcd0000"},
      // a text by number is hexadecimal, also where the dictionary has a type for the AVP: it may
      // have it since a reload only
      {R"({"1":"abcd"})", "000000014000000aabcd0000"},
      {R"({"0:1":["ab","cd"]})", "0000000140000009ab0000000000000140000009cd000000"},
      {R"({"415":"00000012"})", "0000019f4000000c00000012"},
      {R"({"443":"0a"})", "000001bb400000090a000000"},
      {R"({"10:70000":{"text":"ab"}})", "000111708000000e0000000a61620000"},
      // octets as they are, of AVPs and of groups, alone and among others
      {R"({"CC-Request-Number":{"hex":"0a"}})", "0000019f400000090a000000"},
      {R"({"CC-Request-Number":[{"hex":"0a"},2]})",
       "0000019f400000090a0000000000019f4000000c00000002"},
      {R"({"Subscription-Id":{"hex":"0a"}})", "000001bb400000090a000000"},
      {R"({"Subscription-Id":[{"hex":"0a"},{}]})", "000001bb400000090a000000000001bb40000008"},
      // list-form AVPs beside names
      {R"({"CC-Request-Number":1,"AVP":[{"code":415,"value":2}]})",
       "0000019f4000000c000000010000019f4000000c00000002"},
      // names by escapes
      {R"({"CC-Request-N\u0075mber":1})", "0000019f4000000c00000001"},
  };
  for (const params_row& r : rows) {
    EXPECT_EQ(avps_of(r.params), r.expected) << r.params;
  }
}

TEST(Params, AreRefusedWithThePathAndTheReason) {
  const params_row rows[] = {
      {R"({"Origin-Hst":"a"})",
       "5001 params.Origin-Hst: unknown AVP; did you mean \"Origin-Host\"?"},
      {R"({"zzzzzzzzzzzzzz":1})", "5001 params.zzzzzzzzzzzzzz: unknown AVP"},
      {R"({"":1})", R"(5001 params."": unknown AVP)"},
      {R"({"Origin-Host":"a","":1})", R"(5001 params."": unknown AVP)"},
      {R"({"Subscription-Id":{"Subscription-Id-Type":0,"":1}})",
       R"(5001 params.Subscription-Id."": unknown AVP)"},
      {R"([{"code":263,"":1}])",
       R"(5004 params[0]."": unknown member; an AVP in list form has code, vendor, flags, name and value)"},
      {R"({"1:2:3":1})", "5001 params.1:2:3: unknown AVP"},
      {R"({"4294967296":1})", "5001 params.4294967296: unknown AVP"},
      {R"({"Origin-Host":"a","Origin-Host":"b"})",
       "5004 params.Origin-Host: the key stands here twice; repeated AVPs are one array"},
      {R"({"Origin-Host":"a","264":"b"})",
       "5004 params.264: the key stands here twice; repeated AVPs are one array"},
      {R"({"1":"alice"})",
       "5004 params.User-Name: expected pairs of hexadecimal digits: by number, a text is always "
       "hexadecimal, found the string \"alice\""},
      {R"({"AVP":[],"AVP":[]})", "5004 params.AVP: the key stands here twice"},
      {R"({"AVP":{}})", "5004 params.AVP: expected an array of AVPs, found an object"},
      {R"({"AVP":1})",
       "5004 params.AVP: expected an array of AVPs in list form, found the number 1"},
      {R"({"Multiple-Services-Credit-Control":[{"Requested-Service-Unit":{"CC-Time":"x"}}]})",
       "5004 params.Multiple-Services-Credit-Control[0].Requested-Service-Unit.CC-Time: expected "
       "Unsigned32 (0 to 4294967295), found the string \"x\""},
      {R"({"Multiple-Services-Credit-Control":[{},{"Rating-Group":1},5]})",
       "5004 params.Multiple-Services-Credit-Control[2]: expected Grouped (an object), found the "
       "number 5"},
      {R"({"CC-Request-Type":"INITIAL_REQUES"})",
       "5004 params.CC-Request-Type: expected a number or one of the names that the dictionary "
       "has, found the string \"INITIAL_REQUES\"; did you mean \"INITIAL_REQUEST\"?"},
      {R"({"$timeut":1})",
       "5004 params.$timeut: unknown option; there are $timeout, $form, $retransmitted and "
       "$application"},
      {R"({"$timeout":"1d"})",
       "5004 params.$timeout: expected milliseconds (a number), \"2s\" or \"1500ms\", up to a day, "
       "found the string \"1d\""},
      {R"({"$timeout":0})",
       "5004 params.$timeout: expected milliseconds (a number), \"2s\" or \"1500ms\", up to a day, "
       "found the number 0"},
      {R"({"$timeout":[1]})", "5004 params.$timeout: expected a single value, found an array"},
      {R"({"$form":"tree"})",
       "5004 params.$form: expected \"object\" or \"list\", found the string \"tree\""},
      {R"({"$retransmitted":1})",
       "5004 params.$retransmitted: expected true or false, found the number 1"},
      {R"({"$application":"nope"})",
       "5004 params.$application: expected an application's number or name, found the string "
       "\"nope\""},
      {R"({"$application":"Credit-Contol"})",
       "5004 params.$application: expected an application's number or name, found the string "
       "\"Credit-Contol\"; did you mean \"Diameter Credit Control\"?"},
      {R"({"Subscription-Id":{"$form":"list"}})", "5001 params.Subscription-Id.$form: unknown AVP"},
      {R"({"10:70000":5})",
       "5004 params.10:70000: expected OctetString (a string of hexadecimal digits, or {\"text\": "
       "…}), found the number 5"},
  };
  for (const params_row& r : rows) {
    EXPECT_EQ(avps_of(r.params), "refused call 1 -32602 " + std::string{r.expected}) << r.params;
  }
}

// A reader foresees the members that came the last time; the octets of a group have none.
TEST(Params, TakeNoMemberBehindTheOctetsOfAGroup) {
  reader calls{names(), pool()};
  const auto outcome = [&](std::string_view params) {
    recorder r;
    r.read(calls,
           R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":)" + std::string{params} + "}");
    return r.told.empty() ? std::string{} : r.told.back();
  };
  const std::string_view mixed = R"({"T-Group":[{"hex":"","T-Uint32":5}]})";
  const std::string first = outcome(mixed);

  EXPECT_NE(first.find("refused"), std::string::npos) << first;
  EXPECT_EQ(outcome(R"({"T-Group":[{"T-Uint32":5}]})").find("refused"), std::string::npos);
  EXPECT_EQ(outcome(mixed), first);
}

TEST(Params, AreCountedAlsoWhereTheyAreForeseen) {
  constexpr std::size_t most = 64;
  reader calls{names(), pool(), {.max_keys = most}};
  std::string params;
  std::size_t members = 0;
  for (const auto* avp : names().avps()) {
    if (avp->type == dictionary::avp_type::utf8_string && members <= most) {
      params += (members++ == 0 ? "{\"" : ",\"") + avp->name + "\":\"\"";
    }
  }
  ASSERT_EQ(members, most + 1);
  for (int round = 0; round < 3; ++round) {
    recorder r;
    r.read(calls, R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":)" + params + "}}");
    EXPECT_NE(r.told.back().find("too many members"), std::string::npos) << round;
  }
}

TEST(Params, SayWhatTheGatewayMustKnow) {
  reader calls{names(), pool()};
  recorder r;
  r.read(calls,
         R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":{"Origin-Host":"a","Origin-Realm":"b",
      "Destination-Host":"c","Destination-Realm":"d","User-Name":"e","Session-Id":"f",
      "Auth-Application-Id":4,"Acct-Application-Id":5,"Proxy-Info":{},
      "Vendor-Specific-Application-Id":{"Vendor-Id":1,"Acct-Application-Id":6}}})");

  EXPECT_EQ(r.avps.origin_host, "a");
  EXPECT_EQ(r.avps.origin_realm, "b");
  EXPECT_EQ(r.avps.destination_host, "c");
  EXPECT_EQ(r.avps.destination_realm, "d");
  EXPECT_EQ(r.avps.user_name, "e");
  EXPECT_EQ(r.avps.session_id, "f");
  EXPECT_EQ(r.avps.auth_application, 4U);
  EXPECT_EQ(r.avps.acct_application, 5U);
  EXPECT_EQ(r.avps.vendor_specific_application, 6U);
  EXPECT_TRUE(r.avps.has_proxy_info);
  EXPECT_EQ(r.avps.application(), 4U);
}

}  // namespace
}  // namespace diamgw::jsonrpc::testing
