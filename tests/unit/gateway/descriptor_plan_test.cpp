#include "diamgw/gateway/descriptor_plan.hpp"

#include <gtest/gtest.h>

namespace diamgw::gateway {
namespace {

config::options options_of(std::uint32_t clients, std::size_t peers, bool strangers = false) {
  config::options o;
  o.websocket.max_clients = clients;
  o.diameter.max_connections = 100;
  o.diameter.accept_unknown_peers = strangers;
  for (std::size_t i = 0; i < peers; ++i) {
    config::peer_options& p = o.diameter.peers.emplace_back();
    p.connect = config::endpoint{.address = "192.0.2.1", .port = 3868};
  }
  return o;
}

TEST(DescriptorPlan, AddsUpWhatAllListenersMayHave) {
  const auto one = plan_descriptors(options_of(1000, 2), 1, 10000);

  EXPECT_EQ(one.allowed, 10000U);
  EXPECT_GE(one.needed, 1000U + 100U + 64U + 2U);
  EXPECT_LT(one.needed, 1300U);
  EXPECT_EQ(plan_descriptors(options_of(1500, 2), 1, 10000).needed, one.needed + 500);
  EXPECT_GT(plan_descriptors(options_of(1000, 2), 8, 10000).needed, one.needed);
}

TEST(DescriptorPlan, HasRoomForLookupsOfNamesAndForAllAddressesOfOne) {
  const auto literal = options_of(1000, 0);
  const auto listening_at = [&](const char* diameter, const char* websocket, const char* admin) {
    auto o = literal;
    o.diameter.listen = {{.address = diameter, .port = 3868}};
    o.websocket.listen = {{.address = websocket, .port = 8080}};
    o.admin.listen = config::endpoint{.address = admin, .port = 9090};
    return o;
  };
  const auto dialling = [&](std::size_t peers, const char* address) {
    auto o = options_of(1000, peers);
    for (auto& p : o.diameter.peers) {
      p.connect->address = address;
    }
    return o;
  };
  const struct {
    const char* what;
    config::options by_literals;
    config::options by_names;
    std::size_t shards;
    std::size_t more_needed;
    std::size_t more_kept;
  } rows[] = {
      {"one peer: two sockets for its lookup", dialling(1, "192.0.2.1"), dialling(1, "a.example"),
       1, 2, 2},
      {"as many lookups as there may be", dialling(40, "::1"), dialling(40, "a.example"), 1, 32,
       32},
      {"a second address on each of 4 shards, and a lookup",
       listening_at("127.0.0.1", "::1", "127.0.0.1"), listening_at("localhost", "::1", "127.0.0.1"),
       4, 4 + 2, 2},
      {"all listeners", listening_at("127.0.0.1", "::1", "127.0.0.1"),
       listening_at("localhost", "localhost", "localhost"), 4, 4 + 4 + 1 + 2, 1 + 2},
  };

  for (const auto& r : rows) {
    const auto before = plan_descriptors(r.by_literals, r.shards, 10000);
    const auto after = plan_descriptors(r.by_names, r.shards, 10000);

    EXPECT_EQ(after.needed - before.needed, r.more_needed) << r.what;
    EXPECT_EQ(after.kept_from_peers - before.kept_from_peers, r.more_kept) << r.what;
    EXPECT_EQ(after.kept_from_clients - before.kept_from_clients, r.more_kept) << r.what;
  }
}

TEST(DescriptorPlan, KeepsMoreFromClientsThanFromPeers) {
  const auto plan = plan_descriptors(options_of(1000, 5), 1, 10000);

  EXPECT_GE(plan.kept_from_peers, 64U + 5U);
  EXPECT_EQ(plan.kept_from_clients, plan.kept_from_peers + 10);
}

TEST(DescriptorPlan, KeepsAPlaceForEachStrangerThatMayBecomeAPeer) {
  const auto plan = plan_descriptors(options_of(1000, 0, true), 1, 10000);

  EXPECT_EQ(plan.kept_from_clients, plan.kept_from_peers + 100);
}

TEST(DescriptorPlan, LeavesClientsHalfOfFewDescriptors) {
  const auto plan = plan_descriptors(options_of(1000, 50), 1, 64);

  EXPECT_EQ(plan.kept_from_clients, 32U);
  EXPECT_EQ(plan.kept_from_peers, 16U);
}

TEST(FindShortage, SaysWhatIsAllowedAndNeeded) {
  descriptor_plan plan{.allowed = 1024, .needed = 1024, .kept_from_clients = 90};
  EXPECT_EQ(find_shortage(plan), std::nullopt);

  plan.needed = 11000;
  EXPECT_EQ(
      find_shortage(plan),
      "the system allows 1024 descriptors (ulimit -n), and up to 11000 are needed by "
      "websocket.max_clients, diameter.max_connections and peers: clients that would take the "
      "last 90 are refused");
}

}  // namespace
}  // namespace diamgw::gateway
