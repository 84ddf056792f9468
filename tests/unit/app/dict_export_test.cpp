// The JSON form of a dictionary: what docs/dictionaries.md promises to its readers.
#include "app/dict/export.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace diamgw::app {
namespace {

using nlohmann::ordered_json;

const ordered_json& exported() {
  static const ordered_json document = to_json(*load_dictionaries({}));
  return document;
}

ordered_json find(std::string_view list, std::string_view name) {
  for (const auto& element : exported()[list]) {
    if (element["name"] == name) {
      return element;
    }
  }
  return {};
}

TEST(DictExport, TellsOfAnAvpAllThatTheDictionaryHas) {
  const ordered_json expected = ordered_json::parse(R"({
    "name": "Auth-Session-State", "code": 277, "vendor": 0, "type": "Enumerated",
    "flags": {"M": "must", "P": "must_not"},
    "values": [{"name": "STATE_MAINTAINED", "value": 0},
               {"name": "NO_STATE_MAINTAINED", "value": 1}],
    "grammar": [], "source": "rfc6733", "grammar_source": null})");

  EXPECT_EQ(find("avps", "Auth-Session-State"), expected);
}

TEST(DictExport, GivesGrammarsInTheirOrder) {
  const ordered_json grammar = find("avps", "Vendor-Specific-Application-Id")["grammar"];

  const ordered_json expected = ordered_json::parse(R"([
    {"avp": "Vendor-Id", "placement": "required", "min": 1, "max": 1},
    {"avp": "Auth-Application-Id", "placement": "optional", "min": 0, "max": 1},
    {"avp": "Acct-Application-Id", "placement": "optional", "min": 0, "max": 1}])");
  EXPECT_EQ(grammar, expected);
}

TEST(DictExport, WritesNullWhereAGrammarHasNoMaximumOrAnyAvp) {
  const ordered_json request = find("commands", "Capabilities-Exchange")["request"];

  const ordered_json addresses = ordered_json::parse(
      R"({"avp": "Host-IP-Address", "placement": "required", "min": 1, "max": null})");
  const ordered_json any =
      ordered_json::parse(R"({"avp": null, "placement": "optional", "min": 0, "max": null})");
  EXPECT_EQ(request[2], addresses);
  EXPECT_EQ(request.back(), any);
}

TEST(DictExport, NamesBothMessagesOfACommand) {
  const ordered_json command = find("commands", "Credit-Control");

  EXPECT_EQ(command["request_name"], "CCR");
  EXPECT_EQ(command["answer_name"], "CCA");
  EXPECT_EQ(command["code"], 272);
  EXPECT_EQ(command["application"], 4);
  EXPECT_EQ(command["proxiable"], true);
}

TEST(DictExport, SaysWhichDocumentEachPartWasTakenFrom) {
  const ordered_json file = find("dictionaries", "rfc8506");

  EXPECT_EQ(file["document"], "Diameter Credit-Control Application: RFC 8506 (March 2019)");
  EXPECT_EQ(file["path"], "built-in rfc8506.dia");
  EXPECT_EQ(file["built_in"], true);
  EXPECT_EQ(file["application"], 4);
  EXPECT_EQ(file["inherits"][0], "rfc6733");
}

TEST(DictExport, HasTheMembersOfItsFormatAndNoOthers) {
  std::vector<std::string> members;
  for (const auto& [name, value] : exported().items()) {
    members.push_back(name);
  }

  EXPECT_EQ(members,
            (std::vector<std::string>{"format", "version", "dictionaries", "vendors",
                                      "applications", "avps", "commands", "error_answer"}));
  EXPECT_EQ(exported()["format"], 1);
}

}  // namespace
}  // namespace diamgw::app
