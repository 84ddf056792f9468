// The driver of one peer: joins its machine (RFC 6733 §5.6) to connections, and matches answers to
// the requests that were sent.
#pragma once
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "diamgw/codec/frame_reader.hpp"
#include "diamgw/config/options.hpp"
#include "diamgw/diameter/peer_machine.hpp"
#include "diamgw/diameter/transactions.hpp"
#include "diamgw/gateway/exchange.hpp"
#include "diamgw/gateway/shard_context.hpp"
#include "diamgw/routing/table.hpp"
#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/outbox.hpp"
#include "diamgw/transport/stream.hpp"

namespace diamgw::gateway {

class node;

/// Where the answer to a peer's request goes: to the connection that it came by, if that still is.
struct request_origin {
  routing::peer_index peer = routing::no_peer;
  std::uint32_t connection = 0;
};

/// A request on its way to a peer.
struct outgoing_request {
  diameter::message message;  // nobody else reads its octets: the header is patched
  exchange_key exchange;
  time_point deadline;
  metrics::command_slot command = metrics::other_command;
};

/// Lives on its home shard, from the start of the node to its end. Thread: the home shard's, but
/// for what says otherwise. Bounds: `max_in_flight` unanswered requests (then too_busy),
/// `output_queue_octets` (then too_busy for requests, an answer is dropped and counted).
class peer {
 public:
  peer(node& owner, shard_context& home, routing::peer_index index, config::peer_options options);
  peer(const peer&) = delete;
  peer& operator=(const peer&) = delete;
  ~peer();

  [[nodiscard]] const std::string& host() const noexcept { return options_.host; }    // any thread
  [[nodiscard]] const std::string& realm() const noexcept { return options_.realm; }  // any thread
  [[nodiscard]] shard_context& home() const noexcept { return home_; }                // any thread
  [[nodiscard]] metrics::peer_slot slot() const noexcept { return slot_; }            // any thread
  [[nodiscard]] bool full() const noexcept {                                          // any thread
    return in_flight_.load(std::memory_order_relaxed) >= max_in_flight_;
  }

  void start();
  /// DPR and the end of the connection; then `on_done`, at once where there is none.
  void stop(diameter::disconnect_cause cause, std::function<void()> on_done);

  /// A connection that the peer opened; `octets` is what came by it so far, a CER first.
  void accept(std::unique_ptr<transport::stream> connection, std::vector<std::byte> octets);

  void send_request(outgoing_request request);
  void send_answer(std::uint32_t connection, buffer_slice answer);

 private:
  struct link;
  struct transaction;
  struct performer;
  struct asker {
    exchange_key exchange;
    time_point deadline;
  };

  void perform(const diameter::peer_actions& actions, const diameter::message* current,
               link* incoming = nullptr);
  void send(diameter::connection on, const diameter::peer_action& action, link* by = nullptr);
  void refuse(link& l, const diameter::message& request, diameter::result_code code);
  void begin_connect();
  transport::awaitable<void> connect(std::uint32_t attempt);
  std::shared_ptr<link> make_link(std::unique_ptr<transport::stream> connection,
                                  diameter::connection which);
  void run(const std::shared_ptr<link>& l);
  transport::awaitable<void> read_loop(std::shared_ptr<link> l);
  transport::awaitable<void> write_loop(std::shared_ptr<link> l);
  [[nodiscard]] bool take_messages(link& l);
  void on_frame(link& l, diameter::message m, time_point now);
  void on_refused(link& l, const diameter::refused_message& m);
  void on_answer(diameter::message answer, exchange_outcome outcome);
  void end_link(link& l);
  void on_link_lost(link& l);
  void on_closed(diameter::close_reason reason);
  void publish(routing::link_state state);
  void update_state();
  void release(transaction& t);
  void finish(const asker& who, exchange_outcome outcome, diameter::message answer);
  [[nodiscard]] std::shared_ptr<link>& link_of(diameter::connection which) noexcept {
    return which == diameter::connection::initiator ? initiator_ : responder_;
  }

  node& node_;
  shard_context& home_;
  routing::peer_index index_;
  config::peer_options options_;
  metrics::peer_slot slot_;
  std::uint32_t max_in_flight_;
  std::atomic<std::uint32_t> in_flight_{0};

  diameter::peer_machine machine_;
  transport::deadline timer_;
  std::shared_ptr<link> initiator_;
  std::shared_ptr<link> responder_;
  std::uint32_t attempts_ = 0;  // names the connection attempt in progress
  bool connecting_ = false;
  std::uint32_t links_made_ = 0;
  diameter::transaction_table<transaction*> transactions_;
  std::deque<transaction> transaction_pool_;
  std::vector<transaction*> spare_transactions_;
  metrics::disconnect_reason last_reason_ = metrics::disconnect_reason::other;
  bool suspected_ = false;  // since it was last in service
  std::function<void()> on_stopped_;
};

}  // namespace diamgw::gateway
