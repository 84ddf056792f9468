#include "diamgw/gateway/requests/exchange.hpp"

#include <utility>

namespace diamgw::gateway {

exchange::exchange(shard_context& on, time_point deadline) : on_{on} {
  exchange* self = this;
  if (const auto token = on.exchanges.insert(std::move(self))) {
    token_ = *token;
    registered_ = true;
    on.schedule(*this, deadline);
  } else {
    result_.outcome = exchange_outcome::too_busy;
  }
}

exchange::~exchange() {
  if (registered_) {
    on_.exchanges.erase(token_);
  }
}

exchange_key exchange::key() const noexcept {
  return {&on_, token_};
}

void exchange::finish(exchange_result result) {
  if (!registered_) {
    return;
  }
  on_.exchanges.erase(token_);
  registered_ = false;
  wheel_entry::unlink();
  exchange_hook::unlink();
  result_ = std::move(result);
  // The handler is not suspended yet where sending failed at once: it finds the result ready.
  if (handler_) {
    std::exchange(handler_, nullptr).resume();
  }
}

namespace {

/// Why nobody waits for an answer any more.
metrics::late_reason late_because(shard_context& on, exchange_key key, time_point deadline) {
  if (on.shard.now() >= deadline) {
    return metrics::late_reason::deadline;
  }
  return on.cancelled.take(key.token) ? metrics::late_reason::cancelled
                                      : metrics::late_reason::client_left;
}

void tell_here(exchange_key key, time_point deadline, exchange_result&& result) {
  shard_context& on = *key.shard;
  if (const auto waiting = on.exchanges.take(key.token)) {
    (*waiting)->finish(std::move(result));
  } else if (result.outcome == exchange_outcome::answered) {
    on.recorder.late_answers.add(late_because(on, key, deadline));
  }
}

}  // namespace

void tell_exchange(shard_context& from, exchange_key key, time_point deadline,
                   exchange_result result) {
  if (key.shard == &from) {
    tell_here(key, deadline, std::move(result));
    return;
  }
  if (!key.shard->shard.post([key, deadline, r = std::move(result)]() mutable {
        tell_here(key, deadline, std::move(r));
      })) {
    from.recorder.dropped.add(metrics::drop_reason::shard_queue_full);
  }
}

}  // namespace diamgw::gateway
