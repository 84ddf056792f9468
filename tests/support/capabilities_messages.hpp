// What the tests of CER and CEA share.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "diamgw/base/hex.hpp"
#include "diamgw/diameter/capabilities.hpp"
#include "support/peer_script.hpp"

namespace diamgw::diameter {

inline constexpr message_ids ids{{1}, {2}};
inline constexpr std::uint8_t m_bit = avp_flags::mandatory;
inline constexpr vendor_id tgpp{10415};
inline constexpr application_id s6a{16'777'251};
inline constexpr application_id base_accounting{3};

inline local_node full_node() {
  local_node node = test::make_node("gw.example");
  node.host_ip_addresses = {
      host_address::v4({192, 0, 2, 1}),
      host_address::v6({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})};
  node.vendor = vendor_id{999};
  node.firmware_revision = 10200;
  node.supported_vendors = {tgpp};
  node.acct_applications = {base_accounting};
  node.vendor_specific_applications = {{tgpp, s6a, application_kind::auth}};
  return node;
}

/// A CER whose AVPs a test appends to; Origin-Host and -Realm are there unless told otherwise.
class message_builder {
 public:
  explicit message_builder(std::uint8_t flags = command_flags::request) {
    out_.begin_message({flags, commands::capabilities_exchange, base_application, {}, {}});
  }
  message_builder& named() {
    out_.text(avps::origin_host, ietf_vendor, m_bit, "peer.example");
    out_.text(avps::origin_realm, ietf_vendor, m_bit, "example");
    return *this;
  }
  message_builder& with(const std::function<void(writer&)>& append) {
    append(out_);
    return *this;
  }
  message_builder& u32(avp_code code, std::uint32_t value) {
    out_.unsigned32(code, ietf_vendor, m_bit, value);
    return *this;
  }
  message_builder& group(const std::function<void(writer&)>& append) {
    const std::size_t mark =
        out_.begin_group(avps::vendor_specific_application_id, ietf_vendor, m_bit);
    append(out_);
    out_.end_group(mark);
    return *this;
  }
  message_view view() { return message_view{out_.finish()}; }

 private:
  std::vector<std::byte> octets_ = std::vector<std::byte>(65536);
  writer out_{octets_};
};

inline std::string failed_avp(const capabilities_fault& fault) {
  return to_hex({fault.failed_avp.data(), fault.failed_avp.size()});
}

}  // namespace diamgw::diameter
