// docs/dictionaries.md says what is so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "app/dict/export.hpp"
#include "app/dict/sources.hpp"

namespace diamgw::app {
namespace {

using ::testing::HasSubstr;

const std::string& documentation() {
  static const std::string text = [] {
    std::ifstream file{"docs/dictionaries.md", std::ios::binary};
    return std::string{std::istreambuf_iterator<char>{file}, {}};
  }();
  return text;
}

std::string example() {
  const std::string begin = "```dia\n";
  const std::size_t at = documentation().find(begin) + begin.size();
  return documentation().substr(at, documentation().find("```", at) - at);
}

TEST(DictionaryDocumentation, HasAnExampleThatIsAGoodFile) {
  const std::filesystem::path path = std::filesystem::temp_directory_path() /
                                     ("diamgw-example-" + std::to_string(::getpid()) + ".dia");
  std::ofstream{path} << example();

  const auto checked = load_dictionaries({path.string()});

  std::filesystem::remove(path);
  ASSERT_TRUE(checked.has_value()) << checked.error().front().sentence();
  const auto& names = *checked->names;
  const auto commands = names.find_commands("Acme-Charge");
  ASSERT_EQ(commands.size(), 1U);
  EXPECT_EQ(commands[0]->application, application_id{16777999});
  EXPECT_EQ(names.find_application(application_id{16777999})->name, "Acme Charging");
  EXPECT_EQ(names.find_avp("Acme-Tariff")->vendor, vendor_id{99999});
  EXPECT_EQ(checked->sources.back().document,
            "Charging at Acme: Acme Interface Specification 7, 2026");
}

TEST(DictionaryDocumentation, NamesEveryMemberOfTheExport) {
  const nlohmann::ordered_json document = to_json(*load_dictionaries({}));
  const auto expect_named = [](const nlohmann::ordered_json& object) {
    for (const auto& [name, value] : object.items()) {
      EXPECT_THAT(documentation(), HasSubstr("`" + name + "`"));
    }
  };

  expect_named(document);
  for (const char* list : {"dictionaries", "vendors", "applications", "avps", "commands"}) {
    expect_named(document[list][0]);
  }
  expect_named(document["error_answer"][0]);
}

}  // namespace
}  // namespace diamgw::app
