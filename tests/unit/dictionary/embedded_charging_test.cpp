// Ro and Rf (TS 32.299), and how they refine Credit-Control.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "diamgw/dictionary/builder.hpp"
#include "diamgw/dictionary/dictionary.hpp"

namespace diamgw::dictionary {
namespace {

constexpr vendor_id tgpp{10415};

struct avp_row {
  const char* name;
  std::uint32_t code;
  avp_type type;
  flag_rule mandatory;
};

TEST(EmbeddedChargingDictionary, KnowsItsAvps) {
  constexpr auto must = flag_rule::must;
  constexpr auto must_not = flag_rule::must_not;
  constexpr avp_row rows[] = {
      {"Event-Type", 823, avp_type::grouped, must},
      {"SIP-Method", 824, avp_type::utf8_string, must},
      {"Cause-Code", 861, avp_type::integer32, must},  // §7.2.35
      {"Reporting-Reason", 872, avp_type::enumerated, must},
      {"Service-Information", 873, avp_type::grouped, must},
      {"PS-Information", 874, avp_type::grouped, must},  // §7.2.158
      {"Submission-Time", 1202, avp_type::time, must},
      {"API-Size", 1314, avp_type::unsigned64, must_not},
      {"3GPP-OC-Specific-Reduction", 1320, avp_type::grouped, must_not},  // §B.2.3
      {"PSCell-Info", 1324, avp_type::grouped, must},                     // §7.2.255
      {"SMS-Information", 2000, avp_type::grouped, must},
      {"MMTel-SService-Type", 2031, avp_type::unsigned32, must},  // §7.2.111A
      {"SCS-Realm", 3942, avp_type::diameter_identity, must},
      {"Unused-Quota-Timer", 4407, avp_type::unsigned32, must},
      {"ProSe-Function-IP-Address", 3444, avp_type::address, must},
      {"Monitoring-Event-Report-Number", 3923, avp_type::unsigned32, must},
  };
  for (const avp_row& row : rows) {
    const avp_definition* const avp = embedded().find_avp(row.name);
    ASSERT_NE(avp, nullptr) << row.name;
    EXPECT_EQ(avp->code.value, row.code) << row.name;
    EXPECT_EQ(avp->vendor, tgpp) << row.name;
    EXPECT_EQ(avp->type, row.type) << row.name;
    EXPECT_EQ(avp->mandatory, row.mandatory) << row.name;
    EXPECT_EQ(avp->source, "ts32_299") << row.name;
  }
}

TEST(EmbeddedChargingDictionary, HoldsAllAvpsOfTheTable) {
  EXPECT_EQ(std::ranges::count(embedded().avps(), std::string_view{"ts32_299"},
                               [](const avp_definition* avp) { return avp->source; }),
            418);  // §7.2.0 and Annex B
}

/// A grammar as text: "{Node-Functionality}", "*[AVP]".
std::string text_of(const avp_rule& rule) {
  const std::string name = rule.avp == nullptr ? "AVP" : rule.avp->name;
  const std::string many = rule.max == avp_rule::unbounded ? "*" : "";
  switch (rule.place) {
    case placement::fixed:
      return "<" + name + ">";
    case placement::required:
      return many + "{" + name + "}";
    case placement::optional:
      break;
  }
  return many + "[" + name + "]";
}

bool holds(const std::vector<avp_rule>& grammar, std::string_view rule) {
  return std::ranges::find(grammar, rule, text_of) != grammar.end();
}

struct member_row {
  const char* group;
  const char* rule;
};

TEST(EmbeddedChargingDictionary, PutsAvpsIntoGroups) {
  constexpr member_row rows[] = {
      {"Service-Information", "*[Subscription-Id]"},
      {"Service-Information", "[CPDT-Information]"},
      {"Service-Information", "[M2M-Information]"},     // oneM2M TS-0004
      {"PS-Information", "*[PDP-Address]"},             // §7.2.158
      {"PS-Information", "[3GPP-User-Location-Info]"},  // of TS 29.061
      {"PS-Information", "[QoS-Information]"},          // of TS 29.212
      {"PS-Information", "[Logical-Access-ID]"},        // of ES 283 034
      {"PS-Information", "[PSCell-Info]"},              // §7.2.158
      {"IMS-Information", "{Node-Functionality}"},
      {"IMS-Information", "[Server-Capabilities]"},  // of TS 29.229
      {"LCS-Information", "[MSISDN]"},               // of TS 29.329
      {"Traffic-Data-Volumes", "*[Presence-Reporting-Area-Information]"},
      {"AF-Correlation-Information", "{AF-Charging-Identifier}"},
      {"Multiple-Services-Credit-Control", "*[Reporting-Reason]"},          // §7.1
      {"Multiple-Services-Credit-Control", "[QoS-Final-Unit-Indication]"},  // RFC 8506 §8.16
      {"Used-Service-Unit", "*[Event-Charging-TimeStamp]"},                 // §7.1
      {"Used-Service-Unit", "[CC-Money]"},                                  // RFC 8506 §8.19
  };
  for (const member_row& row : rows) {
    const avp_definition* const group = embedded().find_avp(row.group);
    ASSERT_NE(group, nullptr) << row.group;
    EXPECT_EQ(group->grammar_source, "ts32_299") << row.group;
    EXPECT_TRUE(holds(group->grammar, row.rule)) << row.group << ": " << row.rule;
  }
}

/// RFC 8506's file without those that refine it.
dictionary credit_control() {
  constexpr std::string_view needed[] = {"rfc6733.dia", "rfc5777.dia", "rfc7155.dia",
                                         "rfc8506.dia"};
  dictionary::builder builder;
  for (const embedded_file& file : embedded_files()) {
    if (std::ranges::find(needed, file.path) != std::end(needed)) {
      builder.add(*parse(file.text, file.path));
    }
  }
  return *builder.build();
}

TEST(EmbeddedChargingDictionary, KeepsAllThatCreditControlHas) {
  const dictionary plain = credit_control();
  const auto contains = [](const std::vector<avp_rule>& fuller,
                           const std::vector<avp_rule>& rules) {
    for (const avp_rule& rule : rules) {
      EXPECT_TRUE(holds(fuller, text_of(rule))) << text_of(rule);
    }
  };
  const command_definition* const before = plain.find_command(application_id{4}, command_code{272});
  const command_definition* const ro =
      embedded().find_command(application_id{4}, command_code{272});
  ASSERT_TRUE(before != nullptr && ro != nullptr);
  EXPECT_EQ(ro->request_source, "ts32_299");
  contains(ro->request, before->request);
  contains(ro->answer, before->answer);
  EXPECT_TRUE(holds(ro->request, "[Service-Information]"));
  EXPECT_TRUE(holds(ro->answer, "[Remaining-Balance]"));
  for (const char* group : {"Multiple-Services-Credit-Control", "Used-Service-Unit"}) {
    contains(embedded().find_avp(group)->grammar, plain.find_avp(group)->grammar);
  }
}

TEST(EmbeddedChargingDictionary, HasReAuthAndAccountingOfItsOwn) {
  const command_definition* const re_auth =
      embedded().find_command(application_id{4}, command_code{258});
  const command_definition* const accounting =
      embedded().find_command(application_id{3}, command_code{271});
  ASSERT_TRUE(re_auth != nullptr && accounting != nullptr);
  EXPECT_EQ(re_auth->source, "ts32_299");
  EXPECT_TRUE(holds(re_auth->request, "[Rating-Group]"));
  EXPECT_EQ(accounting->source, "ts32_299");
  EXPECT_EQ(accounting->application, application_id{3});
  EXPECT_TRUE(holds(accounting->request, "[Service-Information]"));
}

struct value_row {
  const char* avp;
  const char* name;
  std::int32_t value;
};

TEST(EmbeddedChargingDictionary, NamesValues) {
  constexpr value_row rows[] = {
      {"Reporting-Reason", "UNUSED_QUOTA_TIMER", 9},
      {"Trigger-Type", "CHANGE_IN_3GPP_PS_DATA_OFF", 76},  // §7.2.236
      {"Node-Functionality", "IWK-SCEF", 21},
      {"Type-Number", "application/vnd.oma.dcdc", 84},
      {"Cause-Code", "END_OF_REGISTER_DIALOG", -3},               // §7.2.35
      {"Change-Condition", "VOLTE_BEARER_ABNORMAL_RELEASE", 47},  // §7.2.37
      {"API-Network-Service-Node", "RCAF", 7},                    // §7.2.20eA
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
