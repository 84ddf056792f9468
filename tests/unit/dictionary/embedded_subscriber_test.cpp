// The dictionaries of subscribers' data: S6a, S6d, S13, S7a and SLh.
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

TEST(EmbeddedSubscriberDictionaries, HoldAllAvpsOfTheirDocuments) {
  constexpr document documents[] = {
      {"ts29_173", 12},   // table 6.4.1/1
      {"ts29_272", 221},  // table 7.3.1/1
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

TEST(EmbeddedSubscriberDictionaries, KnowTheirAvps) {
  constexpr auto must = flag_rule::must;
  constexpr auto may = flag_rule::may;
  constexpr auto must_not = flag_rule::must_not;
  constexpr avp_row rows[] = {
      {"Subscription-Data", 1400, avp_type::grouped, must},               // TS 29.272 §7.3.2
      {"ULR-Flags", 1405, avp_type::unsigned32, must},                    // TS 29.272 §7.3.7
      {"APN-OI-Replacement", 1427, avp_type::utf8_string, must},          // TS 29.272 §7.3.32
      {"Expiration-Date", 1439, avp_type::time, must},                    // TS 29.272 §7.3.80
      {"User-Id", 1444, avp_type::utf8_string, must_not},                 // TS 29.272 §7.3.50
      {"Trace-Collection-Entity", 1452, avp_type::address, must},         // TS 29.272 §7.3.98
      {"3GPP-Service-Type", 1483, avp_type::grouped, must},               // TS 29.272 §7.3.94
      {"Event-Threshold-Event-1F", 1661, avp_type::integer32, must_not},  // TS 29.272 §7.3.172
      {"Coupled-Node-Diameter-ID", 1666, avp_type::diameter_identity, must_not},  // §7.3.177
      {"Broadcast-Location-Assistance-Data-Types", 1700, avp_type::unsigned64, must_not},
      {"Trace-Reporting-Consumer-Uri", 1727, avp_type::diameter_uri, must_not},  // §7.3.252
      {"SF-Provisional-Indication", 1730, avp_type::enumerated, must_not},  // TS 29.272 §7.3.255
      {"RAT-Type", 1032, avp_type::enumerated, may},                        // table 7.3.1/2
      {"GMLC-Address", 2405, avp_type::address, may},                       // TS 29.173 §6.4.7
      {"SGSN-Name", 2409, avp_type::diameter_identity, must_not},           // TS 29.173 §6.4.13
      {"Supported-Monitoring-Events", 3144, avp_type::unsigned64, may},     // TS 29.336 §8.4.41
      {"Maximum-UE-Availability-Time", 3329, avp_type::time, must_not},     // TS 29.338 §5.3.3
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

TEST(EmbeddedSubscriberDictionaries, KnowTheirCommands) {
  constexpr std::uint32_t s6a = 16777251;
  constexpr std::uint32_t s13 = 16777252;
  constexpr std::uint32_t slh = 16777291;
  constexpr std::uint32_t s7a = 16777308;
  constexpr command_row rows[] = {
      {s6a, 316, "Update-Location", "UL", "ts29_272"},               // TS 29.272 §7.2.3
      {s6a, 317, "Cancel-Location", "CL", "ts29_272"},               // TS 29.272 §7.2.7
      {s6a, 318, "Authentication-Information", "AI", "ts29_272"},    // TS 29.272 §7.2.5
      {s6a, 319, "Insert-Subscriber-Data", "ID", "ts29_272"},        // TS 29.272 §7.2.9
      {s6a, 320, "Delete-Subscriber-Data", "DS", "ts29_272"},        // TS 29.272 §7.2.11
      {s6a, 321, "Purge-UE", "PU", "ts29_272"},                      // TS 29.272 §7.2.13
      {s6a, 322, "Reset", "RS", "ts29_272"},                         // TS 29.272 §7.2.15
      {s6a, 323, "Notify", "NO", "ts29_272"},                        // TS 29.272 §7.2.17
      {s13, 324, "ME-Identity-Check", "EC", "ts29_272"},             // TS 29.272 §7.2.19
      {s7a, 319, "Insert-Subscriber-Data", "ID", "ts29_272_s7a"},    // TS 29.272 §7.2.9
      {s7a, 8388638, "Update-VCSG-Location", "UV", "ts29_272_s7a"},  // TS 29.272 §7.2.21
      {s7a, 8388642, "Cancel-VCSG-Location", "CV", "ts29_272_s7a"},  // TS 29.272 §7.2.23
      {slh, 8388622, "LCS-Routing-Info", "RI", "ts29_173"},          // TS 29.173 §6.2.3
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

TEST(EmbeddedSubscriberDictionaries, CountWhatGroupsHold) {
  constexpr std::uint32_t many = avp_rule::unbounded;
  constexpr rule_row rows[] = {
      {"Subscription-Data", "Regional-Subscription-Zone-Code", 0, 10},  // TS 29.272 §7.3.2
      {"Subscription-Data", "Monitoring-Event-Configuration", 0, many},
      {"APN-Configuration-Profile", "APN-Configuration", 1, many},  // TS 29.272 §7.3.34
      {"APN-Configuration", "Service-Selection", 1, 1},             // TS 29.272 §7.3.35
      {"APN-Configuration", "Served-Party-IP-Address", 0, 2},
      {"EPS-Subscribed-QoS-Profile", "Allocation-Retention-Priority", 1, 1},  // §7.3.37
      {"GPRS-Subscription-Data", "PDP-Context", 1, 50},                       // TS 29.272 §7.3.72
      {"MME-Location-Information", "User-CSG-Information", 0, 1},             // TS 29.272 §7.3.115
      {"Serving-Node", "3GPP-AAA-Server-Name", 0, 1},                         // TS 29.173 §6.4.3
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

TEST(EmbeddedSubscriberDictionaries, NameValues) {
  constexpr value_row rows[] = {
      {"Cancellation-Type", "SUBSCRIPTION_WITHDRAWAL", 2},                            // §7.3.24
      {"PDN-Type", "IPv4v6", 2},                                                      // §7.3.62
      {"Error-Diagnostic", "ODB_VPLMN_APN", 4},                                       // §7.3.128
      {"Non-IP-Data-Delivery-Mechanism", "SCEF-BASED-DATA-DELIVERY", 1},              // §7.3.205
      {"Experimental-Result-Code", "DIAMETER_ERROR_UNKNOWN_EPS_SUBSCRIPTION", 5420},  // §7.4.3
      {"Experimental-Result-Code", "DIAMETER_ERROR_RAT_NOT_ALLOWED", 5421},           // §7.4.3
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
