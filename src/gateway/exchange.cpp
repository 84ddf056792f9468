#include "diamgw/gateway/exchange.hpp"

#include <utility>

namespace diamgw::gateway {

exchange::exchange(shard_context& on, time_point deadline) : runtime_{on} {
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
    runtime_.exchanges.erase(token_);
  }
}

exchange_key exchange::key() const noexcept {
  return {&runtime_, token_};
}

void exchange::finish(exchange_outcome outcome, diameter::message answer) {
  if (!registered_) {
    return;
  }
  runtime_.exchanges.erase(token_);
  registered_ = false;
  wheel_entry::unlink();
  exchange_hook::unlink();
  result_ = {outcome, std::move(answer)};
  // The handler is not suspended yet where sending failed at once: it finds the result ready.
  if (handler_) {
    std::exchange(handler_, nullptr).resume();
  }
}

bool finish_exchange(shard_context& on, exchange_key key, exchange_outcome outcome,
                     diameter::message answer) {
  const auto waiting = on.exchanges.take(key.token);
  if (!waiting) {
    return false;
  }
  (*waiting)->finish(outcome, std::move(answer));
  return true;
}

}  // namespace diamgw::gateway
