// The dictionaries of policy and charging control: Rx, Gx and its kin, S9 and Sy; Gmb and SGmb.
#include <gtest/gtest.h>

#include <algorithm>

#include "diamgw/dictionary/dictionary.hpp"

namespace diamgw::dictionary {
namespace {

constexpr vendor_id tgpp{10415};

struct document {
  const char* name;
  std::size_t avps;
};

TEST(EmbeddedPolicyDictionaries, HoldAllAvpsOfTheirDocuments) {
  constexpr document documents[] = {
      {"ts29_061", 67},   // §16.4.7.2 less attribute 28, table 10, table 20.5a.1
      {"ts29_212", 149},  // tables 5.3.0.1, 5a.3.0.1, 5b.3.0.1, 5c.3.0.1, E.6.3.0.1
      {"ts29_214", 84},   // table 5.3.0.1
      {"ts29_215", 9},    // table 5.3.1, annex A
      {"ts29_219", 7},    // table 5.3.0.1
  };
  for (const document& d : documents) {
    EXPECT_EQ(std::ranges::count(embedded().avps(), std::string_view{d.name},
                                 [](const avp_definition* avp) { return avp->source; }),
              d.avps)
        << d.name;
  }
}

struct avp_row {
  const char* name;
  std::uint32_t code;
  avp_type type;
  flag_rule mandatory;
};

TEST(EmbeddedPolicyDictionaries, KnowTheirAvps) {
  constexpr auto must = flag_rule::must;
  constexpr auto may = flag_rule::may;
  constexpr auto must_not = flag_rule::must_not;
  constexpr avp_row rows[] = {
      {"3GPP-IMSI", 1, avp_type::utf8_string, may},                            // TS 29.061 §16a.5
      {"3GPP-SGSN-Address", 6, avp_type::octet_string, may},                   // TS 29.061 §16a.5
      {"TMGI", 900, avp_type::octet_string, must},                             // TS 29.061 §17.7.2
      {"MBMS-Data-Transfer-Start", 929, avp_type::unsigned64, must_not},       // §20.5a.7
      {"Flow-Description", 507, avp_type::ip_filter_rule, must},               // TS 29.214 §5.3.8
      {"Codec-Data", 524, avp_type::octet_string, must},                       // TS 29.214 §5.3.7
      {"Desired-Max-Loss", 568, avp_type::float32, must_not},                  // TS 29.214 §5.3.65
      {"UHRR-Capability", 585, avp_type::enumerated, must_not},                // TS 29.214 §5.3.82
      {"QoS-Class-Identifier", 1028, avp_type::enumerated, must},              // TS 29.212 §5.3.17
      {"CoA-IP-Address", 1035, avp_type::address, must_not},                   // TS 29.212 §5.3.33
      {"Tunnel-Header-Filter", 1036, avp_type::ip_filter_rule, must_not},      // TS 29.212 §5.3.34
      {"Rule-Activation-Time", 1043, avp_type::time, must},                    // TS 29.212 §5.3.42
      {"Session-Linking-Indicator", 1064, avp_type::enumerated, must},         // TS 29.212 §5a.3.6
      {"Max-PLR-DL", 2852, avp_type::unsigned32, must_not},                    // TS 29.212 §5.3.138
      {"Presence-Reporting-Area-Node", 2855, avp_type::unsigned32, must_not},  // TS 29.212 §5.3.141
      {"Subsession-Id", 2202, avp_type::unsigned32, must},                     // TS 29.215 §5.3.3
      {"DRA-Binding", 2208, avp_type::enumerated, must_not},                   // TS 29.215 §5.3.8
      {"Pending-Policy-Counter-Change-Time", 2906, avp_type::time, must},      // TS 29.219 §5.3.6
      {"SN-Request-Type", 2907, avp_type::unsigned32, must_not},               // TS 29.219 §5.3.7
  };
  for (const avp_row& row : rows) {
    const avp_definition* const avp = embedded().find_avp(row.name);
    ASSERT_NE(avp, nullptr) << row.name;
    EXPECT_EQ(avp->code.value, row.code) << row.name;
    EXPECT_EQ(avp->vendor, tgpp) << row.name;
    EXPECT_EQ(avp->type, row.type) << row.name;
    EXPECT_EQ(avp->mandatory, row.mandatory) << row.name;
  }
}

struct command_row {
  std::uint32_t application;
  std::uint32_t code;
  const char* name;
  const char* short_name;
  const char* source;
};

TEST(EmbeddedPolicyDictionaries, KnowTheirCommands) {
  constexpr command_row rows[] = {
      {16777223, 265, "AA", "AA", "ts29_061_gmb"},                            // §17.6.1
      {16777292, 258, "Re-Auth", "RA", "ts29_061_sgmb"},                      // §20.4.1
      {16777236, 265, "AA", "AA", "ts29_214"},                                // TS 29.214 §5.6.1
      {16777236, 258, "Re-Auth", "RA", "ts29_214"},                           // TS 29.214 §5.6.3
      {16777236, 275, "Session-Termination", "ST", "ts29_214"},               // TS 29.214 §5.6.5
      {16777236, 274, "Abort-Session", "AS", "ts29_214"},                     // TS 29.214 §5.6.7
      {16777238, 272, "Credit-Control", "CC", "ts29_212"},                    // TS 29.212 §5.6.2
      {16777238, 258, "Re-Auth", "RA", "ts29_212"},                           // TS 29.212 §5.6.4
      {16777266, 272, "Credit-Control", "CC", "ts29_212_gxx"},                // TS 29.212 §5a.6.2
      {16777303, 8388637, "TDF-Session", "TS", "ts29_212_sd"},                // TS 29.212 §5b.6.2
      {16777349, 8388637, "TDF-Session", "TS", "ts29_212_st"},                // TS 29.212 §5c.6.2
      {16777349, 8388731, "TSSF-Notification", "TN", "ts29_212_st"},          // TS 29.212 §5c.6.6
      {16777318, 272, "Credit-Control", "CC", "ts29_212_s15"},                // §E.6.6.2
      {16777267, 8388656, "Trigger-Establishment", "TE", "ts29_215"},         // TS 29.215 §5.6.6
      {16777319, 8388656, "Trigger-Establishment", "TE", "ts29_215_s9a"},     // annex A
      {16777320, 272, "Credit-Control", "CC", "ts29_215_s9a_star"},           // annex A
      {16777302, 8388635, "Spending-Limit", "SL", "ts29_219"},                // TS 29.219 §5.6.2
      {16777302, 8388636, "Spending-Status-Notification", "SN", "ts29_219"},  // TS 29.219 §5.6.4
  };
  for (const command_row& row : rows) {
    const command_definition* const command =
        embedded().find_command(application_id{row.application}, command_code{row.code});
    ASSERT_NE(command, nullptr) << row.name;
    EXPECT_EQ(command->name, row.name);
    EXPECT_EQ(command->short_name, row.short_name);
    EXPECT_EQ(command->source, row.source);
    EXPECT_TRUE(command->proxiable) << row.name;
    EXPECT_FALSE(command->request.empty()) << row.name;
    EXPECT_FALSE(command->answer.empty()) << row.name;
  }
}

struct rule_row {
  const char* group;
  const char* avp;
  std::uint32_t min;
  std::uint32_t max;
};

TEST(EmbeddedPolicyDictionaries, CountWhatGroupsHold) {
  constexpr std::uint32_t many = avp_rule::unbounded;
  constexpr rule_row rows[] = {
      {"Media-Component-Description", "Media-Component-Number", 1, 1},  // TS 29.214 §5.3.16
      {"Media-Component-Description", "Codec-Data", 0, 2},
      {"Callee-Information", "Requested-Party-Address", 0, many},        // TS 29.214 §5.3.62
      {"Charging-Rule-Definition", "Charging-Rule-Name", 1, 1},          // TS 29.212 §5.3.4
      {"Charging-Rule-Definition", "Redirect-Information", 0, 2},        // TS 29.212 §5.3.4
      {"Flow-Information", "ToS-Traffic-Class", 0, 1},                   // TS 29.212 §5.3.53
      {"Usage-Monitoring-Information", "Granted-Service-Unit", 0, 2},    // TS 29.212 §5.3.60
      {"Usage-Monitoring-Information", "Quota-Consumption-Time", 0, 1},  // TS 29.212 §5.3.60
      {"Policy-Counter-Status-Report", "Policy-Counter-Status", 1, 1},   // TS 29.219 §5.3.3
      {"Subsession-Enforcement-Info", "AN-GW-Address", 0, 2},            // TS 29.215 §5.3.2
  };
  for (const rule_row& row : rows) {
    const avp_definition* const group = embedded().find_avp(row.group);
    ASSERT_NE(group, nullptr) << row.group;
    const auto rule = std::ranges::find_if(group->grammar, [&](const avp_rule& r) {
      return r.avp != nullptr && r.avp->name == row.avp;
    });
    ASSERT_NE(rule, group->grammar.end()) << row.avp;
    EXPECT_EQ(rule->min, row.min) << row.avp;
    EXPECT_EQ(rule->max, row.max) << row.avp;
  }
}

struct value_row {
  const char* avp;
  const char* name;
  std::int32_t value;
};

TEST(EmbeddedPolicyDictionaries, NameValues) {
  constexpr value_row rows[] = {
      {"MBMS-StartStop-Indication", "HEARTBEAT", 3},                                 // §17.7.5
      {"Specific-Action", "UHRR_CAP_REPORT", 23},                                    // §5.3.13
      {"Event-Trigger", "UHRR_CAP_REPORT", 58},                                      // §5.3.7
      {"RAT-Type", "EUTRAN", 1004},                                                  // §5.3.31
      {"Rule-Failure-Code", "MISSING_FLOW_INFORMATION", 9},                          // §5.3.38
      {"SL-Request-Type", "INTERMEDIATE_REQUEST", 1},                                // §5.3.4
      {"Experimental-Result-Code", "DIAMETER_ERROR_SERVICE_AREA", 5123},             // §17.8
      {"Experimental-Result-Code", "DIAMETER_PENDING_TRANSACTION", 4144},            // §5.5.4
      {"Experimental-Result-Code", "UNAUTHORIZED_NON_RLOS_SESSION", 5069},           // §5.5
      {"Experimental-Result-Code", "DIAMETER_ERROR_UNKNOWN_POLICY_COUNTERS", 5570},  // §5.5.3
  };
  for (const value_row& row : rows) {
    const avp_definition* const avp = embedded().find_avp(row.avp);
    ASSERT_NE(avp, nullptr) << row.avp;
    const enum_value* const value = avp->find_value(row.name);
    ASSERT_NE(value, nullptr) << row.name;
    EXPECT_EQ(value->value, row.value) << row.name;
  }
}

}  // namespace
}  // namespace diamgw::dictionary
