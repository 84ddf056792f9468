// The files that operators read, against the table that the loader reads by.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "config/option_node.hpp"
#include "diamgw/config/load.hpp"
#include "diamgw/config/render.hpp"
#include "support/json_schema.hpp"

namespace diamgw::config {
namespace {

using plain_json = nlohmann::json;

std::string read(const std::string& name) {
  std::ifstream file{name, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// With DIAMGW_UPDATE_GOLDEN set, writes what it would compare.
void expect_file(const std::string& name, const std::string& expected) {
  if (std::getenv("DIAMGW_UPDATE_GOLDEN") != nullptr) {
    std::ofstream{name, std::ios::binary} << expected;
  }
  EXPECT_EQ(read(name), expected) << name << ": run config_test with DIAMGW_UPDATE_GOLDEN=1";
}

[[nodiscard]] bool validates(const plain_json& document) {
  return test::find_misfit(plain_json::parse(render_schema()), document).empty();
}

TEST(ExampleConfiguration, IsWrittenFromTheTable) {
  expect_file("config/diamgw.example.json", render_example());
}

TEST(ExampleConfiguration, ParsesToExactlyTheDefaults) {
  const auto loaded = load(read("config/diamgw.example.json"), "diamgw.example.json");

  ASSERT_TRUE(loaded.has_value()) << loaded.error().front().sentence();
  EXPECT_EQ(*loaded, options{});
}

void expect_named(const option_node& node, const std::string& text) {
  for (const option_node& child : node.children) {
    if (!child.spec.name.empty()) {
      EXPECT_NE(text.find('"' + std::string{child.spec.name} + '"'), std::string::npos)
          << child.spec.name;
      EXPECT_FALSE(child.spec.help.empty()) << child.spec.name;
    }
    expect_named(child, text);
  }
}

TEST(ExampleConfiguration, LacksNoOption) {
  expect_named(option_tree(), read("config/diamgw.example.json"));
}

/// The elements that the example shows as comments.
std::string uncommented(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at) + 1;
    std::string line = text.substr(at, end - at);
    const std::size_t first = line.find_first_not_of(' ');
    if (line.compare(first, 3, "// ") == 0) {
      const std::string inside = line.substr(first + 3);
      const std::size_t content = inside.find_first_not_of(' ');
      const bool is_code = content != std::string::npos &&
                           std::string_view{"{}\"]["}.find(inside[content]) != std::string::npos;
      line = is_code ? inside : "";
    }
    result += line;
    at = end;
  }
  return result;
}

TEST(ExampleConfiguration, ShowsElementsThatAreValidOnceUncommented) {
  plain_json document = plain_json::object();
  const std::string text = uncommented(read("config/diamgw.example.json"));
  const std::size_t begin = text.find("\"peers\": [") + 10;
  const std::size_t end = text.find("\n    ]", begin);
  document["diameter"]["peers"] =
      plain_json::parse("[" + text.substr(begin, end - begin) + "]", nullptr, true, true);

  const auto loaded = load(document.dump(), "x");

  ASSERT_TRUE(loaded.has_value()) << loaded.error().front().sentence();
  EXPECT_EQ(loaded->diameter.peers.at(0).host, "ocs.example");
  EXPECT_TRUE(loaded->diameter.peers.at(0).connect.has_value());
}

TEST(ConfigurationSchema, IsWrittenFromTheTable) {
  expect_file("config/diamgw.schema.json", render_schema());
}

TEST(ConfigurationSchema, ValidatesTheExample) {
  EXPECT_TRUE(
      validates(plain_json::parse(read("config/diamgw.example.json"), nullptr, true, true)));
}

TEST(ConfigurationSchema, AgreesWithTheLoader) {
  struct row {
    const char* text;
    bool good;
  };
  constexpr row rows[] = {
      {R"({})", true},
      {R"({"$schema": "diamgw.schema.json"})", true},
      {R"({"shards": 4})", true},
      {R"({"shards": -1})", false},
      {R"({"shards": "4"})", false},
      {R"({"shard": 4})", false},
      {R"({"diameter": {"watchdog_interval": "10s"}})", true},
      {R"({"diameter": {"watchdog_interval": 10}})", false},
      {R"({"diameter": {"max_message_octets": "1MiB"}})", true},
      {R"({"diameter": {"max_message_octets": 4096}})", true},
      {R"({"diameter": {"peers": [{"host": "a.example"}]}})", false},
      {R"({"diameter": {"peers": [{"host": "a.example", "realm": "r", "connect": null}]}})", true},
      {R"({"diameter": {"validate_messages": "all"}})", false},
      {R"({"admin": {"listen": {"address": "::1", "port": 1}}})", true},
      {R"({"admin": {"listen": {"address": "my_gateway.example.", "port": 1}}})", true},
      {R"({"admin": {"listen": {"address": "my-gateway-.example", "port": 1}}})", false},
      {R"({"admin": {"listen": {"address": "gate way", "port": 1}}})", false},
      {R"({"admin": {"listen": null}})", true},
      {R"({"node": {"applications": []}})", false},
      {R"({"node": {"applications": [{"acct": "Diameter Base Accounting"}]}})", true},
  };

  for (const row& r : rows) {
    EXPECT_EQ(validates(plain_json::parse(r.text)), r.good) << r.text;
    EXPECT_EQ(load(r.text, "x").has_value(), r.good) << r.text;
  }
}

TEST(ConfigurationReference, IsInTheDocumentation) {
  const std::string name = "docs/configuration.md";
  const std::string begin = "<!-- options: written from the table -->\n";
  const std::string text = read(name);
  const std::size_t at = text.find(begin);
  ASSERT_NE(at, std::string::npos);

  expect_file(name, text.substr(0, at + begin.size()) + render_reference());
}

}  // namespace
}  // namespace diamgw::config
