#include "diamgw/codec/message.hpp"

namespace diamgw::diameter {

std::optional<avp_view> message_view::find(avp_code code, vendor_id vendor) const noexcept {
  for (const avp_view avp : avps()) {
    if (avp.code == code && avp.vendor == vendor) {
      return avp;
    }
  }
  return std::nullopt;
}

}  // namespace diamgw::diameter
