#include "diamgw/config/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "diamgw/config/render.hpp"

namespace diamgw::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::vector<std::string> located(std::string_view text) {
  const auto loaded = load(text, "gw.json");
  std::vector<std::string> all;
  if (loaded.has_error()) {
    for (const problem& p : loaded.error()) {
      all.push_back(p.sentence());
    }
  }
  return all;
}

/// Without line and column.
std::vector<std::string> sentences(std::string_view text) {
  const auto loaded = load(text, "gw.json");
  std::vector<std::string> all;
  if (loaded.has_error()) {
    for (problem p : loaded.error()) {
      p.line = 0;
      all.push_back(p.sentence());
    }
  }
  return all;
}

TEST(LoadConfiguration, TakesDefaultsForWhatIsAbsent) {
  const auto loaded = load("{}", "gw.json");

  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(*loaded, options{});
}

TEST(LoadConfiguration, TakesEveryKindOfValue) {
  const auto loaded = load(R"({
    // a comment
    "shards": 2, /* and another */
    "node": { "origin_host": "gw.example", "host_ip_addresses": ["192.0.2.1", "2001:db8::1"],
              "applications": [ {"auth": "Diameter Credit Control"}, {"acct": 3, "vendor": 10415} ] },
    "diameter": { "peers": [ { "host": "ocs.example", "realm": "example",
                               "connect": {"address": "::1", "port": 3868},
                               "watchdog_interval": "7s" },
                             { "host": "ocs2.example", "realm": "example",
                               "connect": {"address": "my_ocs.internal.", "port": 3868} } ],
                  "tcp_no_delay": false, "max_message_octets": "1MiB",
                  "output_queue_octets": 2097152, "validate_messages": "structure" },
    "routing": { "realms": [ { "realm": "example", "application": 4,
                               "peers": [ {"host": "OCS.example", "priority": 1, "weight": 5} ] },
                             { "realm": "example", "application": "*",
                               "peers": [ {"host": "ocs.example"} ] } ] },
    "admin": { "listen": null },
    "log": { "level": "debug", "format": "json" }
  })",
                           "gw.json");

  ASSERT_TRUE(loaded.has_value()) << loaded.error().front().sentence();
  const options& o = *loaded;
  EXPECT_EQ(o.shards, 2U);
  EXPECT_THAT(o.node.host_ip_addresses, ElementsAre("192.0.2.1", "2001:db8::1"));
  EXPECT_EQ(o.node.applications.at(0).auth->name, "Diameter Credit Control");
  EXPECT_FALSE(o.node.applications.at(1).auth.has_value());
  EXPECT_EQ(o.node.applications.at(1).acct->id, 3U);
  EXPECT_EQ(o.node.applications.at(1).vendor, 10415U);
  EXPECT_EQ(o.diameter.peers.at(0).connect, (endpoint{.address = "::1", .port = 3868}));
  EXPECT_EQ(o.diameter.peers.at(1).connect->address, "my_ocs.internal.");
  EXPECT_EQ(o.diameter.peers.at(0).watchdog_interval, milliseconds{7000});
  EXPECT_FALSE(o.diameter.tcp_no_delay);
  EXPECT_EQ(o.diameter.max_message_octets, mib);
  EXPECT_EQ(o.diameter.output_queue_octets, 2 * mib);
  EXPECT_EQ(o.diameter.validate_messages, message_validation::structure);
  EXPECT_EQ(o.routing.realms.at(0).application->id, 4U);
  EXPECT_EQ(o.routing.realms.at(0).peers.at(0).weight, 5U);
  EXPECT_FALSE(o.routing.realms.at(1).application.has_value());
  EXPECT_FALSE(o.admin.listen.has_value());
  EXPECT_EQ(o.log.level, log_level::debug);
  EXPECT_EQ(o.log.format, log_format::json);
}

