// Capabilities exchange (RFC 6733 §5.3): who we are, who the peer is, what we have in common.
#pragma once
#include <array>
#include <boost/container/static_vector.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/bytes.hpp"
#include "diamgw/base/result.hpp"
#include "diamgw/base/strong_id.hpp"
#include "diamgw/codec/codes.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/codec/validation.hpp"
#include "diamgw/codec/writer.hpp"
#include "diamgw/diameter/answers.hpp"
#include "diamgw/diameter/identifiers.hpp"

namespace diamgw::diameter {

/// The data of an AVP of type Address (§4.3.1): two octets of AddressType, then the address.
class host_address {
 public:
  host_address() noexcept = default;
  [[nodiscard]] static host_address v4(const std::array<std::uint8_t, 4>& address) noexcept;
  [[nodiscard]] static host_address v6(const std::array<std::uint8_t, 16>& address) noexcept;
  /// IPv4 and IPv6 only, of the right size; nothing for any other AVP data.
  [[nodiscard]] static std::optional<host_address> from_avp_data(bytes_view data) noexcept;

  [[nodiscard]] bytes_view avp_data() const noexcept { return {octets_.data(), octets_.size()}; }
  friend bool operator==(const host_address&, const host_address&) noexcept = default;

 private:
  boost::container::static_vector<std::byte, 18> octets_;
};

/// Which of the two AVPs names the application.
enum class application_kind : std::uint8_t { auth, acct };

/// One Vendor-Specific-Application-Id (§6.11).
struct vendor_specific_application {
  vendor_id vendor;
  application_id application;
  application_kind kind = application_kind::auth;

  friend bool operator==(const vendor_specific_application&,
                         const vendor_specific_application&) = default;
};

/// Values of Inband-Security-Id (§6.10).
namespace inband_security {
inline constexpr std::uint32_t no_inband_security = 0;
inline constexpr std::uint32_t tls = 1;
}  // namespace inband_security

/// What this node says of itself in CER and CEA. Immutable once shared.
struct local_node {
  std::string origin_host;
  std::string origin_realm;
  /// Host-IP-Address; empty: those that the driver gives for the connection at hand.
  std::vector<host_address> host_ip_addresses;
  vendor_id vendor;  // Vendor-Id: who made this node
  std::string product_name;
  std::optional<std::uint32_t> firmware_revision;
  /// Constant from the start of the process to its end (§8.16).
  std::optional<std::uint32_t> origin_state_id;
  std::vector<vendor_id> supported_vendors;
  std::vector<application_id> auth_applications;
  std::vector<application_id> acct_applications;
  std::vector<vendor_specific_application> vendor_specific_applications;
  /// Inband-Security-Ids offered; empty says NO_INBAND_SECURITY (§6.10).
  std::vector<std::uint32_t> inband_security_ids;
};

/// Items of one kind that are kept of a peer's CER or CEA; further ones are ignored and counted.
inline constexpr std::size_t max_capability_items = 256;
/// Longest DiameterIdentity and Product-Name that is accepted, in octets (a DNS name's limit).
inline constexpr std::size_t max_identity_octets = 255;

/// What a peer said in its CER or CEA. Owns its values, bounded as above.
struct peer_capabilities {
  std::string origin_host;  // as the peer wrote it
  std::string origin_realm;
  std::vector<host_address> host_ip_addresses;  // IPv4 and IPv6
  vendor_id vendor;
  std::string product_name;
  std::optional<std::uint32_t> firmware_revision;
  std::optional<std::uint32_t> origin_state_id;
  std::vector<vendor_id> supported_vendors;
  std::vector<application_id> auth_applications;  // without those in vendor_specific_applications
  std::vector<application_id> acct_applications;
  std::vector<vendor_specific_application> vendor_specific_applications;
  std::vector<std::uint32_t> inband_security_ids;
  std::optional<std::uint32_t> result_code;  // of a CEA
  std::size_t ignored_items = 0;             // beyond max_capability_items

