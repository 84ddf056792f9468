// Which client a session belongs to.
//
// Each shard holds the bindings of its own clients, so that a session is bound before its first
// request leaves. A request from the network asks one shard after the other: that is rare beside
// the requests of clients, which touch only their own shard's table.
#pragma once
#include <boost/intrusive/list.hpp>
#include <boost/intrusive/unordered_set.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/clock.hpp"
#include "diamgw/routing/table.hpp"

namespace diamgw::routing {

/// Names one client for its whole life: a slot that is used again gets another generation.
struct client_key {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;

  friend bool operator==(client_key, client_key) = default;
};

/// Session-Id → client. One thread. Bounded: at `max_bindings` a new session takes the place of
/// the one that was used longest ago, at `max_per_client` of the client's own such, and both are
/// counted. The length of a Session-Id is for the caller to bound. No allocation once entries were
/// used (they are kept with their text's memory).
class binding_table {
 public:
  explicit binding_table(std::size_t max_bindings, std::size_t max_per_client = ~std::size_t{0});
  binding_table(const binding_table&) = delete;
  binding_table& operator=(const binding_table&) = delete;
  ~binding_table();

  struct binding {
    client_key client;
    time_point since;  // when it became this client's
    time_point used;   // when it was bound the last time, to the same client or another
    peer_index peer;   // that its last request went to; or no_peer
  };

  /// Binds the session to the client; a session that was another client's changes hands. Counts
  /// as a use. Without a peer the one that is known stays.
  struct bound {
    std::optional<client_key> before;  // whose it was, where that was another client
    bool is_new = false;               // nobody's here before
  };
  bound bind(std::string_view session_id, client_key client, time_point now,
             peer_index peer = no_peer);

  /// Does not count as a use.
  [[nodiscard]] std::optional<binding> find(std::string_view session_id) const;
  [[nodiscard]] std::size_t count_of(client_key client) const noexcept;

  /// Ends a session, if it is bound to this client.
  void unbind(std::string_view session_id, client_key client);

  /// Ends every session of a client that left. Cost: O(its sessions).
  void unbind_all(client_key client);

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  /// Sessions that lost their binding to the limit.
  [[nodiscard]] std::uint64_t evicted() const noexcept { return evicted_; }

 private:
  struct entry;
  struct by_session;
  struct by_use;
  struct by_client;
  using set_hook = boost::intrusive::unordered_set_base_hook<boost::intrusive::tag<by_session>>;
  using use_hook = boost::intrusive::list_base_hook<boost::intrusive::tag<by_use>>;
  using client_hook = boost::intrusive::list_base_hook<boost::intrusive::tag<by_client>>;
  struct entry : set_hook, use_hook, client_hook {
    std::string session_id;
    client_key client;
    time_point since;
    time_point used;
    peer_index peer = no_peer;
  };
  struct key_of {
    using type = std::string_view;
    std::string_view operator()(const entry& e) const noexcept { return e.session_id; }
  };
  using set = boost::intrusive::unordered_set<
      entry, boost::intrusive::base_hook<set_hook>, boost::intrusive::key_of_value<key_of>,
      boost::intrusive::hash<std::hash<std::string_view>>, boost::intrusive::power_2_buckets<true>>;
  using use_list = boost::intrusive::list<entry, boost::intrusive::base_hook<use_hook>>;
  using client_list = boost::intrusive::list<entry, boost::intrusive::base_hook<client_hook>>;

  void release(entry& e);
  void make_room(client_list& of_client);
  client_list& list_of(client_key client);

  std::size_t max_bindings_;
  std::size_t max_per_client_;
  std::uint64_t evicted_ = 0;
  std::vector<set::bucket_type> buckets_;
  set entries_;
  use_list uses_;                                        // longest ago first
  std::vector<std::unique_ptr<client_list>> of_client_;  // by slot
  std::vector<std::unique_ptr<entry>> spare_;
};

}  // namespace diamgw::routing
