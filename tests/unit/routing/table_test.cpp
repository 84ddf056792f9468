#include "diamgw/routing/table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>

#include "diamgw/buffer/allocation_statistics.hpp"

namespace diamgw::routing {
namespace {

constexpr application_id credit_control{4};
constexpr application_id gx{16777238};
const std::vector<application_id> only_credit_control{credit_control};
const std::vector<application_id> relay{relay_application};

/// Peers a, b, c, d by name, and their status as a test sets it.
class routing_fixture : public ::testing::Test {
 protected:
  [[nodiscard]] peer_status open() const { return {link_state::open, false, only_credit_control}; }

  [[nodiscard]] decision choose(const table& t, std::string_view host, std::string_view realm,
                                application_id application = credit_control,
                                std::uint64_t random = 0) const {
    return t.choose({.destination_host = host,
                     .destination_realm = realm,
                     .application = application,
                     .excluded = excluded_},
                    status_of_, random);
  }
  [[nodiscard]] explanation explain(const table& t, std::string_view host, std::string_view realm,
                                    application_id application = credit_control) const {
    return t.explain({.destination_host = host,
                      .destination_realm = realm,
                      .application = application,
                      .excluded = excluded_},
                     status_of_);
  }

  std::array<peer_status, 4> status_{open(), open(), open(), open()};
  std::vector<peer_index> excluded_;
  struct source {
    const std::array<peer_status, 4>& status;
    peer_status operator()(peer_index i) const { return status.at(i); }
  };
  source status_of_{status_};
};

const std::vector<peer_spec> four_peers{
    {"a.example", ""}, {"b.example", ""}, {"c.example", ""}, {"d.example", "home.example"}};

table_spec whole_spec() {
  return {.peers = four_peers,
          .realms = {{"Realm.Example", credit_control, {{"a.example"}}},
                     {"realm.example", std::nullopt, {{"b.example"}}},
                     {"only4.example", credit_control, {{"a.example"}}}},
          .fallback = {{"c.example"}}};
}

class RouteLookUp : public routing_fixture {};

TEST_F(RouteLookUp, FollowsTheOrderHostRealmAndApplicationRealmDefault) {
  struct row {
    const char* name;
    std::string_view host;
    std::string_view realm;
    application_id application;
    peer_index expected;
    route_kind kind;
  };
  const std::array rows{
      row{"§6.1.5 known host, realm of another", "c.example", "realm.example", credit_control, 2,
          route_kind::destination_host},
      row{"§6.1.5 host in other letter case", "C.EXAMPLE", "realm.example", credit_control, 2,
          route_kind::destination_host},
      row{"§6.1.6 unknown host falls to the realm", "x.example", "realm.example", credit_control, 0,
          route_kind::realm_and_application},
      row{"§6.1.6 realm and application", "", "realm.example", credit_control, 0,
          route_kind::realm_and_application},
      row{"§6.1.6 realm in other letter case", "", "REALM.example", credit_control, 0,
          route_kind::realm_and_application},
      row{"§2.7 realm with any application", "", "realm.example", gx, 1, route_kind::realm},
      row{"peers in the realm, no route", "", "HOME.example", credit_control, 3,
          route_kind::peers_of_realm},
      row{"§2.7 default for an unknown realm", "", "x.example", credit_control, 2,
          route_kind::fallback},
      row{"§2.7 default for an application without route", "", "only4.example", gx, 2,
          route_kind::fallback},
      row{"§2.7 default without Destination-Realm", "", "", credit_control, 2,
          route_kind::fallback},
  };
  const table t{whole_spec()};
  status_.fill({link_state::open, false, relay});

  for (const row& r : rows) {
    const decision d = choose(t, r.host, r.realm, r.application);

    EXPECT_TRUE(d) << r.name;
    EXPECT_EQ(d.peer, r.expected) << r.name;
    EXPECT_EQ(explain(t, r.host, r.realm, r.application).route, r.kind) << r.name;
  }
}

TEST_F(RouteLookUp, DoesNotMoveARequestWhoseDestinationHostIsDead) {
  const table t{whole_spec()};
  status_[0].link = link_state::closed;

  const decision d = choose(t, "a.example", "realm.example");

  EXPECT_EQ(d.refused, refusal::unable_to_deliver);
  EXPECT_EQ(d.peer, no_peer);
}

TEST_F(RouteLookUp, RefusesAnUnknownRealmWithoutDefault) {
  table_spec spec = whole_spec();
  spec.fallback.clear();
  const table t{spec};

  EXPECT_EQ(choose(t, "", "x.example").refused, refusal::realm_not_served);
  EXPECT_EQ(choose(t, "x.example", "").refused, refusal::realm_not_served);
  EXPECT_EQ(choose(table{table_spec{}}, "", "").refused, refusal::realm_not_served);
}

TEST_F(RouteLookUp, SaysUnableToDeliverWhereAServedRealmHasNoRouteForTheApplication) {
  table_spec spec = whole_spec();
  spec.fallback.clear();
  const table t{spec};

  const decision d = choose(t, "", "only4.example", gx);

  EXPECT_EQ(d.refused, refusal::unable_to_deliver);
  EXPECT_EQ(explain(t, "", "only4.example", gx).sentence(),
            "realm 'only4.example' has no route for application 16777238");
}

TEST_F(RouteLookUp, KeepsTheFirstOfTwoPeersOfOneHost) {
  const table t{{.peers = {{"a.example", "r"}, {"A.EXAMPLE", "r"}}, .realms = {}, .fallback = {}}};

  EXPECT_EQ(t.find_peer("a.EXAMPLE"), 0U);
  EXPECT_EQ(t.find_peer("b.example"), no_peer);
  EXPECT_EQ(t.peer_host(1), "A.EXAMPLE");
  EXPECT_EQ(t.peer_host(2), "");
  EXPECT_EQ(t.peer_count(), 2U);
}

class RouteCandidates : public routing_fixture {
 protected:
  // One candidate each, in two groups: a before b.
  const table t_{{.peers = four_peers,
                  .realms = {{"r", std::nullopt, {{"b.example", 7}, {"a.example", 3}}}},
                  .fallback = {}}};
};

/// Every state of a candidate: link, limit, application, tried before.
struct condition {
  link_state link;
  bool full;
  bool advertises;
  bool tried;
};

std::vector<condition> all_conditions() {
  std::vector<condition> all;
  for (const link_state link : {link_state::open, link_state::suspect, link_state::closed}) {
    for (const bool full : {false, true}) {
      for (const bool advertises : {false, true}) {
        for (const bool tried : {false, true}) {
          all.push_back({link, full, advertises, tried});
        }
      }
    }
  }
  return all;
}

TEST_F(RouteCandidates, AreUsedOnlyInTheOneStateThatCanDeliver) {
  for (const condition& first : all_conditions()) {
    for (const condition& second : all_conditions()) {
      const auto status = [](const condition& c) {
        return peer_status{c.link, c.full,
                           c.advertises ? std::span<const application_id>{only_credit_control}
                                        : std::span<const application_id>{}};
      };
      const auto able = [](const condition& c) {
        return c.link == link_state::open && !c.full && c.advertises && !c.tried;
      };
      const auto busy = [](const condition& c) {
        return c.link == link_state::open && c.full && c.advertises && !c.tried;
      };
      status_[0] = status(first);
      status_[1] = status(second);
      excluded_.clear();
      if (first.tried) {
        excluded_.push_back(0);
      }
      if (second.tried) {
        excluded_.push_back(1);
      }

      const decision d = choose(t_, "", "r");

      if (able(first) || able(second)) {
        EXPECT_EQ(d.peer, able(first) ? 0U : 1U);
        EXPECT_EQ(d.refused, refusal::none);
      } else {
        EXPECT_EQ(d.peer, no_peer);
        EXPECT_EQ(d.refused,
                  busy(first) || busy(second) ? refusal::too_busy : refusal::unable_to_deliver);
      }
      EXPECT_EQ(explain(t_, "", "r").refused, d.refused);
    }
  }
}

TEST_F(RouteCandidates, NeedNotAdvertiseTheBaseProtocol) {
  status_[0].applications = {};

  EXPECT_EQ(choose(t_, "", "r", base_application).peer, 0U);
}

TEST_F(RouteCandidates, TakeEveryApplicationAsRelays) {
  status_[0].applications = relay;

  EXPECT_EQ(choose(t_, "", "r", gx).peer, 0U);
}

TEST_F(RouteCandidates, ThatAreNoPeersArePassedOver) {
  const table t{{.peers = four_peers,
                 .realms = {{"r", std::nullopt, {{"ghost.example", 0}, {"a.example", 1}}}},
                 .fallback = {}}};

  EXPECT_EQ(choose(t, "", "r").peer, 0U);
  EXPECT_EQ(explain(t, "", "r").candidates.at(0).reason, obstacle::unknown);
}

class RouteWeights : public routing_fixture {
 protected:
  /// How 64-bit draws, spread evenly, fall on the peers.
  std::map<peer_index, int> spread(const table& t, int draws) const {
    std::map<peer_index, int> hits;
    const std::uint64_t step = ~std::uint64_t{0} / static_cast<std::uint64_t>(draws);
    for (int i = 0; i < draws; ++i) {
      ++hits[choose(t, "", "r", credit_control, step * static_cast<std::uint64_t>(i)).peer];
    }
    return hits;
  }
  static table weighted(std::vector<choice> choices) {
    return table{
        {.peers = four_peers, .realms = {{"r", std::nullopt, std::move(choices)}}, .fallback = {}}};
  }
};

TEST_F(RouteWeights, AreSharesWithinTheGroup) {
  const table t = weighted({{"a.example", 0, 1}, {"b.example", 0, 2}, {"c.example", 0, 7}});

  const auto hits = spread(t, 10000);

  EXPECT_NEAR(hits.at(0), 1000, 2);
  EXPECT_NEAR(hits.at(1), 2000, 2);
  EXPECT_NEAR(hits.at(2), 7000, 2);
}

TEST_F(RouteWeights, AreSharesOfThoseThatCanDeliver) {
  const table t = weighted({{"a.example", 0, 1}, {"b.example", 0, 2}, {"c.example", 0, 7}});
  status_[2].link = link_state::suspect;

  const auto hits = spread(t, 9000);

  EXPECT_NEAR(hits.at(0), 3000, 2);
  EXPECT_NEAR(hits.at(1), 6000, 2);
  EXPECT_FALSE(hits.contains(2));
}

TEST_F(RouteWeights, OfZeroServeOnlyWhereNoOtherCan) {
  const table t = weighted({{"a.example", 0, 0}, {"b.example", 0, 5}, {"c.example", 0, 0}});

  EXPECT_EQ(spread(t, 1000), (std::map<peer_index, int>{{1, 1000}}));
  status_[1].link = link_state::closed;
  const auto hits = spread(t, 1000);

  EXPECT_NEAR(hits.at(0), 500, 1);
  EXPECT_NEAR(hits.at(2), 500, 1);
}

TEST_F(RouteWeights, DoNotReachIntoTheNextPriority) {
  const table t = weighted({{"a.example", 1, 1000}, {"b.example", 0, 1}});

  EXPECT_EQ(spread(t, 100), (std::map<peer_index, int>{{1, 100}}));
}

TEST_F(RouteWeights, OfTheLargestKindDoNotOverflow) {
  const table t = weighted({{"a.example", 0, 0xffffffffU}, {"b.example", 0, 0xffffffffU}});

  EXPECT_EQ(choose(t, "", "r", credit_control, 0).peer, 0U);
  EXPECT_EQ(choose(t, "", "r", credit_control, ~std::uint64_t{0}).peer, 1U);
}

TEST_F(RouteWeights, EndWithSomeoneWhereTheStatusChangesDuringTheChoice) {
  const table t = weighted({{"a.example", 0, 1}, {"b.example", 0, 1}});
  int calls = 0;
  const auto closing = [&](peer_index i) {
    ++calls;
    return i == 1 && calls > 2 ? peer_status{} : open();
  };

  const decision d = t.choose({.destination_host = "",
                               .destination_realm = "r",
                               .application = credit_control,
                               .excluded = {}},
                              closing, ~std::uint64_t{0});

  EXPECT_EQ(d.peer, 0U);
}

class RouteExplanation : public routing_fixture {};

TEST_F(RouteExplanation, NamesEachCandidateAndItsReason) {
  const table t{
      {.peers = four_peers,
       .realms =
           {{"x",
             std::nullopt,
             {{"a.example"}, {"b.example"}, {"c.example"}, {"d.example"}, {"ghost.example"}}}},
       .fallback = {}}};
  status_[0].link = link_state::closed;
  status_[1].applications = {};
  status_[2].link = link_state::suspect;
  status_[3].full = true;

  const explanation e = explain(t, "", "x");

  EXPECT_EQ(e.refused, refusal::too_busy);
  EXPECT_EQ(e.sentence(),
            "realm 'x' is served by a.example (closed), b.example (does not advertise application "
            "4), c.example (suspect), d.example (full), ghost.example (not a known peer)");
}

TEST_F(RouteExplanation, NamesThePeersStateInEverybodysWords) {
  const table t{
      {.peers = four_peers, .realms = {{"x", std::nullopt, {{"a.example"}}}}, .fallback = {}}};
  for (std::size_t i = 0; i < static_cast<std::size_t>(link_state::count); ++i) {
    const auto state = static_cast<link_state>(i);
    status_[0].link = state;

    const explanation e = explain(t, "", "x");

    const bool serves = state == link_state::open;
    EXPECT_EQ(e.candidates.at(0).phrase(), serves ? "able to deliver" : to_string(state));
    EXPECT_EQ(choose(t, "", "x").peer == 0U, serves);
  }
}

TEST_F(RouteExplanation, SaysWhichStepOfTheLookUpDecided) {
  table_spec spec = whole_spec();
  const table t{spec};
  spec.fallback.clear();
  const table without_default{spec};
  status_.fill({});
  excluded_ = {2};

  EXPECT_EQ(explain(t, "a.example", "y").sentence(), "Destination-Host names a.example (closed)");
  EXPECT_EQ(explain(t, "", "y").sentence(),
            "realm 'y' has no route of its own; the default is c.example (already tried)");
  EXPECT_EQ(explain(without_default, "", "y").sentence(),
            "realm 'y' is not served and there is no default route");
  EXPECT_EQ(explain(without_default, "h", "").sentence(),
            "host 'h' is not a known peer and there is no default route");
}

TEST_F(RouteLookUp, DoesNotAllocate) {
  ASSERT_TRUE(allocation_counting_works());
  const table t{whole_spec()};

  const auto before = thread_allocations();
  for (std::uint64_t i = 0; i < 100; ++i) {
    static_cast<void>(choose(t, "a.example.with.a.long.name.that.is.no.peer", "REALM.EXAMPLE"));
    static_cast<void>(choose(t, "", "an.unknown.realm.with.a.long.name.example"));
    static_cast<void>(choose(t, "c.example", ""));
  }

  EXPECT_EQ((thread_allocations() - before).calls, 0U);
}

}  // namespace
}  // namespace diamgw::routing
