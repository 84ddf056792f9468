// What one shard has of the gateway: how its requests go, its clients, its peers' requests.
#pragma once
#include <memory>

#include "diamgw/config/options.hpp"
#include "diamgw/gateway/peers/peer_table.hpp"
#include "diamgw/gateway/requests/request_path.hpp"
#include "diamgw/gateway/shard_context.hpp"
#include "gateway/clients/bound_clients.hpp"
#include "gateway/clients/client_listener.hpp"
#include "gateway/clients/client_registry.hpp"
#include "gateway/clients/conversation_context.hpp"
#include "gateway/clients/dictionary_edition.hpp"
#include "gateway/peers/peer_asker.hpp"

namespace diamgw::gateway {

/// Made before the shards start; thread: its shard's. The references outlive it.
struct gateway_shard {
  gateway_shard(shard_context& context, peer_table& peers, bound_clients& bound,
                const conversation_context::shared& all, const dictionary_edition& edition,
                const std::shared_ptr<const routing::table>& routes);

  /// New requests of clients are refused from now on.
  void set_draining();
  /// New requests go by this edition from now on.
  void use(const dictionary_edition& edition);

  shard_context& on;
  request_path path;
  client_registry registry;
  conversation_context with;
  client_shard clients;
  peer_requests from_peers;
};

}  // namespace diamgw::gateway
