#include "gateway/peers/peer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/error.hpp>

#include "support/fail_at_each_step.hpp"
#include "unit/gateway/peers/peer_fixture.hpp"

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;
using diameter::result_code;
using diameter::commands::capabilities_exchange;
using diameter::commands::credit_control;
using diameter::commands::device_watchdog;
using diameter::commands::disconnect_peer;
using test::make_ccr;
using test::other_node;
using test::Peer;
using test::peer_and_network;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using outcome = exchange_outcome;
using link = routing::link_state;

// ---- dialled

TEST_F(Peer, OpensServesAndLeaves) {
  subject->start();
  bench.run();
  other_node other{*streams.at(0)};
  const auto cer = other.take_one(capabilities_exchange);
  EXPECT_EQ(diameter::find_origin_host(cer), "gw.example");
  other.say_cea(cer);
  bench.run();
  EXPECT_THAT(owner.links, ElementsAre(link::open));
  EXPECT_THAT(owner.common, ElementsAre(test::credit_control));
  EXPECT_THAT(bench.take_log(),
              HasSubstr("info: peer ocs.example: open with 192.0.2.2:40000 (test), 1 common"));

  bench.ask(*subject, make_ccr(0x4711));
  bench.run();
  const auto ccr = other.take_one(credit_control);
  EXPECT_TRUE(ccr.is_request());
  EXPECT_NE(ccr.hop_by_hop().value, 0x4711U);  // the connection's own (RFC 6733 §6.1.2)
  EXPECT_EQ(ccr.end_to_end().value, 0x22U);
  other.answer(ccr);
  bench.run();
  ASSERT_THAT(bench.outcomes(), ElementsAre(outcome::answered));
  EXPECT_EQ(bench.ended()[0].answer.view.end_to_end().value, 0x22U);

  bool stopped = false;
  subject->stop(diameter::disconnect_cause::rebooting, [&] { stopped = true; });
  bench.run();
  const auto dpr = other.take_one(disconnect_peer);
  EXPECT_EQ(diameter::cause_of(dpr), diameter::disconnect_cause::rebooting);
  EXPECT_FALSE(stopped);
  other.say_dpa(dpr);
  other.stream().ends();
  bench.run();

  EXPECT_TRUE(stopped);
  EXPECT_EQ(owner.links.back(), link::closed);
  EXPECT_THAT(bench.take_log(), HasSubstr("info: peer ocs.example: closed: stopped"));
  EXPECT_EQ(
      bench.scraped(R"(diameter_peer_disconnects_total{peer="ocs.example",reason="stopped"})"),
      "1");
}

TEST_F(Peer, SaysWhyItCannotConnectAndTriesAgain) {
  dial_error = boost::asio::error::connection_refused;
  subject->start();
  bench.run();
  EXPECT_THAT(
      bench.take_log(),
      HasSubstr("peer ocs.example: closed: connect_failed: 192.0.2.2:3868: Connection refused\n"));

  dial_error = {};
  bench.advance(2s);  // reconnect_min is a second, and jitter

  EXPECT_EQ(dialled, 2);
  EXPECT_EQ(streams.size(), 1U);
}

TEST_F(Peer, LogsThePeersRefusalOfThisConnectionAndNoOlderOne) {
  subject->start();
  bench.run();
  other_node first{*streams.at(0)};
  first.say_cea(first.take_one(capabilities_exchange),
                {result_code::no_common_application, {}, "nothing in common"});
  bench.run();
  EXPECT_THAT(bench.take_log(),
              HasSubstr("DIAMETER_NO_COMMON_APPLICATION (5010): nothing in common"));

  bench.advance(2s);
  ASSERT_EQ(streams.size(), 2U);
  streams.at(1)->ends();
  bench.run();

  const std::string log = bench.take_log();
  EXPECT_THAT(log, HasSubstr("peer ocs.example: closed: "));
  EXPECT_THAT(log, Not(HasSubstr("5010")));
}

TEST_F(Peer, LogsWhyAConnectionEnded) {
  subject->start();
  bench.run();

  streams.at(0)->ends(boost::asio::error::connection_reset);
  bench.run();

  EXPECT_THAT(bench.take_log(), HasSubstr("warning: peer ocs.example: closed: connection_lost: "
                                          "192.0.2.2:40000: Connection reset by peer\n"));
}

