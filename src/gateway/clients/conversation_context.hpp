// What the conversations of one shard work with.
#pragma once
#include <memory>

#include "diamgw/config/options.hpp"
#include "diamgw/diameter/capabilities.hpp"
#include "diamgw/diameter/session_id_source.hpp"
#include "diamgw/gateway/requests/request_path.hpp"
#include "diamgw/gateway/shard_context.hpp"
#include "diamgw/jsonrpc/reader.hpp"
#include "diamgw/metrics/registry.hpp"
#include "gateway/clients/client_registry.hpp"
#include "gateway/clients/dictionary_edition.hpp"

namespace diamgw::gateway {

class bound_clients;
class gateway_methods;

/// One for each shard; used by its thread, but for what is shared by all shards and says so.
class conversation_context {
 public:
  /// What all shards share, immutable while they run; outlives the context.
  struct shared {
    const config::options& options;
    const diameter::local_node& identity;
    /// Origin-Host and Origin-Realm, encoded: every error answer of ours begins with them.
    bytes_view origin_avps;
    metrics::registry& metrics;
    diameter::session_id_source& session_ids;
    const gateway_methods& methods;
    bound_clients& bound;  // all shards' clients
  };

  conversation_context(const shared& of_all, shard_context& shard, request_path& path,
                       client_registry& registry, const dictionary_edition& first);
  conversation_context(const conversation_context&) = delete;
  conversation_context& operator=(const conversation_context&) = delete;

  const shared& all;
  shard_context& on;
  request_path& requests;
  client_registry& clients;

  [[nodiscard]] const std::shared_ptr<const dictionary_edition>& edition() const noexcept {
    return edition_;
  }
  /// A client's request is about to leave for that peer. Where its session is new to this shard,
  /// clients of others lose it.
  void on_sending(client& who, const request& asked, routing::peer_index to);
  /// Reads JSON by `edition()`; nobody else is at it while a conversation is told of a message.
  [[nodiscard]] jsonrpc::reader& reader() noexcept { return reader_; }
  /// New requests go by this one from now on. Never while a conversation is told of a message.
  void use(const dictionary_edition& next);

 private:
  std::shared_ptr<const dictionary_edition> edition_;
  jsonrpc::reader reader_;
};

}  // namespace diamgw::gateway
