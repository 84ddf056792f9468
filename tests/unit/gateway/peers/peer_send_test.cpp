// Requests to a peer, and how they end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/gateway/peers/peer_fixture.hpp"

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;
using diameter::result_code;
using diameter::commands::capabilities_exchange;
using diameter::commands::credit_control;
using test::make_ccr;
using test::other_node;
using test::Peer;
using test::peer_and_network;
using ::testing::ElementsAre;
using outcome = exchange_outcome;

class PeerWithLimits : public ::testing::Test, public peer_and_network {
 protected:
  PeerWithLimits() : peer_and_network{"gw.example", limits()} {}
  static config::diameter_options limits() {
    config::diameter_options o;
    o.max_in_flight = 2;
    o.output_queue_octets = 3 * make_ccr().size();
    return o;
  }
};

TEST_F(PeerWithLimits, IsTooBusyAboveItsUnansweredRequests) {
  open();
  for (std::uint32_t i = 0; i < 3; ++i) {
    bench.ask(*subject);
    bench.run();  // the queue is written
  }

  EXPECT_THAT(bench.outcomes(), ElementsAre(outcome::too_busy));
  EXPECT_TRUE(subject->full());
  const auto taken = opened->take();
  opened->answer(taken.at(0));
  bench.run();
  EXPECT_FALSE(subject->full());
}

TEST_F(PeerWithLimits, IsTooBusyWhereItsQueueIsFull) {
  open();
  opened->stream().hold_writes();
  const std::string large =
      test::make_message({test::request_flags, credit_control, test::credit_control, {1}, {2}},
                         std::string(2 * make_ccr().size(), 'a'));
  bench.ask(*subject, large);

  bench.ask(*subject, large);

  EXPECT_THAT(bench.outcomes(), ElementsAre(outcome::too_busy));
  EXPECT_EQ(bench.scraped(R"(diameter_peer_requests_in_flight{peer="ocs.example"})"), "1");
  EXPECT_EQ(bench.scraped(R"(diamgw_messages_dropped_total{reason="peer_queue_full"})"), "1");
}

TEST_F(Peer, CountsHowLongItsAnswersTook) {
  open();
  bench.ask(*subject);
  bench.run();
  const auto ccr = opened->take_one(credit_control);
  EXPECT_EQ(bench.scraped(R"(diameter_peer_requests_in_flight{peer="ocs.example"})"), "1");
  bench.advance(30ms);

  opened->answer(ccr);
  bench.run();

  const std::string of = R"({peer="ocs.example",le=")";
  const std::string bucket = "diameter_peer_request_duration_seconds_bucket" + of;
  EXPECT_EQ(bench.scraped(bucket + R"(0.025"})"), "0");
  EXPECT_EQ(bench.scraped(bucket + R"(0.05"})"), "1");
  EXPECT_EQ(bench.scraped(R"(diameter_peer_requests_in_flight{peer="ocs.example"})"), "0");
}

TEST_F(Peer, CountsALateAnswerAndTellsNobody) {
  open();
  bench.ask(*subject, make_ccr(), 1s);
  bench.run();
  const auto ccr = opened->take_one(credit_control);
  bench.advance(1100ms);
  ASSERT_THAT(bench.outcomes(), ElementsAre(outcome::deadline));

  opened->answer(ccr);
  bench.run();

  EXPECT_EQ(bench.outcomes().size(), 1U);
  EXPECT_EQ(bench.scraped(R"(diamgw_answers_late_total{reason="deadline"})"), "1");
  EXPECT_EQ(bench.scraped(R"(diameter_peer_requests_in_flight{peer="ocs.example"})"), "0");
}

TEST_F(Peer, CountsAnAnswerToNothing) {
  open();
  opened->say(test::make_message({0, credit_control, test::credit_control, {0xdead}, {1}},
                                 "gw.example;1;2", result_code::success));
  bench.run();

  EXPECT_EQ(bench.scraped("diamgw_answers_unknown_total"), "1");
}

TEST_F(Peer, ForgetsATransactionWhoseAnswerIsWaitedForNoMore) {
  open();
  bench.ask(*subject, make_ccr(), 1s);
  bench.run();
  const auto ccr = opened->take_one(credit_control);

  bench.advance(7s);
  EXPECT_EQ(bench.scraped(R"(diameter_peer_requests_in_flight{peer="ocs.example"})"), "0");
  opened->answer(ccr);
  bench.run();

  EXPECT_EQ(bench.scraped("diamgw_answers_unknown_total"), "1");
}

TEST_F(Peer, TellsAnAnswerThatCannotBeReadAsMalformed) {
  open();
  bench.ask(*subject);
  bench.run();
  const auto ccr = opened->take_one(credit_control);
  diameter::header header = diameter::header_of(ccr);
  header.flags = 0;
  std::string bad = test::make_message(header, "gw.example;1;2", result_code::success);
  bad[27] = '\x03';  // the Session-Id's length

  opened->say(bad);
  bench.run();

  EXPECT_THAT(bench.outcomes(), ElementsAre(outcome::malformed_answer));
}

// ---- from another shard

TEST(PeerOnAnotherShard, TakesRequestsAndTellsTheirShard) {
  test::bench bench{2};
  test::noting_owner owner;
  const node_context node{.identity = test::make_node("gw.example"),
                          .configuration = {},
                          .unix_seconds = 2,
                          .origin_avps = {},
                          .metrics = bench.metrics()};
  peer subject{owner, node, bench.on(0), {}, test::ocs(), 1, bench.on(0).shard.now()};
  subject.start();
  other_node other{bench.make_stream()};
  const std::string cer = test::encoded(
      [&](auto& out) { return diameter::encode_cer(out, other.node(), {}, {{1}, {2}}); });
  subject.accept(test::bench::lend(other.stream()),
                 {{}, diameter::message_view{as_bytes(std::string_view{cer})}}, {});
  bench.run();
  other.take_one(capabilities_exchange);

  bench.ask(subject, make_ccr(), 10s, 1);
  bench.run();
  other.answer(other.take_one(credit_control));
  bench.run();

  EXPECT_THAT(bench.outcomes(), ElementsAre(outcome::answered));
}

TEST(PeerOnAnotherShard, IsTooBusyWhereTheRingToItIsFull) {
  test::bench bench{2, 2};
  test::noting_owner owner;
  const node_context node{.identity = test::make_node("gw.example"),
                          .configuration = {},
                          .unix_seconds = 2,
                          .origin_avps = {},
                          .metrics = bench.metrics()};
  peer subject{owner, node, bench.on(0), {}, test::ocs(), 1, bench.on(0).shard.now()};
  ASSERT_TRUE(bench.on(1).shard.post([&] {
    while (bench.on(0).shard.post([] {})) {
    }
    bench.ask(subject, make_ccr(), 10s, 1);
  }));
  bench.run();

  EXPECT_THAT(bench.outcomes(), ElementsAre(outcome::too_busy));
  EXPECT_EQ(bench.scraped(R"(diamgw_messages_dropped_total{reason="shard_queue_full"})"), "1");
}

}  // namespace
}  // namespace diamgw::gateway
