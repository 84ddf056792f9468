#include "diamgw/diameter/peer_machine.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "diamgw/buffer/allocation_statistics.hpp"
#include "diamgw/codec/check.hpp"
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

TEST(PeerMachine, OpensAsInitiator) {
  peer_script{}
      .on(start, "connect")
      .on(i_conn_ack, "send_cer")
      .on(i_cea, "opened(I) okay")
      .ends_in(peer_state::i_open);
}

TEST(PeerMachine, OpensAsResponder) {
  peer_options options = without_jitter();
  options.policy = connect_policy::accept_only;

  peer_script{peer_bench::low_host, options}
      .on(start, "")
      .on(r_conn_cer, "accept_incoming send_cea opened(R) okay")
      .ends_in(peer_state::r_open);
}

TEST(PeerMachine, KnowsThePeerAndTheCommonApplicationsWhenOpen) {
  peer_script script;

  open_as_initiator(script);

  EXPECT_EQ(script.machine().peer().origin_host, peer_bench::peer_host);
  EXPECT_EQ(script.machine().common(), std::vector{credit_control_application});
}

// §5.6.4, both directions and both orders of arrival.
TEST(PeerMachine, WinsTheElectionWhenItsHostSucceedsThePeers) {
  peer_script{peer_bench::high_host}
      .on(start)
      .on(i_conn_ack, "send_cer")
      .on(r_conn_cer, "accept_incoming disconnect(I) send_cea opened(R) okay")
      .ends_in(peer_state::r_open);
  peer_script{peer_bench::high_host}
      .on(start)
      .on(r_conn_cer, "accept_incoming")
      .on(i_conn_ack, "send_cer disconnect(I) send_cea opened(R) okay")
      .ends_in(peer_state::r_open);
}

TEST(PeerMachine, LosesTheElectionWhenItsHostPrecedesThePeers) {
  peer_script{peer_bench::low_host}
      .on(start)
      .on(i_conn_ack, "send_cer")
      .on(r_conn_cer, "accept_incoming")
      .on(i_cea, "disconnect(R) opened(I) okay")
      .ends_in(peer_state::i_open);
  peer_script{peer_bench::low_host}
      .on(start)
      .on(r_conn_cer, "accept_incoming")
      .on(i_conn_ack, "send_cer")
      .on(r_peer_disc, "")
      .ends_in(peer_state::wait_i_cea)
      .on(i_cea, "opened(I) okay")
      .ends_in(peer_state::i_open);
}

TEST(PeerMachine, AnswersTheKeptCerWithItsOwnIdentifiers) {
  peer_bench bench{peer_bench::high_host};
  static_cast<void>(bench.feed(start));
  static_cast<void>(bench.feed(r_conn_cer));

  const peer_actions actions = bench.feed(i_conn_nack);

  EXPECT_EQ(std::get<send_cea>(actions.at(0)).kept.request.hop_by_hop,
            peer_bench::stray.hop_by_hop);
}

TEST(PeerMachine, IgnoresAStrayCeaAndTakesTheRightOne) {
  peer_script script;
  script.on(start).on(i_conn_ack);

  script.on(i_stray_cea, "").ends_in(peer_state::wait_i_cea).on(i_cea, "opened(I) okay");

  EXPECT_EQ(script.machine().unmatched_answers(), 1U);
}

TEST(PeerMachine, RefusesACeaOfAnotherHost) {
  peer_options options = without_jitter();
  options.origin_host = "other.example";

  peer_script script{peer_bench::low_host, options};
  script.on(start).on(i_conn_ack).on(i_cea, "disconnect(I) closed:capabilities_rejected");
}

TEST(PeerMachine, TakesAnyHostWhereToldSo) {
  peer_options options = without_jitter();
  options.origin_host = "other.example";
  options.identity = identity_check::any;

  peer_script{peer_bench::low_host, options}.on(start).on(i_conn_ack).on(i_cea, "opened(I) okay");
}

TEST(PeerMachine, ComparesTheHostWithoutCase) {
  peer_options options = without_jitter();
  options.origin_host = "M.Example";

  peer_script{peer_bench::low_host, options}.on(start).on(i_conn_ack).on(i_cea, "opened(I) okay");
}

/// What the actions' `closed` says, as a log line has it.
std::string end_of(const peer_actions& actions) {
  for (const peer_action& action : actions) {
    if (const auto* const end = std::get_if<closed>(&action)) {
      return to_sentence(end->why);
    }
  }
  return "not closed";
}

