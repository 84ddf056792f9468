// Every way in which an exchange of capabilities can fail (RFC 6733 §5.3), on either side, and what
// the log and the peer's last error say of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/error.hpp>
#include <functional>
#include <nlohmann/json.hpp>
#include <numeric>

#include "gateway/peers/describe_peer.hpp"
#include "support/message_builder.hpp"
#include "unit/gateway/peers/peer_fixture.hpp"

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;
using diameter::result_code;
using diameter::commands::capabilities_exchange;
using test::other_node;
using test::peer_and_network;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view as_expected =
    "; Origin-Host ocs.example, Origin-Realm example; it offers 4, we offer 4";

/// A CEA for this CER by `write`, which puts whatever AVPs it likes.
template <class Write>
std::string cea_by(const diameter::message_view& cer, Write&& write, std::uint8_t flags = 0) {
  return test::encoded([&](diameter::writer& out) {
    diameter::header header = diameter::header_of(cer);
    header.flags = flags;
    out.begin_message(header);
    write(out);
    return out.finish();
  });
}

void put_text(diameter::writer& out, avp_code code, std::string_view value) {
  out.text(code, ietf_vendor, diameter::avp_flags::mandatory, value);
}

void put_number(diameter::writer& out, avp_code code, std::uint32_t value) {
  out.unsigned32(code, ietf_vendor, diameter::avp_flags::mandatory, value);
}

struct row {
  std::string_view name;
  disconnect_reason reason;
  std::string sentence;
  std::function<void(peer_and_network&)> fails;
};

void check(const row& r, peer_and_network& p) {
  SCOPED_TRACE(r.name);
  static_cast<void>(p.bench.take_log());

  r.fails(p);
  p.bench.run();

  ASSERT_TRUE(p.subject->report()->last_error);
  const diameter::ending& why = p.subject->report()->last_error->why;
  EXPECT_EQ(to_string(why.reason), to_string(r.reason));
  EXPECT_EQ(to_sentence(why), r.sentence);
  auto fields = p.bench.fields_of(r.sentence);
  EXPECT_EQ(fields["peer"], "ocs.example");
  EXPECT_EQ(fields["reason"], to_string(r.reason));
  EXPECT_EQ(fields["address"], why.address);
  EXPECT_EQ(fields["result_code"], why.code == 0 ? "" : std::to_string(why.code));
  EXPECT_THAT(p.bench.take_log(), HasSubstr(r.sentence + "\n"));
  const std::string series = R"(diameter_peer_disconnects_total{peer="ocs.example",reason=")" +
                             std::string{to_string(r.reason)} + "\"}";
  EXPECT_EQ(p.bench.scraped(series), "1");
}

// ---- we connect: what can go wrong up to the CEA

using with_cer = std::function<void(peer_and_network&, other_node&, const diameter::message_view&)>;

row after_our_cer(std::string_view name, disconnect_reason reason, std::string sentence,
                  with_cer what) {
  return {name, reason, std::move(sentence), [what](peer_and_network& p) {
            p.subject->start();
            p.bench.run();
            other_node other{*p.streams.at(0)};
            what(p, other, other.take_one(capabilities_exchange));
          }};
}

