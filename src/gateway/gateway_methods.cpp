#include "gateway_methods.hpp"

#include <nlohmann/json.hpp>

#include "diamgw/gateway/setup.hpp"
#include "dispatcher.hpp"

namespace diamgw::gateway {
namespace {

using nlohmann::json;

gateway_reply refuse(jsonrpc::error_number number, std::string detail) {
  gateway_reply r;
  r.failed = true;
  r.detail = std::move(detail);
  r.reason.number = number;
  return r;
}

gateway_reply answer(const json& result) {
  return {.text = result.dump()};
}

gateway_reply info(dispatcher& on) {
  const dispatch_context& shared = on.shared();
  const auto& identity = shared.node->identity();
  json peers = json::array();
  for (std::size_t i = 0; i < shared.node->size(); ++i) {
    const auto index = static_cast<routing::peer_index>(i);
    const routing::peer_status status = shared.node->status(on.on(), index);
    json applications = json::array();
    for (const application_id id : status.applications) {
      applications.push_back(id.value);
    }
    peers.push_back({{"host", shared.node->host(index)},
                     {"state", status.link == routing::link_state::open      ? "open"
                               : status.link == routing::link_state::suspect ? "suspect"
                                                                             : "closed"},
                     {"applications", std::move(applications)}});
  }
  return answer({{"product", identity.product_name},
                 {"version", version()},
                 {"origin_host", identity.origin_host},
                 {"origin_realm", identity.origin_realm},
                 {"draining", on.draining()},
                 {"peers", std::move(peers)}});
}

}  // namespace

gateway_reply call_gateway_method(dispatcher& on, client_session& client,
                                  const jsonrpc::gateway_call& call) {
  using jsonrpc::error_number;
  if (call.method == "gateway.info") {
    return info(on);
  }
  if (call.method == "rpc.discover") {
    return {.text = *on.words()->open_rpc};
  }
  const bool binds = call.method == "gateway.bind";
  if (!binds && call.method != "gateway.cancel") {
    return refuse(error_number::method_not_found,
                  "known are gateway.info, gateway.bind, gateway.cancel and rpc.discover");
  }
  const json params = json::parse(call.params, nullptr, false);
  if (binds) {
    if (!params.is_object() || !params.contains("session_id") ||
        !params["session_id"].is_string()) {
      return refuse(error_number::invalid_params, "expected {\"session_id\": \"...\"}");
    }
    if (!on.bind(params["session_id"].get_ref<const std::string&>(), client)) {
      return refuse(error_number::invalid_params, "a session_id of more than " +
                                                      std::to_string(dispatcher::max_bound_octets) +
                                                      " octets is not bound");
    }
    return answer(true);
  }
  if (!params.is_object() || !params.contains("id") ||
      !(params["id"].is_string() || params["id"].is_number())) {
    return refuse(error_number::invalid_params, "expected {\"id\": the id of a waiting request}");
  }
  // Requests are known by the token that their text had, which dump() gives back for strings
  // without escapes and for integers: what clients use.
  return answer(on.cancel(client, params["id"].dump()));
}

}  // namespace diamgw::gateway
