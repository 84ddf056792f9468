// A Diameter node: its peers, its listeners, and how requests and answers get to the right shard.
// The gateway is one, the simulators are others.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/codec/validation.hpp"
#include "diamgw/config/options.hpp"
#include "diamgw/diameter/capabilities.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/gateway/peer.hpp"
#include "diamgw/metrics/registry.hpp"
#include "diamgw/routing/table.hpp"
#include "diamgw/transport/listener.hpp"

namespace diamgw::gateway {

/// What becomes of a peer's requests. Called on the peer's shard, for requests of a known
/// application and command that keep to their grammar; base messages never come here.
class request_sink {
 public:
  virtual void on_request(shard_context& on, request_origin from, diameter::message request) = 0;

 protected:
  ~request_sink() = default;
};

/// See the top of the file. Built before the shards start; destroyed after they have ended.
class node {
 public:
  struct options {
    diameter::local_node identity;
    config::diameter_options diameter;
    std::uint64_t seed = 0;
    std::uint32_t unix_seconds = 0;
  };

  node(options o, std::vector<shard_context*> shards, metrics::registry& metrics,
       const std::shared_ptr<const dictionary::dictionary>& names, request_sink& sink);
  node(const node&) = delete;
  node& operator=(const node&) = delete;
  ~node();

  /// Binds the configured endpoints; the error names the one that failed.
  [[nodiscard]] result<void, std::string> listen();
  /// Lets every peer begin. Once the shards run. Any thread.
  void start();
  /// Stops accepting, then DPR to each peer; `on_done` once every connection has ended, on some
  /// shard. Any thread.
  void stop(diameter::disconnect_cause cause, std::function<void()> on_done);

  /// Ports that the listeners got, in the order of the configuration.
  [[nodiscard]] std::vector<std::uint16_t> ports() const;

  // On the message path; `from` is the calling shard's.
  /// Hands a request to its peer's shard; how it ends is told to `request.exchange`.
  void send_request(shard_context& from, routing::peer_index to, outgoing_request request);
  /// Hands an answer back to where its request came from; dropped and counted where that is gone.
  void send_answer(shard_context& from, request_origin to, buffer_slice answer);
  /// Answers with an error made by `answers.hpp` from the node's identity.
  void send_error(shard_context& from, request_origin to, const diameter::message_view& request,
                  diameter::result_code code, std::string_view error_message);
  /// The peer as this shard knows it; spans live until the shard's next turn.
  [[nodiscard]] routing::peer_status status(shard_context& from, routing::peer_index index) const;

  /// The peers in the order of their indices: configured ones first. Any thread; grows only.
  [[nodiscard]] std::size_t peer_count() const noexcept {
    return count_.load(std::memory_order_acquire);
  }
  [[nodiscard]] peer& at(routing::peer_index index) const noexcept { return *peers_[index]; }
  [[nodiscard]] routing::peer_index find_peer(std::string_view host) const noexcept;

  /// Called, on any shard, after an unknown peer was accepted and has an index. Set before start.
  std::function<void(routing::peer_index)> on_new_peer;

  [[nodiscard]] const diameter::local_node& identity() const noexcept { return options_.identity; }
  [[nodiscard]] const config::diameter_options& configuration() const noexcept {
    return options_.diameter;
  }
  /// The dictionary that the calling shard goes by, until its next `use_names`.
  [[nodiscard]] const dictionary::dictionary& names(const shard_context& from) const noexcept;
  /// From now on the calling shard goes by this one; null is not allowed.
  void use_names(const shard_context& from, std::shared_ptr<const dictionary::dictionary> names);
  [[nodiscard]] metrics::registry& metrics() const noexcept { return metrics_; }
  /// Origin-Host and Origin-Realm, encoded: every answer of ours begins with them.
  [[nodiscard]] bytes_view origin_avps() const noexcept { return origin_avps_; }
  /// True for an application that the node advertises; every one where it is a relay.
  [[nodiscard]] bool serves(application_id application) const noexcept;

  // For `peer`, on its shard.
  [[nodiscard]] shard_context& shard(std::size_t index) const noexcept { return *shards_[index]; }
  void deliver_request(peer& from, request_origin origin, diameter::message request);
  void publish(peer& of, routing::peer_index index, routing::link_state link,
               std::vector<application_id> applications);
  [[nodiscard]] std::uint64_t next_seed();
  [[nodiscard]] std::uint32_t unix_seconds() const noexcept { return options_.unix_seconds; }

 private:
  struct peer_view {
    routing::link_state link = routing::link_state::closed;
    std::vector<application_id> applications;
  };
  struct shard_state;

  transport::awaitable<void> receive_cer(transport::shard& on,
                                         std::unique_ptr<transport::stream> connection);
  void hand_over(shard_context& from, peer& to, std::unique_ptr<transport::stream> connection,
                 std::vector<std::byte> octets);
  [[nodiscard]] peer* find_or_add(std::string_view host, const diameter::message_view& cer);
  [[nodiscard]] transport::awaitable<void> refuse_cer(shard_context& on,
                                                      transport::stream& connection,
                                                      const diameter::message_view& cer);

  options options_;
  std::vector<shard_context*> shards_;
  metrics::registry& metrics_;
  request_sink& sink_;
  std::vector<std::byte> origin_avps_;
  std::vector<std::unique_ptr<shard_state>> shard_states_;
  std::mutex adding_;  // control plane: seeds and unknown peers
  random_sequence seeds_;
  std::atomic<bool> stopping_{false};         // no connection becomes a peer's any more
  std::vector<std::unique_ptr<peer>> peers_;  // its size never changes: count_ of it are there
  std::atomic<std::size_t> count_{0};
  std::vector<std::unique_ptr<transport::listener>> listeners_;
};

/// Addresses of ours as CER and CEA state them, of one connection's local endpoint.
[[nodiscard]] std::vector<diameter::host_address> local_addresses(
    const transport::stream& connection);

}  // namespace diamgw::gateway
