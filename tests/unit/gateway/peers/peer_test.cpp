#include "gateway/peers/peer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/error.hpp>

#include "diamgw/dictionary/dictionary.hpp"
#include "support/fail_at_each_step.hpp"
#include "unit/gateway/peers/peer_bench.hpp"

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;
using diameter::result_code;
using diameter::commands::capabilities_exchange;
using diameter::commands::credit_control;
using diameter::commands::device_watchdog;
using diameter::commands::disconnect_peer;
using test::fake_stream;
using test::make_ccr;
using test::other_node;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using outcome = exchange_outcome;
using link = routing::link_state;

class noting_owner final : public peer_owner {
 public:
  void on_request(peer&, std::uint32_t connection, diameter::message request) override {
    connections.push_back(connection);
    requests.push_back(std::move(request));
  }
  void on_link_state(peer&, routing::link_state state,
                     std::vector<application_id> applications) override {
    links.push_back(state);
    common = std::move(applications);
  }
  [[nodiscard]] const dictionary::dictionary& dictionary_of(const shard_context&) const override {
    return dictionary::embedded();
  }

  std::vector<std::uint32_t> connections;
  std::vector<diameter::message> requests;
  std::vector<routing::link_state> links;
  std::vector<application_id> common;
};

config::peer_options ocs() {
  config::peer_options o;
  o.host = "ocs.example";
  o.realm = "example";
  return o;
}

/// A peer that we connect to, and that may connect to us; connections are streams in memory.
class peer_and_network {
 public:
  explicit peer_and_network(std::string_view own_host = "gw.example",
                            config::diameter_options options = {}, bool connects = true)
      : node_{.identity = test::make_node(own_host),
              .configuration = std::move(options),
              .unix_seconds = 2,
              .origin_avps = {},
              .metrics = bench.metrics()} {
    bench.network().on_dial = [this] { return dial(); };
    config::peer_options o = ocs();
    if (connects) {
      o.connect = config::endpoint{"192.0.2.2", 3868};
    }
    subject.emplace(owner, node_, bench.on(), 0, o, 1);
  }

  transport::awaitable<result<std::unique_ptr<transport::stream>>> dial() {
    ++dialled;
    if (dial_error) {
      co_return dial_error;
    }
    co_return test::bench::lend(make_stream());
  }
  fake_stream& make_stream() {
    fake_stream& stream = bench.make_stream();
    streams.push_back(&stream);
    if (arm) {
      arm(stream);
    }
    return stream;
  }

  /// Dials, and exchanges capabilities.
  void open() {
    subject->start();
    bench.run();
    opened.emplace(*streams.back());
    opened->say_cea(opened->take_one(capabilities_exchange));
    bench.run();
  }
  /// A connection that the peer opened, and its other end.
  other_node accept(std::string_view rest = {}) {
    other_node other{make_stream()};
    cer_ = test::encoded(
        [&](auto& out) { return diameter::encode_cer(out, other.node(), {}, {{0x31}, {0x32}}); });
    const diameter::message cer{{}, diameter::message_view{as_bytes(std::string_view{cer_})}};
    subject->accept(test::bench::lend(other.stream()), cer, as_bytes(rest));
    bench.run();
    return other;
  }

  test::bench bench;
  noting_owner owner;
  error_code dial_error;
  int dialled = 0;
  std::vector<fake_stream*> streams;  // in the order of their making
  std::function<void(fake_stream&)> arm;
  std::optional<other_node> opened;
  std::string cer_;

 private:
  node_context node_;

 public:
  std::optional<peer> subject;
};

class Peer : public testing::Test, public peer_and_network {};

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
      bench.scraped(R"(diameter_peer_disconnects_total{peer="ocs.example",reason="dpr_sent"})"),
      "1");
}