TEST(LoadConfiguration, ReadsBackWhatToJsonWrites) {
  options o;
  o.diameter.peers = {{.host = "a.example",
                       .realm = "example",
                       .connect = endpoint{.address = "127.0.0.1", .port = 1},
                       .watchdog_interval = milliseconds{61'500}}};
  o.diameter.max_message_octets = 5001;
  o.routing.fallback = {{.host = "a.example", .priority = 3, .weight = 0}};
  o.routing.realms = {{.realm = "r",
                       .application = application_ref{.id = 4, .name = {}},
                       .peers = {{.host = "a.example"}}}};
  o.admin.listen.reset();
  o.websocket.ping_interval = milliseconds{0};

  const auto loaded = load(to_json(o), "x");

  ASSERT_TRUE(loaded.has_value()) << loaded.error().front().sentence();
  EXPECT_EQ(*loaded, o);
}

TEST(LoadConfiguration, SaysEverythingThatIsWrongAtOnce) {
  const auto wrong = sentences(R"({
    "shards": "many",
    "diameter": { "watchdog_interval": "3s", "tcp_nodelay": true,
                  "peers": [ { "host": "ocs.example" } ] },
    "log": { "level": "loud" }
  })");

  EXPECT_THAT(
      wrong,
      ElementsAre(
          "gw.json: /shards: \"many\" is not allowed; give an integer from 0 to 1024",
          "gw.json: /diameter/peers/0/realm: is required; give a host or realm name of 1 to 255 "
          "letters, digits, '-', '_' and inner dots, such as \"ocs.example\"",
          "gw.json: /diameter/tcp_nodelay: there is no such option; did you mean "
          "\"tcp_no_delay\"?",
          "gw.json: /log/level: \"loud\" is not allowed; give one of \"trace\", \"debug\", "
          "\"info\", \"warning\", \"error\", \"off\"",
          "gw.json: /diameter/watchdog_interval: 3s is less than 6s, the least Tw (RFC 3539 "
          "§3.4.1; /diameter/watchdog_minimum)"));
}

TEST(LoadConfiguration, RefusesValuesOutsideTheirRange) {
  struct row {
    const char* text;
    const char* expected;
  };
  constexpr row rows[] = {
      {R"([])", "[] is not allowed; give an object"},
      {R"({"shards": 1025})", "/shards: 1025 is not allowed; give an integer from 0 to 1024"},
      {R"({"shards": -1})", "/shards: -1 is not allowed"},
      {R"({"shards": 1.5})", "/shards: 1.5 is not allowed"},
      {R"({"shards": 18446744073709551616})", "/shards: 1.8446744073709552e+19 is not allowed"},
      {R"({"shards": null})", "/shards: null is not allowed"},
      {R"({"node": {"origin_host": ""}})", "/node/origin_host: \"\" is not allowed"},
      {R"({"node": {"origin_host": "a..b"}})", "/node/origin_host"},
      {R"({"node": {"origin_host": "a b"}})", "/node/origin_host"},
      {R"({"node": {"origin_host": ".a"}})", "/node/origin_host"},
      {R"({"node": {"product_name": ""}})", "/node/product_name: \"\" is not allowed"},
      {R"({"node": {"product_name": "a\u0000b"}})", "/node/product_name"},
      {R"({"node": {"host_ip_addresses": ["localhost"]}})", "/node/host_ip_addresses/0"},
      {R"({"node": {"host_ip_addresses": ["127.0.0.1\u0000"]}})", "/node/host_ip_addresses/0"},
      {R"({"diameter": {"listen": [{"address": "ocs..example", "port": 1}]}})",
       "/diameter/listen/0/address: \"ocs..example\" is not allowed; give an IPv4 or IPv6 address "
       "or a host's name, such as \"192.0.2.1\", \"::1\" or \"ocs.example\""},
      {R"({"diameter": {"listen": [{"address": "192.0.2.256", "port": 1}]}})",
       "/diameter/listen/0/address"},
      {R"({"diameter": {"listen": [{"address": "[::1]", "port": 1}]}})",
       "/diameter/listen/0/address"},
      {R"({"websocket": {"listen": [{"address": "ocs.example:8080", "port": 1}]}})",
       "/websocket/listen/0/address"},
      {R"({"admin": {"listen": {"address": "-gateway", "port": 1}}})", "/admin/listen/address"},
      {R"({"diameter": {"listen": [{"address": "Gateway", "port": 1},
                                   {"address": "gateway", "port": 1}]}})",
       "/diameter/listen/1: this address with this port is given at /diameter/listen/0 already"},
      {R"({"diameter": {"listen": [{"address": "127.0.0.1", "port": 1},
                                   {"address": "::ffff:127.0.0.1", "port": 1}]}})",
       "/diameter/listen/1: this address with this port is given at /diameter/listen/0 already"},
      {R"({"node": {"applications": []}})", "[] is not allowed; give a list [ ] of 1 to 64"},
      {R"({"node": {"applications": [{}]}})", "give either \"auth\" or \"acct\""},
      {R"({"node": {"applications": [{"auth": 1, "acct": 2}]}})", "give either \"auth\" or"},
      {R"({"node": {"applications": [{"auth": 4294967296}]}})", "/node/applications/0/auth"},
      {R"({"node": {"vendor_id": 4294967296}})", "/node/vendor_id"},
      {R"({"diameter": {"connect_timeout": "5"}})", "a duration from 10ms to 1h, such as \"30s\""},
      {R"({"diameter": {"connect_timeout": "1.5s"}})", "/diameter/connect_timeout"},
      {R"({"diameter": {"connect_timeout": "61m"}})", "/diameter/connect_timeout"},
      {R"({"diameter": {"connect_timeout": "99999999999999999999s"}})",
       "/diameter/connect_timeout"},
      {R"({"diameter": {"connect_timeout": "9999999999999999h"}})", "/diameter/connect_timeout"},
      {R"({"diameter": {"max_message_octets": "16MiB"}})", "octets from 1KiB to 16777212"},
      {R"({"diameter": {"max_message_octets": "64KB"}})", "/diameter/max_message_octets"},
      {R"({"diameter": {"max_message_octets": -1}})", "/diameter/max_message_octets"},
      {R"({"diameter": {"listen": [{"address": "::1", "port": 65536}]}})",
       "/diameter/listen/0/port"},
      {R"({"diameter": {"listen": ["::1"]}})", "/diameter/listen/0: \"::1\" is not allowed"},
      {R"({"diameter": {"tcp_no_delay": 1}})", "give true or false"},
      {R"({"websocket": {"path": "ws"}})", "a path that begins with '/'"},
      {R"({"websocket": {"allowed_origins": ["console.example"]}})",
       "/websocket/allowed_origins/0"},
      {R"({"websocket": {"allowed_origins": ["https://console.example/"]}})",
       "/websocket/allowed_origins/0"},
      {R"({"routing": {"default": [{"host": "a.example", "weight": 65536}]}})",
       "/routing/default/0/weight"},
      {R"({"a/b~c\nd": 1})", "/a~1b~0c\\u000ad: there is no such option; there are node, shards"},
  };

  for (const row& r : rows) {
    EXPECT_THAT(sentences(r.text), ::testing::Contains(HasSubstr(r.expected))) << r.text;
  }
}

