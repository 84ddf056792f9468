#include "gateway/clients/client_registry.hpp"

#include <algorithm>
#include <utility>

#include "diamgw/diameter/session_state.hpp"
#include "gateway/clients/conversation.hpp"

namespace diamgw::gateway {

client_registry::client_registry(shard_context& on, const options& o)
    : on_{on},
      bindings_{o.max_bindings, o.max_bindings_per_client},
      pending_{on, on.recorder.client_requests_in_flight, o.max_pending, on.random.next()},
      next_close_{on.shard, [this] { close_next(); }} {}

void client_registry::add(client& who) {
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t index = free_slots_.back();
  free_slots_.pop_back();
  slots_[index].who = &who;
  who.key = {index, ++slots_[index].generation};
  ++size_;
  on_.recorder.clients_connected.add(1);
  on_.recorder.client_connects.add();
}

void client_registry::remove(client& who) {
  slots_[who.key.slot].who = nullptr;
  while (!who.exchanges.empty()) {
    who.exchanges.front().finish({exchange_outcome::asker_left});
  }
  bindings_.unbind_all(who.key);
  show_bindings();
  pending_.end_all(who.transactions, [this](client_transactions::ended&& given) {
    tell_exchange(on_, given.exchange, given.deadline,
                  {.outcome = exchange_outcome::refused,
                   .code = diameter::result_code::unable_to_deliver,
                   .sentence = "the session's client has left"});
  });
  free_slots_.push_back(who.key.slot);
  --size_;
  on_.recorder.clients_connected.add(-1);
}

client_registry::bound client_registry::bind(std::string_view session_id, client& who,
                                             routing::peer_index peer) {
  if (session_id.size() > max_bound_octets) {
    return bound::not_at_all;
  }
  const std::uint64_t evicted = bindings_.evicted();
  const auto was = bindings_.bind(session_id, who.key, on_.shard.now(), peer);
  if (!was.is_new && !was.before) {
    return bound::as_known;  // nothing has changed hands: what most requests find
  }
  on_.recorder.bindings_evicted.add(bindings_.evicted() - evicted);
  show_bindings();
  if (was.before) {
    tell_taken(*was.before, session_id);
  }
  return was.is_new ? bound::anew : bound::as_known;
}

void client_registry::tell_taken(routing::client_key from, std::string_view session_id) {
  if (client* const who = find(from)) {
    who->speaks().on_session_taken(session_id);
  }
}

client* client_registry::find(routing::client_key key) const noexcept {
  client* const who = key.slot < slots_.size() ? slots_[key.slot].who : nullptr;
  return who != nullptr && who->key == key ? who : nullptr;
}

std::optional<bound_session> client_registry::find_bound(std::string_view session_id) const {
  const auto is = bindings_.find(session_id);
  if (!is) {
    return std::nullopt;
  }
  client* const who = find(is->client);
  if (DIAMGW_BUG(who == nullptr)) {
    return std::nullopt;
  }
  return bound_session{who, *is};
}

void client_registry::release_older(std::string_view session_id, time_point used) {
  const auto ours = bindings_.find(session_id);
  if (ours && ours->used < used) {
    bindings_.unbind(session_id, ours->client);
    show_bindings();
    tell_taken(ours->client, session_id);
  }
}

std::vector<client_registry::described_client> client_registry::describe(std::uint32_t from_slot,
                                                                         std::size_t most) const {
  std::vector<described_client> all;
  for (std::size_t i = from_slot; i < slots_.size() && all.size() < most; ++i) {
    if (const client* const who = slots_[i].who) {
      all.push_back({who->key, who->report(), bindings_.count_of(who->key)});
    }
  }
  return all;
}

// Before it leaves: the network may start a request for the session as soon as it knows of it.
client_registry::bound client_registry::on_sending(client& who, const request& asked,
                                                   routing::peer_index to) {
  const auto change = diameter::session_change_by_request(asked.header.command,
                                                          asked.header.application, asked.avps);
  if (change == diameter::session_change::begins) {
    return bind(*asked.avps.session_id, who, to);
  }
  return bound::not_at_all;
}

void client_registry::on_answered(client& who, const request& asked,
                                  const diameter::message_view& answer) {
  if (asked.avps.session_id &&
      diameter::session_change_by_answer(asked.avps, answer) == diameter::session_change::ends) {
    bindings_.unbind(*asked.avps.session_id, who.key);
    show_bindings();
  }
}

void client_registry::show_bindings() {
  on_.recorder.bindings.set(static_cast<std::int64_t>(bindings_.size()));
}

void client_registry::end_requests() {
  for (const slot& s : slots_) {
    while (s.who != nullptr && !s.who->exchanges.empty()) {
      s.who->exchanges.front().finish({exchange_outcome::draining});
    }
  }
}

void client_registry::close_all(duration spread) {
  closing_ = true;
  close_slot_ = 0;
  close_pause_ = spread / static_cast<std::int64_t>(std::max<std::size_t>(size_, 1));
  close_next();
}

void client_registry::close_next() {
  while (close_slot_ < slots_.size() && slots_[close_slot_].who == nullptr) {
    ++close_slot_;
  }
  if (close_slot_ == slots_.size()) {
    return;
  }
  slots_[close_slot_++].who->close(metrics::client_close_reason::draining,
                                   websocket::close_code::going_away,
                                   "the gateway is shutting down");
  next_close_.arm_after(close_pause_);
}

}  // namespace diamgw::gateway
