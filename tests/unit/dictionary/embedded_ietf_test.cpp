// The dictionaries of the IETF's documents beside RFC 6733 and RFC 8506.
#include <gtest/gtest.h>

#include <algorithm>

#include "diamgw/dictionary/dictionary.hpp"

namespace diamgw::dictionary {
namespace {

struct document {
  const char* name;
  std::size_t avps;
};

TEST(EmbeddedIetfDictionaries, HoldAllAvpsOfTheirDocuments) {
  constexpr document documents[] = {
      {"rfc4004", 15 + 14},                    // §7, §9
      {"rfc4072", 5},                          // §4.1
      {"rfc5090", 20},                         // §3
      {"rfc5447", 3},                          // §7.1
      {"rfc5580", 7},                          // §4
      {"rfc5624", 9},                          // §3
      {"rfc5777", 71},                         // §10.1
      {"rfc5778", 8},                          // §6
      {"rfc5779", 4},                          // §5
      {"rfc7075", 1},                          // §3.3
      {"rfc7155", 8 + 12 + 35 + 11 + 11 + 5},  // §4.2 to §4.6, RFC 4005 §9.3
      {"rfc7683", 7},                          // §7.8
      {"rfc7944", 1},                          // §9.2
      {"rfc8581", 2},                          // §6
      {"rfc8583", 3},                          // §7.5
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

TEST(EmbeddedIetfDictionaries, KnowTheirAvps) {
  constexpr auto must = flag_rule::must;
  constexpr auto may = flag_rule::may;
  constexpr avp_row rows[] = {
      {"Framed-IP-Address", 8, avp_type::octet_string, must},         // RFC 7155 §4.4.10.5.1
      {"Framed-IPX-Network", 23, avp_type::unsigned32, must},         // RFC 7155 §4.4.10.6.1
      {"Framed-Interface-Id", 96, avp_type::unsigned64, must},        // RFC 7155 §4.4.10.5.5
      {"NAS-Filter-Rule", 400, avp_type::ip_filter_rule, must},       // RFC 7155 §4.4.6
      {"QoS-Filter-Rule", 407, avp_type::qos_filter_rule, may},       // RFC 7155 §4.4.9
      {"EAP-Payload", 462, avp_type::octet_string, must},             // RFC 4072 §4.1.1
      {"MIP-Home-Agent-Host", 348, avp_type::grouped, must},          // RFC 4004 §7.11
      {"MIP6-Feature-Vector", 124, avp_type::unsigned64, must},       // RFC 5447 §4.2.5
      {"Bandwidth", 502, avp_type::float32, may},                     // RFC 5624 §3.3
      {"Treatment-Action", 572, avp_type::enumerated, may},           // RFC 5777 §5.1
      {"Redirect-Realm", 620, avp_type::diameter_identity, must},     // RFC 7075 §3.3
      {"OC-Sequence-Number", 624, avp_type::unsigned64, may},         // RFC 7683 §7.4
      {"DRMP", 301, avp_type::enumerated, may},                       // RFC 7944 §9.1
      {"SourceID", 649, avp_type::diameter_identity, may},            // RFC 8581 §6
      {"Load-Value", 652, avp_type::unsigned64, may},                 // RFC 8583 §7.3
      {"Digest-HA1", 121, avp_type::utf8_string, must},               // RFC 5090 §3.19
      {"Chargeable-User-Identity", 89, avp_type::octet_string, must}  // RFC 4372 §2.2
  };
  for (const avp_row& row : rows) {
    const avp_definition* const avp = embedded().find_avp(row.name);
    ASSERT_NE(avp, nullptr) << row.name;
    EXPECT_EQ(avp->code.value, row.code) << row.name;
    EXPECT_EQ(avp->vendor, ietf_vendor) << row.name;
    EXPECT_EQ(avp->type, row.type) << row.name;
    EXPECT_EQ(avp->mandatory, row.mandatory) << row.name;
  }
}

struct value_row {
  const char* avp;
  const char* name;
  std::int32_t value;
};

TEST(EmbeddedIetfDictionaries, NameValues) {
  constexpr value_row rows[] = {
      {"Service-Type", "FRAMED", 2},                                // RFC 7155 §4.4.1
      {"ARAP-Zone-Access", "USE_ZONE_FILTER_EXCLUSIVELY", 4},       // RFC 2869 §5.6
      {"Termination-Cause", "USER_REQUEST", 11},                    // RFC 4005 §9.3.5
      {"Result-Code", "DIAMETER_REALM_REDIRECT_INDICATION", 3011},  // RFC 7075 §3.4
      {"Day-Of-Week-Mask", "SUNDAY", 1},                            // RFC 5777 §4.2.4
      {"OC-Report-Type", "HOST_REPORT", 0},                         // RFC 7683 §7.6
      {"OC-Report-Type", "PEER_REPORT", 2},                         // RFC 8581 §6.2.1
      {"DRMP", "PRIORITY_0", 0},                                    // RFC 7944 §9.1
      {"DRMP", "PRIORITY_15", 15},                                  // RFC 7944 §9.1
      {"Load-Type", "HOST", 0},                                     // RFC 8583 §7.2
      {"Load-Type", "PEER", 1},                                     // RFC 8583 §7.2
  };
  for (const value_row& row : rows) {
    const avp_definition* const avp = embedded().find_avp(row.avp);
    ASSERT_NE(avp, nullptr) << row.avp;
    const enum_value* const value = avp->find_value(row.name);
    ASSERT_NE(value, nullptr) << row.name;
    EXPECT_EQ(value->value, row.value) << row.name;
  }
}

struct command_row {
  std::uint32_t application;
  std::uint32_t code;
  const char* name;
  const char* short_name;
  const char* source;
  bool proxiable;
};

TEST(EmbeddedIetfDictionaries, KnowTheirCommands) {
  constexpr command_row rows[] = {
      {1, 258, "Re-Auth", "RA", "rfc7155", true},               // RFC 7155 §3.3, not the base's
      {1, 265, "AA", "AA", "rfc7155", true},                    // RFC 7155 §3.1
      {1, 271, "Accounting", "AC", "rfc7155", true},            // RFC 7155 §3.9
      {2, 260, "AA-Mobile-Node", "AM", "rfc4004", true},        // RFC 4004 §5.1
      {2, 262, "Home-Agent-MIP", "HA", "rfc4004", true},        // RFC 4004 §5.3
      {5, 268, "Diameter-EAP", "DE", "rfc4072", true},          // RFC 4072 §3.1
      {8, 325, "MIP6", "MI", "rfc5778", true},                  // RFC 5778 §5.2
      {10, 328, "Capabilities-Update", "CU", "rfc6737", false}  // RFC 6737 §4.1
  };
  for (const command_row& row : rows) {
    const command_definition* const command =
        embedded().find_command(application_id{row.application}, command_code{row.code});
    ASSERT_NE(command, nullptr) << row.name;
    EXPECT_EQ(command->name, row.name);
    EXPECT_EQ(command->short_name, row.short_name);
    EXPECT_EQ(command->source, row.source);
    EXPECT_EQ(command->proxiable, row.proxiable) << row.name;
    EXPECT_FALSE(command->request.empty()) << row.name;
    EXPECT_FALSE(command->answer.empty()) << row.name;
  }
}

TEST(EmbeddedIetfDictionaries, LetAPeerReportItsOverload) {
  const avp_definition& report = *embedded().find_avp("OC-OLR");

  EXPECT_EQ(report.source, "rfc7683");
  EXPECT_EQ(report.grammar_source, "rfc8581");  // which updates RFC 7683
  EXPECT_EQ(std::ranges::count(report.grammar, embedded().find_avp("SourceID"), &avp_rule::avp), 1);
}

}  // namespace
}  // namespace diamgw::dictionary
