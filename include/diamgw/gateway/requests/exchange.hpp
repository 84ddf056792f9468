// One request of a handler, from its departure to its answer, deadline or cancellation.
#pragma once
#include <boost/intrusive/list.hpp>
#include <coroutine>
#include <cstdint>
#include <string_view>
#include <utility>

#include "diamgw/base/clock.hpp"
#include "diamgw/codec/codes.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/gateway/shard_context.hpp"

namespace diamgw::gateway {

/// Names a waiting exchange, also to other shards: a stale one finds nothing.
struct exchange_key {
  shard_context* shard = nullptr;  // the asker's
  hop_by_hop_id token;             // slot and generation in that shard's table
};

/// How an exchange ended; what the asker is told follows from it.
enum class exchange_outcome : std::uint8_t {
  answered,
  refused,           // by the receiver, without an answer of its own: code and sentence say why
  not_sent,          // the receiver was closed, or is being closed, before it left
  too_busy,          // the receiver's transactions, its output queue or the way to it are full
  receiver_lost,     // the connection ended after the request had been sent
  malformed_answer,  // it came, and cannot be used
  oversized_answer,  // it came, and was above the limit for messages
  deadline,          // no answer in time
  cancelled,         // by the asker
  asker_left,        // whoever asked is gone: nobody is to be told
  draining,          // the gateway is leaving, and waited as long as it may
};

/// What a receiver, or the clock, has to say of a request.
struct exchange_result {
  exchange_outcome outcome = exchange_outcome::not_sent;
  diameter::result_code code{};  // where refused
  std::string_view sentence{};   // where refused or malformed_answer; static storage
  diameter::message answer{};    // where answered; its hop-by-hop id is the receiver's
};

/// A client or connection that asks keeps its exchanges in such a list, and ends them when it
/// leaves.
using exchange_hook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

/// Lives in its handler's frame: `auto r = co_await e.wait();` after the request was sent under
/// `e.key()`. Thread: the handler's shard.
class exchange final : public exchange_hook, private shard_context::timeout {
 public:
  /// Waits until `deadline` at most. `key()` is valid only where `registered()`.
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
  void finish(exchange_result result);

  struct awaiter {
    exchange& e;
    [[nodiscard]] bool await_ready() const noexcept { return !e.registered_; }
    void await_suspend(std::coroutine_handle<> handler) noexcept { e.handler_ = handler; }
    [[nodiscard]] exchange_result await_resume() noexcept { return std::move(e.result_); }
  };
  [[nodiscard]] awaiter wait() noexcept { return awaiter{*this}; }

 private:
  void on_timeout() override { finish({exchange_outcome::deadline}); }

  shard_context& on_;
  hop_by_hop_id token_;
  bool registered_ = false;
  std::coroutine_handle<> handler_;
  exchange_result result_;
};

using exchange_list = boost::intrusive::list<exchange, boost::intrusive::base_hook<exchange_hook>,
                                             boost::intrusive::constant_time_size<false>>;

/// What a receiver says of a request, on whatever shard its exchange waits; `from` is the calling
/// shard's and `deadline` the request's. An answer to an exchange that has ended before is counted
/// as late; one for which the way to its shard is full is counted as dropped, and the exchange
/// ends at its deadline.
void tell_exchange(shard_context& from, exchange_key key, time_point deadline,
                   exchange_result result);

}  // namespace diamgw::gateway
