// What one shard does with requests: a client's go to a peer, the network's to a client.
#pragma once
#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "client_session.hpp"
#include "diamgw/config/options.hpp"
#include "diamgw/diameter/complete_message.hpp"
#include "diamgw/gateway/peers/peer_table.hpp"
#include "diamgw/jsonrpc/reader.hpp"
#include "diamgw/routing/bindings.hpp"
#include "diamgw/routing/table.hpp"

namespace diamgw::gateway {

/// What the dispatchers of all shards share; immutable while the shards run, but for the counters.
/// A shard's dictionary is its own: see dispatcher::use_words.
struct dispatch_context {
  const config::options* options = nullptr;
  peer_table* node = nullptr;
  metrics::registry* metrics = nullptr;
  std::string session_id_prefix;  // "<origin host>;<high 32 bits>;" (RFC 6733 §8.8)
  std::size_t shard_count = 1;
  std::vector<class dispatcher*> shards;  // by index
  std::atomic<std::uint32_t> clients{0};
  std::atomic<std::uint32_t> next_session{0};
};

/// Thread: its shard's.
class dispatcher {
 public:
  /// The longest Session-Id that is bound; RFC 6733 §8.8's own examples have some 40 octets.
  static constexpr std::size_t max_bound_octets = 1024;

  dispatcher(dispatch_context& shared, shard_context& on, const vocabulary& words);
  dispatcher(const dispatcher&) = delete;
  dispatcher& operator=(const dispatcher&) = delete;
  ~dispatcher();

  [[nodiscard]] shard_context& on() noexcept { return on_; }
  [[nodiscard]] dispatch_context& shared() noexcept { return shared_; }
  [[nodiscard]] jsonrpc::reader& reader() noexcept { return reader_; }
  [[nodiscard]] bool draining() const noexcept { return draining_; }

  [[nodiscard]] routing::client_key add_client(client_session& client);
  /// Ends what the client waits for and what waits for the client.
  void remove_client(client_session& client);
  /// All clients of this shard, for the drain.
  [[nodiscard]] std::vector<std::shared_ptr<client_session>> clients() const;
  void set_draining() noexcept { draining_ = true; }
  /// Ends what clients still wait for, with `draining`.
  void end_requests();
  /// Requests of clients, and for clients, that are not over yet. Any thread.
  [[nodiscard]] std::uint32_t waiting() const noexcept {
    return waiting_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] const std::shared_ptr<const vocabulary>& words() const noexcept { return words_; }
  /// New requests go by these from now on. Never while the reader is at work: it is replaced.
  void use_words(const vocabulary& words);
  void set_routes(std::shared_ptr<const routing::table> routes) { routes_ = std::move(routes); }

  /// Serves one request of a client; see client_request for what it holds.
  handler_task serve(shard_context& on, client_session& client, client_request request);

  /// A request that the network started: to the client whose session it names, on this shard or
  /// on one of the `shards_left` that were not asked yet.
  void find_client(request_origin from, diameter::message request, std::size_t shards_left);

  /// A client's answer to such a request. False where no such call waits (any more).
  bool answer_call(client_session& client, std::uint32_t call, jsonrpc::client_response& response);
  bool answer_call(client_session& client, std::uint32_t call, diameter::message answer);

  /// Starts or takes over a session's binding. False, and nothing bound, where the Session-Id is
  /// longer than `max_bound_octets`: bindings are kept.
  bool bind(std::string_view session_id, client_session& client);
  /// Ends the wait of one of the client's own requests.
  [[nodiscard]] bool cancel(client_session& client, std::string_view id);
  /// A fresh Session-Id in `room`.
  [[nodiscard]] std::string_view make_session_id(std::span<char> room);

 private:
  struct network_call;
  /// Counts one in `waiting_`, which this shard's thread alone writes.
  class counted {
   public:
    explicit counted(std::atomic<std::uint32_t>& n) noexcept : n_{n} { add(1); }
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;
    ~counted() { add(~std::uint32_t{0}); }

   private:
    void add(std::uint32_t d) noexcept {
      n_.store(n_.load(std::memory_order_relaxed) + d, std::memory_order_relaxed);
    }
    std::atomic<std::uint32_t>& n_;
  };
  struct client_slot {
    client_session* client = nullptr;
    std::uint32_t generation = 0;
  };

  void deliver(client_session& client, request_origin from, diameter::message request);
  void show_bindings();
  void end_call(hop_by_hop_id token, diameter::result_code code, std::string_view reason);
  void refuse_route(client_session& client, const client_request& request,
                    const routing::route_request& asked, routing::refusal refused);
  void after_answer(client_session& client, const client_request& request);

  dispatch_context& shared_;
  shard_context& on_;
  std::shared_ptr<const vocabulary> words_;
  jsonrpc::reader reader_;  // by words_
  routing::binding_table bindings_;
  std::shared_ptr<const routing::table> routes_;
  std::vector<client_slot> clients_;
  std::vector<std::uint32_t> free_slots_;
  std::atomic<std::uint32_t> waiting_{0};
  diameter::transaction_table<std::unique_ptr<network_call>> calls_;
  bool draining_ = false;
};

}  // namespace diamgw::gateway