TEST_F(Peer, SaysWhyItCannotConnectAndTriesAgain) {
  dial_error = boost::asio::error::connection_refused;
  subject->start();
  bench.run();
  EXPECT_THAT(bench.take_log(), HasSubstr("cannot connect to 192.0.2.2:3868: Connection refused"));

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
      bench.scraped(R"(diameter_peer_disconnects_total{peer="ocs.example",reason="capabilities"})"),
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
  EXPECT_EQ(bench.scraped("diamgw_transactions_in_flight"), "0");
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
  EXPECT_EQ(bench.scraped(R"(diameter_watchdog_events_total{peer="ocs.example",event="reopened"})"),
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
  EXPECT_EQ(owner.links.back(), link::closed);  // for new requests
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

// ---- requests to it

class PeerWithLimits : public testing::Test, public peer_and_network {
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
  EXPECT_EQ(bench.scraped("diamgw_transactions_in_flight"), "1");
  EXPECT_EQ(bench.scraped(R"(diamgw_dropped_messages_total{reason="peer_queue_full"})"), "1");
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
  EXPECT_EQ(bench.scraped(R"(diamgw_late_answers_total{reason="deadline"})"), "1");
  EXPECT_EQ(bench.scraped("diamgw_transactions_in_flight"), "0");
}

TEST_F(Peer, CountsAnAnswerToNothing) {
  open();
  opened->say(test::make_message({0, credit_control, test::credit_control, {0xdead}, {1}},
                                 "gw.example;1;2", result_code::success));
  bench.run();

  EXPECT_EQ(bench.scraped("diamgw_unknown_hop_by_hop_answers_total"), "1");
}

TEST_F(Peer, ForgetsATransactionWhoseAnswerIsWaitedForNoMore) {
  open();
  bench.ask(*subject, make_ccr(), 1s);
  bench.run();
  const auto ccr = opened->take_one(credit_control);

  bench.advance(7s);
  EXPECT_EQ(bench.scraped("diamgw_transactions_in_flight"), "0");
  opened->answer(ccr);
  bench.run();

  EXPECT_EQ(bench.scraped("diamgw_unknown_hop_by_hop_answers_total"), "1");
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

// ---- requests of it

TEST_F(Peer, HandsItsRequestOnAndTheAnswerBack) {
  open();
  opened->say(make_ccr(0x99));
  bench.run();
  ASSERT_EQ(owner.requests.size(), 1U);
  const diameter::message_view request = owner.requests[0].view;

  const std::string octets = test::make_message({0, credit_control, test::credit_control, {1}, {2}},
                                                "gw.example;1;2", result_code::success);
  const diameter::message_view answer{as_bytes(std::string_view{octets})};
  buffer_ref buffer = bench.on().pool().allocate(octets.size());
  std::ranges::copy(answer.octets(), buffer.data());
  diameter::header header = diameter::header_of(request);
  header.flags = diameter::command_flags::proxiable;
  subject->send_answer(
      owner.connections[0], header,
      {buffer, bytes_view{buffer.data(), octets.size()}.subspan(diameter::header_octets)});
  bench.run();

  const auto sent = opened->take_one(credit_control);
  EXPECT_EQ(sent.hop_by_hop().value, 0x99U);
  EXPECT_FALSE(sent.is_request());
  EXPECT_TRUE(sent.is_proxiable());
}

TEST_F(Peer, DropsAnAnswerToAConnectionThatIsGone) {
  open();
  opened->say(make_ccr());
  bench.run();
  ASSERT_EQ(owner.connections.size(), 1U);
  opened->stream().ends();
  bench.run();

  subject->send_answer(owner.connections[0], {}, {});

  EXPECT_EQ(bench.scraped(R"(diamgw_dropped_messages_total{reason="peer_gone"})"), "1");
}

TEST_F(Peer, AnswersARequestThatCannotBeRead) {
  open();
  std::string bad = make_ccr(0x55);
  bad[27] = '\x03';
  opened->say(bad);
  bench.run();

  const auto answer = opened->take_one(credit_control);
  EXPECT_EQ(answer.hop_by_hop().value, 0x55U);
  EXPECT_EQ(diameter::find_unsigned32(answer, diameter::avps::result_code), 5014U);
  EXPECT_TRUE(owner.requests.empty());
}

TEST_F(Peer, EndsAConnectionWhoseFirstMessageCannotBeRead) {
  subject->start();
  bench.run();
  other_node other{*streams.at(0)};
  std::string bad = make_ccr();
  bad[27] = '\x03';

  other.say(bad);
  bench.run();

  EXPECT_EQ(
      bench.scraped(
          R"(diameter_peer_disconnects_total{peer="ocs.example",reason="malformed_message"})"),
      "1");
}

TEST_F(Peer, EndsAStreamThatCannotBeCut) {
  open();
  opened->say(std::string(20, '\x02'));
  bench.run();

  EXPECT_EQ(owner.links.back(), link::closed);
  EXPECT_THAT(bench.take_log(), HasSubstr("sends what cannot be cut into messages"));
  EXPECT_EQ(
      bench.scraped(
          R"(diameter_peer_disconnects_total{peer="ocs.example",reason="malformed_message"})"),
      "1");
}

// ---- accepted

class AcceptedPeer : public testing::Test, public peer_and_network {
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
  EXPECT_THAT(bench.take_log(), HasSubstr("connection from 192.0.2.2:40000 refused: the peer has a "
                                          "connection already"));
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

// ---- from another shard

TEST(PeerOnAnotherShard, TakesRequestsAndTellsTheirShard) {
  test::bench bench{2};
  noting_owner owner;
  const node_context node{.identity = test::make_node("gw.example"),
                          .configuration = {},
                          .unix_seconds = 2,
                          .origin_avps = {},
                          .metrics = bench.metrics()};
  peer subject{owner, node, bench.on(0), 0, ocs(), 1};
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
    EXPECT_EQ(p.bench.scraped("diamgw_transactions_in_flight"), "0");
    EXPECT_EQ(p.bench.metrics().state_of(p.subject->slot()), metrics::peer_state::closed);
    return failed;
  });
  EXPECT_GE(steps, 4U);
}

}  // namespace
}  // namespace diamgw::gateway
