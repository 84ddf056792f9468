// The driver of one peer: performs what its machine (RFC 6733 §5.6) decides, with both of the
// connections that it may have; a receiver of requests.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "diamgw/diameter/peer_machine.hpp"
#include "diamgw/gateway/peers/peer_owner.hpp"
#include "diamgw/gateway/peers/peer_report.hpp"
#include "diamgw/gateway/requests/pending_requests.hpp"
#include "diamgw/gateway/requests/receiver.hpp"
#include "diamgw/gateway/shard_context.hpp"
#include "diamgw/routing/table.hpp"
#include "diamgw/transport/deadline.hpp"
#include "gateway/peers/node_context.hpp"
#include "gateway/peers/peer_connection.hpp"
#include "gateway/peers/peer_log.hpp"
#include "gateway/peers/peer_place.hpp"

namespace diamgw::gateway {

/// For how long an unknown peer may be gone before its place is given back.
inline constexpr duration place_kept_for = std::chrono::seconds{10};

/// Lives on its home shard, from the start of the node to its end. Thread: the home shard's, but
/// for what says otherwise. Bounds: `max_in_flight` unanswered requests (then too_busy),
/// `output_queue_octets` (then too_busy for requests, an answer is dropped and counted).
class peer final : public receiver, private peer_connection_owner {
 public:
  /// `seed` decides where identifiers begin, and the jitter of timers. `now` is the caller's: the
  /// home shard may run on another thread than the one that makes its peer.
  peer(peer_owner& owner, const node_context& node, shard_context& home, peer_place place,
       config::peer_options options, std::uint64_t seed, time_point now);
  peer(const peer&) = delete;
  peer& operator=(const peer&) = delete;
  ~peer();

  [[nodiscard]] const std::string& host() const noexcept { return options_.host; }
  [[nodiscard]] metrics::peer_slot slot() const noexcept { return slot_; }
  [[nodiscard]] shard_context& home() const noexcept { return home_; }               // any thread
  [[nodiscard]] routing::peer_index index() const noexcept { return place_.index; }  // any thread
  [[nodiscard]] bool full() const noexcept { return pending_.full(); }               // any thread

  /// What is shown of it; not null. Another one is told to the owner with each change.
  [[nodiscard]] const std::shared_ptr<const peer_report>& report() const noexcept {
    return report_;
  }
  /// Requests that wait for its answers. Any thread.
  [[nodiscard]] std::uint32_t waiting() const noexcept { return pending_.size(); }

  /// Another unknown peer, in the place of one that was given back. Then `start`.
  void become(config::peer_options options, std::uint64_t seed);
  void start();
  /// A request could go to it and to no other: one that has left is connected to again.
  void want() { perform(machine_->on_wanted(home_.shard.now())); }
  /// The operator wants an attempt now.
  void retry() { perform(machine_->on_retry(home_.shard.now())); }
  /// DPR and the end of the connection; then `on_done`, at once where there is none.
  void stop(diameter::disconnect_cause cause, std::function<void()> on_done);

  /// A connection that the peer opened by this CER; `rest` is what came after it so far.
  void accept(std::unique_ptr<transport::stream> connection, const diameter::message& cer,
              bytes_view rest);

  /// Outcomes: answered, malformed_answer, oversized_answer; not_sent where the peer is not open;
  /// too_busy at a bound, or where the way to the home shard is full; receiver_lost.
  void send(shard_context& from, outgoing_request request) override;
  /// To the connection of that number; dropped and counted where that has ended. The header is the
  /// request's own: its ids are the peer's.
  void send_answer(std::uint32_t connection, const diameter::header& header, buffer_slice avps);

 private:
  struct performer;
  struct nothing {};
  using pending = pending_requests<nothing>;

  void on_message(peer_connection& on, diameter::message message, time_point now) override;
  void on_refused_message(peer_connection& on, const diameter::refused_message& message) override;
  void on_oversized(peer_connection& on, const diameter::oversized_message& message) override;
  void on_malformed(peer_connection& on, const diameter::decode_error& why) override;
  void on_ended(peer_connection& on, error_code why) override;
  void on_stream_event(peer_connection& on, const transport::stream_report& report) override;

  [[nodiscard]] std::optional<diameter::violation> check(const diameter::message_view& message);
  /// `current` is the message, and `incoming` the accepted connection, that the actions are about.
  void perform(const diameter::peer_actions& actions, const diameter::message* current = nullptr,
               peer_connection* incoming = nullptr);
  void send_own(peer_connection* by, const diameter::peer_action& action);
  void push(peer_connection& by, buffer_slice message);
  void begin_connect();
  transport::awaitable<void> connect(std::uint32_t attempt);
  [[nodiscard]] std::shared_ptr<peer_connection> make_connection(
      std::unique_ptr<transport::stream> stream, diameter::connection which);
  void on_answer(diameter::message answer);
  [[nodiscard]] bool goes_on_after_unreadable(peer_connection& on, std::string_view what);
  void end_unanswered(hop_by_hop_id id, exchange_outcome outcome);
  void on_closed(diameter::ending why);
  void note_failure(const diameter::ending& why);
  void publish_changes();
  void on_gone();
  [[nodiscard]] std::shared_ptr<const peer_report> first_report(time_point now) const;
  void await_deadline();
  void hand_on(const peer_connection& on, diameter::message message);
  void send_here(outgoing_request request);
  /// Of that connection, or of the attempt at it.
  [[nodiscard]] std::string address_of(diameter::connection which) const;
  [[nodiscard]] std::shared_ptr<peer_connection>& connection_of(
      diameter::connection which) noexcept {
    return which == diameter::connection::initiator ? initiator_ : responder_;
  }

  peer_owner& owner_;
  const node_context& node_;
  shard_context& home_;
  peer_place place_;
  config::peer_options options_;
  metrics::peer_slot slot_;
  std::optional<diameter::peer_machine> machine_;  // always there
  transport::deadline timer_;
  transport::deadline gone_;  // an unknown peer's: its place may be given back
  std::shared_ptr<peer_connection> initiator_;
  std::shared_ptr<peer_connection> responder_;
  std::uint32_t attempts_ = 0;  // names the connection attempt in progress
  std::uint32_t connections_made_ = 0;
  pending pending_;
  pending::list sent_;      // by whatever connection: they end with the last
  std::string address_;     // of the last attempt or connection
  std::string dialled_;     // where the last attempt of ours leads to
  bool suspected_ = false;  // since it was last in service
  peer_log log_;
  std::shared_ptr<const peer_report::failure> last_error_;
  std::shared_ptr<const peer_report> report_;
  std::function<void()> on_stopped_;
};

}  // namespace diamgw::gateway