TEST(LoadConfiguration, HoldsOptionsAgainstEachOther) {
  struct row {
    const char* text;
    const char* expected;
  };
  constexpr row rows[] = {
      {R"({"diameter": {"reconnect_min": "31s"}})",
       "gw.json: /diameter/reconnect_min: 31s is more than /diameter/reconnect_max (30s)"},
      {R"({"requests": {"timeout": "2m"}})",
       "gw.json: /requests/timeout: 2m is more than /requests/max_timeout (1m)"},
      {R"({"diameter": {"max_message_octets": "8MiB"}})",
       "gw.json: /diameter/max_message_octets: 8MiB is more than /diameter/output_queue_octets "
       "(4MiB)"},
      {R"({"websocket": {"max_message_octets": 2097153}})",
       "gw.json: /websocket/max_message_octets: 2097153 is more than "
       "/websocket/output_queue_octets (1MiB)"},
      {R"({"diameter": {"peers": [{"host": "a.example", "realm": "r"},
                                  {"host": "A.EXAMPLE", "realm": "r"}]}})",
       "gw.json: /diameter/peers/1/host: this peer is given at /diameter/peers/0/host already"},
      {R"({"diameter": {"peers": [{"host": "Gateway.Example", "realm": "r"}]}})",
       "gw.json: /diameter/peers/0/host: this is our own /node/origin_host; name another node"},
      {R"({"diameter": {"peers": [{"host": "a", "realm": "r",
                                   "connect": {"address": "::1", "port": 0}}]}})",
       "gw.json: /diameter/peers/0/connect/port: 0 is no port to connect to; give 1 to 65535"},
      {R"({"diameter": {"peers": [{"host": "a", "realm": "r", "watchdog_interval": "5999ms"}]}})",
       "gw.json: /diameter/peers/0/watchdog_interval: 5999ms is less than 6s, the least Tw (RFC "
       "3539 §3.4.1; /diameter/watchdog_minimum)"},
      {R"({"admin": {"listen": {"address": "127.0.0.1", "port": 8080}}})",
       "gw.json: /admin/listen: this address with this port is given at /websocket/listen/0 "
       "already"},
      {R"({"routing": {"default": [{"host": "b"}]}})",
       "gw.json: /routing/default/0/host: \"b\" is not in /diameter/peers; name one of those, or "
       "set /diameter/accept_unknown_peers"},
      {R"({"diameter": {"accept_unknown_peers": true},
           "routing": {"default": [{"host": "b"}, {"host": "B"}]}})",
       "gw.json: /routing/default/1/host: this host is given at /routing/default/0/host already"},
      {R"({"diameter": {"accept_unknown_peers": true},
           "routing": {"realms": [{"realm": "R", "application": 4, "peers": [{"host": "b"}]},
                                  {"realm": "r", "application": 4, "peers": [{"host": "b"}]}]}})",
       "gw.json: /routing/realms/1: this realm with this application is given at "
       "/routing/realms/0 already"},
  };

  for (const row& r : rows) {
    EXPECT_THAT(sentences(r.text), ElementsAre(r.expected)) << r.text;
  }
}

