#include "gateway/clients/conversation_context.hpp"

#include "gateway/clients/bound_clients.hpp"

namespace diamgw::gateway {
namespace {

jsonrpc::reader make_reader(const dictionary_edition& edition, buffer_pool& pool,
                            const config::options& o) {
  return jsonrpc::reader{*edition.dictionary,
                         pool,
                         {.max_text_octets = o.websocket.max_message_octets,
                          .max_batch = o.requests.max_batch,
                          .max_depth = o.requests.max_json_depth,
                          .max_message_octets = o.diameter.max_message_octets}};
}

}  // namespace

conversation_context::conversation_context(const shared& of_all, shard_context& shard,
                                           request_path& path, client_registry& registry,
                                           const dictionary_edition& first)
    : all{of_all},
      on{shard},
      requests{path},
      clients{registry},
      edition_{std::make_shared<const dictionary_edition>(first)},
      reader_{make_reader(*edition_, on.pool(), all.options)} {}

void conversation_context::on_sending(client& who, const request& asked, routing::peer_index to) {
  if (clients.on_sending(who, asked, to) == client_registry::bound::anew) {
    all.bound.release_elsewhere(on, *asked.avps.session_id, on.shard.now());
  }
}

void conversation_context::use(const dictionary_edition& next) {
  edition_ = std::make_shared<const dictionary_edition>(next);
  reader_ = make_reader(*edition_, on.pool(), all.options);
}

}  // namespace diamgw::gateway
