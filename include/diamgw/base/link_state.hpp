// A peer's state, and why a connection with it ended: the one vocabulary of log, metrics, errors,
// `gateway.info` and documents. What is shown is an enumerator's name, so a rename shows
// everywhere.
#pragma once
#include <cstdint>
#include <string_view>

#include "diamgw/base/enumerator_names.hpp"

namespace diamgw {

/// RFC 6733 §5.6's states and, of an open peer, RFC 3539 §3.4.1's. Requests go to `open` alone.
enum class link_state : std::uint8_t {
  closed,               // no connection
  wait_conn_ack,        // we connect
  wait_i_cea,           // we sent a CER
  wait_conn_ack_elect,  // we connect, and the peer has connected
  wait_returns,         // both have connected: an election (§5.6.4)
  open,
  suspect,  // open, but a DWR went unanswered
  reopen,   // open, but it has to answer DWRs before it serves again
  closing,  // after a DPR, sent or received
  left,     // no connection, since the peer's DPR asked for none (§5.4.3)
  count,
};

/// Why a connection with a peer, or an attempt at one, ended.
enum class disconnect_reason : std::uint8_t {
  connect_failed,         // refused, unreachable, or not there in time
  capabilities_timeout,   // no CER or CEA in time
  capabilities_refused,   // the peer's CEA says no
  capabilities_rejected,  // its CER or CEA is nothing that we can live with
  unexpected_message,     // something else where a CER or CEA is due
  malformed_message,      // a CER or CEA that cannot be read, or a stream that cannot be cut
  already_connected,      // the peer has a connection that serves (§5.6, R-Reject)
  election_lost,          // §5.6.4
  connection_lost,        // reset, or ended without a DPR
  watchdog,               // RFC 3539: no sign of life
  dpr_received,
  stopped,        // by us; with a DPR where it was open
  configuration,  // removed by a reload
  other,
  count,
};

[[nodiscard]] constexpr std::string_view to_string(link_state state) noexcept {
  return enumerator_names<link_state>[static_cast<std::size_t>(state)];
}
[[nodiscard]] constexpr std::string_view to_string(disconnect_reason reason) noexcept {
  return enumerator_names<disconnect_reason>[static_cast<std::size_t>(reason)];
}

}  // namespace diamgw
