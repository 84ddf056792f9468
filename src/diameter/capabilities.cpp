#include "diamgw/diameter/capabilities.hpp"
#include "diamgw/base/letter_case.hpp"

#include <algorithm>

namespace diamgw::diameter {
namespace {

constexpr std::uint16_t family_v4 = 1;  // IANA address family numbers
constexpr std::uint16_t family_v6 = 2;

template <std::size_t N>
auto address_octets(std::uint16_t family, const std::array<std::uint8_t, N>& address) noexcept {
  boost::container::static_vector<std::byte, 18> octets(2 + N, std::byte{});
  store_be16(octets.data(), family);
  std::memcpy(octets.data() + 2, address.data(), N);
  return octets;
}

template <class T>
bool contains(const std::vector<T>& list, const T& item) noexcept {
  return std::find(list.begin(), list.end(), item) != list.end();
}

void collect(std::vector<application_id>& into, application_id application) {
  if (!contains(into, application)) {
    into.push_back(application);
  }
}

/// What a side serves of one kind, wherever it was advertised.
template <class Side>
std::vector<application_id> applications_of(const Side& side, application_kind kind) {
  std::vector<application_id> all;
  const auto& plain =
      kind == application_kind::auth ? side.auth_applications : side.acct_applications;
  for (const application_id application : plain) {
    collect(all, application);
  }
  for (const vendor_specific_application& item : side.vendor_specific_applications) {
    if (item.kind == kind) {
      collect(all, item.application);
    }
  }
  return all;
}

template <class Side>
std::vector<application_id> all_applications_of(const Side& side) {
  std::vector<application_id> all = applications_of(side, application_kind::auth);
  for (const application_id application : applications_of(side, application_kind::acct)) {
    collect(all, application);
  }
  return all;
}

template <class Side>
bool advertises(const Side& side, application_id application) noexcept {
  return contains(side.auth_applications, application) ||
         contains(side.acct_applications, application) ||
         std::any_of(side.vendor_specific_applications.begin(),
                     side.vendor_specific_applications.end(),
                     [&](const auto& item) { return item.application == application; });
}

/// Without Inband-Security-Id a node offers NO_INBAND_SECURITY only (§6.10).
bool offers(const std::vector<std::uint32_t>& ids, std::uint32_t id) noexcept {
  return ids.empty() ? id == inband_security::no_inband_security : contains(ids, id);
}

}  // namespace

host_address host_address::v4(const std::array<std::uint8_t, 4>& address) noexcept {
  host_address made;
  made.octets_ = address_octets(family_v4, address);
  return made;
}

host_address host_address::v6(const std::array<std::uint8_t, 16>& address) noexcept {
  host_address made;
  made.octets_ = address_octets(family_v6, address);
  return made;
}

std::optional<host_address> host_address::from_avp_data(bytes_view data) noexcept {
  if (data.size() < 2) {
    return std::nullopt;
  }
  const std::uint16_t family = load_be16(data.data());
  const bool known = (family == family_v4 && data.size() == 2 + 4) ||
                     (family == family_v6 && data.size() == 2 + 16);
  if (!known) {
    return std::nullopt;
  }
  host_address made;
  made.octets_.assign(data.begin(), data.end());
  return made;
}

bool peer_capabilities::is_relay() const noexcept {
  return advertises(*this, relay_application);
}

bool peer_capabilities::serves(application_id application) const noexcept {
  return is_relay() || advertises(*this, application);
}

bool same_identity(std::string_view a, std::string_view b) noexcept {
  return same_text(a, b);
}

std::vector<application_id> advertised_applications(const local_node& node) {
  return all_applications_of(node);
}

std::vector<application_id> advertised_applications(const peer_capabilities& peer) {
  return all_applications_of(peer);
}

std::vector<application_id> common_applications(const local_node& node,
                                                const peer_capabilities& peer) {
  const bool local_relay = advertises(node, relay_application);
  const bool peer_relay = peer.is_relay();
  std::vector<application_id> common;
  for (const application_kind kind : {application_kind::auth, application_kind::acct}) {
    const auto ours = applications_of(node, kind);
    const auto theirs = applications_of(peer, kind);
    for (const application_id application : ours) {
      if (peer_relay || contains(theirs, application)) {
        collect(common, application);
      }
    }
    if (local_relay) {
      for (const application_id application : theirs) {
        collect(common, application);
      }
    }
  }
  if (local_relay != peer_relay) {
    // A relay's own id is no application to talk about with one that is none.
    std::erase(common, relay_application);
    if (common.empty() && (local_relay || peer_relay)) {
      // §2.4: the relay application matches every application, even of a node that names none.
      common.push_back(relay_application);
    }
  }
  return common;
}

std::optional<capabilities_fault> judge(const local_node& node, const peer_capabilities& peer) {
  // §5.3: no application in common: DIAMETER_NO_COMMON_APPLICATION.
  if (common_applications(node, peer).empty()) {
    return capabilities_fault{result_code::no_common_application, {}, "no common application"};
  }
  // §5.3: no security mechanism in common: DIAMETER_NO_COMMON_SECURITY.
  for (const std::uint32_t id : {inband_security::no_inband_security, inband_security::tls}) {
    if (offers(node.inband_security_ids, id) && offers(peer.inband_security_ids, id)) {
      return std::nullopt;
    }
  }
  return capabilities_fault{result_code::no_common_security, {}, "no common inband security"};
}

capabilities_fault unknown_peer() noexcept {
  return {result_code::unknown_peer, {}, "unknown peer"};
}

}  // namespace diamgw::diameter