TEST(LoadConfiguration, DoesNotHoldAWrongOptionAgainstOthers) {
  EXPECT_THAT(sentences(R"({"requests": {"timeout": "soon", "max_timeout": "5s"}})"), SizeIs(1));
}

TEST(LoadConfiguration, LetsTestRigsHaveAFastWatchdog) {
  const auto loaded =
      load(R"({"diameter": {"watchdog_minimum": "100ms", "watchdog_interval": "200ms"}})", "x");

  ASSERT_TRUE(loaded.has_value());
  EXPECT_EQ(loaded->diameter.watchdog_interval, milliseconds{200});
}

TEST(LoadConfiguration, LocatesSyntaxErrors) {
  struct row {
    std::string_view text;
    const char* expected;
  };
  constexpr row rows[] = {
      {"", "gw.json:1:1: not JSON: unexpected end of input"},
      {"{\n  \"shards\": 2,\n  }", "gw.json:3:3: not JSON: unexpected"},
      {"{\"shards\": tru}", "gw.json:1:15: not JSON: invalid literal"},
      {"{} {}", "gw.json:1:4: not JSON: unexpected"},
      {"{\"shards\": 2", "gw.json:1:13: not JSON: unexpected end of input"},
      {"{\"a\": \"\xff\"}", "gw.json:1:8: not JSON: invalid string: ill-formed UTF-8"},
      {"// only a comment", "gw.json:1:18: not JSON: unexpected end of input"},
  };

  for (const row& r : rows) {
    EXPECT_THAT(located(r.text), ElementsAre(StartsWith(r.expected))) << r.text;
  }
}

TEST(LoadConfiguration, LocatesWhatIsWrongInTheFile) {
  struct row {
    std::string_view text;
    const char* expected;
  };
  constexpr row rows[] = {
      {"\xef\xbb\xbf{\"shards\": -1}", "gw.json:1:2: /shards: -1 is not allowed"},
      {"[]", "gw.json:1:1: [] is not allowed"},
      // a member by its name, an element by its beginning
      {"{ // comment\n  /* and\n another */ \"shards\": -1}", "gw.json:3:13: /shards: "},
      {"{\"dictionary\": {\"files\": [\"a\\\"]\",\n   5]}}",
       "gw.json:2:4: /dictionary/files/1: 5 is not"},
      // what is absent, by what lacks it
      {"{\n\"diameter\": {\"peers\": [\n {\"host\": \"a\"}]}}",
       "gw.json:3:2: /diameter/peers/0/realm: is required"},
      {"{\n \"loog\":\n {}}", "gw.json:2:2: /loog: there is no such option"},
      {"{\"shards\": 1,\n \"shards\": 2}", "gw.json:2:2: /shards: occurs twice"},
      {"{\n \"l\\u006fg\": {\r\n  \"level\": [true,false,null,1e3]}}", "gw.json:3:3: /log/level: "},
      {"{\"routing\": {\"realms\": [{\"realm\": \"r\",\n\"application\": 4.5}]}}",
       "gw.json:2:1: /routing/realms/0/application: 4.5 is not allowed"},
  };

  for (const row& r : rows) {
    EXPECT_THAT(located(r.text), ::testing::Contains(StartsWith(r.expected))) << r.text;
  }
}