TEST_F(Peer, LogsWhatTheTransportSaysOfItself) {
  const auto path = transport::endpoint_address::v4({192, 0, 2, 9}, 3868);
  struct row {
    transport::stream_report report;
    std::string_view line;
  };
  const row rows[] = {
      {{.what = transport::stream_event::path_down, .path = path},
       "warning: peer ocs.example: connection with 192.0.2.2:40000: the path to 192.0.2.9:3868 is "
       "down\n"},
      {{.what = transport::stream_event::path_up, .path = path},
       "info: peer ocs.example: connection with 192.0.2.2:40000: the path to 192.0.2.9:3868 is up "
       "again\n"},
      {{.what = transport::stream_event::peer_shut_down},
       "info: peer ocs.example: connection with 192.0.2.2:40000: the peer takes no more\n"},
  };
  subject->start();
  bench.run();
  for (const row& r : rows) {
    bench.take_log();

    streams.at(0)->says(r.report);

    EXPECT_EQ(bench.take_log(), r.line);
  }
}

TEST_F(Peer, LogsNothingOfAPeersTextThatCouldEndTheLine) {
  subject->start();
  bench.run();
  other_node other{*streams.at(0)};
  other.say_cea(other.take_one(capabilities_exchange),
                {result_code::unable_to_comply, {}, "bad\nerror: peer"});
  bench.run();

  EXPECT_THAT(bench.take_log(), HasSubstr("bad?error: peer"));
}

TEST_F(Peer, GivesUpAnAttemptThatItIsStoppedIn) {
  bool stopped = false;
  subject->start();  // the attempt has not run yet

  subject->stop(diameter::disconnect_cause::rebooting, [&] { stopped = true; });
  bench.run();

  EXPECT_TRUE(stopped);
  EXPECT_EQ(bench.metrics().state_of(subject->slot()), metrics::peer_state::closed);
}

TEST_F(Peer, ClosesWhereNoCeaComes) {
  subject->start();
  bench.run();

  bench.advance(11s);

  EXPECT_TRUE(bench.take_log().find("closed: ") != std::string::npos);
  EXPECT_EQ(
      bench.scraped(
          R"(diameter_peer_disconnects_total{peer="ocs.example",reason="capabilities_timeout"})"),
      "1");
}

TEST_F(Peer, TellsItsAskersThatAnsweredRequestsAreLostWithTheLastConnection) {
  open();
  bench.ask(*subject, make_ccr(1));
  bench.ask(*subject, make_ccr(2));
  bench.run();

  opened->stream().ends();
  bench.run();

  EXPECT_THAT(bench.outcomes(), ElementsAre(outcome::receiver_lost, outcome::receiver_lost));
  EXPECT_EQ(bench.scraped(R"(diameter_peer_requests_in_flight{peer="ocs.example"})"), "0");
  EXPECT_EQ(owner.links.back(), link::closed);
}

TEST_F(Peer, DoesNotTakeRequestsWhereItIsNotOpen) {
  bench.ask(*subject);
  EXPECT_THAT(bench.outcomes(), ElementsAre(outcome::not_sent));
}

TEST_F(Peer, ServesNoMoreAfterASilenceAndEndsAfterAnother) {
  open();
  bench.ask(*subject, make_ccr(), 10min);
  bench.run();
  static_cast<void>(opened->take());

  bench.advance(33s);  // Tw of 30 s, and its jitter of 2 s (RFC 3539 §3.4.1)
  opened->take_one(device_watchdog);
  EXPECT_THAT(owner.links, ElementsAre(link::open));
  bench.advance(33s);
  EXPECT_THAT(owner.links, ElementsAre(link::open, link::suspect));
  EXPECT_THAT(bench.outcomes(), ElementsAre());
  EXPECT_THAT(bench.take_log(), HasSubstr("suspect: a watchdog interval passed"));
  bench.advance(33s);

  EXPECT_EQ(owner.links.back(), link::closed);
  EXPECT_THAT(bench.outcomes(), ElementsAre(outcome::receiver_lost));
  EXPECT_EQ(
      bench.scraped(R"(diameter_peer_disconnects_total{peer="ocs.example",reason="watchdog"})"),
      "1");
}

