// One request of a handler, from its departure to its answer, deadline or cancellation.
#pragma once
#include <boost/intrusive/list.hpp>
#include <coroutine>
#include <cstdint>
#include <string_view>
#include <utility>

#include "diamgw/base/clock.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/gateway/shard_context.hpp"

namespace diamgw::gateway {

/// Names a waiting exchange to other shards: a stale one finds nothing.
struct exchange_key {
  shard_context* shard = nullptr;  // the asker's
  hop_by_hop_id token;             // slot and generation in that shard's table
};

enum class exchange_outcome : std::uint8_t {
  answered,
  deadline,          // no answer in time
  client_left,       // whoever asked is gone: nobody is to be told
  cancelled,         // by whoever asked
  draining,          // the gateway is leaving, and waited as long as it may
  peer_lost,         // the connection ended after the request had been sent
  not_sent,          // the peer was closed, or is being closed, before it left
  malformed_answer,  // it came, and cannot be read; in `answer` only the header may be looked at
  too_busy,          // the peer's transactions, its output queue or the way to its shard are full
};

struct exchange_result {
  exchange_outcome outcome = exchange_outcome::not_sent;
  diameter::message answer;  // where answered; its hop-by-hop id is the peer connection's
};

/// Whoever asks (a client) keeps its exchanges in such a list, and cancels them when it leaves.
using exchange_hook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// Lives in its handler's frame: `auto r = co_await e.wait();` after the request was sent under
/// `e.key()`. Thread: the handler's shard.
class exchange final : public exchange_hook, private shard_context::timeout {
 public:
  /// Waits until `deadline` at the longest. `key()` is valid only where `registered()`.
  exchange(shard_context& on, time_point deadline);
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;
  ~exchange();

  /// False where the shard has too many exchanges waiting.
  [[nodiscard]] bool registered() const noexcept { return registered_; }
  [[nodiscard]] exchange_key key() const noexcept;

  /// The asker's own name for it, to cancel it by; the asker's octets.
  std::string_view label;

  /// Ends the wait and runs the handler on. No effect on one that has ended.
  void finish(exchange_outcome outcome, diameter::message answer = {});

  struct awaiter {
    exchange& e;
    [[nodiscard]] bool await_ready() const noexcept { return !e.registered_; }
    void await_suspend(std::coroutine_handle<> handler) noexcept { e.handler_ = handler; }
    [[nodiscard]] exchange_result await_resume() noexcept { return std::move(e.result_); }
  };
  [[nodiscard]] awaiter wait() noexcept { return awaiter{*this}; }

 private:
  void on_timeout() override { finish(exchange_outcome::deadline); }

  shard_context& runtime_;
  hop_by_hop_id token_;
  bool registered_ = false;
  std::coroutine_handle<> handler_;
  exchange_result result_;
};

using exchange_list = boost::intrusive::list<exchange, boost::intrusive::base_hook<exchange_hook>,
                                             boost::intrusive::constant_time_size<false>>;

/// What a peer's shard says of an exchange; `key.shard` is the calling shard. False where the
/// exchange had ended before: a late answer.
bool finish_exchange(shard_context& on, exchange_key key, exchange_outcome outcome,
                     diameter::message answer);

}  // namespace diamgw::gateway
