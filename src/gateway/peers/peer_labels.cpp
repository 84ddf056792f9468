#include "gateway/peers/peer_labels.hpp"

namespace diamgw::gateway {

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
