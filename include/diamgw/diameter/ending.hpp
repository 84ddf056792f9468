// Why a peer is not connected: a value, made by the peer machine, worded in one place for the log,
// `last_error` and whoever shows the peers.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/link_state.hpp"
#include "diamgw/base/strong_id.hpp"
#include "diamgw/diameter/capabilities.hpp"

namespace diamgw::diameter {

/// Which of a peer's two possible connections: the one we opened (I-) or the one it opened (R-).
enum class connection : std::uint8_t { initiator, responder };

/// Octets of a peer's Error-Message that are kept.
inline constexpr std::size_t max_kept_message = 256;

/// The two identities of a node; empty where it named none.
struct node_name {
  std::string host{};   // Origin-Host (RFC 6733 §6.3)
  std::string realm{};  // Origin-Realm (§6.4)
};

/// Why a connection with a peer, or an attempt at one, ended or was refused. What is empty or
/// nothing was not said, or does not matter for the reason. Texts of the peer's are as it wrote
/// them: nothing is known of their characters.
struct ending {
  disconnect_reason reason = disconnect_reason::other;
  connection on = connection::initiator;
  std::string address{};        // of the other side; the driver's to fill
  std::string detail{};         // what was wrong: our words, or the transport's
  std::uint32_t code = 0;       // Result-Code that the peer gave us, or that we gave the peer
  std::string error_message{};  // the peer's, cut to max_kept_message
  std::optional<std::uint32_t> cause{};  // Disconnect-Cause of the peer's DPR (§5.4.3)

  // Of what a CER or CEA said (capabilities_refused and capabilities_rejected).
  bool exchanged = false;  // the rest was filled in
  node_name came{};
  node_name expected{};  // empty: whoever comes
  std::vector<application_id> theirs{};
  std::vector<application_id> ours{};
};

/// "capabilities_refused: 192.0.2.2:3868: DIAMETER_NO_COMMON_APPLICATION (5010): nothing in common;
/// Origin-Host ocs.example, Origin-Realm example; it offers 16777238, we offer 4". Printable ASCII;
/// of what is longer than an identity, or a list of more than 16 applications, the beginning.
[[nodiscard]] std::string to_sentence(const ending& what);

/// What a CER or CEA says of its sender, compared with what we expected of it; `came` where it can
/// be read, whatever else is wrong with the message.
[[nodiscard]] ending ending_of_exchange(disconnect_reason reason, const message_view& said,
                                        const local_node& node, node_name expected);

/// "4, 16777238"; "none" for none, "relay" for the relay application (§2.4).
[[nodiscard]] std::string list_of(const std::vector<application_id>& applications);

}  // namespace diamgw::diameter
