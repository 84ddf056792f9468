#include "diamgw/gateway/peers/peer_listener.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "diamgw/base/hex.hpp"
#include "diamgw/diameter/unanswered.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "support/fail_at_each_step.hpp"
#include "support/message_builder.hpp"
#include "unit/gateway/peers/peer_bench.hpp"

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;
using diameter::commands::capabilities_exchange;
using diameter::commands::credit_control;
using test::fake_stream;
using test::make_ccr;
using test::other_node;
using ::testing::HasSubstr;

class noting_sink final : public request_sink {
 public:
  void on_request(shard_context& on, peer_request asked) override {
    shards.push_back(on.shard.index());
    requests.push_back(std::move(asked));
  }
  std::vector<std::size_t> shards;
  std::vector<peer_request> requests;
};

/// A node of two shards that listens: its first peer lives on shard 0, its second on shard 1.
class PeerListener : public ::testing::Test {
 protected:
  explicit PeerListener(bool accepts_unknown = false, std::size_t queue_items = 1024)
      : bench_{2, queue_items},
        peers_{options(accepts_unknown),
               {&bench_.on(0), &bench_.on(1)},
               bench_.metrics(),
               dictionary::share_embedded(),
               sink_},
        listener_{peers_, {&bench_.on(0), &bench_.on(1)}} {
    peers_.start();
    bench_.run();
  }

  static peer_table::options options(bool accepts_unknown) {
    peer_table::options o;
    o.identity = test::make_node("gw.example");
    for (const char* host : {"ocs.example", "pcrf.example"}) {
      config::peer_options peer;
      peer.host = host;
      peer.realm = "example";
      o.diameter.peers.push_back(peer);
    }
    o.diameter.accept_unknown_peers = accepts_unknown;
    o.diameter.max_connections = 3;  // one for each of the two, and one for a stranger
    o.diameter.max_message_octets = 1024;
    o.diameter.validate_messages = config::message_validation::structure;
    o.seed = 1;
    return o;
  }

  /// A connection that came to that shard, from a node of that name.
  other_node connect(std::string_view host = "ocs.example", std::size_t shard = 0) {
    other_node other{bench_.make_stream(shard), host};
    listener_.accept(bench_.on(shard), test::bench::lend(other.stream()));
    return other;
  }
  /// Of one that was moved: a fake stream's waits stay on the shard that accepted it, and must not
  /// outlive the other, whose coroutine reads.
  void end(other_node& other) {
    other.stream().ends();
    bench_.run();
  }
  /// Connections that never became a known peer's.
  [[nodiscard]] std::string strangers_refused(disconnect_reason why) const {
    return bench_.scraped(R"(diameter_peer_disconnects_total{peer="other",reason=")" +
                          std::string{to_string(why)} + "\"}");
  }
  /// As one shard sees them.
  [[nodiscard]] routing::link_state link_of(routing::peer_index peer, std::size_t shard = 0) {
    return peers_.status(bench_.on(shard), peer).link;
  }

  test::bench bench_;
  noting_sink sink_;
  peer_table peers_;
  peer_listener listener_;
};

TEST_F(PeerListener, KnowsThePeerByItsCer) {
  other_node other = connect();
  other.say_cer();
  bench_.run();

  EXPECT_EQ(other.take_one(capabilities_exchange).hop_by_hop().value, 1U);
  EXPECT_EQ(link_of(0), routing::link_state::open);
  EXPECT_EQ(link_of(1), routing::link_state::closed);
}

TEST_F(PeerListener, MovesTheConnectionToThePeersShardAndLosesNoOctet) {
  other_node other = connect("pcrf.example", 0);
  const std::string cer = test::encoded(
      [&](auto& out) { return diameter::encode_cer(out, other.node(), {}, {{1}, {2}}); });
  const std::string all = cer + make_ccr(0x41) + make_ccr(0x42);
  const std::size_t cut = cer.size() + make_ccr().size() + 10;
  other.say(all.substr(0, cut));
  bench_.run();

  other.say(all.substr(cut));
  bench_.run();

  EXPECT_EQ(link_of(1, 0), routing::link_state::open);
  EXPECT_EQ(link_of(1, 1), routing::link_state::open);
  EXPECT_EQ(sink_.shards, (std::vector<std::size_t>{1, 1}));
  ASSERT_EQ(sink_.requests.size(), 2U);
  EXPECT_EQ(sink_.requests[0].message.view.hop_by_hop().value, 0x41U);
  EXPECT_EQ(sink_.requests[1].message.view.hop_by_hop().value, 0x42U);
}

