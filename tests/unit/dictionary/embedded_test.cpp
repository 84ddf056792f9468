#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "diamgw/buffer/allocation_statistics.hpp"
#include "diamgw/dictionary/builder.hpp"

namespace diamgw::dictionary {
namespace {

using testing::Contains;

std::size_t count_avps(std::string_view source) {
  const auto avps = embedded().avps();
  return static_cast<std::size_t>(
      std::ranges::count(avps, source, [](const avp_definition* avp) { return avp->source; }));
}

std::size_t count_values(std::string_view source) {
  std::size_t count = 0;
  for (const avp_definition* avp : embedded().avps()) {
    count += avp->source == source ? avp->values.size() : 0;
  }
  return count;
}

TEST(EmbeddedDictionary, HoldsAllOfRfc6733) {
  EXPECT_EQ(count_avps("rfc6733"), 49U);  // the table of §4.5
  // Every document may add results of its own.
  std::size_t results = 0;
  for (const auto* name : {"Result-Code", "Experimental-Result-Code"}) {
    ASSERT_NE(embedded().find_avp(name), nullptr) << name;
    results += embedded().find_avp(name)->values.size();
  }
  EXPECT_EQ(count_values("rfc6733") - results, 3U + 2 + 7 + 3 + 2 + 2 + 8 + 3 + 4 + 4 + 3 +
                                                   22);  // of Termination-Cause: RFC 4005 §9.3.5
  EXPECT_GE(results, 33U);                               // §7.1
  for (const auto* name : {"Capabilities-Exchange", "Disconnect-Peer", "Device-Watchdog", "Re-Auth",
                           "Session-Termination", "Abort-Session", "Accounting"}) {
    const auto found = embedded().find_commands(name);
    const auto command = std::ranges::find(found, application_id{0},
                                           [](const auto* each) { return each->application; });
    ASSERT_NE(command, found.end()) << name;  // the applications have commands of these names too
    EXPECT_EQ((*command)->source, "rfc6733");
    EXPECT_FALSE((*command)->request.empty()) << name;
    EXPECT_FALSE((*command)->answer.empty()) << name;
  }
  EXPECT_EQ(embedded().error_answer().size(), 11U);  // §7.2
}

TEST(EmbeddedDictionary, HoldsAllOfRfc8506) {
  EXPECT_EQ(count_avps("rfc8506"), 68U);  // the table of §8
  EXPECT_EQ(count_values("rfc8506"), 4U + 2 + 2 + 2 + 3 + 2 + 3 + 6 + 3 + 4 + 2 + 4 + 5 + 4);
  const auto* const command = embedded().find_command(application_id{4}, command_code{272});
  ASSERT_NE(command, nullptr);
  EXPECT_EQ(command->name, "Credit-Control");
  EXPECT_EQ(command->short_name, "CC");
  EXPECT_TRUE(command->proxiable);
}

TEST(EmbeddedFiles, HoldTheCommandOfRfc8506AsItStandsThere) {
  // Alone: in the merged dictionary, it is the fuller one of the interface that refines it.
  dictionary::builder builder;
  for (const embedded_file& file : embedded_files()) {
    if (file.path.starts_with("rfc")) {
      builder.add(*parse(file.text, file.path));
    }
  }
  const auto built = builder.build();
  ASSERT_TRUE(built.has_value());
  const auto* const command = built->find_command(application_id{4}, command_code{272});
  ASSERT_NE(command, nullptr);

  EXPECT_EQ(command->request.size(), 30U);  // §3.1
  EXPECT_EQ(command->answer.size(), 29U);   // §3.2
}

struct avp_row {
  const char* name;
  std::uint32_t code;
  avp_type type;
  flag_rule mandatory;
};

TEST(EmbeddedDictionary, KnowsAvpsByNameAndByCode) {
  constexpr avp_row rows[] = {
      {"Session-Id", 263, avp_type::utf8_string, flag_rule::must},                  // RFC 6733 §8.8
      {"Host-IP-Address", 257, avp_type::address, flag_rule::must},                 // §5.3.5
      {"Product-Name", 269, avp_type::utf8_string, flag_rule::must_not},            // §5.3.7
      {"Redirect-Host", 292, avp_type::diameter_uri, flag_rule::must},              // §6.12
      {"Event-Timestamp", 55, avp_type::time, flag_rule::must},                     // §8.21
      {"Accounting-Sub-Session-Id", 287, avp_type::unsigned64, flag_rule::must},    // §9.8.6
      {"CC-Request-Type", 416, avp_type::enumerated, flag_rule::must},              // RFC 8506 §8.3
      {"Value-Digits", 447, avp_type::integer64, flag_rule::must},                  // §8.10
      {"Exponent", 429, avp_type::integer32, flag_rule::must},                      // §8.9
      {"Restriction-Filter-Rule", 438, avp_type::ip_filter_rule, flag_rule::must},  // §8.36
      {"CC-Correlation-Id", 411, avp_type::octet_string, flag_rule::may},           // §8.1
      {"QoS-Final-Unit-Indication", 669, avp_type::grouped, flag_rule::may},        // §8.68
  };
  for (const avp_row& row : rows) {
    const avp_definition* const avp = embedded().find_avp(row.name);
    ASSERT_NE(avp, nullptr) << row.name;
    EXPECT_EQ(avp->code.value, row.code) << row.name;
    EXPECT_EQ(avp->type, row.type) << row.name;
    EXPECT_EQ(avp->mandatory, row.mandatory) << row.name;
    EXPECT_EQ(embedded().find_avp(avp_code{row.code}, ietf_vendor), avp) << row.name;
  }
}

TEST(EmbeddedDictionary, NeverTakesAVendorsCodeForTheBaseAvp) {
  EXPECT_EQ(embedded().find_avp(avp_code{263}, vendor_id{10415}), nullptr);
  EXPECT_EQ(embedded().find_avp(avp_code{0}, ietf_vendor), nullptr);
  EXPECT_EQ(embedded().find_avp("session-id"), nullptr);
}

TEST(EmbeddedDictionary, FindsACommandByEachOfItsNames) {
  const auto* const credit_control = embedded().find_command(application_id{4}, command_code{272});

  for (const auto* name :
       {"CCR", "CCA", "CC", "Credit-Control", "Credit-Control-Request", "Credit-Control-Answer"}) {
    EXPECT_THAT(embedded().find_commands(name), Contains(credit_control)) << name;
  }
  EXPECT_TRUE(embedded().find_commands("CCX").empty());
}

TEST(EmbeddedDictionary, LendsBaseCommandsToEveryApplication) {
  const auto* const re_auth = embedded().find_command(application_id{4}, command_code{258});

  ASSERT_NE(re_auth, nullptr);
  EXPECT_EQ(re_auth->name, "Re-Auth");
  EXPECT_EQ(embedded().find_command(base_application, command_code{272}), nullptr);
}

TEST(EmbeddedDictionary, NamesApplications) {
  ASSERT_NE(embedded().find_application(application_id{4}), nullptr);
  EXPECT_EQ(embedded().find_application(application_id{4})->name, "Diameter Credit Control");
  EXPECT_EQ(embedded().find_application("Diameter Base Accounting")->id.value, 3U);
  EXPECT_EQ(embedded().find_application("rfc8506")->id.value, 4U);
  EXPECT_EQ(embedded().find_application("rfc6733")->id, base_application);
  EXPECT_EQ(embedded().find_application(application_id{99}), nullptr);
}

TEST(EmbeddedDictionary, FindsApplicationsByEveryNameThatPeopleUse) {
  struct row {
    std::string_view text;
    std::uint32_t id;
  };
  constexpr row rows[] = {
      {"Diameter Credit Control", 4},
      {"Credit-Control", 4},
      {"credit control", 4},
      {"DCCA", 4},
      {"Gy", 4},
      {"gy", 4},
      {"Ro", 4},
      {"rfc8506", 4},
      {"4", 4},
      {"0x4", 4},
      {"Rf", 3},
      {"Accounting", 3},
      {"Base Accounting", 3},
      {"Base", 0},
      {"Common-Messages", 0},
      {"0", 0},
      {"NASREQ", 1},
      {"EAP", 5},
      {"Gx", 16777238},
      {"3GPP-Gx", 16777238},
      {"3GPP Gx", 16777238},
      {"3gpp_gx", 16777238},
      {"ts29_212", 16777238},
      {"16777238", 16777238},
      {"0x1000016", 16777238},
      {"Rx", 16777236},
      {"Sh", 16777217},
      {"Dh", 16777217},
      {"Cx", 16777216},
      {"Dx", 16777216},
      {"S6a", 16777251},
      {"S6d", 16777251},
      {"3GPP-S6a", 16777251},
      {"S6a/S6d", 16777251},
      {"S13", 16777252},
      {"S9a", 16777319},
      {"S9a*", 16777320},
      {"SWa", 16777250},
      {"SLh", 16777291},
      {"Sy", 16777302},
      {"Relay", 4294967295},
      {"4294967295", 4294967295},
      {"99", 99},  // whether or not a dictionary has it
  };
  for (const row& r : rows) {
    EXPECT_EQ(embedded().find_application_id(r.text), application_id{r.id}) << r.text;
  }
  for (const std::string_view text :
       {"", "Gz", "4294967296", "-1", "4x", "0x", "3GPP", "Diameter"}) {
    EXPECT_EQ(embedded().find_application_id(text), std::nullopt) << text;
  }
  EXPECT_EQ(embedded().nearest_application("Credit-Contol"), "Diameter Credit Control");
  EXPECT_EQ(embedded().nearest_application("s6aa"), "S6a");
}

TEST(EmbeddedDictionary, NamesValuesBothWays) {
  const avp_definition& type = *embedded().find_avp("CC-Request-Type");
  EXPECT_EQ(type.find_value(1)->name, "INITIAL_REQUEST");
  EXPECT_EQ(type.find_value("EVENT_REQUEST")->value, 4);
  EXPECT_EQ(type.find_value(0), nullptr);
  EXPECT_EQ(type.find_value("INITIAL"), nullptr);

  const avp_definition& code = *embedded().find_avp("Result-Code");
  EXPECT_EQ(code.find_value(2001)->name, "DIAMETER_SUCCESS");
  EXPECT_EQ(code.find_value(4012)->name, "DIAMETER_CREDIT_LIMIT_REACHED");
  EXPECT_EQ(code.find_value(-1), nullptr);
}

TEST(EmbeddedDictionary, KeepsTheOrderOfGrammars) {
  const auto& grammar = embedded().find_avp("Final-Unit-Indication")->grammar;

  ASSERT_EQ(grammar.size(), 4U);  // RFC 8506 §8.34
  EXPECT_EQ(grammar[0].avp->name, "Final-Unit-Action");
  EXPECT_EQ(grammar[0].place, placement::required);
  EXPECT_EQ(grammar[0].min, 1U);
  EXPECT_EQ(grammar[1].avp->name, "Restriction-Filter-Rule");
  EXPECT_EQ(grammar[1].max, avp_rule::unbounded);
  EXPECT_EQ(grammar[2].avp->name, "Filter-Id");
  EXPECT_EQ(grammar[3].avp->name, "Redirect-Server");
  EXPECT_EQ(grammar[3].max, 1U);
}

TEST(EmbeddedDictionary, ProposesTheNearestName) {
  EXPECT_EQ(embedded().nearest_avp("CC-Reqest-Type"), "CC-Request-Type");
  EXPECT_EQ(embedded().nearest_command("Credit-Contol"), "Credit-Control");
  EXPECT_EQ(embedded().nearest_avp("Zzzzzz"), "");
}

TEST(EmbeddedDictionary, LooksUpWithoutTheGlobalAllocator) {
  ASSERT_TRUE(allocation_counting_works());
  const dictionary& d = embedded();

  const auto before = thread_allocations();
  bool all = true;
  for (int i = 0; i < 100; ++i) {
    all = all && d.find_avp(avp_code{456}, ietf_vendor) != nullptr &&
          d.find_avp("Multiple-Services-Credit-Control") != nullptr &&
          d.find_command(application_id{4}, command_code{272}) != nullptr &&
          !d.find_commands("Credit-Control-Request").empty() &&
          d.find_avp("Nothing-Of-The-Kind") == nullptr;
  }

  EXPECT_EQ((thread_allocations() - before).calls, 0U);
  EXPECT_TRUE(all);
}

TEST(EmbeddedFiles, BuildAgainTogetherWithAnOperatorsFile) {
  dictionary::builder builder;
  for (const embedded_file& file : embedded_files()) {
    builder.add(*parse(file.text, file.path));
  }
  builder.add(*parse(R"(
    @name mine
    @vendor 99999 Mine
    @inherits rfc6733
    @avp_types  My-Group 1 Grouped V
                My-Number 2 Unsigned64 MV
    @grouped    My-Group ::= < AVP Header: 1 99999 > { My-Number } [ User-Name ] )",
                     "mine.dia"));

  const auto built = builder.build();

  ASSERT_TRUE(built.has_value()) << to_string(built.error().front());
  const avp_definition* const group = built->find_avp(avp_code{1}, vendor_id{99999});
  ASSERT_NE(group, nullptr);
  EXPECT_EQ(group->name, "My-Group");
  EXPECT_EQ(group->grammar[1].avp, built->find_avp(avp_code{1}, ietf_vendor));
}

}  // namespace
}  // namespace diamgw::dictionary