TEST(LoadConfiguration, KnowsWhereEachValueIsFrom) {
  const auto loaded = load(
      "{\"shards\": 1, \"node\": {\"product_name\": \"a\"}, \"log\": {\n\"level\": \"debug\"}}",
      "gw.json",
      {{"DIAMGW_NODE", R"({"origin_host": "gw.example"})"},
       {"DIAMGW_DICTIONARY__FILES__0", "a.dia"},
       {"DIAMGW_ADMIN__LISTEN__PORT", "9191"},
       {"DIAMGW_SHARDS", "2"}});
  ASSERT_TRUE(loaded.has_value()) << loaded.error().front().sentence();
  struct row {
    const char* pointer;
    origin expected;
  };
  const row rows[] = {
      {"/shards", {.source = "DIAMGW_SHARDS"}},  // wins over the file
      {"/log/level", {.source = "gw.json", .line = 2, .column = 1}},
      {"/log/format", {}},  // absent beside what is there
      {"/node/origin_host", {.source = "DIAMGW_NODE"}},
      {"/node/origin_realm", {}},  // the variable has no more than the host
      {"/node/product_name", {}},  // and took the file's section away
      {"/dictionary/files/0", {.source = "DIAMGW_DICTIONARY__FILES__0"}},
      {"/admin/listen/port", {.source = "DIAMGW_ADMIN__LISTEN__PORT"}},
      {"/admin/listen/address", {}},  // a default into which a variable reaches
      {"/drain/timeout", {}},
  };

  for (const row& r : rows) {
    EXPECT_EQ(loaded->from.find(r.pointer), r.expected)
        << r.pointer << ": " << loaded->from.find(r.pointer).source;
  }
}

