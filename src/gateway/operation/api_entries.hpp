// /api/v1 of the admin listener: what an operator sees of peers, routes, clients and sessions, and
// what he may do to them. docs/operations.md has the members of each answer.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "diamgw/gateway/admin_access.hpp"
#include "gateway/gateway_shard.hpp"
#include "gateway/operation/admin_api.hpp"

namespace diamgw::gateway {

/// What the entries ask; outlives them. Their handlers run on shard 0.
struct api_context {
  peer_table& peers;
  const std::vector<std::unique_ptr<gateway_shard>>& shards;  // all, by index
  admin_access access;                                        // of shard 0's thread
};

/// GET /api/v1/peers, POST /api/v1/peers/{host}/connect, GET /api/v1/route.
[[nodiscard]] std::vector<admin_api::entry> make_peer_entries(const api_context& with);

/// GET /api/v1/clients, POST /api/v1/clients/{id}/disconnect, GET /api/v1/session.
[[nodiscard]] std::vector<admin_api::entry> make_client_entries(const api_context& with);

/// The handler behind the check of who may use it.
[[nodiscard]] admin_api::handler guarded(const api_context& with, admin_api::handler by);

[[nodiscard]] transport::http_response json_response(std::string body, unsigned status = 200);
/// 400, 404 or 409 with a sentence that begins in lower case and has no full stop.
[[nodiscard]] transport::http_response refusal_response(unsigned status, std::string sentence);

}  // namespace diamgw::gateway
