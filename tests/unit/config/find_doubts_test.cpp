#include "diamgw/config/find_doubts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace diamgw::config {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

application_names names() {
  return {.find = [](std::string_view name) -> std::optional<std::uint32_t> {
            return name == "Gx" ? std::optional{16777238U} : std::nullopt;
          },
          .known = {"Gx"},
          .name_of = [](std::uint32_t id) { return std::string{id == 16777238U ? "3GPP-Gx" : ""}; },
          .vendor_of = [](std::uint32_t id) { return id == 16777238U ? 10415U : 0U; }};
}

/// A configuration in which nothing is doubtful, with `more` merged in at its end.
std::vector<std::string> doubts_of(const std::string& text, const environment& variables = {}) {
  auto loaded = load(text, "gw.json", variables);
  EXPECT_TRUE(loaded.has_value()) << loaded.error().front().sentence();
  EXPECT_THAT(resolve_applications(*loaded, names()), IsEmpty());
  std::vector<std::string> all;
  for (problem p : find_doubts(*loaded, names())) {
    p.line = 0;
    all.push_back(p.sentence());
  }
  return all;
}

constexpr const char* peer =
    R"("peers": [{"host": "ocs.example", "realm": "example",
                  "connect": {"address": "192.0.2.1", "port": 3868}}])";

TEST(FindDoubts, FindsNoneWhereAllCanWork) {
  EXPECT_THAT(doubts_of(std::string{R"({"diameter": {)"} + peer + R"(},
    "node": {"applications": [{"auth": 4}, {"acct": 4}, {"auth": "Gx", "vendor": 10415}]},
    "routing": {"realms": [{"realm": "example", "application": "Gx",
                            "peers": [{"host": "ocs.example"}]},
                           {"realm": "example", "application": 0,
                            "peers": [{"host": "ocs.example"}]}]}})"),
              IsEmpty());
}

TEST(FindDoubts, TakesARelaysAdvertisementForAnyApplication) {
  EXPECT_THAT(doubts_of(std::string{R"({"diameter": {)"} + peer + R"(},
    "node": {"applications": [{"auth": 4294967295}]},
    "routing": {"realms": [{"realm": "example", "application": "Gx",
                            "peers": [{"host": "ocs.example"}]}]}})"),
              IsEmpty());
}