  /// Advertised by itself, in a Vendor-Specific-Application-Id, or by being a relay (§2.4).
  [[nodiscard]] bool serves(application_id application) const noexcept;
  [[nodiscard]] bool is_relay() const noexcept;
};

/// Why a CER or CEA is refused, and what its answer says.
struct capabilities_fault {
  result_code code = result_code::unable_to_comply;
  /// Data of the Failed-AVP (§7.5): whole AVPs, padded; empty where the answer has none.
  boost::container::static_vector<std::byte, 64> failed_avp;
  /// One phrase for logs and Error-Message; a literal.
  std::string_view reason;
};

/// Which AVPs must be there.
enum class strictness : std::uint8_t {
  strict,   // every AVP that §5.3.1 requires of a CER
  lenient,  // Origin-Host and Origin-Realm (and of a CEA Result-Code)
};

/// Reads a CER or CEA (§5.3.1, §5.3.2). Unknown AVPs are skipped; a repeated single AVP keeps its
/// first value; duplicates in lists are dropped; several Vendor-Ids in a
/// Vendor-Specific-Application-Id give one entry each.
/// in:     a checked message; nothing of it is kept
/// errors: 5005 for an AVP that is missing, or a Vendor-Specific-Application-Id without an
///         application; 5009 where that has both kinds (§6.11); 5014 for a wrong length; 5004 for
///         an identity that is empty or too long
/// cost:   O(AVPs), plus O(n²) in kept items of one kind; allocates. Any thread.
[[nodiscard]] result<peer_capabilities, capabilities_fault> parse_cer(
    const message_view& cer, strictness required = strictness::lenient);
[[nodiscard]] result<peer_capabilities, capabilities_fault> parse_cea(const message_view& cea);

/// What can be read of a CER or CEA, whatever else is wrong with it: to say who has sent it.
[[nodiscard]] peer_capabilities read_capabilities(const message_view& message);

/// The Origin-Host of a CER (any message), to find the peer that it names: the view is into the
/// message; empty where absent.
[[nodiscard]] std::string_view find_origin_host(avp_range avps) noexcept;
[[nodiscard]] inline std::string_view find_origin_host(const message_view& message) noexcept {
  return find_origin_host(message.avps());
}

/// DiameterIdentities are equal whatever the case of their ASCII letters (§5.6.4).
[[nodiscard]] bool same_identity(std::string_view a, std::string_view b) noexcept;

/// Every application that the side named, once, wherever it named it.
[[nodiscard]] std::vector<application_id> advertised_applications(const local_node& node);
[[nodiscard]] std::vector<application_id> advertised_applications(const peer_capabilities& peer);

/// Applications in common (§5.3): the intersection; with a relay on one side, those of the other;
/// between two relays, the relay application. Vendors of applications are not compared.
[[nodiscard]] std::vector<application_id> common_applications(const local_node& node,
                                                              const peer_capabilities& peer);

/// Nothing where the peer may be talked to, else 5010 (no common application) or 5017 (no common
/// security). That a peer is unknown (3010) is for the caller to know.
[[nodiscard]] std::optional<capabilities_fault> judge(const local_node& node,
                                                      const peer_capabilities& peer);

/// CER (§5.3.1). `addresses` are those of the connection, used where the node has none of its own.
/// out: the whole message, or an empty view where it does not fit (here and below).
bytes_view encode_cer(writer& out, const local_node& node, std::span<const host_address> addresses,
                      message_ids ids) noexcept;

/// CEA with DIAMETER_SUCCESS (§5.3.2).
bytes_view encode_cea(writer& out, const local_node& node, std::span<const host_address> addresses,
                      const kept_in_answer& kept) noexcept;

/// CEA that refuses, with Failed-AVP and Error-Message; E bit for a protocol error, and then
/// without the node's applications.
bytes_view encode_cea(writer& out, const local_node& node, std::span<const host_address> addresses,
                      const kept_in_answer& kept, const capabilities_fault& fault) noexcept;
/// The same to a CER that cannot be used: code, sentence and Failed-AVP by the violation.
bytes_view encode_cea(writer& out, const local_node& node, std::span<const host_address> addresses,
                      const kept_in_answer& kept, const violation& broken) noexcept;

/// The refusal of a CER from a peer that no one knows (3010).
[[nodiscard]] capabilities_fault unknown_peer() noexcept;

}  // namespace diamgw::diameter