// The one vocabulary: RFC 6733 §5.6's states and, of an open peer, RFC 3539 §3.4.1's.
TEST(PeerMachine, NamesItsStateInEverybodysWords) {
  struct row {
    std::vector<peer_event> path;
    link_state shown;
  };
  const row rows[]{
      {{}, link_state::closed},
      {{start}, link_state::wait_conn_ack},
      {{start, i_conn_ack}, link_state::wait_i_cea},
      {{start, r_conn_cer}, link_state::wait_conn_ack_elect},
      {{start, i_conn_ack, r_conn_cer}, link_state::wait_returns},
      {{start, i_conn_ack, i_cea}, link_state::open},
      {{start, i_conn_nack, r_conn_cer}, link_state::open},
      {{start, i_conn_ack, i_cea, timeout, timeout}, link_state::suspect},
      {{start, i_conn_ack, i_cea, i_peer_disc, timeout, i_conn_ack, i_cea}, link_state::reopen},
      {{start, i_conn_ack, i_cea, stop}, link_state::closing},
      {{start, i_conn_ack, i_cea, i_dpr}, link_state::closing},
      {{start, i_conn_ack, i_cea, i_dpr, i_peer_disc}, link_state::closed},
  };
  for (const row& r : rows) {
    peer_bench bench;
    for (const peer_event e : r.path) {
      static_cast<void>(bench.feed(e));
    }
    EXPECT_EQ(to_string(bench.machine.link()), to_string(r.shown));
  }
}

TEST(PeerMachine, SaysWithWhichResultCodeThePeerRefusedUs) {
  peer_bench bench;
  static_cast<void>(bench.feed(start));
  static_cast<void>(bench.feed(i_conn_ack));
  const message_view cea =
      bench.cea(bench.own_cer, {result_code::no_common_application, {}, "nothing in common"});

  EXPECT_EQ(end_of(bench.machine.on_message(connection::initiator, cea, bench.now)),
            "capabilities_refused: DIAMETER_NO_COMMON_APPLICATION (5010): nothing in common; "
            "Origin-Host m.example, Origin-Realm example; it offers 4, we offer 4");
}

TEST(PeerMachine, KeepsOnlySoMuchOfAPeersErrorMessage) {
  peer_bench bench;
  static_cast<void>(bench.feed(start));
  static_cast<void>(bench.feed(i_conn_ack));
  const std::string longer(max_kept_message + 1, 'x');
  const message_view cea = bench.cea(bench.own_cer, {static_cast<result_code>(5999), {}, longer});

  EXPECT_EQ(end_of(bench.machine.on_message(connection::initiator, cea, bench.now)),
            "capabilities_refused: Result-Code (5999): " + longer.substr(1) +
                "; Origin-Host m.example, Origin-Realm example; it offers 4, we offer 4");
}

TEST(PeerMachine, SaysWhatItFoundWrongWithACea) {
  peer_bench bench;
  bench.peer.origin_host = "other.example";
  static_cast<void>(bench.feed(start));
  static_cast<void>(bench.feed(i_conn_ack));

  EXPECT_EQ(end_of(bench.feed(i_cea)),
            "capabilities_rejected: DIAMETER_UNKNOWN_PEER (3010): unknown peer; Origin-Host "
            "other.example (expected m.example), Origin-Realm example; it offers 4, we offer 4");
}

TEST(PeerMachine, SaysNothingOfAnOlderConnection) {
  peer_bench bench;
  bench.peer.origin_host = "other.example";
  static_cast<void>(bench.feed(start));
  static_cast<void>(bench.feed(i_conn_ack));
  static_cast<void>(bench.feed(i_cea));
  bench.peer.origin_host = peer_bench::peer_host;
  static_cast<void>(bench.feed(timeout));  // connects again
  static_cast<void>(bench.feed(i_conn_ack));
  static_cast<void>(bench.feed(r_conn_bad_cer));  // nor of a stranger's, which is no end of ours
  static_cast<void>(bench.feed(i_cea));

  EXPECT_EQ(end_of(bench.feed(i_peer_disc)), "connection_lost");
}

TEST(PeerMachine, RejectsAPeerWithoutACommonApplication) {
  peer_script script;
  script.bench().peer.auth_applications = {application_id{16'777'251}};

  script.on(start)
      .on(i_conn_nack)
      .on(r_conn_cer, "reject_incoming:5010")
      .ends_in(peer_state::closed);
}

// §5.4: the sender of the DPR ends the connection once the DPA has come.
TEST(PeerMachine, DisconnectsAfterTheDpaOfItsDpr) {
  peer_script script;
  open_as_initiator(script);

  script.on(stop, "send_dpr(I) draining")
      .on(i_stray_dpa, "")
      .on(i_answer, "deliver(I)")
      .on(i_dpa, "disconnect(I) closed:stopped")
      .ends_in(peer_state::closed);

  EXPECT_EQ(script.machine().next_deadline(), time_point::max());
}

TEST(PeerMachine, WaitsForThePeerToDisconnectAfterItsDpr) {
  peer_script script;
  open_as_initiator(script);

  script.on(i_dpr, "send_dpa(I) draining")
      .ends_in(peer_state::closing)
      .on(i_peer_disc, "closed:dpr_received")
      .ends_in(peer_state::closed);
}

TEST(PeerMachine, DisconnectsAPeerThatStaysAfterItsDpr) {
  peer_script script;
  open_as_initiator(script);

  script.on(i_dpr).on(timeout, "disconnect(I) closed:dpr_received");
}

TEST(PeerMachine, NumbersItsRequestsApartFromTransactions) {
  peer_script script;
  script.on(start).on(i_conn_ack);

  EXPECT_EQ(script.bench().own_cer.hop_by_hop.value & 0xfffffU, base_hop_by_hop_source::slot);
}

