#include "gateway/clients/bound_clients.hpp"

#include <memory>
#include <optional>
#include <string>
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

/// A request that goes from shard to shard, and whose session it is by what those have said.
struct search {
  outgoing_request request;
  std::uint32_t shards_left;
  std::uint32_t found = 0;  // shards with a client that has, or had, the session
  std::uint32_t best = 0;   // the shard of the one that used it last
  time_point used{};
};

void look(bound_clients& all, shard_context& here, search s);

void deliver(bound_clients& all, shard_context& here, const search& s) {
  client_registry& registry = *all.shards[here.shard.index()];
  const auto session = session_of(s.request);
  const auto bound = session ? registry.find_bound(*session) : std::nullopt;
  if (!bound) {
    refuse(here, s.request.exchange, s.request.deadline, diameter::result_code::unknown_session_id,
           "no client of this gateway has the session");
    return;
  }
  if (s.found > 1) {
    all.release_elsewhere(here, *session, bound->is.used);
  }
  give(here, registry, *bound->who, s.request);
}

/// `step` is look or deliver.
void go_on(bound_clients& all, shard_context& here, std::size_t to, search s,
           void (*step)(bound_clients& all, shard_context& here, search s)) {
  const exchange_key waiting = s.request.exchange;
  const time_point deadline = s.request.deadline;
  client_registry& next = *all.shards[to];
  // Too large for a task itself.
  transport::inline_task task{[&all, &next, step, s = std::make_unique<search>(std::move(s))] {
    step(all, next.on(), std::move(*s));
  }};
  if (!next.on().shard.post(std::move(task))) {
    here.recorder.dropped.add(metrics::drop_reason::shard_queue_full);
    refuse(here, waiting, deadline, diameter::result_code::too_busy,
           "the gateway is too busy to look for the session's client");
  }
}

/// One shard after the other, from `here` on; then where the session was used last.
void look(bound_clients& all, shard_context& here, search s) {
  const auto index = static_cast<std::uint32_t>(here.shard.index());
  if (const auto session = session_of(s.request)) {
    if (const auto bound = all.shards[index]->find_bound(*session)) {
      if (s.found == 0 || bound->is.used > s.used) {
        s.best = index;
        s.used = bound->is.used;
      }
      ++s.found;
    }
  }
  if (s.shards_left != 0) {
    --s.shards_left;
    go_on(all, here, (index + 1) % all.shards.size(), std::move(s), look);
  } else if (s.found == 0 || s.best == index) {
    deliver(all, here, s);
  } else {
    go_on(all, here, s.best, std::move(s),
          [](bound_clients& a, shard_context& h, search found) { deliver(a, h, found); });
  }
}

void release(bound_clients& all, shard_context& here, std::string session_id, time_point used,
             std::uint32_t shards_left) {
  if (shards_left == 0) {
    return;
  }
  client_registry& next = *all.shards[(here.shard.index() + 1) % all.shards.size()];
  transport::inline_task task{
      [&all, &next, id = std::move(session_id), used, shards_left]() mutable {
        next.release_older(id, used);
        release(all, next.on(), std::move(id), used, shards_left - 1);
      }};
  if (!next.on().shard.post(std::move(task))) {
    here.recorder.dropped.add(metrics::drop_reason::shard_queue_full);
  }
}

}  // namespace

void bound_clients::send(shard_context& from, outgoing_request request) {
  look(*this, from,
       {.request = std::move(request),
        .shards_left = static_cast<std::uint32_t>(shards.size() - 1)});
}

void bound_clients::release_elsewhere(shard_context& here, std::string_view session_id,
                                      time_point used) {
  if (shards.size() > 1) {
    release(*this, here, std::string{session_id}, used,
            static_cast<std::uint32_t>(shards.size() - 1));
  }
}

}  // namespace diamgw::gateway