TEST_F(PeerListener, ReadsACerOctetByOctet) {
  other_node other = connect();
  other.stream().receives_octet_by_octet(test::encoded(
      [&](auto& out) { return diameter::encode_cer(out, other.node(), {}, {{1}, {2}}); }));
  bench_.run();

  EXPECT_EQ(link_of(0), routing::link_state::open);
}

TEST_F(PeerListener, TellsAnUnknownPeerSoAndLetsTheAnswerArrive) {
  other_node other = connect("stranger.example");
  other.say_cer();
  bench_.run();

  const auto cea = other.take_one(capabilities_exchange);
  EXPECT_EQ(diameter::find_unsigned32(cea, diameter::avps::result_code), 3010U);
  EXPECT_THAT(bench_.take_log(),
              HasSubstr("warning: connection refused: capabilities_rejected: 192.0.2.2:40000: "
                        "DIAMETER_UNKNOWN_PEER (3010): unknown peer; Origin-Host "
                        "stranger.example, Origin-Realm example; it offers 4, we offer 4\n"));
  EXPECT_EQ(strangers_refused(disconnect_reason::capabilities_rejected), "1");
  EXPECT_TRUE(other.stream().send_was_shut_down());
  EXPECT_FALSE(other.stream().closed());
  bench_.advance(2100ms);
  EXPECT_TRUE(other.stream().closed());
}

TEST_F(PeerListener, ClosesWhereTheFirstMessageIsNoCer) {
  other_node other = connect();
  other.say(make_ccr());
  bench_.run();

  EXPECT_TRUE(other.stream().closed());
  EXPECT_TRUE(other.take().empty());
  EXPECT_THAT(bench_.take_log(), HasSubstr("warning: connection refused: unexpected_message: "
                                           "192.0.2.2:40000: the first message is no CER\n"));
  EXPECT_EQ(bench_.scraped(R"(diamgw_messages_malformed_total{from="peer"})"), "1");
  EXPECT_EQ(strangers_refused(disconnect_reason::unexpected_message), "1");
}

// RFC 6733 §5.3, §7.1.5.
TEST_F(PeerListener, AnswersACerThatCannotBeReadAndLetsTheAnswerArrive) {
  other_node other = connect();
  const auto cer = diamgw::test::message_builder{capabilities_exchange}
                       .avp(diameter::avps::session_id, "ocs.example;1;2")
                       .avp(diameter::avps::origin_host, "ocs.example")
                       .avp(diameter::avps::vendor_id_avp, ietf_vendor, diamgw::test::m_bit,
                            diamgw::test::be32_octets(9), 400)
                       .build();
  other.say(as_text(cer));
  bench_.run();

  const auto cea = other.take_one(capabilities_exchange);
  EXPECT_EQ(diameter::find_unsigned32(cea, diameter::avps::result_code), 5014U);
  EXPECT_EQ(as_text(cea.find(diameter::avps::session_id)->data), "ocs.example;1;2");
  ASSERT_TRUE(cea.find(diameter::avps::failed_avp));
  EXPECT_EQ(to_hex(cea.find(diameter::avps::failed_avp)->data), "0000010a4000000c00000000");
  EXPECT_TRUE(cea.find(diameter::avps::error_message));
  EXPECT_EQ(strangers_refused(disconnect_reason::capabilities_rejected), "1");
  EXPECT_THAT(
      bench_.take_log(),
      HasSubstr("warning: connection refused: capabilities_rejected: 192.0.2.2:40000: "
                "DIAMETER_INVALID_AVP_LENGTH (5014): the AVP length reaches past the end of "
                "what contains it; Origin-Host ocs.example, no Origin-Realm; it offers "
                "none, we offer 4\n"));
  EXPECT_TRUE(other.stream().send_was_shut_down());
  EXPECT_FALSE(other.stream().closed());
}

