// CER and CEA of any content. The first octet says which. What parses is within its bounds and
// can be judged; what does not gives an answer that is itself a sound message.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "diamgw/codec/check.hpp"
#include "diamgw/diameter/capabilities.hpp"
#include "support/peer_script.hpp"

namespace {

using namespace diamgw;
using namespace diamgw::diameter;

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void check_bounds(const peer_capabilities& peer) {
  require(peer.origin_host.size() <= max_identity_octets);
  require(peer.origin_realm.size() <= max_identity_octets);
  require(peer.product_name.size() <= max_identity_octets);
  require(peer.auth_applications.size() <= max_capability_items);
  require(peer.acct_applications.size() <= max_capability_items);
  require(peer.vendor_specific_applications.size() <= max_capability_items);
  require(peer.supported_vendors.size() <= max_capability_items);
  require(peer.inband_security_ids.size() <= max_capability_items);
  require(peer.host_ip_addresses.size() <= max_capability_items);
}

/// What a peer said of itself, said by us and read again, is the same.
void check_round_trip(const peer_capabilities& peer) {
  local_node node;
  node.origin_host = peer.origin_host;
  node.origin_realm = peer.origin_realm;
  node.host_ip_addresses = peer.host_ip_addresses;
  node.vendor = peer.vendor;
  node.product_name = peer.product_name;
  node.firmware_revision = peer.firmware_revision;
  node.origin_state_id = peer.origin_state_id;
  node.supported_vendors = peer.supported_vendors;
  node.auth_applications = peer.auth_applications;
  node.acct_applications = peer.acct_applications;
  node.vendor_specific_applications = peer.vendor_specific_applications;
  node.inband_security_ids = peer.inband_security_ids;
  std::vector<std::byte> octets(65536);
  writer out{octets};
  const auto checked = check_message(encode_cer(out, node, {}, {}));
  require(checked.has_value());
  const auto again = parse_cer(*checked);
  require(again.has_value());
  require(again->origin_host == peer.origin_host && again->product_name == peer.product_name);
  require(again->vendor == peer.vendor);
  require(again->auth_applications == peer.auth_applications);
  require(again->acct_applications == peer.acct_applications);
  require(again->vendor_specific_applications == peer.vendor_specific_applications);
  require(again->host_ip_addresses == peer.host_ip_addresses);
  require(common_applications(node, peer).empty() ==
          (peer.auth_applications.empty() && peer.acct_applications.empty() &&
           peer.vendor_specific_applications.empty()));
}

void check_refusal(const local_node& node, const capabilities_fault& fault) {
  std::array<std::byte, 2048> octets;
  writer out{octets};
  const auto cea = check_message(encode_cea(out, node, {}, {}, fault));
  require(cea.has_value());
  if (const auto failed = cea->find(avps::failed_avp)) {
    require(check_avps(failed->data).has_value());
  }
  require(parse_cea(*cea).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  static const local_node node = test::make_node("gw.example");
  const auto octets = std::as_bytes(std::span{data, size}).subspan(1);
  const auto message = check_message(octets);
  if (!message) {
    return 0;
  }
  static_cast<void>(find_origin_host(*message));
  const auto parsed =
      data[0] == 0 ? parse_cea(*message)
                   : parse_cer(*message, data[0] == 1 ? strictness::strict : strictness::lenient);
  if (!parsed) {
    check_refusal(node, parsed.error());
    return 0;
  }
  check_bounds(*parsed);
  if (data[0] != 0) {
    check_round_trip(*parsed);
  }
  if (const auto fault = judge(node, *parsed)) {
    check_refusal(node, *fault);
  }
  return 0;
}
