#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "diamgw/config/load.hpp"

namespace diamgw::config {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

loaded_options loaded(std::string_view text, const environment& variables) {
  const auto result = load(text, "gw.json", variables);
  EXPECT_TRUE(result.has_value()) << result.error().front().sentence();
  return result.has_value() ? *result : loaded_options{};
}

std::vector<std::string> sentences(std::string_view text, const environment& variables) {
  const auto result = load(text, "gw.json", variables);
  std::vector<std::string> all;
  if (result.has_error()) {
    for (const problem& p : result.error()) {
      all.push_back(p.sentence());
    }
  }
  return all;
}

TEST(EnvironmentOverrides, WinOverTheFile) {
  const options o = loaded(R"({"shards": 1, "diameter": {"watchdog_interval": "20s"}})",
                           {{"DIAMGW_SHARDS", "3"},
                            {"DIAMGW_DIAMETER__WATCHDOG_INTERVAL", "10s"},
                            {"DIAMGW_NODE__ORIGIN_HOST", "gw2.example"},
                            {"DIAMGW_DIAMETER__ACCEPT_UNKNOWN_PEERS", "true"},
                            {"DIAMGW_ADMIN__LISTEN", "null"},
                            {"DIAMGW_DIAMETER__MAX_MESSAGE_OCTETS", "128KiB"}});

  EXPECT_EQ(o.shards, 3U);
  EXPECT_EQ(o.diameter.watchdog_interval, milliseconds{10'000});
  EXPECT_EQ(o.node.origin_host, "gw2.example");
  EXPECT_TRUE(o.diameter.accept_unknown_peers);
  EXPECT_FALSE(o.admin.listen.has_value());
  EXPECT_EQ(o.diameter.max_message_octets, 128 * kib);
}

TEST(EnvironmentOverrides, IgnoreOtherVariables) {
  EXPECT_EQ(loaded("{}", {{"PATH", "/bin"}, {"DIAMGWX", "1"}, {"DIAMGW_CONFIG", "gw.json"}}),
            options{});
}

TEST(EnvironmentOverrides, LeaveAloneWhatKubernetesSetsForAServiceOfOurName) {
  const environment variables{{"DIAMGW_SERVICE_HOST", "10.96.0.17"},
                              {"DIAMGW_SERVICE_PORT", "8080"},
                              {"DIAMGW_SERVICE_PORT_WS", "8080"},
                              {"DIAMGW_PORT", "tcp://10.96.0.17:8080"},
                              {"DIAMGW_PORT_8080_TCP", "tcp://10.96.0.17:8080"},
                              {"DIAMGW_PORT_8080_TCP_PROTO", "tcp"},
                              {"DIAMGW_PORT_3868_SCTP_PORT", "3868"},
                              {"DIAMGW_PORT_8080_TCP_ADDR", "10.96.0.17"},
                              {"DIAMGW_ADMIN_SERVICE_HOST", "10.96.0.18"},
                              {"DIAMGW_ADMIN_PORT", "tcp://10.96.0.18:9090"},
                              {"DIAMGW_BLUE__GREEN_SERVICE_HOST", "10.96.0.19"}};

  const auto result = load("{}", "gw.json", variables);

  ASSERT_TRUE(result.has_value()) << result.error().front().sentence();
  EXPECT_EQ(*result, options{});
  EXPECT_THAT(result->warnings, ::testing::IsEmpty());
}

TEST(EnvironmentOverrides, WarnOfVariablesThatNameNoOption) {
  const auto result =
      load("{}", "gw.json", {{"DIAMGW_VERSION", "1.2"}, {"DIAMGW_SHARD", "2"}, {"DIAMGW_", "a"}});

  ASSERT_TRUE(result.has_value()) << result.error().front().sentence();
  EXPECT_EQ(*result, options{});
  std::vector<std::string> warnings;
  for (const problem& p : result->warnings) {
    warnings.push_back(p.sentence());
  }
  EXPECT_THAT(warnings,
              ElementsAre("DIAMGW_: warning: names no option, and is ignored",
                          "DIAMGW_SHARD: warning: names no option, and is ignored; did you mean "
                          "DIAMGW_SHARDS?",
                          "DIAMGW_VERSION: warning: names no option, and is ignored"));
}

TEST(EnvironmentOverrides, AddAndChangeElementsByNumber) {
  const options o = loaded(R"({"diameter": {"peers": [{"host": "a.example", "realm": "r"}]}})",
                           {{"DIAMGW_DIAMETER__PEERS__0__HOST", "b.example"},
                            {"DIAMGW_DIAMETER__PEERS__1__HOST", "c.example"},
                            {"DIAMGW_DIAMETER__PEERS__1__REALM", "r"},
                            {"DIAMGW_DIAMETER__PEERS__1__CONNECT__ADDRESS", "192.0.2.1"},
                            {"DIAMGW_DIAMETER__PEERS__1__CONNECT__PORT", "3868"}});

  ASSERT_EQ(o.diameter.peers.size(), 2U);
  EXPECT_EQ(o.diameter.peers[0].host, "b.example");
  EXPECT_EQ(o.diameter.peers[0].realm, "r");
  EXPECT_EQ(o.diameter.peers[1].connect, (endpoint{.address = "192.0.2.1", .port = 3868}));
}

TEST(EnvironmentOverrides, ReachIntoDefaults) {
  const options o = loaded(
      "{}", {{"DIAMGW_DIAMETER__LISTEN__0__PORT", "3869"}, {"DIAMGW_ADMIN__LISTEN__PORT", "9191"}});

  EXPECT_EQ(o.diameter.listen.at(0), (endpoint{.address = "0.0.0.0", .port = 3869}));
  EXPECT_EQ(o.admin.listen, (endpoint{.address = "127.0.0.1", .port = 9191}));
}

TEST(EnvironmentOverrides, TakeElementsInTheOrderOfTheirNumbers) {
  environment variables;
  for (int i = 0; i < 12; ++i) {
    variables["DIAMGW_DICTIONARY__FILES__" + std::to_string(i)] = "f" + std::to_string(i);
  }

  EXPECT_EQ(loaded("{}", variables).dictionary.files.at(11), "f11");
}

TEST(EnvironmentOverrides, SetAWholeListAndThenItsElements) {
  const options o =
      loaded("{}", {{"DIAMGW_DIAMETER__PEERS", R"([{"host": "a.example", "realm": "r"}])"},
                    {"DIAMGW_DIAMETER__PEERS__0__HOST", "b.example"}});

  EXPECT_EQ(o.diameter.peers.at(0).host, "b.example");
}

TEST(EnvironmentOverrides, AreTextsWhereTextsAreWanted) {
  const options o = loaded("{}", {{"DIAMGW_NODE__PRODUCT_NAME", "5"},
                                  {"DIAMGW_NODE__ORIGIN_HOST", "true"},
                                  {"DIAMGW_NODE__ORIGIN_REALM", "\"quoted\""}});

  EXPECT_EQ(o.node.product_name, "5");
  EXPECT_EQ(o.node.origin_host, "true");
  EXPECT_EQ(o.node.origin_realm, "quoted");
}

TEST(EnvironmentOverrides, NameTheVariableInTheirProblems) {
  struct row {
    environment variables;
    const char* expected;
  };
  const row rows[] = {
      {{{"DIAMGW_SHARDS", "many"}},
       "DIAMGW_SHARDS: /shards: \"many\" is not allowed; give an integer from 0 to 1024"},
      {{{"DIAMGW_SHARD__COUNT", "2"}},
       "DIAMGW_SHARD__COUNT: /shard: there is no such option; did you mean \"shards\"?"},
      {{{"DIAMGW_DIAMETER__WATCHDOG_INTERVAL", "1s"}},
       "DIAMGW_DIAMETER__WATCHDOG_INTERVAL: /diameter/watchdog_interval: 1s is less than 6s"},
      {{{"DIAMGW_DIAMETER__PEERS__1__HOST", "a"}},
       "DIAMGW_DIAMETER__PEERS__1__HOST: /diameter/peers/1: no such element: the list has 0, so "
       "that 0 to 0 can be set"},
      {{{"DIAMGW_DIAMETER__PEERS__HOST", "a"}},
       "DIAMGW_DIAMETER__PEERS__HOST: /diameter/peers/host: no such element"},
      {{{"DIAMGW_DIAMETER__PEERS__0__HOST", "a"}},
       "DIAMGW_DIAMETER__PEERS__0__HOST: /diameter/peers/0/realm: is required"},
      {{{"DIAMGW_LOG__LEVEL__DEEP", "a"}},
       "DIAMGW_LOG__LEVEL__DEEP: /log/level/deep: there is nothing inside /log/level"},
      {{{"DIAMGW_NODE____HOST", "a"}},
       "DIAMGW_NODE____HOST: an empty name; write DIAMGW_SECTION__OPTION=value"},
      {{{"DIAMGW_NODE", R"({"vendor_id": 1, "vendor_id": 2})"}},
       "DIAMGW_NODE: /node/vendor_id: occurs twice; give it once"},
      {{{"DIAMGW_NODE__PRODUCT_NAME", "\xff"}},
       "DIAMGW_NODE__PRODUCT_NAME: /node/product_name: \"\xef\xbf\xbd\" is not allowed"},
  };

  for (const row& r : rows) {
    EXPECT_THAT(sentences("{}", r.variables), ElementsAre(StartsWith(r.expected)));
  }
}

}  // namespace
}  // namespace diamgw::config