TEST_F(PeerListener, RefusesACerThatIsLongerThanAnyMessageMayBe) {
  other_node other = connect();
  other.node().product_name = std::string(2000, 'a');  // max_message_octets is 1024
  other.say_cer();
  bench_.run();

  EXPECT_TRUE(other.stream().closed());
  EXPECT_THAT(bench_.take_log(), HasSubstr("warning: connection refused: malformed_message: "
                                           "192.0.2.2:40000: the first message is too long\n"));
  EXPECT_EQ(link_of(0), routing::link_state::closed);
}

TEST_F(PeerListener, ClosesWhereNoWholeCerComesInTime) {
  other_node other = connect();
  other.say("\x01");
  bench_.advance(9s);
  EXPECT_FALSE(other.stream().closed());

  bench_.advance(2s);

  EXPECT_TRUE(other.stream().closed());
  EXPECT_EQ(strangers_refused(disconnect_reason::capabilities_timeout), "1");
  EXPECT_THAT(bench_.take_log(), HasSubstr("warning: connection refused: capabilities_timeout: "
                                           "192.0.2.2:40000: no CER came in time\n"));
}

TEST_F(PeerListener, TellsOfWhoLeavesBeforeItsCerIsWhole) {
  other_node other = connect();
  other.say("\x01");
  other.stream().ends();
  bench_.advance(11s);

  EXPECT_TRUE(other.stream().closed());
  EXPECT_EQ(strangers_refused(disconnect_reason::connection_lost), "1");
  EXPECT_EQ(bench_.take_log(),
            "warning: connection ended: connection_lost: 192.0.2.2:40000: before its CER was "
            "whole: End of file\n");
}

// As a load balancer does that looks whether the port is there.
TEST_F(PeerListener, IsNotAlarmedByWhoSaysNothingAtAll) {
  other_node other = connect();
  other.stream().ends();
  bench_.run();

  EXPECT_EQ(strangers_refused(disconnect_reason::connection_lost), "1");
  EXPECT_EQ(bench_.take_log(),
            "info: connection ended: connection_lost: 192.0.2.2:40000: before it said anything: "
            "End of file\n");
}

TEST_F(PeerListener, TellsOfAConnectionThatItsPeersShardCannotTake) {
  other_node other{bench_.make_stream(0), "pcrf.example"};
  listener_.accept(bench_.on(0),
                   test::bench::lend(other.stream(), test::lent_stream::attaching::fails));
  other.say_cer();
  bench_.run();

  EXPECT_TRUE(other.stream().closed());
  EXPECT_EQ(link_of(1), routing::link_state::closed);
  EXPECT_EQ(bench_.scraped(
                R"(diameter_peer_disconnects_total{peer="pcrf.example",reason="connection_lost"})"),
            "1");
  EXPECT_EQ(bench_.take_log(),
            "error: peer pcrf.example: connection from 192.0.2.2:40000 cannot be taken by its "
            "shard\n");
}

TEST_F(PeerListener, TakesNobodyOnceItIsStopped) {
  other_node other = connect();
  bench_.run();
  listener_.stop();

  other.say_cer();
  bench_.run();

  EXPECT_TRUE(other.stream().closed());
  EXPECT_EQ(link_of(0), routing::link_state::closed);
}

TEST_F(PeerListener, FailsAtEachStepWithoutHarm) {
  const std::size_t steps = diamgw::test::fail_at_each_step([this](auto arm, std::size_t) {
    other_node other{bench_.make_stream(0), "stranger.example"};
    arm(other.stream());
    listener_.accept(bench_.on(0), test::bench::lend(other.stream()));
    other.say_cer();
    bench_.run();
    const bool failed = other.stream().has_failed();
    other.stream().ends();
    bench_.run();

    EXPECT_TRUE(other.stream().closed());
    return failed;
  });
  EXPECT_GE(steps, 3U);
}

// ---- strangers

class PeerListenerForAll : public PeerListener {
 protected:
  PeerListenerForAll() : PeerListener{true} {}
};

