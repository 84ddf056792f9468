// RFC 6733 §5.6: every event in every state. "" with the same state is an event that is ignored.
#include <gtest/gtest.h>

#include <vector>

#include "support/peer_script.hpp"

namespace diamgw::test {
namespace {

using diameter::peer_state;
using enum peer_event;

struct row {
  peer_event event;
  std::string_view actions;
  peer_state next;
};

/// One row for every event, in the events' order, each from a fresh machine led through `path`.
/// The local host is lower than the peer's, so that elections are lost and last.
void check_every_event(const std::vector<peer_event>& path, peer_state state,
                       const std::vector<row>& rows) {
  ASSERT_EQ(rows.size(), static_cast<std::size_t>(peer_event_count));
  for (int number = 0; number < peer_event_count; ++number) {
    SCOPED_TRACE("event " + std::to_string(number));
    const row& expected = rows[static_cast<std::size_t>(number)];
    ASSERT_EQ(static_cast<int>(expected.event), number);
    peer_bench bench;
    for (const peer_event step : path) {
      static_cast<void>(bench.feed(step));
    }
    ASSERT_EQ(to_string(bench.machine.state()), to_string(state));

    const std::string actions = describe(bench.feed(expected.event));

    EXPECT_EQ(actions, expected.actions);
    EXPECT_EQ(to_string(bench.machine.state()), to_string(expected.next));
  }
}

TEST(PeerMachineTable, Closed) {
  check_every_event({start, i_conn_nack}, peer_state::closed,
                    {
                        {start, "connect", peer_state::wait_conn_ack},
                        {stop, "", peer_state::closed},
                        {timeout, "connect", peer_state::wait_conn_ack},
                        {i_conn_ack, "", peer_state::closed},
                        {i_conn_nack, "", peer_state::closed},
                        {r_conn_cer, "accept_incoming send_cea opened(R) okay", peer_state::r_open},
                        {r_conn_bad_cer, "reject_incoming:3010", peer_state::closed},
                        {i_peer_disc, "", peer_state::closed},
                        {i_cer, "", peer_state::closed},
                        {i_cea, "", peer_state::closed},
                        {i_failed_cea, "", peer_state::closed},
                        {i_stray_cea, "", peer_state::closed},
                        {i_dwr, "", peer_state::closed},
                        {i_dwa, "", peer_state::closed},
                        {i_stray_dwa, "", peer_state::closed},
                        {i_dpr, "", peer_state::closed},
                        {i_dpa, "", peer_state::closed},
                        {i_stray_dpa, "", peer_state::closed},
                        {i_request, "", peer_state::closed},
                        {i_answer, "", peer_state::closed},
                        {r_peer_disc, "", peer_state::closed},
                        {r_cer, "", peer_state::closed},
                        {r_cea, "", peer_state::closed},
                        {r_dwr, "", peer_state::closed},
                        {r_dwa, "", peer_state::closed},
                        {r_dpr, "", peer_state::closed},
                        {r_dpa, "", peer_state::closed},
                        {r_request, "", peer_state::closed},
                        {r_answer, "", peer_state::closed},
                        {i_malformed, "", peer_state::closed},
                        {r_malformed, "", peer_state::closed},
                        {wanted, "", peer_state::closed},
                        {retry, "connect", peer_state::wait_conn_ack},
                    });
}

TEST(PeerMachineTable, WaitConnAck) {
  check_every_event({start}, peer_state::wait_conn_ack,
                    {
                        {start, "", peer_state::wait_conn_ack},
                        {stop, "disconnect(I) closed:stopped", peer_state::closed},
                        {timeout, "disconnect(I) closed:connect_failed", peer_state::closed},
                        {i_conn_ack, "send_cer", peer_state::wait_i_cea},
                        {i_conn_nack, "closed:connect_failed", peer_state::closed},
                        {r_conn_cer, "accept_incoming", peer_state::wait_conn_ack_elect},
                        {r_conn_bad_cer, "reject_incoming:3010", peer_state::wait_conn_ack},
                        {i_peer_disc, "", peer_state::wait_conn_ack},
                        {i_cer, "", peer_state::wait_conn_ack},
                        {i_cea, "", peer_state::wait_conn_ack},
                        {i_failed_cea, "", peer_state::wait_conn_ack},
                        {i_stray_cea, "", peer_state::wait_conn_ack},
                        {i_dwr, "", peer_state::wait_conn_ack},
                        {i_dwa, "", peer_state::wait_conn_ack},
                        {i_stray_dwa, "", peer_state::wait_conn_ack},
                        {i_dpr, "", peer_state::wait_conn_ack},
                        {i_dpa, "", peer_state::wait_conn_ack},
                        {i_stray_dpa, "", peer_state::wait_conn_ack},
                        {i_request, "", peer_state::wait_conn_ack},
                        {i_answer, "", peer_state::wait_conn_ack},
                        {r_peer_disc, "", peer_state::wait_conn_ack},
                        {r_cer, "", peer_state::wait_conn_ack},
                        {r_cea, "", peer_state::wait_conn_ack},
                        {r_dwr, "", peer_state::wait_conn_ack},
                        {r_dwa, "", peer_state::wait_conn_ack},
                        {r_dpr, "", peer_state::wait_conn_ack},
                        {r_dpa, "", peer_state::wait_conn_ack},
                        {r_request, "", peer_state::wait_conn_ack},
                        {r_answer, "", peer_state::wait_conn_ack},
                        {i_malformed, "", peer_state::wait_conn_ack},
                        {r_malformed, "", peer_state::wait_conn_ack},
                        {wanted, "", peer_state::wait_conn_ack},
                        {retry, "", peer_state::wait_conn_ack},
                    });
}

TEST(PeerMachineTable, WaitICea) {
  check_every_event(
      {start, i_conn_ack}, peer_state::wait_i_cea,
      {
          {start, "", peer_state::wait_i_cea},
          {stop, "disconnect(I) closed:stopped", peer_state::closed},
          {timeout, "disconnect(I) closed:capabilities_timeout", peer_state::closed},
          {i_conn_ack, "", peer_state::wait_i_cea},
          {i_conn_nack, "", peer_state::wait_i_cea},
          {r_conn_cer, "accept_incoming", peer_state::wait_returns},
          {r_conn_bad_cer, "reject_incoming:3010", peer_state::wait_i_cea},
          {i_peer_disc, "closed:connection_lost", peer_state::closed},
          {i_cer, "disconnect(I) closed:unexpected_message", peer_state::closed},
          {i_cea, "opened(I) okay", peer_state::i_open},
          {i_failed_cea, "disconnect(I) closed:capabilities_refused", peer_state::closed},
          {i_stray_cea, "", peer_state::wait_i_cea},
          {i_dwr, "disconnect(I) closed:unexpected_message", peer_state::closed},
          {i_dwa, "disconnect(I) closed:unexpected_message", peer_state::closed},
          {i_stray_dwa, "disconnect(I) closed:unexpected_message", peer_state::closed},
          {i_dpr, "disconnect(I) closed:unexpected_message", peer_state::closed},
          {i_dpa, "disconnect(I) closed:unexpected_message", peer_state::closed},
          {i_stray_dpa, "disconnect(I) closed:unexpected_message", peer_state::closed},
          {i_request, "disconnect(I) closed:unexpected_message", peer_state::closed},
          {i_answer, "disconnect(I) closed:unexpected_message", peer_state::closed},
          {r_peer_disc, "", peer_state::wait_i_cea},
          {r_cer, "", peer_state::wait_i_cea},
          {r_cea, "", peer_state::wait_i_cea},
          {r_dwr, "", peer_state::wait_i_cea},
          {r_dwa, "", peer_state::wait_i_cea},
          {r_dpr, "", peer_state::wait_i_cea},
          {r_dpa, "", peer_state::wait_i_cea},
          {r_request, "", peer_state::wait_i_cea},
          {r_answer, "", peer_state::wait_i_cea},
          {i_malformed, "disconnect(I) closed:malformed_message", peer_state::closed},
          {r_malformed, "", peer_state::wait_i_cea},
          {wanted, "", peer_state::wait_i_cea},
          {retry, "", peer_state::wait_i_cea},
      });
}

TEST(PeerMachineTable, WaitConnAckElect) {
  check_every_event({start, r_conn_cer}, peer_state::wait_conn_ack_elect,
                    {
                        {start, "", peer_state::wait_conn_ack_elect},
                        {stop, "disconnect(I) disconnect(R) closed:stopped", peer_state::closed},
                        {timeout, "disconnect(I) send_cea opened(R) okay", peer_state::r_open},
                        {i_conn_ack, "send_cer", peer_state::wait_returns},
                        {i_conn_nack, "send_cea opened(R) okay", peer_state::r_open},
                        {r_conn_cer, "reject_incoming:5012", peer_state::wait_conn_ack_elect},
                        {r_conn_bad_cer, "reject_incoming:5012", peer_state::wait_conn_ack_elect},
                        {i_peer_disc, "", peer_state::wait_conn_ack_elect},
                        {i_cer, "", peer_state::wait_conn_ack_elect},
                        {i_cea, "", peer_state::wait_conn_ack_elect},
                        {i_failed_cea, "", peer_state::wait_conn_ack_elect},
                        {i_stray_cea, "", peer_state::wait_conn_ack_elect},
                        {i_dwr, "", peer_state::wait_conn_ack_elect},
                        {i_dwa, "", peer_state::wait_conn_ack_elect},
                        {i_stray_dwa, "", peer_state::wait_conn_ack_elect},
                        {i_dpr, "", peer_state::wait_conn_ack_elect},
                        {i_dpa, "", peer_state::wait_conn_ack_elect},
                        {i_stray_dpa, "", peer_state::wait_conn_ack_elect},
                        {i_request, "", peer_state::wait_conn_ack_elect},
                        {i_answer, "", peer_state::wait_conn_ack_elect},
                        {r_peer_disc, "", peer_state::wait_conn_ack},
                        {r_cer, "", peer_state::wait_conn_ack_elect},
                        {r_cea, "", peer_state::wait_conn_ack_elect},
                        {r_dwr, "", peer_state::wait_conn_ack_elect},
                        {r_dwa, "", peer_state::wait_conn_ack_elect},
                        {r_dpr, "", peer_state::wait_conn_ack_elect},
                        {r_dpa, "", peer_state::wait_conn_ack_elect},
                        {r_request, "", peer_state::wait_conn_ack_elect},
                        {r_answer, "", peer_state::wait_conn_ack_elect},
                        {i_malformed, "", peer_state::wait_conn_ack_elect},
                        {r_malformed, "disconnect(R)", peer_state::wait_conn_ack},
                        {wanted, "", peer_state::wait_conn_ack_elect},
                        {retry, "", peer_state::wait_conn_ack_elect},
                    });
}

TEST(PeerMachineTable, WaitReturns) {
  check_every_event(
      {start, i_conn_ack, r_conn_cer}, peer_state::wait_returns,
      {
          {start, "", peer_state::wait_returns},
          {stop, "disconnect(I) disconnect(R) closed:stopped", peer_state::closed},
          {timeout, "disconnect(I) disconnect(R) closed:capabilities_timeout", peer_state::closed},
          {i_conn_ack, "", peer_state::wait_returns},
          {i_conn_nack, "", peer_state::wait_returns},
          {r_conn_cer, "reject_incoming:5012", peer_state::wait_returns},
          {r_conn_bad_cer, "reject_incoming:5012", peer_state::wait_returns},
          {i_peer_disc, "send_cea opened(R) okay", peer_state::r_open},
          {i_cer, "disconnect(I) send_cea opened(R) okay", peer_state::r_open},
          {i_cea, "disconnect(R) opened(I) okay", peer_state::i_open},
          {i_failed_cea, "disconnect(I) send_cea opened(R) okay", peer_state::r_open},
          {i_stray_cea, "", peer_state::wait_returns},
          {i_dwr, "disconnect(I) send_cea opened(R) okay", peer_state::r_open},
          {i_dwa, "disconnect(I) send_cea opened(R) okay", peer_state::r_open},
          {i_stray_dwa, "disconnect(I) send_cea opened(R) okay", peer_state::r_open},
          {i_dpr, "disconnect(I) send_cea opened(R) okay", peer_state::r_open},
          {i_dpa, "disconnect(I) send_cea opened(R) okay", peer_state::r_open},
          {i_stray_dpa, "disconnect(I) send_cea opened(R) okay", peer_state::r_open},
          {i_request, "disconnect(I) send_cea opened(R) okay", peer_state::r_open},
          {i_answer, "disconnect(I) send_cea opened(R) okay", peer_state::r_open},
          {r_peer_disc, "", peer_state::wait_i_cea},
          {r_cer, "", peer_state::wait_returns},
          {r_cea, "", peer_state::wait_returns},
          {r_dwr, "", peer_state::wait_returns},
          {r_dwa, "", peer_state::wait_returns},
          {r_dpr, "", peer_state::wait_returns},
          {r_dpa, "", peer_state::wait_returns},
          {r_request, "", peer_state::wait_returns},
          {r_answer, "", peer_state::wait_returns},
          {i_malformed, "disconnect(I) send_cea opened(R) okay", peer_state::r_open},
          {r_malformed, "disconnect(R)", peer_state::wait_i_cea},
          {wanted, "", peer_state::wait_returns},
          {retry, "", peer_state::wait_returns},
      });
}

TEST(PeerMachineTable, ROpen) {
  check_every_event({start, i_conn_nack, r_conn_cer}, peer_state::r_open,
                    {
                        {start, "", peer_state::r_open},
                        {stop, "send_dpr(R) draining", peer_state::closing},
                        {timeout, "send_dwr(R)", peer_state::r_open},
                        {i_conn_ack, "", peer_state::r_open},
                        {i_conn_nack, "", peer_state::r_open},
                        {r_conn_cer, "reject_incoming:5012 send_dwr(R)", peer_state::r_open},
                        {r_conn_bad_cer, "reject_incoming:5012 send_dwr(R)", peer_state::r_open},
                        {i_peer_disc, "", peer_state::r_open},
                        {i_cer, "", peer_state::r_open},
                        {i_cea, "", peer_state::r_open},
                        {i_failed_cea, "", peer_state::r_open},
                        {i_stray_cea, "", peer_state::r_open},
                        {i_dwr, "", peer_state::r_open},
                        {i_dwa, "", peer_state::r_open},
                        {i_stray_dwa, "", peer_state::r_open},
                        {i_dpr, "", peer_state::r_open},
                        {i_dpa, "", peer_state::r_open},
                        {i_stray_dpa, "", peer_state::r_open},
                        {i_request, "", peer_state::r_open},
                        {i_answer, "", peer_state::r_open},
                        {r_peer_disc, "closed:connection_lost", peer_state::closed},
                        {r_cer, "refuse:5012", peer_state::r_open},
                        {r_cea, "", peer_state::r_open},
                        {r_dwr, "send_dwa(R)", peer_state::r_open},
                        {r_dwa, "", peer_state::r_open},
                        {r_dpr, "send_dpa(R) draining", peer_state::closing},
                        {r_dpa, "", peer_state::r_open},
                        {r_request, "deliver(R)", peer_state::r_open},
                        {r_answer, "deliver(R)", peer_state::r_open},
                        {i_malformed, "", peer_state::r_open},
                        {r_malformed, "disconnect(R) closed:malformed_message", peer_state::closed},
                        {wanted, "", peer_state::r_open},
                        {retry, "", peer_state::r_open},
                    });
}

TEST(PeerMachineTable, IOpen) {
  check_every_event({start, i_conn_ack, i_cea}, peer_state::i_open,
                    {
                        {start, "", peer_state::i_open},
                        {stop, "send_dpr(I) draining", peer_state::closing},
                        {timeout, "send_dwr(I)", peer_state::i_open},
                        {i_conn_ack, "", peer_state::i_open},
                        {i_conn_nack, "", peer_state::i_open},
                        {r_conn_cer, "reject_incoming:5012 send_dwr(I)", peer_state::i_open},
                        {r_conn_bad_cer, "reject_incoming:5012 send_dwr(I)", peer_state::i_open},
                        {i_peer_disc, "closed:connection_lost", peer_state::closed},
                        {i_cer, "refuse:5012", peer_state::i_open},
                        {i_cea, "", peer_state::i_open},
                        {i_failed_cea, "", peer_state::i_open},
                        {i_stray_cea, "", peer_state::i_open},
                        {i_dwr, "send_dwa(I)", peer_state::i_open},
                        {i_dwa, "", peer_state::i_open},
                        {i_stray_dwa, "", peer_state::i_open},
                        {i_dpr, "send_dpa(I) draining", peer_state::closing},
                        {i_dpa, "", peer_state::i_open},
                        {i_stray_dpa, "", peer_state::i_open},
                        {i_request, "deliver(I)", peer_state::i_open},
                        {i_answer, "deliver(I)", peer_state::i_open},
                        {r_peer_disc, "", peer_state::i_open},
                        {r_cer, "", peer_state::i_open},
                        {r_cea, "", peer_state::i_open},
                        {r_dwr, "", peer_state::i_open},
                        {r_dwa, "", peer_state::i_open},
                        {r_dpr, "", peer_state::i_open},
                        {r_dpa, "", peer_state::i_open},
                        {r_request, "", peer_state::i_open},
                        {r_answer, "", peer_state::i_open},
                        {i_malformed, "disconnect(I) closed:malformed_message", peer_state::closed},
                        {r_malformed, "", peer_state::i_open},
                        {wanted, "", peer_state::i_open},
                        {retry, "", peer_state::i_open},
                    });
}

TEST(PeerMachineTable, ClosingOfTheInitiator) {
  check_every_event({start, i_conn_ack, i_cea, stop}, peer_state::closing,
                    {
                        {start, "", peer_state::closing},
                        {stop, "", peer_state::closing},
                        {timeout, "disconnect(I) closed:stopped", peer_state::closed},
                        {i_conn_ack, "", peer_state::closing},
                        {i_conn_nack, "", peer_state::closing},
                        {r_conn_cer, "reject_incoming:5012", peer_state::closing},
                        {r_conn_bad_cer, "reject_incoming:5012", peer_state::closing},
                        {i_peer_disc, "closed:stopped", peer_state::closed},
                        {i_cer, "refuse:5012", peer_state::closing},
                        {i_cea, "", peer_state::closing},
                        {i_failed_cea, "", peer_state::closing},
                        {i_stray_cea, "", peer_state::closing},
                        {i_dwr, "send_dwa(I)", peer_state::closing},
                        {i_dwa, "", peer_state::closing},
                        {i_stray_dwa, "", peer_state::closing},
                        {i_dpr, "send_dpa(I)", peer_state::closing},
                        {i_dpa, "disconnect(I) closed:stopped", peer_state::closed},
                        {i_stray_dpa, "", peer_state::closing},
                        {i_request, "refuse:3002", peer_state::closing},
                        {i_answer, "deliver(I)", peer_state::closing},
                        {r_peer_disc, "", peer_state::closing},
                        {r_cer, "", peer_state::closing},
                        {r_cea, "", peer_state::closing},
                        {r_dwr, "", peer_state::closing},
                        {r_dwa, "", peer_state::closing},
                        {r_dpr, "", peer_state::closing},
                        {r_dpa, "", peer_state::closing},
                        {r_request, "", peer_state::closing},
                        {r_answer, "", peer_state::closing},
                        {i_malformed, "disconnect(I) closed:stopped", peer_state::closed},
                        {r_malformed, "", peer_state::closing},
                        {wanted, "", peer_state::closing},
                        {retry, "", peer_state::closing},
                    });
}

TEST(PeerMachineTable, ClosingOfTheResponder) {
  check_every_event({start, i_conn_nack, r_conn_cer, stop}, peer_state::closing,
                    {
                        {start, "", peer_state::closing},
                        {stop, "", peer_state::closing},
                        {timeout, "disconnect(R) closed:stopped", peer_state::closed},
                        {i_conn_ack, "", peer_state::closing},
                        {i_conn_nack, "", peer_state::closing},
                        {r_conn_cer, "reject_incoming:5012", peer_state::closing},
                        {r_conn_bad_cer, "reject_incoming:5012", peer_state::closing},
                        {i_peer_disc, "", peer_state::closing},
                        {i_cer, "", peer_state::closing},
                        {i_cea, "", peer_state::closing},
                        {i_failed_cea, "", peer_state::closing},
                        {i_stray_cea, "", peer_state::closing},
                        {i_dwr, "", peer_state::closing},
                        {i_dwa, "", peer_state::closing},
                        {i_stray_dwa, "", peer_state::closing},
                        {i_dpr, "", peer_state::closing},
                        {i_dpa, "", peer_state::closing},
                        {i_stray_dpa, "", peer_state::closing},
                        {i_request, "", peer_state::closing},
                        {i_answer, "", peer_state::closing},
                        {r_peer_disc, "closed:stopped", peer_state::closed},
                        {r_cer, "refuse:5012", peer_state::closing},
                        {r_cea, "", peer_state::closing},
                        {r_dwr, "send_dwa(R)", peer_state::closing},
                        {r_dwa, "", peer_state::closing},
                        {r_dpr, "send_dpa(R)", peer_state::closing},
                        {r_dpa, "disconnect(R) closed:stopped", peer_state::closed},
                        {r_request, "refuse:3002", peer_state::closing},
                        {r_answer, "deliver(R)", peer_state::closing},
                        {i_malformed, "", peer_state::closing},
                        {r_malformed, "disconnect(R) closed:stopped", peer_state::closed},
                        {wanted, "", peer_state::closing},
                        {retry, "", peer_state::closing},
                    });
}

}  // namespace
}  // namespace diamgw::test
