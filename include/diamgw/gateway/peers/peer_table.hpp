// The peers of a Diameter node: the gateway's, or a simulator's; and what each shard knows of them.
#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/codec/header.hpp"
#include "diamgw/codec/validation.hpp"
#include "diamgw/config/options.hpp"
#include "diamgw/diameter/base_messages.hpp"
#include "diamgw/diameter/capabilities.hpp"
#include "diamgw/diameter/ending.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/gateway/peers/peer_owner.hpp"
#include "diamgw/gateway/peers/peer_report.hpp"
#include "diamgw/gateway/peers/request_sink.hpp"
#include "diamgw/gateway/peers/routed_application.hpp"
#include "diamgw/gateway/requests/request_path.hpp"
#include "diamgw/metrics/registry.hpp"
#include "diamgw/routing/table.hpp"

namespace diamgw::gateway {

struct node_context;
class peer_places;
enum class peer_kind : std::uint8_t;

/// Built before the shards start; destroyed after they have ended. Bounds: the configured peers,
/// and where unknown ones are accepted, as many of these as `diameter.max_connections` leaves when
/// each configured peer has one. A place is given back when its unknown peer has been gone for a
/// while, and may be another's then.
class peer_table final : public peer_directory, private peer_owner {
 public:
  struct options {
    diameter::local_node identity;
    config::diameter_options diameter;
    std::vector<routed_application> routed;  // what the peers are to serve by the configuration
    std::uint64_t seed = 0;
    std::uint32_t unix_seconds = 0;
  };

  peer_table(options o, std::vector<shard_context*> shards, metrics::registry& metrics,
             const std::shared_ptr<const dictionary::dictionary>& names, request_sink& sink);
  peer_table(const peer_table&) = delete;
  peer_table& operator=(const peer_table&) = delete;
  ~peer_table();

  /// Lets every peer begin. Before the shards run, where listeners are open: a connection may be
  /// taken as soon as they do. Any thread.
  void start();
  /// An attempt now at every peer that we connect to and that has no connection. Any thread.
  void retry();
  /// Likewise this one. Any thread.
  void retry(routing::peer_index index);
  /// Whether its place is its own for good. False for no_peer. Any thread.
  [[nodiscard]] bool is_configured(routing::peer_index index) const noexcept;
  /// Whether we connect to it; else it connects to us. Any thread.
  [[nodiscard]] bool is_dialled(routing::peer_index index) const noexcept;
  /// DPR to each peer; `on_done` once every connection has ended, on some shard. After the
  /// listeners have stopped. Any thread.
  void stop(diameter::disconnect_cause cause, std::function<void()> on_done);

  // On the message path; `from` is the calling shard's.
  /// Hands an answer back to where its request came from, under this header, whose ids are the
  /// request's; dropped and counted where that is gone.
  void send_answer(shard_context& from, request_origin to, const diameter::header& header,
                   buffer_slice avps);
  /// The answer as it is.
  void send_answer(shard_context& from, request_origin to, diameter::message answer);
  /// Answers with an error made by `answers.hpp` from the node's identity.
  void send_error(shard_context& from, request_origin to, const diameter::message_view& request,
                  diameter::result_code code, std::string_view error_message);
  void send_error(shard_context& from, request_origin to, const diameter::message_view& request,
                  const diameter::violation& broken);
  [[nodiscard]] routing::peer_status status(const shard_context& from,
                                            routing::peer_index index) const override;
  [[nodiscard]] receiver& at(routing::peer_index index) noexcept override;
  /// Says so to the peer at most once a second from each shard.
  void want(const shard_context& from, routing::peer_index index) override;

  /// As this shard knows it; null where it has heard nothing of an unknown peer yet.
  [[nodiscard]] std::shared_ptr<const peer_report> report(const shard_context& from,
                                                          routing::peer_index index) const;
  /// Requests that wait for this peer's answers. Any thread.
  [[nodiscard]] std::uint32_t waiting(routing::peer_index index) const noexcept;

  // The places of peers in the order of their indices: configured ones first. Any thread.
  /// Grows only; those that were given back are counted, too.
  [[nodiscard]] std::size_t size() const noexcept { return count_.load(std::memory_order_acquire); }
  /// Empty where the place is nobody's.
  [[nodiscard]] diameter::node_name name(routing::peer_index index) const;
  [[nodiscard]] std::string host(routing::peer_index index) const;
  [[nodiscard]] routing::peer_index find(std::string_view host) const;

  struct found_peer {
    /// Null where the CER is refused. As long as it lives, the peer's place is not given back.
    std::shared_ptr<peer> claimed;
    std::string_view refused_because;
  };
  /// The peer that a CER names; a new one where unknown ones are accepted. Any thread; `now` is its
  /// shard's.
  [[nodiscard]] found_peer find_or_add(const diameter::message_view& cer, time_point now);

  /// Called, on any shard, after a place was given to an unknown peer, or was given back. Set
  /// before start.
  std::function<void(routing::peer_index)> on_change;

  [[nodiscard]] const node_context& node() const noexcept { return *node_; }
  [[nodiscard]] const diameter::local_node& identity() const noexcept;
  /// Origin-Host and Origin-Realm, encoded: every answer of ours begins with them.
  [[nodiscard]] bytes_view origin_avps() const noexcept;
  /// From now on the calling shard goes by this dictionary; null is not allowed.
  void use_names(const shard_context& from, std::shared_ptr<const dictionary::dictionary> names);
  [[nodiscard]] const dictionary::dictionary& dictionary_of(const shard_context& on) const override;

 private:
  struct shard_view;

  void on_request(peer& from, std::uint32_t connection, diameter::message request) override;
  void on_report(peer& of, std::shared_ptr<const peer_report> report) override;
  [[nodiscard]] diameter::validator* grammar_of(const shard_context& on) override;
  [[nodiscard]] bool give_back(peer& of) override;

  /// In the next place. `places_` is locked, or the shards do not run yet.
  peer& add(config::peer_options options, peer_kind kind, time_point now);

  std::unique_ptr<const node_context> node_;
  std::vector<shard_context*> shards_;
  request_sink& sink_;
  std::vector<std::unique_ptr<shard_view>> views_;  // by shard
  std::shared_ptr<peer_places> places_;             // claims may outlive the table
  random_sequence seeds_;                           // by who has `places_` locked
  std::vector<std::unique_ptr<peer>> peers_;  // its size never changes: count_ of it are there
  std::atomic<std::size_t> count_{0};
};

}  // namespace diamgw::gateway
