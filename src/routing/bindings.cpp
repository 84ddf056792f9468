#include "diamgw/routing/bindings.hpp"

#include <algorithm>
#include <utility>

namespace diamgw::routing {

binding_table::binding_table(std::size_t max_bindings, std::size_t max_per_client)
    : max_bindings_{std::max<std::size_t>(max_bindings, 1)},
      max_per_client_{std::max<std::size_t>(max_per_client, 1)},
      buckets_(64),
      entries_{set::bucket_traits{buckets_.data(), buckets_.size()}} {}

binding_table::~binding_table() {
  while (!uses_.empty()) {
    release(uses_.front());
  }
}

binding_table::client_list& binding_table::list_of(client_key client) {
  if (client.slot >= of_client_.size()) {
    of_client_.resize(client.slot + 1);
  }
  auto& list = of_client_[client.slot];
  if (list == nullptr) {
    list = std::make_unique<client_list>();
  }
  return *list;
}

void binding_table::release(entry& e) {
  entries_.erase(entries_.iterator_to(e));
  uses_.erase(uses_.iterator_to(e));
  client_list& list = list_of(e.client);
  list.erase(list.iterator_to(e));
  spare_.emplace_back(&e);
}

/// For one more session of a client that has all it may have.
void binding_table::make_room(client_list& of_client) {
  if (of_client.size() >= max_per_client_) {
    release(of_client.front());
    ++evicted_;
  }
}

binding_table::bound binding_table::bind(std::string_view session_id, client_key client,
                                         time_point now, peer_index peer) {
  if (const auto found = entries_.find(session_id); found != entries_.end()) {
    entry& e = *found;
    e.used = now;
    e.peer = peer == no_peer ? e.peer : peer;
    uses_.splice(uses_.end(), uses_, uses_.iterator_to(e));
    client_list& mine = list_of(client);
    if (e.client == client) {
      mine.splice(mine.end(), mine, mine.iterator_to(e));
      return {};
    }
    client_list& old = list_of(e.client);
    old.erase(old.iterator_to(e));
    e.since = now;
    const client_key before = std::exchange(e.client, client);
    make_room(mine);
    mine.push_back(e);
    return {.before = before};
  }
  make_room(list_of(client));
  if (entries_.size() == max_bindings_) {
    release(uses_.front());
    ++evicted_;
  }
  std::unique_ptr<entry> fresh;
  if (spare_.empty()) {
    fresh = std::make_unique<entry>();
  } else {
    fresh = std::move(spare_.back());
    spare_.pop_back();
  }
  fresh->session_id.assign(session_id);
  fresh->client = client;
  fresh->since = fresh->used = now;
  fresh->peer = peer;
  if (entries_.size() >= buckets_.size()) {
    std::vector<set::bucket_type> larger(buckets_.size() * 2);
    entries_.rehash(set::bucket_traits{larger.data(), larger.size()});
    buckets_.swap(larger);
  }
  entry& e = *fresh.release();  // owned by the lists from here on
  entries_.insert(e);
  uses_.push_back(e);
  list_of(client).push_back(e);
  return {.before = std::nullopt, .is_new = true};
}

std::optional<binding_table::binding> binding_table::find(std::string_view session_id) const {
  const auto found = entries_.find(session_id);
  if (found == entries_.end()) {
    return std::nullopt;
  }
  return binding{found->client, found->since, found->used, found->peer};
}

std::size_t binding_table::count_of(client_key client) const noexcept {
  return client.slot < of_client_.size() && of_client_[client.slot] != nullptr
             ? of_client_[client.slot]->size()
             : 0;
}

void binding_table::unbind(std::string_view session_id, client_key client) {
  const auto found = entries_.find(session_id);
  if (found != entries_.end() && found->client == client) {
    release(*found);
  }
}

void binding_table::unbind_all(client_key client) {
  if (client.slot >= of_client_.size() || of_client_[client.slot] == nullptr) {
    return;
  }
  client_list& list = *of_client_[client.slot];
  // A slot is given to a new client only after its old one's bindings ended.
  while (!list.empty()) {
    release(list.front());
  }
}

}  // namespace diamgw::routing
