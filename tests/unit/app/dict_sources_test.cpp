// An operator's dictionaries beside the program's own: found, merged, and refused where they clash.
#include "app/dict/sources.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace diamgw::app {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::string_view acme = R"(; Charging at Acme: Acme 7, 2026. More of it.
@name    acme
@vendor  99999 ACME
@inherits rfc6733 Session-Id

@avp_types
  Acme-Tariff 1 Enumerated V
@enum Acme-Tariff
  DAY 0
  NIGHT 1
)";

class DictSources : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directories(folder_); }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, std::string_view text) {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream{path} << text;
    return path.string();
  }

  static std::string built_in(std::string_view name) {
    for (const auto& file : dictionary::embedded_files()) {
      if (file.path == name) {
        return std::string{file.text};
      }
    }
    return {};
  }

  fs::path folder_ =
      fs::temp_directory_path() / ("diamgw-dict-" + std::to_string(::getpid()) + '-' +
                                   ::testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(DictSources, AddAnOperatorsFileToTheBuiltInOnes) {
  const auto loaded = load_dictionaries({write("acme.dia", acme)});

  ASSERT_TRUE(loaded.has_value());
  EXPECT_NE(loaded->names->find_avp("Acme-Tariff"), nullptr);
  EXPECT_NE(loaded->names->find_avp("CC-Request-Type"), nullptr);
  EXPECT_EQ(loaded->find_source("acme")->document, "Charging at Acme: Acme 7, 2026");
}

TEST_F(DictSources, ReadEveryDiaOfAFolderAndNothingElse) {
  write("b.dia", acme);
  write("a.dia", "@name a\n@vendor 99999 ACME\n@avp_types\n Acme-A 2 Time V\n");
  write("notes.txt", "not a dictionary");

  const auto loaded = load_dictionaries({folder_.string()});

  ASSERT_TRUE(loaded.has_value());
  const std::size_t count = loaded->sources.size();
  EXPECT_EQ(loaded->sources[count - 2].name(), "a");
  EXPECT_EQ(loaded->sources[count - 1].name(), "acme");
}

TEST_F(DictSources, NameBothPlacesOfAClash) {
  const std::string path =
      write("acme.dia", "@name acme\n@avp_types\n  Acme-Type 416 Unsigned32 M\n");

  const auto loaded = load_dictionaries({path});

  ASSERT_FALSE(loaded.has_value());
  EXPECT_THAT(sentences_of(loaded.error()),
              ElementsAre(testing::MatchesRegex(
                  ".*/acme.dia:3:3: AVP 'Acme-Type' \\(416, Unsigned32, M\\) clashes with "
                  "'CC-Request-Type' \\(416, Enumerated, M\\) at built-in rfc8506.dia:[0-9]+:3")));
}

TEST_F(DictSources, TellOfEveryFileThatIsWrong) {
  const auto loaded = load_dictionaries(
      {write("a.dia", "@avp_types\n A 1 Tim -\n"), write("b.dia", "@nome b\n"), "/nowhere/c.dia"});

  ASSERT_FALSE(loaded.has_value());
  EXPECT_THAT(
      sentences_of(loaded.error()),
      ElementsAre(HasSubstr("a.dia:2:6: expected an AVP type such as Time"),
                  HasSubstr("b.dia:1:1: "), HasSubstr("/nowhere/c.dia: cannot be read: No such")));
}

TEST_F(DictSources, TakeACopyOfABuiltInFileForThatFile) {
  const std::string path = write("rfc8506.dia", built_in("rfc8506.dia"));

  EXPECT_TRUE(load_dictionaries({path}).has_value());
}

TEST_F(DictSources, RefuseAnotherVersionOfABuiltInFile) {
  const auto loaded = load_dictionaries({write("rfc8506.dia", built_in("rfc8506.dia") + ";\n")});

  ASSERT_FALSE(loaded.has_value());
  EXPECT_THAT(loaded.error().front().sentence(),
              HasSubstr("dictionary 'rfc8506' clashes with that at built-in"));
}

TEST_F(DictSources, WarnOfADefineWithoutEffectInAnOperatorsFile) {
  const auto loaded = load_dictionaries(
      {write("acme.dia", std::string{acme} + "@define Acme-Tarif\n  NOON 2\n"
                                             "@define Result-Code\n  ACME_FULL 4999\n")});

  ASSERT_TRUE(loaded.has_value());
  EXPECT_THAT(sentences_of(loaded->warnings),
              ElementsAre(HasSubstr("acme.dia:11:9: warning: @define Acme-Tarif has no effect: no "
                                    "AVP is called 'Acme-Tarif'; did you mean 'Acme-Tariff'?"),
                          HasSubstr("acme.dia:13:9: warning: @define Result-Code has no effect: "
                                    "AVP 'Result-Code' is defined in rfc6733, which @inherits does "
                                    "not name here")));
}

TEST_F(DictSources, KnowVendorsByNumberAndName) {
  const auto loaded = load_dictionaries({write("acme.dia", acme)});

  EXPECT_EQ(loaded->find_vendor("99999"), vendor_id{99999});
  EXPECT_EQ(loaded->find_vendor("acme"), vendor_id{99999});
  EXPECT_EQ(loaded->find_vendor("3gpp"), vendor_id{10415});
  EXPECT_EQ(loaded->find_vendor("nobody"), std::nullopt);
  EXPECT_EQ(loaded->vendor_name(vendor_id{99999}), "ACME");
  EXPECT_EQ(loaded->vendor_name(vendor_id{10415}), "3GPP");
  EXPECT_EQ(loaded->vendor_name(vendor_id{4711}), "");
}

}  // namespace
}  // namespace diamgw::app