TEST(EffectiveConfiguration, SaysWhereEachValueIsFromAndIsReadBack) {
  const auto loaded = load(
      "{\"log\": {\"level\": \"debug\"},\n"
      " \"diameter\": {\"listen\": [], \"peers\": [{\"host\": \"a.example\",\n"
      "  \"realm\": \"example\"}]}}",
      "gw.json", {{"DIAMGW_NODE__ORIGIN_HOST", "gw.example"}, {"DIAMGW_SHARDS", "2"}});
  ASSERT_TRUE(loaded.has_value()) << loaded.error().front().sentence();

  const std::string text = render_effective(*loaded);

  for (const char* line :
       {"\n    \"origin_host\": \"gw.example\",  // DIAMGW_NODE__ORIGIN_HOST\n",
        "\n    \"origin_realm\": \"example\",  // default\n",
        "\n  \"shards\": 2,  // DIAMGW_SHARDS\n", "\n    \"listen\": [],  // gw.json:2:15\n",
        "\n    \"peers\": [\n      {\n        \"host\": \"a.example\",  // gw.json:2:40\n"
        "        \"realm\": \"example\",  // gw.json:3:3\n"
        "        \"connect\": null,  // default\n",
        "\n    \"level\": \"debug\",  // gw.json:1:10\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  const auto again = load(text, "again");
  ASSERT_TRUE(again.has_value()) << again.error().front().sentence();
  EXPECT_EQ(static_cast<const options&>(*again), static_cast<const options&>(*loaded));
}

TEST(LoadConfiguration, RefusesNamesThatOccurTwice) {
  EXPECT_THAT(
      sentences(R"({"shards": 1, "diameter": {"peers": [{"host": "a", "host": "b", "realm": "r"}]},
                    "shards": 2})"),
      ElementsAre("gw.json: /diameter/peers/0/host: occurs twice; give it once",
                  "gw.json: /shards: occurs twice; give it once"));
}

TEST(LoadConfiguration, BoundsItsInput) {
  const std::string deep = std::string(33, '[') + std::string(33, ']');
  std::string wide = "{";
  for (std::size_t i = 0; i <= max_object_members; ++i) {
    wide += (i == 0 ? "\"a" : ", \"a") + std::to_string(i) + "\": 0";
  }
  wide += "}";

  EXPECT_THAT(sentences(deep), ElementsAre("gw.json: nested deeper than 32 levels"));
  EXPECT_THAT(sentences(wide), ElementsAre("gw.json: more than 1024 members"));
  EXPECT_THAT(sentences(std::string(max_document_octets + 1, ' ')),
              ElementsAre("gw.json: the file is larger than 16MiB"));
}

TEST(ApplicationNames, AreResolvedByTheCallersDictionary) {
  const application_names names{.find = [](std::string_view name) -> std::optional<std::uint32_t> {
                                  return name == "Diameter Credit Control" ? std::optional{4U}
                                                                           : std::nullopt;
                                },
                                .known = {"Diameter Credit Control"}};
  loaded_options o;
  o.from.file_name = "gw.json";
  o.from.variables = {{"/routing/realms/3", "DIAMGW_ROUTING__REALMS__3"}};
  o.node.applications = {{.auth = application_ref{.id = 0, .name = "Diameter Credit Control"}}};
  o.routing.realms = {
      {.realm = "r", .application = application_ref{.id = 4, .name = {}}, .peers = {}},
      {.realm = "r",
       .application = application_ref{.id = 0, .name = "Diameter Credit Control"},
       .peers = {}},
      {.realm = "r",
       .application = application_ref{.id = 0, .name = "Diameter Credit Controll"},
       .peers = {}},
      {.realm = "r", .application = application_ref{.id = 0, .name = "Zz"}, .peers = {}}};

  const problems found = resolve_applications(o, names);

  EXPECT_EQ(o.node.applications.at(0).auth->id, 4U);
  ASSERT_THAT(found, SizeIs(3));
  EXPECT_EQ(found.at(0).sentence(),
            "gw.json: /routing/realms/2/application: no dictionary has an application \"Diameter "
            "Credit Controll\"; did you mean \"Diameter Credit Control\"?");
  EXPECT_THAT(found.at(1).text, HasSubstr("give its number"));
  EXPECT_EQ(found.at(1).source, "DIAMGW_ROUTING__REALMS__3");
  EXPECT_THAT(found.at(2).sentence(), HasSubstr("/routing/realms/1: this realm with this"));
}

TEST(FindLogOptions, FindsWhatCanBeReadOfAConfigurationThatIsRefused) {
  struct row {
    std::string_view text;
    environment variables;
    log_format expected;
  };
  const environment as_json{{"DIAMGW_LOG__FORMAT", "json"}};
  const std::vector<row> rows{
      {R"({"shards": "many", "log": {"format": "json"}})", {}, log_format::json},
      {R"({"log": {"format": "json", "level": "loud"}})", {}, log_format::json},
      {R"({"log": {"format": "xml"}})", {}, log_format::text},
      {R"({"log": {"format": "xml"}})", as_json, log_format::json},
      {R"({"log": {"format": "json"}, "shards": })", {}, log_format::json},  // a fault of syntax
      {R"({"log": {"format": "json", "level"}})", {}, log_format::json},
      {R"({"shards": , "log": {"format": "json"}})", {}, log_format::text},  // before it
      {R"({"shards": , "log": {"format": "json"}})", as_json, log_format::json},
      {R"({"log": "json"})", {}, log_format::text},
      {"[]", {}, log_format::text},
      {"", as_json, log_format::json},
      {"\xff", {}, log_format::text},
  };
  for (const row& r : rows) {
    EXPECT_EQ(find_log_options(r.text, r.variables).format, r.expected) << r.text;
  }
}

TEST(Durations, AreTextWithAUnit) {
  EXPECT_EQ(parse_duration("0s"), milliseconds{0});
  EXPECT_EQ(parse_duration("500ms"), milliseconds{500});
  EXPECT_EQ(parse_duration("2m"), milliseconds{120'000});
  EXPECT_EQ(parse_duration("1h"), milliseconds{3'600'000});
  for (const std::string_view wrong : {"", "s", "5", "-5s", "+5s", " 5s", "5 s", "5S", "5s "}) {
    EXPECT_EQ(parse_duration(wrong), std::nullopt) << wrong;
  }
  for (const std::string_view text : {"0s", "1ms", "1001ms", "1s", "90s", "1m", "25h"}) {
    EXPECT_EQ(format_duration(*parse_duration(text)), text);
  }
}

TEST(Octets, AreNumbersOrTextWithAUnit) {
  EXPECT_EQ(parse_octets("0"), 0U);
  EXPECT_EQ(parse_octets("10B"), 10U);
  EXPECT_EQ(parse_octets("64KiB"), 65536U);
  EXPECT_EQ(parse_octets("1GiB"), 1024 * mib);
  for (const std::string_view wrong :
       {"", "KiB", "64KB", "64kib", "-1", "1.5MiB", "99999999999GiB"}) {
    EXPECT_EQ(parse_octets(wrong), std::nullopt) << wrong;
  }
  for (const std::string_view text : {"0", "1000", "1KiB", "1025", "3MiB", "2GiB"}) {
    EXPECT_EQ(format_octets(*parse_octets(text)), text);
  }
}

}  // namespace
}  // namespace diamgw::config