std::vector<row> failures_of_the_initiator() {
  const std::string at = "192.0.2.2:40000: ";  // the connection's, once there is one
  using enum disconnect_reason;
  return {
      {"refused connect", connect_failed, "connect_failed: 192.0.2.2:3868: Connection refused",
       [](peer_and_network& p) {
         p.dial_error = boost::asio::error::connection_refused;
         p.subject->start();
       }},
      after_our_cer("silence", capabilities_timeout,
                    "capabilities_timeout: " + at + "no CEA came in time",
                    [](auto& p, auto&, auto&) { p.bench.advance(11s); }),
      after_our_cer("reset", connection_lost, "connection_lost: " + at + "Connection reset by peer",
                    [](auto&, auto& other, auto&) {
                      other.stream().ends(boost::asio::error::connection_reset);
                    }),
      after_our_cer("end of stream", connection_lost, "connection_lost: " + at + "End of file",
                    [](auto&, auto& other, auto&) { other.stream().ends(); }),
      after_our_cer(
          "refusal with a sentence", capabilities_refused,
          "capabilities_refused: " + at +
              "DIAMETER_NO_COMMON_APPLICATION (5010): nothing in common" + std::string{as_expected},
          [](auto&, auto& other, auto& cer) {
            other.say_cea(cer, {result_code::no_common_application, {}, "nothing in common"});
          }),
      after_our_cer(
          "protocol error (§7.1.3)", capabilities_refused,
          "capabilities_refused: " + at +
              "DIAMETER_UNKNOWN_PEER (3010): unknown peer; Origin-Host ocs.example, "
              "Origin-Realm example; it offers none, we offer 4",
          [](auto&, auto& other, auto& cer) { other.say_cea(cer, diameter::unknown_peer()); }),
      after_our_cer("refusal by a code that has no name, and by nobody", capabilities_refused,
                    "capabilities_refused: " + at +
                        "Result-Code (5999); no Origin-Host (expected ocs.example), no "
                        "Origin-Realm (expected example); it offers none, we offer 4",
                    [](auto&, auto& other, auto& cer) {
                      other.say(cea_by(cer, [](auto& out) {
                        put_number(out, diameter::avps::result_code, 5999);
                      }));
                    }),
      after_our_cer("another host", capabilities_rejected,
                    "capabilities_rejected: " + at +
                        "DIAMETER_UNKNOWN_PEER (3010): unknown peer; Origin-Host b.example "
                        "(expected ocs.example), Origin-Realm elsewhere (expected example); it "
                        "offers 4, we offer 4",
                    [](auto&, auto& other, auto& cer) {
                      other.node().origin_host = "b.example";
                      other.node().origin_realm = "elsewhere";
                      other.say_cea(cer);
                    }),
      after_our_cer("nothing in common", capabilities_rejected,
                    "capabilities_rejected: " + at +
                        "DIAMETER_NO_COMMON_APPLICATION (5010): no common application; Origin-Host "
                        "ocs.example, Origin-Realm example; it offers 16777251, we offer 4",
                    [](auto&, auto& other, auto& cer) {
                      other.node().auth_applications = {application_id{16777251}};
                      other.say_cea(cer);
                    }),
      after_our_cer("no common security", capabilities_rejected,
                    "capabilities_rejected: " + at +
                        "DIAMETER_NO_COMMON_SECURITY (5017): no common inband security" +
                        std::string{as_expected},
                    [](auto&, auto& other, auto& cer) {
                      other.node().inband_security_ids = {diameter::inband_security::tls};
                      other.say_cea(cer);
                    }),
      after_our_cer("no Result-Code", capabilities_rejected,
                    "capabilities_rejected: " + at + "DIAMETER_MISSING_AVP (5005): no Result-Code" +
                        std::string{as_expected},
                    [](auto&, auto& other, auto& cer) {
                      other.say(cea_by(cer, [](auto& out) {
                        put_text(out, diameter::avps::origin_host, "ocs.example");
                        put_text(out, diameter::avps::origin_realm, "example");
                        put_number(out, diameter::avps::auth_application_id, 4);
                      }));
                    }),
      after_our_cer("no Origin-Realm", capabilities_rejected,
                    "capabilities_rejected: " + at +
                        "DIAMETER_MISSING_AVP (5005): no Origin-Realm; Origin-Host ocs.example, no "
                        "Origin-Realm (expected example); it offers none, we offer 4",
                    [](auto&, auto& other, auto& cer) {
                      other.say(cea_by(cer, [](auto& out) {
                        put_number(out, diameter::avps::result_code, 2001);
                        put_text(out, diameter::avps::origin_host, "ocs.example");
                      }));
                    }),
      after_our_cer("an AVP of a wrong length", capabilities_rejected,
                    "capabilities_rejected: " + at +
                        "DIAMETER_INVALID_AVP_LENGTH (5014): an AVP has a wrong length" +
                        std::string{as_expected},
                    [](auto&, auto& other, auto& cer) {
                      other.say(cea_by(cer, [](auto& out) {
                        put_number(out, diameter::avps::result_code, 2001);
                        put_text(out, diameter::avps::origin_host, "ocs.example");
                        put_text(out, diameter::avps::origin_realm, "example");
                        put_text(out, diameter::avps::vendor_id_avp, "ab");
                        put_number(out, diameter::avps::auth_application_id, 4);
                      }));
                    }),
      after_our_cer(
          "AVPs that cannot be told apart", malformed_message,
          "malformed_message: " + at + "the AVP length reaches past the end of what contains it",
          [](auto&, auto& other, auto& cer) {
            std::string cea =
                cea_by(cer, [](auto& out) { put_number(out, diameter::avps::result_code, 2001); });
            cea[diameter::header_octets + 7] = '\x40';  // the AVP's length
            other.say(cea);
          }),
      after_our_cer(
          "no Diameter", malformed_message, "malformed_message: " + at + "the version is not 1",
          [](auto&, auto& other, auto&) { other.say("HTTP/1.1 400 Bad Request\r\n\r\n"); }),
      after_our_cer("another message", unexpected_message,
                    "unexpected_message: " + at + "a request of command 280 where a CEA is due",
                    [](auto&, auto& other, auto&) { other.say_dwr(); }),
      after_our_cer(
          "DPR in the place of a CEA", unexpected_message,
          "unexpected_message: " + at + "a request of command 282 where a CEA is due",
          [](auto&, auto& other, auto&) { other.say_dpr(diameter::disconnect_cause::busy); }),
  };
}

