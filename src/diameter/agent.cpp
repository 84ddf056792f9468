// Rules for editors: one function for each question of RFC 6733 §6.1, in the order in which they
// are asked; no I/O, no counters. What an asker or this node may do comes in by `roles`.
#include "diamgw/diameter/agent.hpp"

#include <algorithm>

namespace diamgw::diameter::agent {
namespace {

using std::ranges::find;

/// §6.1.4: "The Destination-Host AVP contains the local host's identity", or there is none and
/// "the Destination-Realm AVP contains a realm the server is configured to process locally".
[[nodiscard]] bool names_other_host(const routing_avps& avps, const local_node& node) noexcept {
  return avps.destination_host && !same_identity(*avps.destination_host, node.origin_host);
}
[[nodiscard]] bool names_other_realm(const routing_avps& avps, const local_node& node) noexcept {
  return !avps.destination_host && avps.destination_realm &&
         !same_identity(*avps.destination_realm, node.origin_realm);
}

/// §6.1.3: "A loop is detected if the server finds its own identity in a Route-Record AVP."
[[nodiscard]] bool came_by(const message_view& request, const local_node& node) noexcept {
  return std::ranges::any_of(request.avps(), [&](const avp_view& avp) {
    return avp.code == avps::route_record && avp.vendor == ietf_vendor &&
           same_identity(as_text(avp.data), node.origin_host);
  });
}

/// A peer's request for another host or realm, where this node does more than refuse it.
[[nodiscard]] verdict pass_on(const message_view& request, const routing_avps& avps,
                              const local_node& node, const roles& as) noexcept {
  if (!request.is_proxiable()) {
    // §3: where P is clear, "the message MUST be locally processed", which is not asked of us.
    return refuse{.code = result_code::unable_to_deliver,
                  .reason = refusal_reason::unable_to_deliver,
                  .sentence = "the request is for another node and may not be relayed"};
  }
  if (avps.has_route_record && came_by(request, node)) {
    return refuse{.code = result_code::loop_detected,
                  .reason = refusal_reason::loop_detected,
                  .sentence = "the request has been at this node before"};
  }
  if (as.foreign == foreign_requests::redirect) {
    return redirect{as.redirect_hosts};  // §6.1.7
  }
  return relay{};  // §6.1.9
}

/// §6.1.4 for a peer's request: what this node, which serves its own clients, makes of it.
[[nodiscard]] verdict process_locally(const message_view& request, const routing_avps& avps,
                                      const local_node& node, const dictionary::dictionary& names,
                                      validator* grammar) noexcept {
  if (!serves(node, request.application())) {  // §7.1.3
    return refuse{.code = result_code::application_unsupported,
                  .reason = refusal_reason::application_unsupported,
                  .sentence = "this node does not serve the application"};
  }
  const auto* const command = names.find_command(request.application(), request.command());
  if (command == nullptr) {  // §7.1.3
    return refuse{.code = result_code::command_unsupported,
                  .reason = refusal_reason::command_unsupported,
                  .sentence = "the application has no such command"};
  }
  if (grammar != nullptr) {
    if (auto broken = grammar->validate(request, *command)) {  // §3.2, §7.1.5
      return refuse{.code = broken->code(),
                    .reason = refusal_reason::invalid_message,
                    .sentence = {},
                    .broken = *broken};
    }
  }
  if (names_other_host(avps, node)) {
    return refuse{.code = result_code::unable_to_deliver,
                  .reason = refusal_reason::unable_to_deliver,
                  .sentence = "Destination-Host is not this node, which does not relay"};
  }
  if (names_other_realm(avps, node)) {
    return refuse{.code = result_code::realm_not_served,
                  .reason = refusal_reason::realm_not_served,
                  .sentence = "Destination-Realm is not this node's, which does not relay"};
  }
  if (!avps.session_id) {
    return refuse{.code = result_code::unable_to_deliver,
                  .reason = refusal_reason::unable_to_deliver,
                  .sentence = "no client serves the request"};
  }
  return serve{command};
}

}  // namespace

bool is_between_peers(command_code command) noexcept {
  return command == commands::capabilities_exchange || command == commands::device_watchdog ||
         command == commands::disconnect_peer;
}

std::optional<violation> check_between_peers(const message_view& request,
                                             validator& grammar) noexcept {
  if (request.command() == commands::capabilities_exchange) {
    return grammar.validate_contents(request);
  }
  const auto* const command = grammar.names().find_command(base_application, request.command());
  return command != nullptr ? grammar.validate_avps(request, *command) : std::nullopt;
}

bool serves(const local_node& node, application_id application) noexcept {
  const auto has = [application](const auto& list) {
    return find(list, application) != list.end() || find(list, relay_application) != list.end();
  };
  return application == base_application || has(node.auth_applications) ||
         has(node.acct_applications) ||
         find(node.vendor_specific_applications, application,
              &vendor_specific_application::application) != node.vendor_specific_applications.end();
}

verdict judge(const message_view& request, const routing_avps& avps, const local_node& node,
              const dictionary::dictionary& names, validator* grammar, const roles& as) noexcept {
  const bool between_peers = is_between_peers(request.command());
  if (as.from == asked_by::client) {
    if (between_peers) {
      return refuse{.code = result_code::command_unsupported,
                    .reason = refusal_reason::command_unsupported,
                    .sentence = "CER, DWR and DPR are between the gateway and its peers"};
    }
    return relay{};
  }
  if (as.foreign != foreign_requests::refuse && !between_peers &&
      (names_other_host(avps, node) || names_other_realm(avps, node))) {
    return pass_on(request, avps, node, as);
  }
  return process_locally(request, avps, node, names, grammar);
}

}  // namespace diamgw::diameter::agent
