// The one way that every request takes: judged, given to a receiver, waited for, its asker told.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "diamgw/codec/validation.hpp"
#include "diamgw/diameter/agent.hpp"
#include "diamgw/diameter/answers.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/gateway/requests/asker.hpp"
#include "diamgw/gateway/requests/exchange.hpp"
#include "diamgw/gateway/requests/receiver.hpp"
#include "diamgw/gateway/requests/request.hpp"
#include "diamgw/gateway/shard_context.hpp"
#include "diamgw/routing/attempts.hpp"
#include "diamgw/routing/table.hpp"

namespace diamgw::gateway {

/// The peers as the request path sees them. Thread: any shard's, which it is told.
class peer_directory {
 public:
  /// As this shard knows it; spans live until the shard's next turn.
  [[nodiscard]] virtual routing::peer_status status(const shard_context& from,
                                                    routing::peer_index peer) const = 0;
  [[nodiscard]] virtual receiver& at(routing::peer_index peer) noexcept = 0;
  /// A request could go to this peer, which has left, and to no other: it may be connected to.
  virtual void want(const shard_context& from, routing::peer_index peer) = 0;

 protected:
  ~peer_directory() = default;
};

/// One for each shard; thread: its shard's, but for `waiting`. Bounds: the shard's exchanges, then
/// `too_busy`; `routing::attempts::limit` receivers for one request.
class request_path {
 public:
  struct options {
    const diameter::local_node* identity = nullptr;  // outlives the path
    /// Whether requests are held against their commands' grammar (RFC 6733 §3.2).
    bool check_grammar = true;
    /// Whether a peer's answer with another command or Session-Id than its request's is refused.
    bool match_answer_command = true;
    bool match_answer_session = true;
    peer_directory* peers = nullptr;  // who relayed requests go to
    receiver* clients = nullptr;      // who served requests go to
  };

  /// Neither `names` nor `routes` is null.
  request_path(shard_context& on, const options& o,
               std::shared_ptr<const dictionary::dictionary> names,
               std::shared_ptr<const routing::table> routes);
  request_path(const request_path&) = delete;
  request_path& operator=(const request_path&) = delete;

  /// Runs until it first waits: the asker may be told before this returns.
  void ask(asker_ptr who, request&& asked);

  /// New requests of clients are refused from now on, with `draining`; those of peers go on, since
  /// they belong to sessions that live here still.
  void set_draining() noexcept { draining_ = true; }
  [[nodiscard]] bool draining() const noexcept { return draining_; }
  /// Why a client's request would go where it goes, or nowhere.
  [[nodiscard]] routing::explanation explain(const routing::route_request& asked) const;
  void set_routes(std::shared_ptr<const routing::table> routes) {
    routes_ = routing::chooser{std::move(routes)};
  }
  /// New requests are judged by this dictionary from now on; not null.
  void use_dictionary(std::shared_ptr<const dictionary::dictionary> names);

  /// Requests whose askers were not told yet. Any thread.
  [[nodiscard]] std::uint32_t waiting() const noexcept {
    return waiting_.load(std::memory_order_relaxed);
  }

 private:
  /// Where a request goes: to the clients of this node, or on to a peer.
  enum class way : std::uint8_t { serve, relay };

  handler_task serve(shard_context& on, way to, asker_ptr who, request&& came);
  /// Its Origin-Host, as the routes have it; empty: nobody's, or no_peer.
  [[nodiscard]] std::string_view name_of(routing::peer_index peer) const;
  void refuse(asker& who, const request& asked, const refusal& why);
  void on_mismatch(const request& asked, routing::peer_index by, diameter::answer_mismatch found,
                   exchange_result& ended);
  void refuse_unrouted(asker& who, const request& asked, const routing::attempts& attempts,
                       routing::refusal refused);

  shard_context& on_;
  options options_;
  std::shared_ptr<const dictionary::dictionary> names_;
  std::optional<diameter::validator> validator_;  // by `names_`; always there
  routing::chooser routes_;
  std::atomic<std::uint32_t> waiting_{0};  // written by this shard's thread alone
  bool draining_ = false;
};

}  // namespace diamgw::gateway
