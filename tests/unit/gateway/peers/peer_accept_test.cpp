// Connections that a peer opens, alone and beside ours.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/gateway/peers/peer_fixture.hpp"

namespace diamgw::gateway {
namespace {

using diameter::commands::capabilities_exchange;
using diameter::commands::credit_control;
using diameter::commands::device_watchdog;
using test::make_ccr;
using test::other_node;
using test::peer_and_network;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using outcome = exchange_outcome;
using link = routing::link_state;

class AcceptedPeer : public ::testing::Test, public peer_and_network {
 protected:
  AcceptedPeer() : peer_and_network{"gw.example", {}, false} { subject->start(); }
};

TEST_F(AcceptedPeer, OpensAndServes) {
  other_node other = accept(make_ccr(0x77));

  const auto cea = other.take_one(capabilities_exchange);
  EXPECT_FALSE(cea.is_request());
  EXPECT_EQ(cea.hop_by_hop().value, 0x31U);
  EXPECT_THAT(owner.links, ElementsAre(link::open));
  ASSERT_EQ(owner.requests.size(), 1U);  // what came along with the CER
  bench.ask(*subject);
  bench.run();
  other.answer(other.take_one(credit_control));
  bench.run();
  EXPECT_THAT(bench.outcomes(), ElementsAre(outcome::answered));
}

TEST_F(AcceptedPeer, RefusesASecondConnectionAndKeepsTheFirst) {
  other_node first = accept();
  first.take_one(capabilities_exchange);

  other_node second = accept();

  const auto cea = second.take_one(capabilities_exchange);
  EXPECT_EQ(diameter::find_unsigned32(cea, diameter::avps::result_code), 5012U);
  EXPECT_TRUE(second.stream().send_was_shut_down());
  EXPECT_THAT(bench.take_log(),
              HasSubstr("connection refused: already_connected: 192.0.2.2:40000: "));
  first.take_one(device_watchdog);  // whether it still lives
  first.say_dwr();
  bench.run();
  first.take_one(device_watchdog);
}

TEST_F(AcceptedPeer, RefusesWithoutACommonApplication) {
  other_node other{make_stream()};
  other.node().auth_applications = {application_id{16777251}};
  const std::string cer = test::encoded(
      [&](auto& out) { return diameter::encode_cer(out, other.node(), {}, {{1}, {2}}); });

  subject->accept(test::bench::lend(other.stream()),
                  {{}, diameter::message_view{as_bytes(std::string_view{cer})}}, {});
  bench.run();

  EXPECT_EQ(
      diameter::find_unsigned32(other.take_one(capabilities_exchange), diameter::avps::result_code),
      5010U);
  EXPECT_TRUE(owner.links.empty());
}

// ---- both at once (RFC 6733 §5.6.4)

TEST(PeerElection, WonByUsEndsTheConnectionThatWeOpened) {
  peer_and_network p{"z.example"};
  p.subject->start();
  p.bench.run();
  other_node ours{*p.streams.at(0)};
  ours.take_one(capabilities_exchange);

  other_node theirs = p.accept();

  EXPECT_FALSE(theirs.take_one(capabilities_exchange).is_request());
  EXPECT_TRUE(ours.stream().send_was_shut_down());
  EXPECT_THAT(p.owner.links, ElementsAre(link::open));
  EXPECT_EQ(p.bench.scraped(
                R"(diameter_peer_disconnects_total{peer="ocs.example",reason="election_lost"})"),
            "1");
}

TEST(PeerElection, LostByUsKeepsTheConnectionThatWeOpened) {
  peer_and_network p{"a.example"};
  p.subject->start();
  p.bench.run();
  other_node ours{*p.streams.at(0)};
  const auto cer = ours.take_one(capabilities_exchange);
  other_node theirs = p.accept();
  EXPECT_TRUE(theirs.take().empty());  // no CEA: it is the peer's to end

  theirs.stream().ends();
  p.bench.run();
  ours.say_cea(cer);
  p.bench.run();

  EXPECT_THAT(p.owner.links, ElementsAre(link::open));
  EXPECT_EQ(p.bench.scraped(
                R"(diameter_peer_disconnects_total{peer="ocs.example",reason="election_lost"})"),
            "1");
}

}  // namespace
}  // namespace diamgw::gateway
