// The peer machine with time: watchdog, reconnection and back-off.
#include <gtest/gtest.h>

#include <algorithm>

#include "diamgw/diameter/peer_machine.hpp"
#include "support/peer_script.hpp"

namespace diamgw::test {
namespace {

using namespace diameter;
using enum peer_event;

peer_options without_jitter() {
  peer_options options = peer_bench::default_options();
  options.reconnect_jitter_percent = 0;
  options.watchdog.jitter = 0ms;
  return options;
}

void open_as_initiator(peer_script& script) {
  script.on(start).on(i_conn_ack).on(i_cea);
}

TEST(PeerMachine, SuspectsAndThenClosesASilentPeer) {
  peer_script script;
  open_as_initiator(script);

  script.on(timeout, "send_dwr(I)")
      .on(timeout, "suspect")
      .on(timeout, "disconnect(I) closed:watchdog")
      .ends_in(peer_state::closed)
      .on(timeout, "connect");
}

TEST(PeerMachine, ServesAgainAfterAnyMessageOfASuspectedPeer) {
  peer_script script;
  open_as_initiator(script);

  script.on(timeout).on(timeout, "suspect").on(i_request, "okay deliver(I)");
}

TEST(PeerMachine, NeedsThreeDwasAfterAReconnection) {
  peer_script script;
  open_as_initiator(script);

  script.on(i_peer_disc, "closed:connection_lost")
      .on(timeout, "connect")
      .on(i_conn_ack, "send_cer")
      .on(i_cea, "opened(I) send_dwr(I)")
      .on(i_dwa, "")
      .on(timeout, "send_dwr(I)")
      .on(i_request, "deliver(I)")
      .on(i_dwa, "")
      .on(timeout, "send_dwr(I)")
      .on(i_dwa, "okay");
}

TEST(PeerMachine, DoesNotCountStrayDwas) {
  peer_script script;
  open_as_initiator(script);
  script.on(i_peer_disc).on(timeout).on(i_conn_ack).on(i_cea);

  script.on(i_stray_dwa, "").on(i_stray_dwa, "").on(i_stray_dwa, "").on(i_stray_dwa, "");

  EXPECT_EQ(script.machine().watchdog(), watchdog_state::reopen);
  EXPECT_EQ(script.machine().unmatched_answers(), 4U);
}

TEST(PeerMachine, TakesADwaWithAnErrorAsALifeSign) {
  peer_script script;
  open_as_initiator(script);
  script.on(timeout, "send_dwr(I)");
  peer_bench& bench = script.bench();

  const auto actions = bench.machine.on_message(
      connection::initiator, bench.dwa(bench.own_dwr, result_code::unable_to_comply), bench.now);

  EXPECT_EQ(describe(actions), "");
  script.on(timeout, "send_dwr(I)");
}

TEST(PeerMachine, TakesADwaWithoutAnyAvpAsALifeSign) {
  peer_script script;
  open_as_initiator(script);
  script.on(timeout);
  std::array<std::byte, 20> bare{};
  writer out{bare};
  out.begin_message(
      {0, commands::device_watchdog, base_application, script.bench().own_dwr.hop_by_hop, {}});

  const auto actions = script.machine().on_message(connection::initiator,
                                                   message_view{out.finish()}, script.bench().now);

  EXPECT_EQ(describe(actions), "");
  EXPECT_EQ(script.machine().watchdog(), watchdog_state::okay);
}

TEST(PeerMachine, ReconnectsAfterRebootingButThroughReopen) {
  peer_script script{peer_bench::low_host, without_jitter()};
  open_as_initiator(script);
  script.on(i_dpr).on(i_peer_disc);

  EXPECT_EQ(script.machine().next_deadline(), script.bench().now + 30s);
  script.on(timeout, "connect").on(i_conn_ack).on(i_cea, "opened(I) send_dwr(I)");
}

TEST(PeerMachine, DoesNotReconnectToAPeerThatDoesNotWantIt) {
  for (const auto cause : {disconnect_cause::busy, disconnect_cause::do_not_want_to_talk_to_you}) {
    peer_options options = without_jitter();
    options.reconnect_after_leave = 0ms;
    peer_script script{peer_bench::low_host, options};
    open_as_initiator(script);
    peer_bench& bench = script.bench();
    static_cast<void>(bench.machine.on_message(connection::initiator, bench.dpr(cause), bench.now));
    script.on(i_peer_disc, "closed:dpr_received");

    EXPECT_EQ(bench.machine.next_deadline(), time_point::max());
    script.on(timeout, "").ends_in(peer_state::closed);
  }
}

// §5.4: "unless it has a valid reason to do so (e.g., message to be forwarded)".
TEST(PeerMachine, ConnectsForARequestToAPeerThatHasLeft) {
  for (const std::uint32_t cause : {1U, 2U, 77U}) {  // BUSY, DO_NOT_WANT_TO_TALK_TO_YOU, unknown
    peer_options options = without_jitter();
    options.reconnect_min = options.reconnect_max = 1s;
    options.reconnect_after_leave = 0ms;
    peer_script script{peer_bench::low_host, options};
    open_as_initiator(script);
    peer_machine& m = script.machine();
    static_cast<void>(m.on_message(connection::initiator,
                                   script.bench().dpr(static_cast<disconnect_cause>(cause)),
                                   script.bench().now));
    script.on(i_peer_disc, "closed:dpr_received");
    EXPECT_EQ(m.link(), link_state::left);
    EXPECT_EQ(m.next_deadline(), time_point::max());

    script
        .on(wanted, "")  // as long as a reconnection waits
        .later(1s)
        .on(wanted, "connect")
        .on(i_conn_nack, "closed:connect_failed")
        .on(wanted, "")
        .later(1s)
        .on(wanted, "connect")
        .on(i_conn_ack)
        .on(i_cea);

    EXPECT_EQ(m.link(), link_state::reopen);
  }
}

TEST(PeerMachine, ConnectsAfterALongWaitToAPeerThatHasLeft) {
  peer_options options = without_jitter();
  options.reconnect_after_leave = 10min;
  peer_script script{peer_bench::low_host, options};
  open_as_initiator(script);
  static_cast<void>(script.machine().on_message(
      connection::initiator, script.bench().dpr(disconnect_cause::busy), script.bench().now));
  script.on(i_peer_disc);
  const time_point left = script.bench().now;

  script.on(timeout, "connect").on(i_conn_nack, "closed:connect_failed");

  EXPECT_EQ(script.bench().now, left + 10min);
  EXPECT_EQ(script.machine().next_deadline(), left + 20min);
  script.on(retry, "connect");
}

// RFC 6733 §5.6 refuses a second connection; the first may be dead without our knowing.
TEST(PeerMachine, EndsAConnectionThatIsSilentWhenThePeerConnectsAnew) {
  peer_options options = without_jitter();
  options.watchdog.doubt_timeout = 2s;
  peer_script script{peer_bench::low_host, options};
  open_as_initiator(script);
  const time_point doubted = script.bench().now;

  script.on(r_conn_cer, "reject_incoming:5012 send_dwr(I)")
      .on(r_conn_cer, "reject_incoming:5012")
      .on(timeout, "disconnect(I) closed:watchdog");

  EXPECT_EQ(script.bench().now, doubted + 2s);
  script.on(r_conn_cer, "accept_incoming send_cea opened(R) send_dwr(R)");
}

TEST(PeerMachine, ForgetsTheWishWhenThePeerConnectsItself) {
  peer_script script;
  open_as_initiator(script);
  peer_bench& bench = script.bench();
  static_cast<void>(bench.machine.on_message(connection::initiator,
                                             bench.dpr(disconnect_cause::busy), bench.now));
  script.on(i_peer_disc);

  script.on(r_conn_cer, "accept_incoming send_cea opened(R) send_dwr(R)")
      .on(r_peer_disc)
      .on(timeout, "connect");
}

TEST(PeerMachine, ForgetsTheWishWhenTheOperatorStartsIt) {
  peer_script script;
  open_as_initiator(script);
  peer_bench& bench = script.bench();
  static_cast<void>(bench.machine.on_message(connection::initiator,
                                             bench.dpr(disconnect_cause::busy), bench.now));

  script.on(i_peer_disc).on(start, "connect");
}

TEST(PeerMachine, BacksOffExponentiallyBetweenItsBounds) {
  peer_options options = without_jitter();
  options.reconnect_min = 1s;
  options.reconnect_max = 5s;
  peer_script script{peer_bench::low_host, options};
  script.on(start);

  for (const auto wait : {1s, 2s, 4s, 5s, 5s}) {
    script.on(i_conn_nack, "closed:connect_failed");
    EXPECT_EQ(script.machine().next_deadline(), script.bench().now + wait);
    script.on(timeout, "connect");
  }
}

TEST(PeerMachine, StartsItsBackOffAnewOnceThePeerServed) {
  peer_options options = without_jitter();
  options.reconnect_min = 1s;
  options.reconnect_max = 60s;
  peer_script script{peer_bench::low_host, options};
  script.on(start).on(i_conn_nack).on(timeout).on(i_conn_nack).on(timeout);

  script.on(i_conn_ack).on(i_cea, "opened(I) okay").on(i_peer_disc);

  EXPECT_EQ(script.machine().next_deadline(), script.bench().now + 1s);
}

TEST(PeerMachine, SpreadsItsReconnections) {
  peer_options options = peer_bench::default_options();
  options.reconnect_jitter_percent = 10;
  peer_script script{peer_bench::low_host, options};
  script.on(start);
  duration least = duration::max();
  duration most = duration::zero();

  for (int round = 0; round < 200; ++round) {
    script.on(i_conn_nack);
    const duration wait = script.machine().next_deadline() - script.bench().now;
    least = std::min(least, wait);
    most = std::max(most, wait);
    script.on(timeout);
  }

  EXPECT_GE(least, 27s);
  EXPECT_LT(least, 28s);
  EXPECT_LE(most, 33s);
  EXPECT_GT(most, 32s);
}

TEST(PeerMachine, TakesNothingWhileStopped) {
  peer_script{}.on(r_conn_cer, "reject_incoming:5012").ends_in(peer_state::closed);
  peer_script script;
  open_as_initiator(script);
  script.on(stop).on(i_dpa).on(r_conn_cer, "reject_incoming:5012");
}

TEST(PeerMachine, StartsAgainWhenItWasStartedWhileClosing) {
  peer_script script;
  open_as_initiator(script);

  script.on(stop).on(start, "").on(i_dpa, "disconnect(I) closed:stopped").on(timeout, "connect");
}

}  // namespace
}  // namespace diamgw::test
