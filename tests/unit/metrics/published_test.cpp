// The names that operators' dashboards and alerts depend on.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <span>
#include <sstream>
#include <string>

#include "diamgw/buffer/pool.hpp"
#include "diamgw/metrics/registry.hpp"

namespace diamgw::metrics {
namespace {

std::string read(const std::string& name) {
  std::ifstream file{name, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// With DIAMGW_UPDATE_GOLDEN set, writes what it would compare.
void expect_file(const std::string& name, const std::string& expected) {
  if (std::getenv("DIAMGW_UPDATE_GOLDEN") != nullptr) {
    std::ofstream{name, std::ios::binary} << expected;
  }
  EXPECT_EQ(read(name), expected) << name << ": run metrics_test with DIAMGW_UPDATE_GOLDEN=1";
}

/// Something in every family.
std::string filled_scrape() {
  static registry r{{.shards = 1,
                     .max_peers = 8,
                     .max_commands = 8,
                     .commands = {{application_id{4}, command_code{272}, "Diameter Credit Control",
                                   "Credit-Control"}},
                     .build = {.version = "0", .compiler = "clang", .build_type = "Debug"}}};
  static buffer_pool pool;
  static const bool filled = [] {
    r.add_pool(pool);
    const peer_slot peer = r.register_peer("ocs.example");
    recorder& shard = r.shard(0);
    shard.request(peer, 1, direction::sent);
    shard.answer(peer, 1, direction::received, result_class::success);
    shard.request_took(request_flow::client_to_peer, 1, nanoseconds{1});
    shard.peer_took(peer, nanoseconds{1});
    shard.peer_disconnected(peer, disconnect_reason::watchdog);
    shard.watchdog(peer, watchdog_event::dwr_sent);
    return true;
  }();
  return filled ? r.scrape({1, 2, 3, 4, 5, 6}) : "";
}

std::string golden() {
  std::string text;
  for (const descriptor& d : catalogue()) {
    text += std::string{d.name} + " " + std::string{to_string(d.type)} + " " +
            (d.labels.empty() ? "-" : std::string{d.labels}) + "\n";
  }
  return text;
}

TEST(MetricsCatalogue, IsTheGoldenFile) {
  expect_file("tests/golden/metrics.txt", golden());
}

// https://prometheus.io/docs/practices/naming
TEST(MetricsCatalogue, KeepsToTheConventions) {
  for (const descriptor& d : catalogue()) {
    const std::string_view name = d.name;
    const bool counts = d.type == metric_type::counter;
    const bool histogram = d.type == metric_type::histogram;
    EXPECT_TRUE(name.starts_with("diameter_") || name.starts_with("diamgw_") ||
                name.starts_with("process_"))
        << name << ": the prefix says what it is about";
    EXPECT_EQ(name.ends_with("_total"), counts) << name << ": counters alone end in _total";
    EXPECT_TRUE(!histogram || name.ends_with("_seconds") || name.ends_with("_bytes")) << name;
    for (const char* unit :
         {"octet", "millisecond", "minute", "kilobyte", "_ms", "_ns", "uptime"}) {
      EXPECT_EQ(name.find(unit), name.npos) << name << ": no base unit of Prometheus";
    }
    EXPECT_TRUE(d.help.ends_with('.')) << name;
  }
}

/// What a name is about: its label `peer` is for what peers are asked and are.
TEST(MetricsCatalogue, HasOnePrefixForASubject) {
  for (const descriptor& d : catalogue()) {
    const bool of_peers = d.labels == "peer" || d.labels.starts_with("peer,");
    EXPECT_TRUE(!of_peers || d.name.starts_with("diameter_")) << d.name;
    // The subject comes first: messages_dropped, not dropped_messages.
    for (const char* subject :
         {"requests", "answers", "messages", "bindings", "reloads", "clients"}) {
      const std::string after = "_" + std::string{subject} + "_total";
      const std::string_view rest = d.name.substr(d.name.find('_'));
      EXPECT_TRUE(!rest.ends_with(after) || rest == after || rest == "_config" + after) << d.name;
    }
  }
}

/// Name, type and label names as a scrape shows them.
std::string shown(const std::string& scrape) {
  std::map<std::string, std::string> labels;
  std::vector<std::pair<std::string, std::string>> order;
  std::istringstream lines{scrape};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words{line};
    std::string first;
    std::string second;
    std::string name;
    std::string type;
    words >> first >> second >> name >> type;
    if (first == "#" && second == "TYPE") {
      order.emplace_back(name, type);
      continue;
    }
    if (first == "#") {
      continue;
    }
    std::string names;
    const std::size_t open = line.find('{');
    for (std::size_t at = open; at != std::string::npos && line[at] != '}';) {
      const std::size_t equals = line.find("=\"", at);
      const std::string label = line.substr(at + 1, equals - at - 1);
      if (label != "le") {
        names += (names.empty() ? "" : ",") + label;
      }
      at = line.find('"', equals + 2) + 1;
    }
    labels[order.back().first] = names;
  }
  std::string text;
  for (const auto& [name, type] : order) {
    text += name + " " + type + " " + (labels[name].empty() ? "-" : labels[name]) + "\n";
  }
  return text;
}

TEST(MetricsScrape, ShowsExactlyTheCatalogue) {
  EXPECT_EQ(shown(filled_scrape()), golden());
}

TEST(MetricsScrape, PassesPromtool) {
  if (std::system("command -v promtool >/dev/null 2>&1") != 0) {
    GTEST_SKIP() << "promtool is not installed (Debian package prometheus)";
  }
  FILE* promtool = popen("promtool check metrics 2>&1", "w");
  ASSERT_NE(promtool, nullptr);

  const std::string text = filled_scrape();
  EXPECT_EQ(std::fwrite(text.data(), 1, text.size(), promtool), text.size());

  EXPECT_EQ(pclose(promtool), 0);
}

void add_values(std::string& out, const std::string& label,
                std::span<const std::string_view> values) {
  out += "| " + label + " | ";
  for (std::size_t i = 0; i < values.size(); ++i) {
    out += (i == 0 ? "`" : ", `") + std::string{values[i]} + "`";
  }
  out += " |\n";
}

std::string reference() {
  std::string text = "| name | type | labels | meaning |\n|---|---|---|---|\n";
  for (const descriptor& d : catalogue()) {
    text += "| `" + std::string{d.name} + "` | " + std::string{to_string(d.type)} + " | " +
            (d.labels.empty() ? "" : "`" + std::string{d.labels} + "`") + " | " +
            std::string{d.help} + " |\n";
  }
  text += "\n## Label values\n\n| label | values |\n|---|---|\n";
  add_values(text, "`direction` of requests and answers", enumerator_names<direction>);
  text +=
      "| `direction` of what is marshalled | `to_client`, `to_peer`; of what is unmarshalled "
      "`from_client`, `from_peer` |\n"
      "| `tier` | the octets of its buffers: ";
  for (std::size_t i = 0; i < pool_tier_octets.size(); ++i) {
    text += (i == 0 ? "`" : ", `") + std::to_string(pool_tier_octets[i]) + "`";
  }
  text += "; `oversize`: larger ones, which no pool keeps |\n";
  add_values(text, "`flow`", enumerator_names<request_flow>);
  add_values(text, "`result` of answers", enumerator_names<result_class>);
  add_values(text, "`state`", enumerator_names<peer_state>);
  add_values(text, "`reason` of `diameter_peer_disconnects_total`",
             enumerator_names<disconnect_reason>);
  add_values(text, "`event`", enumerator_names<watchdog_event>);
  for (const descriptor& d : catalogue()) {
    if (!d.values.empty()) {
      add_values(text, "`" + std::string{d.labels} + "` of `" + std::string{d.name} + "`",
                 d.values);
    }
  }
  add_values(text, "`result` of `diamgw_config_reloads_total`", enumerator_names<reload_result>);
  return text;
}

TEST(MetricsReference, IsInTheDocumentation) {
  const std::string name = "docs/metrics.md";
  const std::string begin = "<!-- metrics: written from the catalogue -->\n";
  const std::string text = read(name);
  const std::size_t at = text.find(begin);
  ASSERT_NE(at, std::string::npos);

  expect_file(name, text.substr(0, at + begin.size()) + reference());
}

}  // namespace
}  // namespace diamgw::metrics