TEST(FindDoubts, SaysWhatCannotWork) {
  struct row {
    std::string node;      // members of each section
    std::string diameter;  // after the peer
    std::string rest;      // of the document
    const char* expected;
  };
  const row rows[] = {
      {R"("applications": [{"auth": "Gx", "vendor": 10415}, {"auth": 16777238, "vendor": 10415}])",
       "", "",
       "gw.json: warning: /node/applications/1: application 16777238 (3GPP-Gx) is given at "
       "/node/applications/0 already; it is advertised once"},
      {R"("applications": [{"auth": "Gx"}])", "", "",
       "gw.json: warning: /node/applications/0: application 16777238 (3GPP-Gx) is a vendor's; "
       "without \"vendor\": 10415 it is in no Vendor-Specific-Application-Id, where peers look for "
       "it (RFC 6733 §6.11)"},
      {R"("applications": [{"acct": 16777999}])", "", "",
       "gw.json: warning: /node/applications/0: application 16777999 is a vendor's; without "
       "\"vendor\" it is in no Vendor-Specific-Application-Id, where peers look for it (RFC 6733 "
       "§6.11)"},
      {R"("applications": [{"auth": "Gx", "vendor": 10414}])", "", "",
       "gw.json: warning: /node/applications/0/vendor: application 16777238 (3GPP-Gx) is of vendor "
       "10415, not of 10414"},
      {"", "", R"(, "routing": {"realms": [{"realm": "example", "application": "Gx",
                                            "peers": [{"host": "ocs.example"}]}]})",
       "gw.json: warning: /routing/realms/0/application: application 16777238 (3GPP-Gx) is not in "
       "/node/applications: peers that do not relay will not take it from us"},
      {"", R"(, "accept_unknown_peers": true)",
       R"(, "routing": {"default": [{"host": "GATEWAY.example"}]})",
       "gw.json: warning: /routing/default/0/host: this is our own /node/origin_host, which serves "
       "nothing"},
      {"", "", R"(, "websocket": {"listen": []})",
       "gw.json: warning: /websocket/listen: it is empty: no client can connect"},
      {"", "", R"(, "websocket": {"listen": [{"address": "127.0.0.1", "port": 3868}]})",
       "gw.json: warning: /websocket/listen/0: port 3868 is taken by /diameter/listen/0 on some "
       "of its addresses: the start will fail"},
      {"", "", R"(, "websocket": {"listen": [{"address": "::", "port": 3868}]})",
       "gw.json: warning: /websocket/listen/0: port 3868 is taken by /diameter/listen/0 on some "
       "of its addresses: the start will fail"},
      {"", R"(, "max_in_flight": 1048576)", "",
       "gw.json: warning: /diameter/max_in_flight: 1048575 is as much as a peer can have"},
      {"", "", R"(, "requests": {"max_bindings": 65535})",
       "gw.json: warning: /websocket/max_bindings_per_client: 65536 is more than "
       "/requests/max_bindings, those of all clients (65535)"},
      {"", "", R"(, "drain": {"timeout": "9s"})",
       "gw.json: warning: /drain/timeout: 9s is less than /requests/timeout (10s): requests will "
       "be cut off that could be answered"},
      {"", "", R"(, "drain": {"client_spread": "30s"})",
       "gw.json: warning: /drain/client_spread: 30s leaves nothing of /drain/timeout (30s) for the "
       "requests in flight"},
      {"", "", R"(, "requests": {"client_answer_timeout": "61s"})",
       "gw.json: warning: /requests/client_answer_timeout: 61s is more than /requests/max_timeout "
       "(1m)"},
  };

  for (const row& r : rows) {
    const std::string text =
        "{\"node\": {" + r.node + "}, \"diameter\": {" + peer + r.diameter + "}" + r.rest + "}";
    EXPECT_THAT(doubts_of(text), ElementsAre(r.expected)) << text;
  }
}

