#include "gateway/gateway_shard.hpp"

#include <algorithm>

namespace diamgw::gateway {
namespace {

/// What one read of the clients of a shard brings at most: they share the slab.
constexpr std::size_t read_octets = 16384;

client_registry::options registry_options(const config::options& o, std::size_t shards) {
  return {.max_bindings = std::max<std::size_t>(o.requests.max_bindings / shards, 1),
          .max_bindings_per_client = o.websocket.max_bindings_per_client};
}

}  // namespace

gateway_shard::gateway_shard(shard_context& context, peer_table& peers, bound_clients& bound,
                             const conversation_context::shared& all,
                             const dictionary_edition& edition,
                             const std::shared_ptr<const routing::table>& routes)
    : on{context},
      path{on,
           {.identity = &all.identity,
            .check_grammar =
                all.options.diameter.validate_messages == config::message_validation::grammar,
            .match_answer_command = all.options.diameter.match_answer_command,
            .match_answer_session = all.options.diameter.match_answer_session,
            .peers = &peers,
            .clients = &bound},
           edition.dictionary,
           routes},
      registry{on, registry_options(all.options, on.shard.group().size())},
      with{all, on, path, registry, edition},
      clients{with, {on.pool(), read_octets}},
      from_peers{on, peers, path, all.options.requests.client_answer_timeout} {}

void gateway_shard::set_draining() {
  path.set_draining();
}

void gateway_shard::use(const dictionary_edition& edition) {
  path.use_dictionary(edition.dictionary);
  with.use(edition);
}

}  // namespace diamgw::gateway