// §7.1.5: a request that breaks its grammar is refused, and what it asks for is not done.
TEST(PeerMachine, DoesNothingThatABrokenRequestAsksFor) {
  violation broken;
  broken.reason = errc::avp_unsupported;
  const struct {
    const char* name;
    std::function<message_view(peer_bench&)> message;
  } rows[] = {
      {"DWR", [](peer_bench& b) { return b.dwr(); }},
      {"DPR", [](peer_bench& b) { return b.dpr(disconnect_cause::busy); }},
      {"CER", [](peer_bench& b) { return b.cer(); }},
  };
  for (const auto& row : rows) {
    for (const bool closing : {false, true}) {
      SCOPED_TRACE(std::string{row.name} + (closing ? " in Closing" : " in I-Open"));
      peer_script script;
      open_as_initiator(script);
      if (closing) {
        script.on(stop);
      }
      peer_bench& bench = script.bench();
      const peer_state before = bench.machine.state();

      const peer_actions actions =
          bench.machine.on_message(connection::initiator, row.message(bench), bench.now, &broken);

      EXPECT_EQ(describe(actions), "refuse:5001");
      EXPECT_EQ(std::get<refuse>(actions.front()).broken, &broken);
      EXPECT_EQ(bench.machine.state(), before);
    }
  }
}

// RFC 3539 §3.4.1: "any message received" shows the peer alive, a broken one too.
TEST(PeerMachine, TakesABrokenRequestForASignOfLife) {
  violation broken;
  broken.reason = errc::missing_avp;
  peer_script script;
  open_as_initiator(script);
  peer_bench& bench = script.bench();
  bench.now += 20s;
  const time_point before = bench.machine.next_deadline();

  static_cast<void>(
      bench.machine.on_message(connection::initiator, bench.dwr(), bench.now, &broken));

  EXPECT_GT(bench.machine.next_deadline(), before);
}

TEST(PeerMachine, RejectsABrokenCerWithItsViolation) {
  violation broken;
  broken.reason = errc::value_length;
  peer_bench bench;
  static_cast<void>(bench.feed(start));

  const peer_actions actions = bench.machine.on_incoming(bench.cer(), bench.now, &broken);

  EXPECT_EQ(describe(actions), "reject_incoming:5014");
  EXPECT_EQ(std::get<reject_incoming>(actions.front()).broken, &broken);
}

TEST(PeerMachine, EncodesEveryMessageItAsksFor) {
  peer_bench bench;
  std::array<std::byte, 1024> octets;
  const message_ids ids{{1}, {2}};
  const auto i = connection::initiator;
  const struct {
    peer_action action;
    command_code command;
    bool is_request;
  } rows[] = {
      {send_cer{ids}, commands::capabilities_exchange, true},
      {send_cea{answer_to(ids)}, commands::capabilities_exchange, false},
      {reject_incoming{answer_to(ids), unknown_peer(), {}}, commands::capabilities_exchange, false},
      {send_dwr{i, ids}, commands::device_watchdog, true},
      {send_dwa{i, answer_to(ids)}, commands::device_watchdog, false},
      {send_dpr{i, ids, disconnect_cause::busy}, commands::disconnect_peer, true},
      {send_dpa{i, answer_to(ids)}, commands::disconnect_peer, false},
  };
  for (const auto& row : rows) {
    writer out{octets};

    const bytes_view encoded = encode(row.action, bench.node, {}, out);

    const auto checked = check_message(encoded);
    ASSERT_TRUE(checked);
    EXPECT_EQ(checked->command(), row.command);
    EXPECT_EQ(checked->is_request(), row.is_request);
    EXPECT_EQ(ids_of(*checked), ids);
  }
}

TEST(PeerMachine, EncodesNothingForOtherActions) {
  peer_bench bench;
  std::array<std::byte, 1024> octets;
  const peer_action rows[] = {connect{},
                              deliver{},
                              refuse{connection::initiator, result_code::unable_to_comply},
                              accept_incoming{},
                              disconnect{},
                              opened{},
                              okay{},
                              suspect{},
                              draining{},
                              closed{}};
  for (const peer_action& action : rows) {
    writer out{octets};

    EXPECT_TRUE(encode(action, bench.node, {}, out).empty());
  }
}

TEST(PeerMachine, DoesNotAllocateForMessagesInOpen) {
  peer_script script;
  open_as_initiator(script);
  peer_bench& bench = script.bench();
  const message_view request = bench.application_message(command_flags::request);

  ASSERT_TRUE(allocation_counting_works());
  const allocation_counts before = thread_allocations();
  std::size_t delivered = 0;
  for (int round = 0; round < 1000; ++round) {
    delivered += bench.machine.on_message(connection::initiator, request, bench.now).size();
  }
  const allocation_counts spent = thread_allocations() - before;

  EXPECT_EQ(delivered, 1000U);
  EXPECT_EQ(spent.calls, 0U);
}

}  // namespace
}  // namespace diamgw::test
