#include "gateway/clients/bound_clients.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include "diamgw/codec/avp.hpp"
#include "diamgw/codec/codes.hpp"
#include "gateway/clients/conversation.hpp"

namespace diamgw::gateway {
namespace {

std::optional<std::string_view> session_of(const outgoing_request& request) {
  for (const diameter::avp_view avp : diameter::avp_range{request.avps.octets}) {
    if (avp.code == diameter::avps::session_id && avp.vendor == ietf_vendor) {
      return as_text(avp.data);
    }
  }
  return std::nullopt;
}

void refuse(shard_context& here, exchange_key waiting, time_point deadline,
            diameter::result_code code, std::string_view sentence) {
  tell_exchange(here, waiting, deadline,
                {.outcome = exchange_outcome::refused, .code = code, .sentence = sentence});
}

void give(shard_context& here, client_registry& registry, client& to,
          const outgoing_request& request) {
  client_request_note note;
  note.client = to.key;
  note.header = request.header;
  note.avps = request.avps;
  client_transactions::transaction* const t =
      registry.pending().add(request, to.transactions, std::move(note));
  if (t == nullptr) {
    refuse(here, request.exchange, request.deadline, diameter::result_code::too_busy,
           "too many requests wait for their clients");
    return;
  }
  const hop_by_hop_id id = t->id();
  // A full queue disconnects the client, which ends its transactions later: not yet here.
  if (!to.speaks().send_request(*t, request)) {
    registry.pending().erase(id);
    refuse(here, request.exchange, request.deadline, diameter::result_code::unable_to_deliver,
           "the session's client takes no more requests");
  }
}

using shard_registries = std::vector<client_registry*>;

/// One shard after the other, from `here` on.
void look(const shard_registries& shards, shard_context& here, outgoing_request request,
          std::size_t shards_left) {
  client_registry& registry = *shards[here.shard.index()];
  if (const auto session = session_of(request)) {
    if (client* const to = registry.find_bound(*session)) {
      give(here, registry, *to, request);
      return;
    }
  }
  if (shards_left == 0) {
    refuse(here, request.exchange, request.deadline, diameter::result_code::unknown_session_id,
           "no client of this gateway has the session");
    return;
  }
  const exchange_key waiting = request.exchange;
  const time_point deadline = request.deadline;
  client_registry& next = *shards[(here.shard.index() + 1) % shards.size()];
  transport::inline_task task{[&shards, &next, shards_left, r = std::move(request)]() mutable {
    look(shards, next.on(), std::move(r), shards_left - 1);
  }};
  if (!next.on().shard.post(std::move(task))) {
    here.recorder.dropped.add(metrics::drop_reason::shard_queue_full);
    refuse(here, waiting, deadline, diameter::result_code::too_busy,
           "the gateway is too busy to look for the session's client");
  }
}

}  // namespace

void bound_clients::send(shard_context& from, outgoing_request request) {
  look(shards, from, std::move(request), shards.size() - 1);
}

}  // namespace diamgw::gateway