TEST_F(PeerListenerForAll, MakesAStrangerAPeerUpToTheLimit) {
  std::vector<routing::peer_index> added;
  peers_.on_change = [&](routing::peer_index i) { added.push_back(i); };
  other_node first = connect("one.example");
  first.say_cer();
  bench_.run();
  other_node second = connect("two.example");
  second.say_cer();
  bench_.run();

  EXPECT_FALSE(first.take_one(capabilities_exchange).is_error());
  EXPECT_TRUE(second.take_one(capabilities_exchange).is_error());
  EXPECT_EQ(added, std::vector<routing::peer_index>{2});
  EXPECT_EQ(peers_.size(), 3U);
  EXPECT_EQ(peers_.name(2).host, "one.example");
  EXPECT_EQ(peers_.name(2).realm, "example");
  EXPECT_EQ(peers_.find("ONE.example"), 2U);
  EXPECT_EQ(link_of(2), routing::link_state::open);
}

TEST_F(PeerListenerForAll, GivesThePlaceOfAStrangerThatHasGoneToAnother) {
  other_node first = connect("one.example");
  first.say_cer();
  bench_.run();
  first.stream().ends();
  bench_.advance(9s);
  other_node early = connect("two.example");
  early.say_cer();
  bench_.run();
  EXPECT_TRUE(early.take_one(capabilities_exchange).is_error());
  EXPECT_THAT(bench_.take_log(), HasSubstr("no place is left for an unknown peer"));
  std::vector<routing::peer_index> changed;
  peers_.on_change = [&](routing::peer_index i) { changed.push_back(i); };

  bench_.advance(2s);

  EXPECT_EQ(changed, std::vector<routing::peer_index>{2});
  EXPECT_EQ(peers_.find("one.example"), routing::no_peer);
  EXPECT_EQ(peers_.report(bench_.on(1), 2), nullptr);
  EXPECT_EQ(bench_.metrics().scrape({}).find("one.example"), std::string::npos)
      << "a stranger's series end with its place";
  other_node second = connect("two.example", 1);
  second.say_cer();
  bench_.run();
  EXPECT_FALSE(second.take_one(capabilities_exchange).is_error());
  EXPECT_EQ(peers_.find("two.example"), 2U);
  EXPECT_EQ(link_of(2, 0), routing::link_state::open);
  EXPECT_EQ(link_of(2, 1), routing::link_state::open);
  EXPECT_EQ(peers_.report(bench_.on(0), 2)->host, "two.example");
  EXPECT_EQ(bench_.scraped(R"(diameter_peer_connects_total{peer="two.example"})"), "1");
  end(second);
}

TEST_F(PeerListenerForAll, KeepsThePlaceOfAStrangerThatComesBack) {
  other_node first = connect("one.example");
  first.say_cer();
  bench_.run();
  first.stream().ends();
  bench_.advance(9s);

  other_node again = connect("one.example", 1);
  again.say_cer();
  bench_.advance(20s);

  EXPECT_EQ(peers_.find("one.example"), 2U);
  EXPECT_NE(link_of(2), routing::link_state::closed);
  end(again);
}

// Each by another name, so that none of them is known to come and go.
TEST_F(PeerListenerForAll, IsNotMadeToFillTheLogByStrangers) {
  std::size_t lines = 0;
  for (int i = 0; i < 20; ++i) {
    other_node other = connect("s" + std::to_string(i) + ".example");
    other.say_cer();
    bench_.run();
    other.stream().ends();
    bench_.run();
    const std::string log = bench_.take_log();
    lines += static_cast<std::size_t>(std::count(log.begin(), log.end(), '\n'));
  }

  EXPECT_EQ(lines, stranger_log::lines);
}

TEST_F(PeerListenerForAll, KeepsAPlaceForEachConfiguredPeer) {
  other_node stranger = connect("one.example");
  stranger.say_cer();
  other_node another = connect("two.example");
  another.say_cer();
  other_node configured = connect("ocs.example");
  configured.say_cer();
  bench_.run();

  EXPECT_FALSE(stranger.take_one(capabilities_exchange).is_error());
  EXPECT_TRUE(another.take_one(capabilities_exchange).is_error());
  EXPECT_FALSE(configured.take_one(capabilities_exchange).is_error());
}

TEST_F(PeerListenerForAll, TakesNoNameThatIsNone) {
  other_node other = connect("not a name\n");
  other.say_cer();
  bench_.run();

  EXPECT_TRUE(other.take_one(capabilities_exchange).is_error());
  EXPECT_EQ(peers_.size(), 2U);
}

