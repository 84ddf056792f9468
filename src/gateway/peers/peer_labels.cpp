#include "gateway/peers/peer_labels.hpp"

namespace diamgw::gateway {

metrics::peer_state label_of(diameter::peer_state state,
                             diameter::watchdog_state watchdog) noexcept {
  switch (state) {
    case diameter::peer_state::closed:
      return metrics::peer_state::closed;
    case diameter::peer_state::wait_conn_ack:
      return metrics::peer_state::wait_conn_ack;
    case diameter::peer_state::wait_i_cea:
      return metrics::peer_state::wait_i_cea;
    case diameter::peer_state::wait_conn_ack_elect:
      return metrics::peer_state::wait_conn_ack_elect;
    case diameter::peer_state::wait_returns:
      return metrics::peer_state::wait_returns;
    case diameter::peer_state::closing:
      return metrics::peer_state::closing;
    case diameter::peer_state::r_open:
    case diameter::peer_state::i_open:
      break;
  }
  switch (watchdog) {
    case diameter::watchdog_state::suspect:
      return metrics::peer_state::suspect;
    case diameter::watchdog_state::reopen:
      return metrics::peer_state::reopen;
    default:
      return metrics::peer_state::open;
  }
}

metrics::disconnect_reason label_of(diameter::close_reason reason) noexcept {
  switch (reason) {
    case diameter::close_reason::connect_failed:
      return metrics::disconnect_reason::connect_failed;
    case diameter::close_reason::capabilities_timeout:
    case diameter::close_reason::capabilities_refused:
    case diameter::close_reason::capabilities_rejected:
    case diameter::close_reason::unexpected_message:
      return metrics::disconnect_reason::capabilities;
    case diameter::close_reason::peer_disconnected:
      return metrics::disconnect_reason::transport_error;
    case diameter::close_reason::watchdog:
      return metrics::disconnect_reason::watchdog;
    case diameter::close_reason::peer_left:
      return metrics::disconnect_reason::dpr_received;
    case diameter::close_reason::stopped:
      return metrics::disconnect_reason::dpr_sent;
  }
  return metrics::disconnect_reason::other;
}

metrics::refused_reason label_of(diameter::result_code code) noexcept {
  switch (code) {
    case diameter::result_code::invalid_hdr_bits:
    case diameter::result_code::invalid_avp_bits:
    case diameter::result_code::unsupported_version:
    case diameter::result_code::invalid_message_length:
      return metrics::refused_reason::invalid_header;
    case diameter::result_code::unable_to_deliver:
      return metrics::refused_reason::unable_to_deliver;
    case diameter::result_code::unable_to_comply:
      return metrics::refused_reason::other;
    default:
      return metrics::refused_reason::invalid_message;
  }
}

}  // namespace diamgw::gateway