TEST(PeerEndings, SayWhyTheExchangeThatWeBeganFailed) {
  for (const row& r : failures_of_the_initiator()) {
    peer_and_network p;
    check(r, p);
  }
}

// ---- both connect: our connection can fail while the election goes on (§5.6.4)

row during_an_election(std::string_view name, disconnect_reason reason, std::string sentence,
                       with_cer what) {
  return after_our_cer(name, reason, std::move(sentence), [what](auto& p, auto& other, auto& cer) {
    static_cast<void>(p.accept());  // we have the lower name, and wait for the peer's answer
    what(p, other, cer);
  });
}

TEST(PeerEndings, SayWhyOneOfTwoConnectionsFailedDuringAnElection) {
  const std::string at = "192.0.2.2:40000: ";
  using enum disconnect_reason;
  const std::vector<row> rows{
      during_an_election(
          "refusal", capabilities_refused,
          "capabilities_refused: " + at +
              "DIAMETER_NO_COMMON_APPLICATION (5010): nothing in common" + std::string{as_expected},
          [](auto&, auto& other, auto& cer) {
            other.say_cea(cer, {result_code::no_common_application, {}, "nothing in common"});
          }),
      during_an_election("no Diameter", malformed_message,
                         "malformed_message: " + at + "the version is not 1",
                         [](auto&, auto& other, auto&) { other.say(std::string(40, 'x')); }),
      during_an_election(
          "another message", unexpected_message,
          "unexpected_message: " + at + "a request of command 280 where a CEA is due",
          [](auto&, auto& other, auto&) { other.say_dwr(); }),
      after_our_cer("no Diameter after the peer's CER", malformed_message,
                    "malformed_message: " + at + "the version is not 1",
                    [](auto& p, auto&, auto&) { p.accept().say(std::string(40, 'x')); }),
  };
  for (const row& r : rows) {
    peer_and_network p;
    check(r, p);
  }
}