TEST(FindDoubts, LooksAtPeers) {
  struct row {
    std::string text;
    const char* expected;
  };
  const row rows[] = {
      {"{}",
       "gw.json: warning: /diameter/peers: there is no peer, and "
       "/diameter/accept_unknown_peers is false: no request can be served"},
      {R"({"diameter": {"listen": [], "accept_unknown_peers": true}})",
       "gw.json: warning: /diameter/accept_unknown_peers: /diameter/listen is empty: no unknown "
       "peer can connect"},
      {R"({"diameter": {"listen": [], "peers": [{"host": "a.example", "realm": "example"}]}})",
       "gw.json: warning: /diameter/peers/0: we do not connect to this peer, and with an empty "
       "/diameter/listen it cannot connect to us: give \"connect\""},
      {R"({"diameter": {"peers": [{"host": "a.example", "realm": "example",
                                   "connect": {"address": "127.0.0.2", "port": 3868}}]}})",
       "gw.json: warning: /diameter/peers/0/connect: this is our own listener /diameter/listen/0"},
      {R"({"diameter": {"peers": [{"host": "a.example", "realm": "example",
                                   "connect": {"address": "127.0.0.1", "port": 9090}}]}})",
       "gw.json: warning: /diameter/peers/0/connect: this is our own listener /admin/listen"},
      {R"({"diameter": {"listen": [{"address": "Gateway.internal", "port": 3868}],
                        "peers": [{"host": "a.example", "realm": "example",
                                   "connect": {"address": "gateway.internal", "port": 3868}}]}})",
       "gw.json: warning: /diameter/peers/0/connect: this is our own listener /diameter/listen/0"},
      {R"({"diameter": {"listen": [{"address": "127.0.0.1", "port": 3868}],
                        "peers": [{"host": "a.example", "realm": "example",
                                   "connect": {"address": "localhost", "port": 3868}}]}})",
       "gw.json: warning: /diameter/peers/0/connect: this is our own listener /diameter/listen/0"},
      {R"({"node": {"origin_host": "gw1.example"},
           "diameter": {"peers": [{"host": "a.example", "realm": "example",
                                   "connect": {"address": "GW1.example", "port": 3868}}]}})",
       "gw.json: warning: /diameter/peers/0/connect: this is our own listener /diameter/listen/0"},
      {R"({"node": {"host_ip_addresses": ["192.0.2.7"]},
           "diameter": {"peers": [{"host": "a.example", "realm": "example",
                                   "connect": {"address": "192.0.2.7", "port": 3868}}]}})",
       "gw.json: warning: /diameter/peers/0/connect: this is our own listener /diameter/listen/0"},
      {R"({"diameter": {"listen": [{"address": "127.0.0.1", "port": 3868}],
                        "peers": [{"host": "a.example", "realm": "example"}]},
           "websocket": {"listen": [{"address": "localhost", "port": 3868}]}})",
       "gw.json: warning: /websocket/listen/0: port 3868 is taken by /diameter/listen/0 on some "
       "of its addresses: the start will fail"},
      {R"({"diameter": {"listen": [{"address": "0:0:0:0:0:0:0:1", "port": 3868}],
                        "peers": [{"host": "a.example", "realm": "example"}]},
           "websocket": {"listen": [{"address": "LocalHost", "port": 3868}]}})",
       "gw.json: warning: /websocket/listen/0: port 3868 is taken by /diameter/listen/0 on some "
       "of its addresses: the start will fail"},
      {R"({"diameter": {"max_connections": 2, "accept_unknown_peers": true,
                        "peers": [{"host": "a.example", "realm": "example"},
                                  {"host": "b.example", "realm": "example"}]}})",
       "gw.json: warning: /diameter/accept_unknown_peers: /diameter/max_connections (2) leaves no "
       "place for an unknown peer beside the 2 of /diameter/peers"},
      {R"({"diameter": {"max_connections": 1,
                        "peers": [{"host": "a.example", "realm": "example"},
                                  {"host": "b.example", "realm": "example"}]}})",
       "gw.json: warning: /diameter/max_connections: 2 peers are to connect to us, and 1 may"},
      {R"({"metrics": {"max_peers": 1},
           "diameter": {"peers": [{"host": "a.example", "realm": "example"},
                                  {"host": "b.example", "realm": "example"}]}})",
       "gw.json: warning: /metrics/max_peers: there are 2 peers; those above it count as "
       "\"other\""},
  };

  for (const row& r : rows) {
    EXPECT_THAT(doubts_of(r.text), ElementsAre(r.expected)) << r.text;
  }
}

TEST(FindDoubts, SaysThatARoutesPeerCanNeverBeConnected) {
  EXPECT_THAT(
      doubts_of(R"({"diameter": {"listen": [], "peers": [
                              {"host": "a.example", "realm": "example"}]},
                            "routing": {"default": [{"host": "a.example"}]}})"),
      testing::Contains("gw.json: warning: /routing/default/0/host: \"a.example\" can never "
                        "be connected: we do not connect to it, and /diameter/listen is "
                        "empty"));
}

TEST(FindDoubts, NameTheVariableOfAValue) {
  EXPECT_THAT(
      doubts_of(std::string{R"({"diameter": {)"} + peer + "}}", {{"DIAMGW_DRAIN__TIMEOUT", "9s"}}),
      ElementsAre(testing::StartsWith("DIAMGW_DRAIN__TIMEOUT: warning: /drain/timeout: 9s")));
}

}  // namespace
}  // namespace diamgw::config