TEST_F(Peer, ServesAgainWhereASuspectAnswers) {
  open();
  bench.advance(33s);
  const auto dwr = opened->take_one(device_watchdog);
  bench.advance(33s);
  ASSERT_EQ(owner.links.back(), link::suspect);

  opened->say_dwa(dwr);
  bench.run();

  EXPECT_EQ(owner.links.back(), link::open);
  EXPECT_EQ(
      bench.scraped(R"(diameter_peer_watchdog_events_total{peer="ocs.example",event="reopened"})"),
      "1");
}

TEST_F(Peer, AnswersAWatchdogRequest) {
  open();
  opened->say_dwr();
  bench.run();

  const auto dwa = opened->take_one(device_watchdog);
  EXPECT_FALSE(dwa.is_request());
  EXPECT_EQ(dwa.hop_by_hop().value, 7U);
}

TEST_F(Peer, LeavesWhereThePeerLeaves) {
  open();
  bench.ask(*subject);
  bench.run();
  const auto ccr = opened->take_one(credit_control);

  opened->say_dpr(diameter::disconnect_cause::busy);
  bench.run();
  EXPECT_FALSE(opened->take_one(disconnect_peer).is_request());
  EXPECT_EQ(owner.links.back(), link::closing);  // no new requests
  EXPECT_THAT(bench.outcomes(), ElementsAre());
  opened->answer(ccr);
  bench.run();
  EXPECT_THAT(bench.outcomes(), ElementsAre(outcome::answered));
  bench.ask(*subject);
  EXPECT_THAT(bench.outcomes(), ElementsAre(outcome::answered, outcome::not_sent));
  opened->stream().ends();
  bench.run();

  EXPECT_EQ(
      bench.scraped(R"(diameter_peer_disconnects_total{peer="ocs.example",reason="dpr_received"})"),
      "1");
}

// ---- errors at each step

/// A whole life: dials, exchanges capabilities, a request and its answer, leaves.
TEST(PeerFailing, TellsEveryAskerAndClosesWhereverTheStreamFails) {
  const std::size_t steps = diamgw::test::fail_at_each_step([](auto arm, std::size_t) {
    peer_and_network p;
    p.arm = arm;
    p.subject->start();
    p.bench.run();
    p.arm = nullptr;  // the first stream only
    other_node other{*p.streams.at(0)};
    for (const auto& m : other.take()) {
      other.say_cea(m);
    }
    p.bench.run();
    p.bench.ask(*p.subject);
    p.bench.run();
    for (const auto& m : other.take()) {
      other.answer(m);
    }
    p.bench.run();
    const bool failed = other.stream().has_failed();
    bool stopped = false;
    p.subject->stop(diameter::disconnect_cause::rebooting, [&] { stopped = true; });
    p.bench.advance(10s);

    EXPECT_TRUE(stopped);
    EXPECT_EQ(p.bench.ended().size(), 1U);
    EXPECT_EQ(p.bench.scraped(R"(diameter_peer_requests_in_flight{peer="ocs.example"})"), "0");
    EXPECT_EQ(p.bench.metrics().state_of(p.subject->slot()), metrics::peer_state::closed);
    return failed;
  });
  EXPECT_GE(steps, 4U);
}

// RFC 6733 §6.2: ignored. An operator who looks for them finds them among all such answers.
TEST_F(Peer, CountsWatchdogAnswersThatAnswerNothing) {
  open();
  for (int i = 0; i < 3; ++i) {
    opened->say(test::encoded([&](auto& out) {
      return diameter::encode_dwa(
          out, opened->node(),
          {.request = {.hop_by_hop = {99}, .end_to_end = {99}}, .session_id = {}, .proxy_info = {}},
          diameter::result_code::success);
    }));
  }
  bench.run();

  EXPECT_EQ(bench.scraped("diamgw_answers_unknown_total"), "3");
}

}  // namespace
}  // namespace diamgw::gateway