TEST(PeerEndings, SayNothingOfAnElectionThatEndsAsTheRfcHasIt) {
  peer_and_network p;
  p.subject->start();
  p.bench.run();
  other_node other{*p.streams.at(0)};
  const auto cer = other.take_one(capabilities_exchange);
  static_cast<void>(p.accept());

  other.say_cea(cer, {static_cast<result_code>(4003), {}, "election lost"});
  p.bench.run();

  EXPECT_FALSE(p.subject->report()->last_error);
  EXPECT_EQ(p.bench.scraped(
                R"(diameter_peer_disconnects_total{peer="ocs.example",reason="election_lost"})"),
            "1");
  EXPECT_THAT(p.bench.take_log(), Not(HasSubstr("warning")));
}

// ---- the peer connects: a CER that names it (that of a stranger is the listener's)

row by_a_cer(std::string_view name, disconnect_reason reason, std::string sentence,
             std::function<void(diameter::local_node&)> changed) {
  return {name, reason, std::move(sentence), [changed](peer_and_network& p) {
            p.cer_of = changed;
            static_cast<void>(p.accept());
          }};
}

std::vector<row> failures_of_the_responder() {
  const std::string at = "192.0.2.2:40000: ";
  using enum disconnect_reason;
  return {
      by_a_cer("nothing in common", capabilities_rejected,
               "capabilities_rejected: " + at +
                   "DIAMETER_NO_COMMON_APPLICATION (5010): no common application; Origin-Host "
                   "ocs.example, Origin-Realm example; it offers none, we offer 4",
               [](diameter::local_node& n) { n.auth_applications.clear(); }),
      by_a_cer("no common security", capabilities_rejected,
               "capabilities_rejected: " + at +
                   "DIAMETER_NO_COMMON_SECURITY (5017): no common inband security" +
                   std::string{as_expected},
               [](diameter::local_node& n) {
                 n.inband_security_ids = {diameter::inband_security::tls};
               }),
      {"an unknown AVP with the M bit", capabilities_rejected,
       "capabilities_rejected: " + at +
           "DIAMETER_AVP_UNSUPPORTED (5001): the AVP is unknown and has the M bit set" +
           std::string{as_expected},
       [](peer_and_network& p) {
         p.cer_extra = diamgw::test::avp_builder{}.avp(avp_code{60'000}, 7U).list();
         static_cast<void>(p.accept());
       }},
      {"a connection that serves", already_connected,
       "already_connected: " + at +
           "DIAMETER_UNABLE_TO_COMPLY (5012): the peer has a connection already",
       [](peer_and_network& p) {
         static_cast<void>(p.accept());
         static_cast<void>(p.accept());
       }},
  };
}

TEST(PeerEndings, SayWhyACerWasRefused) {
  for (const row& r : failures_of_the_responder()) {
    peer_and_network p{"gw.example", {}, false};
    p.subject->start();
    check(r, p);
  }
}

// ---- later

TEST(PeerEndings, SayWhyAnOpenConnectionEnded) {
  const std::string at = "192.0.2.2:40000: ";  // the connection's, once there is one
  using enum disconnect_reason;
  const std::vector<row> rows{
      {"DPR", dpr_received, "dpr_received: " + at + "BUSY (1)",
       [](peer_and_network& p) {
         p.opened->say_dpr(diameter::disconnect_cause::busy);
         p.opened->stream().ends();
       }},
      {"DPR of an unknown cause", dpr_received, "dpr_received: " + at + "Disconnect-Cause (9)",
       [](peer_and_network& p) {
         p.opened->say_dpr(static_cast<diameter::disconnect_cause>(9));
         p.opened->stream().ends();
       }},
      {"reset", connection_lost, "connection_lost: " + at + "Connection reset by peer",
       [](peer_and_network& p) { p.opened->stream().ends(boost::asio::error::connection_reset); }},
      {"silence", watchdog, "watchdog: " + at + "no message for two watchdog intervals",
       [](peer_and_network& p) { p.bench.advance(97s); }},
      {"no Diameter", malformed_message, "malformed_message: " + at + "the version is not 1",
       [](peer_and_network& p) { p.opened->say(std::string(40, 'x')); }},
  };
  for (const row& r : rows) {
    peer_and_network p;
    p.open();
    check(r, p);
  }
}

TEST(PeerEndings, SayNothingOfAnOlderOne) {
  peer_and_network p;
  p.subject->start();
  p.bench.run();
  other_node first{*p.streams.at(0)};
  first.say_cea(first.take_one(capabilities_exchange), diameter::unknown_peer());
  p.bench.run();
  static_cast<void>(p.bench.take_log());

  p.bench.advance(2s);
  p.streams.at(1)->ends();
  p.bench.run();

  EXPECT_EQ(to_sentence(p.subject->report()->last_error->why),
            "connection_lost: 192.0.2.2:40000: End of file");
  EXPECT_THAT(p.bench.take_log(), Not(HasSubstr("3010")));
}

// ---- repetitions

TEST(PeerEndings, AreToldOnceAndThenAtGrowingIntervals) {
  config::diameter_options options;
  options.reconnect_min = options.reconnect_max = 10s;
  peer_and_network p{"gw.example", options};
  p.dial_error = boost::asio::error::connection_refused;
  p.subject->start();

  std::size_t lines = 0;
  for (int i = 0; i < 60; ++i) {  // ten minutes
    p.bench.advance(10s);
    const std::string log = p.bench.take_log();
    lines += static_cast<std::size_t>(std::count(log.begin(), log.end(), '\n'));
  }

  EXPECT_GE(p.dialled, 50);
  EXPECT_EQ(lines, 4U);  // at once, and after 1, 3 and 7 minutes
  EXPECT_EQ(p.bench.scraped(
                R"(diameter_peer_disconnects_total{peer="ocs.example",reason="connect_failed"})"),
            std::to_string(p.dialled));

  p.dial_error = {};
  p.bench.advance(12s);
  other_node other{*p.streams.at(0)};
  other.say_cea(other.take_one(capabilities_exchange));
  p.bench.run();
  EXPECT_THAT(p.bench.take_log(), ContainsRegex("open with .* after [0-9]+ failures in "));
}

std::size_t lines_of(std::string_view log) {
  return static_cast<std::size_t>(std::count(log.begin(), log.end(), '\n'));
}

TEST(PeerThatComesAndGoes, IsToldThreeTimesAndThenAtGrowingIntervals) {
  peer_and_network p{"gw.example", {}, false};
  p.subject->start();
  p.bench.run();
  std::vector<std::size_t> lines;

  for (int i = 0; i < 60; ++i) {  // ten minutes
    p.accept().stream().ends();
    p.bench.run();
    lines.push_back(lines_of(p.bench.take_log()));
    p.bench.advance(10s);
  }

  EXPECT_EQ(std::count(lines.begin(), lines.begin() + 3, 2U), 3) << "opened and closed";
  EXPECT_EQ(std::accumulate(lines.begin(), lines.end(), std::size_t{0}), 12U)
      << "and after 1, 3 and 7 minutes";
}

TEST(PeerThatComesAndGoes, IsToldOpenOnceItStays) {
  peer_and_network p{"gw.example", {}, false};
  p.subject->start();
  for (int i = 0; i < 5; ++i) {
    p.accept().stream().ends();
    p.bench.run();
  }
  static_cast<void>(p.bench.take_log());
  other_node other = p.accept();
  EXPECT_EQ(p.bench.take_log(), "");
  const auto answer = [&] {
    for (const auto& dwr : other.take()) {
      if (dwr.command() == diameter::commands::device_watchdog) {
        other.say_dwa(dwr);
      }
    }
  };
  for (int i = 0; i < 70; ++i) {
    answer();
    p.bench.advance(1s);
  }

  EXPECT_THAT(p.bench.take_log(),
              ContainsRegex("open with 192.0.2.2:40000 .*; 2 more like it since the last such"));
  other.stream().ends();
  p.bench.run();
  EXPECT_THAT(p.bench.take_log(), HasSubstr("warning: peer ocs.example: closed: connection_lost"));
}

// ---- shown

TEST(PeerReport, ShowsStateAddressErrorAndNextAttempt) {
  peer_and_network p;
  p.dial_error = boost::asio::error::connection_refused;
  p.subject->start();
  p.bench.run();

  const auto shown =
      describe_peer(*p.subject->report(), 3, p.bench.on().shard.now(), dictionary::embedded());

  EXPECT_EQ(shown["state"], "closed");
  EXPECT_EQ(shown["address"], "192.0.2.2:3868");
  EXPECT_EQ(shown["requests_waiting"], 3);
  EXPECT_EQ(shown["last_error"]["reason"], "connect_failed");
  EXPECT_EQ(shown["last_error"]["message"], "connect_failed: 192.0.2.2:3868: Connection refused");
  EXPECT_GT(shown["next_attempt_seconds"], 0.5);
  EXPECT_LT(shown["next_attempt_seconds"], 1.5);
}

// ---- differences that are no failures

TEST(PeerThatIsNotAsConfigured, IsWarnedOfOnce) {
  peer_and_network p;
  p.routed = {{"ocs.example", "example", application_id{16777238}},
              {"ocs.example", "example", application_id{4}},
              {"other.example", "example", application_id{1}}};
  const auto open_in = [&p](
                           std::string_view realm, const std::function<void()>& look = [] {}) {
    other_node other{*p.streams.back()};
    other.node().origin_realm = realm;
    other.say_cea(other.take_one(capabilities_exchange));
    p.bench.run();
    look();
    return p.bench.take_log();
  };
  p.make_subject();
  p.subject->start();
  p.bench.run();

  const std::string log = open_in("elsewhere", [&p] {
    using fields = diamgw::test::text_log::fields;
    EXPECT_EQ(
        p.bench.fields_of("its Origin-Realm"),
        (fields{{"peer", "ocs.example"}, {"realm", "elsewhere"}, {"expected_realm", "example"}}));
    EXPECT_EQ(p.bench.fields_of("gets nothing"), (fields{{"peer", "ocs.example"},
                                                         {"realm", "example"},
                                                         {"application", "16777238"},
                                                         {"applications", "4"}}));
  });

  EXPECT_THAT(log, HasSubstr("warning: peer ocs.example: its Origin-Realm is elsewhere, the "
                             "configured realm is example\n"));
  EXPECT_THAT(log, HasSubstr("warning: peer ocs.example: the route for realm example and "
                             "application 16777238 gets nothing from it: it offers 4, we offer 4"));
  EXPECT_THAT(log, Not(HasSubstr("application 1 ")));
  EXPECT_THAT(log, Not(HasSubstr("application 4 ")));
  p.streams.back()->ends();
  p.bench.advance(2s);
  EXPECT_THAT(open_in("elsewhere"), Not(HasSubstr("Origin-Realm")));
}

// ---- RFC 3539 REOPEN, by its name and not by "open"

TEST(PeerInReopen, IsNamedSoAndSaysWhenItServesAgain) {
  config::diameter_options options;
  options.reopen_watchdog_answers = 2;
  peer_and_network p{"gw.example", options};
  p.open();
  p.opened->stream().ends();
  p.bench.advance(2s);
  static_cast<void>(p.bench.take_log());
  p.opened.emplace(*p.streams.back());
  p.opened->say_cea(p.opened->take_one(capabilities_exchange));
  p.bench.run();

  EXPECT_THAT(p.bench.take_log(),
              HasSubstr("info: peer ocs.example: reopen with 192.0.2.2:40000 (test), 1 common "
                        "application; it serves after 2 watchdog answers"));
  EXPECT_EQ(p.owner.links.back(), link_state::reopen);
  EXPECT_EQ(p.bench.metrics().state_of(p.subject->slot()), link_state::reopen);
  p.opened->say_dwa(p.opened->take_one(diameter::commands::device_watchdog));
  p.bench.advance(33s);
  EXPECT_THAT(p.bench.take_log(), "");
  p.opened->say_dwa(p.opened->take_one(diameter::commands::device_watchdog));
  p.bench.run();

  EXPECT_THAT(p.bench.take_log(),
              ::testing::MatchesRegex("info: peer ocs.example: open: it serves again, after 3[0-9]"
                                      "\\.[0-9] s\n"));
  EXPECT_EQ(p.owner.links.back(), link_state::open);
}

// ---- RFC 6733 §5.4: a peer that wants no connection

TEST(PeerThatHasLeft, IsConnectedToForARequestAndAfterALongWait) {
  config::diameter_options options;
  options.reconnect_after_leave = 10min;
  peer_and_network p{"gw.example", options};
  p.open();
  p.opened->say_dpr(diameter::disconnect_cause::do_not_want_to_talk_to_you);
  p.opened->stream().ends();
  p.bench.run();
  ASSERT_EQ(p.owner.links.back(), link_state::left);
  EXPECT_EQ(p.bench.metrics().state_of(p.subject->slot()), link_state::left);
  EXPECT_THAT(p.bench.take_log(),
              HasSubstr("warning: peer ocs.example: left: dpr_received: 192.0.2.2:40000: "
                        "DO_NOT_WANT_TO_TALK_TO_YOU (2)\n"));
  p.bench.advance(60s);
  EXPECT_EQ(p.dialled, 1);

  p.dial_error = boost::asio::error::connection_refused;
  p.subject->want();
  p.subject->want();
  p.bench.run();
  EXPECT_EQ(p.dialled, 2);
  EXPECT_EQ(p.owner.links.back(), link_state::left);
  p.bench.advance(11min);
  EXPECT_EQ(p.dialled, 3);
  p.subject->retry();
  p.bench.run();
  EXPECT_EQ(p.dialled, 4);
  EXPECT_EQ(p.owner.links.back(), link_state::closed);  // the operator's wish undoes the peer's
}

// ---- a crash without FIN

TEST(PeerThatConnectsAnew, IsTakenOnceItsSilentConnectionIsFoundDead) {
  peer_and_network p{"gw.example", {}, false};
  p.subject->start();
  other_node dead = p.accept();
  static_cast<void>(dead.take());

  other_node second = p.accept();
  EXPECT_EQ(diameter::find_unsigned32(second.take_one(capabilities_exchange),
                                      diameter::avps::result_code),
            5012U);
  dead.take_one(diameter::commands::device_watchdog);
  p.bench.advance(4s);
  EXPECT_EQ(p.owner.links.back(), link_state::closed);
  EXPECT_THAT(p.bench.take_log(), HasSubstr("closed: watchdog: 192.0.2.2:40000: no answer to a DWR "
                                            "when the peer connected anew"));
  other_node third = p.accept();

  EXPECT_EQ(diameter::find_unsigned32(third.take().front(), diameter::avps::result_code), 2001U);
}

TEST(PeerThatConnectsAnew, KeepsAConnectionThatLives) {
  peer_and_network p{"gw.example", {}, false};
  p.subject->start();
  other_node alive = p.accept();
  static_cast<void>(alive.take());

  for (int i = 0; i < 3; ++i) {
    static_cast<void>(p.accept());
    alive.say_dwa(alive.take_one(diameter::commands::device_watchdog));
    p.bench.advance(4s);
  }

  EXPECT_EQ(p.owner.links.back(), link_state::open);
}

}  // namespace
}  // namespace diamgw::gateway