// ---- what shards know, and answers to where requests came from

/// Rings of two places each.
class PeerTableUnderLoad : public PeerListener {
 protected:
  PeerTableUnderLoad() : PeerListener{false, 2} {}
};

TEST_F(PeerTableUnderLoad, TellsAPeersNewStateToAShardWhoseRingIsFull) {
  other_node other = connect();
  bool full = false;
  ASSERT_TRUE(bench_.on(0).shard.post([&] {
    while (bench_.on(1).shard.post([] {})) {
    }
    full = true;
    other.say_cer();
  }));

  bench_.run();

  EXPECT_TRUE(full);
  EXPECT_EQ(link_of(0, 0), routing::link_state::open);
  EXPECT_EQ(link_of(0, 1), routing::link_state::open);
}

// docs/architecture.md, "Inside": a connection on its way to its peer's shard is closed, and
// logged.
TEST_F(PeerTableUnderLoad, ClosesAConnectionThatFindsTheRingToItsPeersShardFull) {
  other_node other = connect("pcrf.example", 0);
  ASSERT_TRUE(bench_.on(0).shard.post([&] {
    while (bench_.on(1).shard.post([] {})) {
    }
    other.say_cer();
  }));

  bench_.run();

  EXPECT_TRUE(other.stream().closed());
  EXPECT_EQ(link_of(1), routing::link_state::closed);
  EXPECT_THAT(bench_.take_log(), HasSubstr("error: peer pcrf.example: connection from "
                                           "192.0.2.2:40000 cannot be moved to its shard"));
  EXPECT_EQ(bench_.scraped(R"(diamgw_messages_dropped_total{reason="shard_queue_full"})"), "1");
}

TEST_F(PeerTableUnderLoad, DropsAnAnswerThatFindsTheRingToItsPeersShardFull) {
  other_node other = connect();
  other.say_cer();
  other.say(make_ccr(0x51));
  bench_.run();
  other.take_one(capabilities_exchange);
  ASSERT_EQ(sink_.requests.size(), 1U);

  ASSERT_TRUE(bench_.on(1).shard.post([&] {
    while (bench_.on(0).shard.post([] {})) {
    }
    peers_.send_error(bench_.on(1), sink_.requests[0].from, sink_.requests[0].message.view,
                      diameter::result_code::unknown_session_id, "nobody has the session");
  }));
  bench_.run();

  EXPECT_TRUE(other.take().empty());
  EXPECT_EQ(bench_.scraped(R"(diamgw_messages_dropped_total{reason="shard_queue_full"})"), "1");
}

TEST_F(PeerListener, GivesAnswersBackToTheConnectionOfTheRequest) {
  other_node other = connect();
  other.say_cer();
  other.say(make_ccr(0x51));
  bench_.run();
  other.take_one(capabilities_exchange);
  ASSERT_EQ(sink_.requests.size(), 1U);
  const peer_request& asked = sink_.requests[0];

  // By another shard than the peer's.
  peers_.send_error(bench_.on(1), asked.from, asked.message.view,
                    diameter::result_code::unknown_session_id, "nobody has the session");
  bench_.run();

  const auto answer = other.take_one(credit_control);
  EXPECT_EQ(answer.hop_by_hop().value, 0x51U);
  EXPECT_EQ(answer.end_to_end().value, 0x22U);
  EXPECT_TRUE(answer.is_proxiable());
  EXPECT_EQ(diameter::find_unsigned32(answer, diameter::avps::result_code), 5002U);
}

TEST_F(PeerListener, StopsWhenEveryPeerHasLeft) {
  other_node other = connect();
  other.say_cer();
  bench_.run();
  other.take_one(capabilities_exchange);
  bool stopped = false;

  listener_.stop();
  peers_.stop(diameter::disconnect_cause::rebooting, [&] { stopped = true; });
  bench_.run();

  const auto dpr = other.take_one(diameter::commands::disconnect_peer);
  EXPECT_FALSE(stopped);
  other.say_dpa(dpr);
  other.stream().ends();
  bench_.run();
  EXPECT_TRUE(stopped);
}

}  // namespace
}  // namespace diamgw::gateway
