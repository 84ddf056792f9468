// What all objects of one shard share.
#pragma once
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>

#include "diamgw/base/clock.hpp"
#include "diamgw/base/random_sequence.hpp"
#include "diamgw/buffer/pool.hpp"
#include "diamgw/diameter/identifiers.hpp"
#include "diamgw/diameter/transactions.hpp"
#include "diamgw/gateway/event_log.hpp"
#include "diamgw/gateway/requests/cancelled_exchanges.hpp"
#include "diamgw/gateway/requests/handler_task.hpp"
#include "diamgw/gateway/stranger_log.hpp"
#include "diamgw/metrics/recorder.hpp"
#include "diamgw/transport/shard.hpp"

namespace diamgw::gateway {

class exchange;

/// See the top of the file. Made before the shards start, used on the shard's thread only.
class shard_context {
 public:
  shard_context(transport::shard& shard, metrics::recorder& recorder, event_log& log,
                std::uint64_t seed, std::uint32_t unix_seconds, std::size_t capacity);
  shard_context(const shard_context&) = delete;
  shard_context& operator=(const shard_context&) = delete;
  ~shard_context();

  transport::shard& shard;
  metrics::recorder& recorder;
  event_log& log;
  stranger_log strangers;  // into `log`, so much and no more
  stranger_log refusals;   // of requests, alike
  random_sequence random;
  diameter::end_to_end_source end_to_end;
  /// Exchanges of this shard's handlers that wait, by the token that the peer's shard sends back.
  diameter::transaction_table<exchange*> exchanges;
  cancelled_exchanges cancelled;

  [[nodiscard]] buffer_pool& pool() noexcept { return shard.pool(); }
  [[nodiscard]] frame_pool& frames() noexcept { return frames_; }
  /// For handler_task: a handler must not throw; what it threw is counted and logged.
  void on_handler_exception(std::exception_ptr failure) noexcept {
    shard.report_failure("handler", std::move(failure));
  }

  /// What is told its deadline: see transport::timer_queue.
  using timeout = transport::timeout;
  void schedule(timeout& t, time_point deadline) { shard.timers().schedule(t, deadline); }

 private:
  frame_pool frames_;
};

}  // namespace diamgw::gateway
