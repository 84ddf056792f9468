#include "app/dict/find.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace diamgw::app {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

const dictionary_set& all() {
  static const dictionary_set loaded = *load_dictionaries({});
  return loaded;
}

std::vector<std::string> names_of(const find_request& r) {
  std::vector<std::string> names;
  for (const entry& e : find_entries(all(), r)) {
    names.push_back(e.name);
  }
  return names;
}

TEST(DictFind, FindsByAPartOfTheNameWhateverItsCase) {
  const auto names = names_of({.word = "cc-REQUEST", .kind = entry_kind::avp});

  EXPECT_THAT(names, ElementsAre("CC-Request-Number", "CC-Request-Type"));
}

TEST(DictFind, PutsWholeNamesBeforeBeginningsBeforeParts) {
  const auto names = names_of({.word = "origin-host", .kind = entry_kind::avp});

  EXPECT_EQ(names.front(), "Origin-Host");
}

TEST(DictFind, FindsAVendorsAvpByItsNumber) {
  EXPECT_THAT(names_of({.word = "1/10415"}), ElementsAre("3GPP-IMSI"));
  EXPECT_THAT(names_of({.word = "1/3gpp"}), ElementsAre("3GPP-IMSI"));
  EXPECT_THAT(names_of({.word = "0x108/0"}), ElementsAre("Origin-Host"));
  EXPECT_THAT(names_of({.word = "1", .vendor = vendor_id{10415}, .kind = entry_kind::avp}),
              ElementsAre("3GPP-IMSI"));
}

TEST(DictFind, FindsCommandsByEachOfTheirNames) {
  for (const char* name : {"credit-control", "CCR", "cca", "272"}) {
    EXPECT_THAT(names_of({.word = name, .kind = entry_kind::command}), Contains("Credit-Control"))
        << name;
  }
}

TEST(DictFind, FindsApplicationsAndValues) {
  EXPECT_THAT(names_of({.word = "credit", .kind = entry_kind::application}),
              Contains("Diameter Credit Control"));
  EXPECT_THAT(names_of({.word = "initial_request"}), Contains("INITIAL_REQUEST"));
  EXPECT_THAT(names_of({.word = "5030", .kind = entry_kind::value}),
              Contains("DIAMETER_USER_UNKNOWN"));
}

TEST(DictFind, TakesANumberForACodeAndNotForAValue) {
  for (const entry& e : find_entries(all(), {.word = "5030"})) {
    EXPECT_NE(e.kind, entry_kind::value) << e.name;
  }
}

TEST(DictFind, ListsAllOfAVendor) {
  const auto entries = find_entries(all(), {.vendor = vendor_id{10415}, .kind = entry_kind::avp});

  ASSERT_THAT(entries, Not(IsEmpty()));
  for (const entry& e : entries) {
    EXPECT_TRUE(e.number.ends_with("/10415")) << e.name;
  }
}

TEST(DictFind, KnowsTheNearestName) {
  using enum name_set;
  EXPECT_EQ(nearest_name(all(), "Origin-Hots", shown), "Origin-Host");
  EXPECT_EQ(nearest_name(all(), "CCRR", everything), "CCR");
  EXPECT_EQ(nearest_name(all(), "INITAL_REQUEST", everything), "INITIAL_REQUEST");
  EXPECT_EQ(nearest_name(all(), "INITAL_REQUEST", shown), "");
  EXPECT_EQ(nearest_name(all(), "what is this supposed to be", everything), "");
}

TEST(DictFind, AlignsItsLines) {
  const std::string table = to_table({{entry_kind::avp, "A", "1/10415", "Time", "x"},
                                      {entry_kind::command, "Long-Name", "2", "", "source"}});

  EXPECT_EQ(table,
            "AVP      A          1/10415  x       Time\n"
            "command  Long-Name  2        source\n");
}

}  // namespace
}  // namespace diamgw::app
