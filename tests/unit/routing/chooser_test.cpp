#include "diamgw/routing/chooser.hpp"

#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <string>

#include "diamgw/buffer/allocation_statistics.hpp"

namespace diamgw::routing {
namespace {

constexpr application_id credit_control{4};
constexpr application_id gx{16777238};
constexpr std::array applications{credit_control, gx};

const auto open_peer = [](peer_index) {
  return peer_status{.link = link_state::open, .full = false, .applications = applications};
};

std::shared_ptr<const table> routes() {
  return std::make_shared<const table>(
      table_spec{.peers = {{"a.example", ""}, {"b.example", ""}, {"c.example", ""}},
                 .realms = {{"one.example", credit_control, {{"a.example"}}},
                            {"one.example", gx, {{"b.example"}}},
                            {"two.example", std::nullopt, {{"c.example"}}}},
                 .fallback = {}});
}

struct request_row {
  const char* rule;
  std::string host;
  std::string realm;
  application_id application = credit_control;
};

TEST(Chooser, ChoosesAsTheTableWhateverWasAskedBefore) {
  const std::string long_name(300, 'x');
  const std::array rows{
      request_row{"RFC 6733 §2.7: realm and application", "", "one.example"},
      request_row{"the same again", "", "one.example"},
      request_row{"another application", "", "one.example", gx},
      request_row{"another realm", "", "two.example", gx},
      request_row{"§6.1.5: a host that is a peer", "b.example", "two.example", gx},
      request_row{"another host", "a.example", "two.example", gx},
      request_row{"a host that is no peer", "z.example", "two.example", gx},
      request_row{"§4.3.1: letter case is ignored", "", "TWO.example", gx},
      request_row{"no such realm", "", "three.example"},
      request_row{"a prefix of the last", "", "three.exampl"},
      request_row{"longer than a domain name can be", "", long_name},
      request_row{"no realm at all", "", ""},
      request_row{"and the first once more", "", "one.example"},
  };
  const auto plain = routes();
  chooser remembering{plain};
  for (const request_row& before : rows) {
    for (const request_row& r : rows) {
      const auto ask = [](const request_row& row) {
        return route_request{.destination_host = row.host,
                             .destination_realm = row.realm,
                             .application = row.application,
                             .excluded = {}};
      };
      static_cast<void>(remembering.choose(ask(before), open_peer, 0));

      const decision chosen = remembering.choose(ask(r), open_peer, 0);

      const decision expected = plain->choose(ask(r), open_peer, 0);
      EXPECT_EQ(chosen.peer, expected.peer) << r.rule << ", after: " << before.rule;
      EXPECT_EQ(chosen.refused, expected.refused) << r.rule << ", after: " << before.rule;
    }
  }
}

TEST(Chooser, LooksAtThePeersAnewEachTime) {
  chooser c{routes()};
  const route_request asked{.destination_host = {},
                            .destination_realm = "one.example",
                            .application = credit_control,
                            .excluded = {}};
  ASSERT_TRUE(c.choose(asked, open_peer, 0));

  const auto closed_peer = [](peer_index) { return peer_status{}; };

  EXPECT_EQ(c.choose(asked, closed_peer, 0).refused, refusal::unable_to_deliver);
}

TEST(Chooser, AllocatesNothingForNamesThatItHasSeen) {
  chooser c{routes()};
  const std::string realm = "a-realm-whose-name-is-longer-than-a-short-string.example";
  const route_request asked{.destination_host = {},
                            .destination_realm = realm,
                            .application = credit_control,
                            .excluded = {}};
  const route_request other{.destination_host = {},
                            .destination_realm = "one.example",
                            .application = gx,
                            .excluded = {}};
  static_cast<void>(c.choose(asked, open_peer, 0));

  ASSERT_TRUE(allocation_counting_works());
  const auto before = thread_allocations();
  static_cast<void>(c.choose(other, open_peer, 0));
  static_cast<void>(c.choose(asked, open_peer, 0));

  EXPECT_EQ((thread_allocations() - before).calls, 0U);
}

}  // namespace
}  // namespace diamgw::routing
