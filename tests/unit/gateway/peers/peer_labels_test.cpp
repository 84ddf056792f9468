#include "gateway/peers/peer_labels.hpp"

#include <gtest/gtest.h>

#include <set>

namespace diamgw::gateway {
namespace {

using diameter::close_reason;
using diameter::peer_state;
using diameter::watchdog_state;
using metrics::disconnect_reason;

TEST(PeerLabels, ShowEveryStateOfBothMachines) {
  constexpr watchdog_state any = watchdog_state::okay;
  struct row {
    peer_state state;
    watchdog_state watchdog;
    metrics::peer_state shown;
  };
  constexpr row rows[]{
      // RFC 6733 §5.6
      {peer_state::closed, any, metrics::peer_state::closed},
      {peer_state::wait_conn_ack, any, metrics::peer_state::wait_conn_ack},
      {peer_state::wait_i_cea, any, metrics::peer_state::wait_i_cea},
      {peer_state::wait_conn_ack_elect, any, metrics::peer_state::wait_conn_ack_elect},
      {peer_state::wait_returns, any, metrics::peer_state::wait_returns},
      {peer_state::closing, any, metrics::peer_state::closing},
      // RFC 3539 §3.4.1, where it is open
      {peer_state::i_open, watchdog_state::initial, metrics::peer_state::open},
      {peer_state::i_open, watchdog_state::okay, metrics::peer_state::open},
      {peer_state::i_open, watchdog_state::suspect, metrics::peer_state::suspect},
      {peer_state::i_open, watchdog_state::down, metrics::peer_state::open},
      {peer_state::i_open, watchdog_state::reopen, metrics::peer_state::reopen},
      {peer_state::r_open, watchdog_state::okay, metrics::peer_state::open},
      {peer_state::r_open, watchdog_state::suspect, metrics::peer_state::suspect},
      {peer_state::r_open, watchdog_state::reopen, metrics::peer_state::reopen},
  };

  std::set<metrics::peer_state> shown;
  for (const row& r : rows) {
    EXPECT_EQ(label_of(r.state, r.watchdog), r.shown)
        << to_string(r.state) << ", " << to_string(r.watchdog);
    shown.insert(r.shown);
  }

  EXPECT_EQ(shown.size(), static_cast<std::size_t>(metrics::peer_state::count));
}

TEST(PeerLabels, SayWhyAConnectionEnded) {
  struct row {
    close_reason reason;
    disconnect_reason label;
  };
  constexpr row rows[]{
      {close_reason::connect_failed, disconnect_reason::connect_failed},
      {close_reason::capabilities_timeout, disconnect_reason::capabilities},
      {close_reason::capabilities_refused, disconnect_reason::capabilities},
      {close_reason::capabilities_rejected, disconnect_reason::capabilities},
      {close_reason::unexpected_message, disconnect_reason::capabilities},
      {close_reason::peer_disconnected, disconnect_reason::transport_error},
      {close_reason::watchdog, disconnect_reason::watchdog},
      {close_reason::peer_left, disconnect_reason::dpr_received},
      {close_reason::stopped, disconnect_reason::dpr_sent},
  };
  // A new reason must get a row: the last enumerator is the last row's.
  ASSERT_EQ(std::size(rows), static_cast<std::size_t>(close_reason::stopped) + 1);
  for (const row& r : rows) {
    EXPECT_EQ(label_of(r.reason), r.label) << to_string(r.reason);
  }
}

TEST(PeerLabels, SayWhyARequestWasRefused) {
  using diameter::result_code;
  using metrics::refused_reason;
  struct row {
    result_code code;  // RFC 6733 §7.1
    refused_reason label;
  };
  constexpr row rows[]{
      {result_code::invalid_hdr_bits, refused_reason::invalid_header},
      {result_code::invalid_avp_bits, refused_reason::invalid_header},
      {result_code::unsupported_version, refused_reason::invalid_header},
      {result_code::invalid_message_length, refused_reason::invalid_header},
      {result_code::invalid_avp_length, refused_reason::invalid_message},
      {result_code::missing_avp, refused_reason::invalid_message},
      {result_code::unable_to_deliver, refused_reason::unable_to_deliver},
      {result_code::unable_to_comply, refused_reason::other},
  };
  for (const row& r : rows) {
    EXPECT_EQ(label_of(r.code), r.label) << static_cast<unsigned>(r.code);
  }
}

}  // namespace
}  // namespace diamgw::gateway
