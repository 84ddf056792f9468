// What a request is for this node (RFC 6733 §6.1): to be served, relayed, redirected or refused.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "diamgw/base/strong_id.hpp"
#include "diamgw/codec/codes.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/codec/validation.hpp"
#include "diamgw/diameter/capabilities.hpp"
#include "diamgw/diameter/routing_avps.hpp"
#include "diamgw/dictionary/types.hpp"

namespace diamgw::diameter::agent {

/// Whoever sent the request.
enum class asked_by : std::uint8_t {
  client,  // of ours: what it asks is for the network
  peer,    // the network: what it asks is for our clients
};

/// What is done with a peer's request that is for another host or realm (§2.8).
enum class foreign_requests : std::uint8_t { refuse, relay, redirect };

struct roles {
  asked_by from = asked_by::peer;
  foreign_requests foreign = foreign_requests::refuse;
  /// Where `foreign` is `redirect`: the DiameterURIs of Redirect-Host (§6.12), not empty; they
  /// outlive the verdict.
  std::span<const std::string> redirect_hosts = {};
};

/// Why a request is refused; each is a label of metrics.
enum class refusal_reason : std::uint8_t {
  command_unsupported,
  unable_to_deliver,
  realm_not_served,
  loop_detected,
  application_unsupported,
  invalid_message,
};

/// By whoever has the session or offers the application.
struct serve {
  const dictionary::command_definition* command;  // never null
};
/// To another node: whom, is for routing to say.
struct relay {};
/// Answer 3006 with a Redirect-Host for each (§6.1.7).
struct redirect {
  std::span<const std::string> hosts;
};
/// Answer `code`. `sentence` is a literal, and empty where the violation says more (`describe`).
struct refuse {
  result_code code = result_code::unable_to_deliver;
  refusal_reason reason = refusal_reason::unable_to_deliver;
  std::string_view sentence = {};
  std::optional<violation> broken = {};  // of the command's grammar; views into the request
};
using verdict = std::variant<serve, relay, redirect, refuse>;

/// Capabilities, watchdog and disconnection are between two peers (§5.3 to §5.5): nobody relays
/// them, and a client's would end or confuse this node's own connection.
[[nodiscard]] bool is_between_peers(command_code command) noexcept;

/// A CER, DWR or DPR, sound as far as check_message goes, held against its grammar (§3.2, §7.1.5)
/// as `judge` holds the others; nothing where it is to be served.
/// - The P bit is passed over: it allows to forward (§3), and these are never forwarded.
/// - So is the header's application: they belong to every connection, whatever it says.
/// - Of a CER no AVP is counted: what the exchange needs (§5.3) is for `parse_cer` to say. It is
///   the message that nodes of all ages and makes send first, and one that says too much or too
///   little of its sender costs nothing.
/// Thread: the validator's. No allocation.
[[nodiscard]] std::optional<violation> check_between_peers(const message_view& request,
                                                           validator& grammar) noexcept;

/// Whether the node advertises the application, itself or by being a relay (§2.4).
[[nodiscard]] bool serves(const local_node& node, application_id application) noexcept;

/// Judges in the order of §6.1: is it for others, then whether it is sound, then whether it is for
/// us.
/// in:   `request`, checked, and `avps` found in it; `names` and `grammar` of the same dictionary;
///       `grammar` null: the request is not held against its command's grammar (§3.2)
/// out:  views into `request`, `names` and `as`: valid while they live
/// cost: a look-up of the command, and the validator's walk; no allocation. Thread: the
///       validator's.
[[nodiscard]] verdict judge(const message_view& request, const routing_avps& avps,
                            const local_node& node, const dictionary::dictionary& names,
                            validator* grammar, const roles& as) noexcept;

}  // namespace diamgw::diameter::agent
