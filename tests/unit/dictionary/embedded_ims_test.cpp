// What the embedded dictionary has of TS 29.229 (Cx, Dx), 29.329 (Sh) and 29.273 (SWx, STa, SWm,
// S6b): the size of their tables and grammars, and one of each kind.
#include <gtest/gtest.h>

#include <algorithm>

#include "diamgw/dictionary/builder.hpp"

namespace diamgw::dictionary {
namespace {

constexpr vendor_id tgpp{10415};

struct command_row {
  std::uint32_t application;
  std::uint32_t code;
  const char* name;
  std::size_t request;  // rules of the grammar
  std::size_t answer;
};

TEST(EmbeddedIms, HasEveryCommandOfItsInterfaces) {
  constexpr command_row rows[] = {
      {16777216, 300, "User-Authorization", 18, 18},        // TS 29.229 §6.1.1
      {16777216, 301, "Server-Assignment", 24, 27},         // §6.1.3
      {16777216, 302, "Location-Info", 17, 20},             // §6.1.5
      {16777216, 303, "Multimedia-Auth", 18, 20},           // §6.1.7
      {16777216, 304, "Registration-Termination", 17, 15},  // §6.1.9
      {16777216, 305, "Push-Profile", 17, 13},              // §6.1.11
      {16777217, 306, "User-Data", 31, 19},                 // TS 29.329 §6.1.1
      {16777217, 307, "Profile-Update", 19, 20},            // §6.1.3
      {16777217, 308, "Subscribe-Notifications", 26, 20},   // §6.1.5
      {16777217, 309, "Push-Notification", 17, 13},         // §6.1.7
      {16777265, 301, "Server-Assignment", 22, 19},         // TS 29.273 §8.2.2.3
      {16777265, 303, "Multimedia-Auth", 22, 20},           // §8.2.2.1
      {16777265, 304, "Registration-Termination", 14, 13},  // §8.2.2.4
      {16777265, 305, "Push-Profile", 15, 15},              // §8.2.2.2
      {16777250, 258, "Re-Auth", 12, 8},                    // §5.2.2.3.1
      {16777250, 265, "AA", 16, 23},                        // §5.2.2.3.3
      {16777250, 268, "Diameter-EAP", 32, 43},              // §5.2.2.1.1
      {16777250, 274, "Abort-Session", 12, 7},              // §5.2.2.2.1
      {16777250, 275, "Session-Termination", 13, 10},       // §5.2.2.2.3
      {16777264, 258, "Re-Auth", 12, 8},                    // §7.2.2.4.1
      {16777264, 265, "AA", 15, 21},                        // §7.2.2.1.3
      {16777264, 268, "Diameter-EAP", 24, 31},              // §7.2.2.1.1
      {16777264, 274, "Abort-Session", 12, 7},              // §7.2.2.3.1
      {16777264, 275, "Session-Termination", 13, 10},       // §7.2.2.2.1
      {16777272, 258, "Re-Auth", 13, 8},                    // §9.2.2.6.1
      {16777272, 265, "AA", 22, 21},                        // §9.2.2.2.1
      {16777272, 268, "Diameter-EAP", 23, 21},              // §9.2.2.1.1
      {16777272, 274, "Abort-Session", 12, 7},              // §9.2.2.4.1
      {16777272, 275, "Session-Termination", 13, 10},       // §9.2.2.3.1
  };
  for (const command_row& row : rows) {
    const auto* const command =
        embedded().find_command(application_id{row.application}, command_code{row.code});
    ASSERT_NE(command, nullptr) << row.application << ' ' << row.name;
    EXPECT_EQ(command->application.value, row.application) << row.name;
    EXPECT_EQ(command->name, row.name);
    EXPECT_TRUE(command->proxiable) << row.application << ' ' << row.name;
    EXPECT_EQ(command->request.size(), row.request) << row.application << ' ' << row.name;
    EXPECT_EQ(command->answer.size(), row.answer) << row.application << ' ' << row.name;
  }
}

TEST(EmbeddedIms, HasEveryAttributeOfItsDocuments) {
  const auto count = [](std::string_view source) {
    return std::ranges::count(embedded().avps(), source,
                              [](const avp_definition* avp) { return avp->source; });
  };
  EXPECT_EQ(count("ts29_229"), 67 - 2 + 1);  // 600 to 666 without 627 and 636; Line-Identifier
  EXPECT_EQ(count("ts29_329"), 23 + 1);      // 700 to 722; Wildcarded-IMPU, 636
  EXPECT_EQ(count("ts29_273"), 42 - 3 + 1);  // 1500 to 1541 without 1513 to 1515; 318
}

struct avp_row {
  const char* name;
  std::uint32_t code;
  avp_type type;
  flag_rule mandatory;
};

TEST(EmbeddedIms, KnowsAttributesByNameAndByCode) {
  using enum avp_type;
  constexpr avp_row rows[] = {
      {"Visited-Network-Identifier", 600, octet_string, flag_rule::must},  // TS 29.229 §6.3.1
      {"User-Data", 606, octet_string, flag_rule::must},                   // §6.3.7
      {"SIP-Auth-Data-Item", 612, grouped, flag_rule::must},               // §6.3.13
      {"Primary-Event-Charging-Function-Name", 619, diameter_uri, flag_rule::must},  // §6.3.20
      {"Supported-Features", 628, grouped, flag_rule::may},                          // §6.3.29
      {"Feature-List", 630, unsigned32, flag_rule::must_not},                        // §6.3.31
      {"Registration-Time-Out", 661, time, flag_rule::must_not},                     // §6.3.71
      {"PCSCF-FQDN", 665, diameter_identity, flag_rule::must_not},                   // §6.3.75
      {"Sh-User-Data", 702, octet_string, flag_rule::must},               // TS 29.329 §6.3.3
      {"Data-Reference", 703, enumerated, flag_rule::must},               // §6.3.4
      {"Non-3GPP-User-Data", 1500, grouped, flag_rule::must},             // TS 29.273 §8.2.3.1
      {"TWAG-CP-Address", 1531, address, flag_rule::must_not},            // §5.2.3.29
      {"Origination-Time-Stamp", 1536, unsigned64, flag_rule::must_not},  // §9.2.3.8
  };
  for (const avp_row& row : rows) {
    const avp_definition* const avp = embedded().find_avp(row.name);
    ASSERT_NE(avp, nullptr) << row.name;
    EXPECT_EQ(avp->code.value, row.code) << row.name;
    EXPECT_EQ(avp->type, row.type) << row.name;
    EXPECT_EQ(avp->mandatory, row.mandatory) << row.name;
    EXPECT_EQ(embedded().find_avp(avp_code{row.code}, tgpp), avp) << row.name;
  }
}

TEST(EmbeddedIms, KeepsEtsisAttributeApartFrom3gppsOfTheSameCode) {
  const avp_definition* const line = embedded().find_avp(avp_code{500}, vendor_id{13019});
  ASSERT_NE(line, nullptr);
  EXPECT_EQ(line->name, "Line-Identifier");
  EXPECT_NE(embedded().find_avp(avp_code{500}, tgpp), line);
}

TEST(EmbeddedIms, NamesResultsAndValues) {
  const avp_definition& result = *embedded().find_avp("Experimental-Result-Code");
  EXPECT_EQ(result.find_value(2001)->name, "DIAMETER_FIRST_REGISTRATION");  // TS 29.229 §6.2.1
  EXPECT_EQ(result.find_value(5001)->name, "DIAMETER_ERROR_USER_UNKNOWN");  // §6.2.2
  EXPECT_EQ(result.find_value("DIAMETER_ERROR_DSAI_NOT_AVAILABLE")->value, 5108);  // TS 29.329 §6.2
  EXPECT_EQ(result.find_value("DIAMETER_ERROR_RAT_TYPE_NOT_ALLOWED")->value, 5452);  // TS 29.273

  const avp_definition& reference = *embedded().find_avp("Data-Reference");
  EXPECT_EQ(reference.find_value(10)->name, "IMSPublicIdentity");
  EXPECT_EQ(reference.find_value("UE-5G-SRVCC-Capability")->value, 35);
  EXPECT_EQ(reference.find_value(20), nullptr);  // reserved
  EXPECT_EQ(embedded().find_avp("Server-Assignment-Type")->find_value(14)->name, "RESTORATION");
}

}  // namespace
}  // namespace diamgw::dictionary
