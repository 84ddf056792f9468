#include "gateway/clients/gateway_methods.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/clients/bound_clients.hpp"
#include "gateway/peers/describe_peer.hpp"

namespace diamgw::gateway {
namespace {

using jsonrpc::error_number;
using jsonrpc::gateway_method;
using nlohmann::json;

using reply = gateway_methods::reply;

reply answer(const json& result) {
  return {.text = result.dump()};
}

reply bind(conversation_context& with, client& who, const json& params) {
  if (!params.is_object() || !params.contains("session_id") || !params["session_id"].is_string()) {
    return {error_number::invalid_params, "expected {\"session_id\": \"...\"}"};
  }
  const auto& session = params["session_id"].get_ref<const std::string&>();
  if (with.clients.bind(session, who) == client_registry::bound::not_at_all) {
    return {error_number::invalid_params, "a session_id of more than " +
                                              std::to_string(client_registry::max_bound_octets) +
                                              " octets is not bound"};
  }
  with.all.bound.release_elsewhere(with.on, session, with.on.shard.now());
  return answer(true);
}

// Requests are known by the token that their text had, which dump() gives back for strings
// without escapes and for integers: what clients use.
reply cancel(shard_context& on, client& who, const json& params) {
  if (!params.is_object() || !params.contains("id") ||
      !(params["id"].is_string() || params["id"].is_number())) {
    return {error_number::invalid_params, "expected {\"id\": the id of a waiting request}"};
  }
  const std::string label = params["id"].dump();
  const auto waiting = std::ranges::find(who.exchanges, std::string_view{label}, &exchange::label);
  if (waiting == who.exchanges.end()) {
    return answer(false);
  }
  on.cancelled.note(waiting->key().token);
  waiting->finish({exchange_outcome::cancelled});
  return answer(true);
}

// "known are gateway.info, gateway.bind, gateway.cancel and rpc.discover"
std::string known_methods() {
  std::string text = "known are ";
  for (std::size_t i = 0; i < jsonrpc::gateway_method_definitions.size(); ++i) {
    const bool last = i + 1 == jsonrpc::gateway_method_definitions.size();
    text += i == 0 ? "" : last ? " and " : ", ";
    text += jsonrpc::gateway_method_definitions[i].name;
  }
  return text;
}

}  // namespace

reply gateway_methods::info(const conversation_context& with) const {
  const diameter::local_node& identity = with.all.identity;
  json peers = json::array();
  peers_(with.on, [&](const described_peer& p) {
    peers.push_back(
        describe_peer(p.report, p.waiting, with.on.shard.now(), *with.edition()->dictionary));
  });
  return answer({{"product", identity.product_name},
                 {"version", version_},
                 {"origin_host", identity.origin_host},
                 {"origin_realm", identity.origin_realm},
                 {"draining", with.requests.draining()},
                 {"peers", std::move(peers)}});
}

reply gateway_methods::call(conversation_context& with, client& who,
                            const jsonrpc::gateway_call& call) const {
  const auto found = std::ranges::find(jsonrpc::gateway_method_definitions, call.method,
                                       &jsonrpc::gateway_method_definition::name);
  if (found == jsonrpc::gateway_method_definitions.end()) {
    return {error_number::method_not_found, known_methods()};
  }
  const json params = json::parse(call.params, nullptr, false);
  switch (found->method) {
    case gateway_method::info:
      return info(with);
    case gateway_method::bind:
      return bind(with, who, params);
    case gateway_method::cancel:
      return cancel(with.on, who, params);
    case gateway_method::discover:
      return {.text = *with.edition()->open_rpc};
  }
  return {error_number::internal_error, {}};
}

}  // namespace diamgw::gateway
