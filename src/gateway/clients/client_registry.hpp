// The clients of one shard: who they are, which sessions are theirs, and what ends when they go.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "diamgw/gateway/requests/request.hpp"
#include "diamgw/gateway/shard_context.hpp"
#include "diamgw/routing/bindings.hpp"
#include "diamgw/transport/deadline.hpp"
#include "gateway/clients/client.hpp"

namespace diamgw::gateway {

/// A session of a client.
struct bound_session {
  client* who = nullptr;
  routing::binding_table::binding is;
};

/// Thread: its shard's. Bounds: `max_bindings`, then the session that was used longest ago loses
/// its binding; `max_pending` requests that wait for clients, then no client is given any more.
class client_registry {
 public:
  struct options {
    std::size_t max_bindings = 0;
    std::size_t max_bindings_per_client = 0;
    std::uint32_t max_pending = 65535;
  };
  /// The longest Session-Id that is bound; RFC 6733 §8.8's own examples have some 40 octets.
  static constexpr std::size_t max_bound_octets = 1024;

  client_registry(shard_context& on, const options& o);
  client_registry(const client_registry&) = delete;
  client_registry& operator=(const client_registry&) = delete;

  /// `who` has a key from now on, and stays until `remove`.
  void add(client& who);
  /// Ends what the client waits for and what waits for the client. Cost: O(what is its own).
  void remove(client& who);
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] shard_context& on() noexcept { return on_; }

  // ---- sessions

  // A session is the client's that used it last, whichever shard that is on. Each shard knows of
  // its own clients alone; bound_clients puts together what they know.

  enum class bound : std::uint8_t {
    not_at_all,  // the Session-Id is longer than `max_bound_octets`: bindings are kept
    anew,        // it was no client's of this shard: one of another may have it
    as_known,    // it was a client's of this shard, who is told where it was another
  };
  /// Starts or takes over a session's binding.
  bound bind(std::string_view session_id, client& who, routing::peer_index peer = routing::no_peer);
  /// Whose session it is; nothing where it is nobody's on this shard.
  [[nodiscard]] std::optional<bound_session> find_bound(std::string_view session_id) const;
  /// A client of another shard has used the session at `used`: where ours has not used it since,
  /// it is the other's, and ours is told.
  void release_older(std::string_view session_id, time_point used);
  /// A request of the client is about to leave for that peer: its session is the client's from now
  /// on, where there is one that outlives the answer (RFC 6733 §8).
  bound on_sending(client& who, const request& asked, routing::peer_index to);
  /// Its answer has come, which may end the session.
  void on_answered(client& who, const request& asked, const diameter::message_view& answer);

  /// Requests that were given to clients of this shard.
  [[nodiscard]] client_transactions& pending() noexcept { return pending_; }

  // ---- for the operator

  struct described_client {
    routing::client_key key;
    client_report report;
    std::size_t bindings = 0;
  };
  /// At most `most` clients, from that slot on, in the order of their slots.
  [[nodiscard]] std::vector<described_client> describe(std::uint32_t from_slot,
                                                       std::size_t most) const;
  /// Null where it has left.
  [[nodiscard]] client* find(routing::client_key key) const noexcept;

  // ---- for the drain

  /// Ends what clients still wait for, with `draining`.
  void end_requests();
  /// Closes every client with 1001, one after the other over `spread`, so that they do not all
  /// come back at once elsewhere. Clients that come later are closed at the end.
  void close_all(duration spread);
  [[nodiscard]] bool closing() const noexcept { return closing_; }

 private:
  struct slot {
    client* who = nullptr;
    std::uint32_t generation = 0;
  };

  void close_next();
  void tell_taken(routing::client_key from, std::string_view session_id);
  void show_bindings();

  shard_context& on_;
  std::vector<slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::size_t size_ = 0;
  routing::binding_table bindings_;
  client_transactions pending_;
  transport::deadline next_close_;
  std::size_t close_slot_ = 0;  // the first that was not closed yet
  duration close_pause_{};
  bool closing_ = false;
};

}  // namespace diamgw::gateway
