// How a coroutine of one shard asks another: for the operator's questions, never per message.
#pragma once
#include <memory>
#include <optional>
#include <utility>

#include "diamgw/transport/event.hpp"
#include "diamgw/transport/shard.hpp"

namespace diamgw::gateway {

/// What `question` gives, called on shard `of`; `here` is the calling shard, to which the coroutine
/// comes back. Waits as long as it takes. What `question` refers to outlives the shards, or lives
/// in the coroutine that waits.
template <class Question>
transport::awaitable<std::invoke_result_t<Question&>> ask_shard(transport::shard& here,
                                                                transport::shard& of,
                                                                Question question) {
  using answer = std::invoke_result_t<Question&>;
  struct waiting {
    explicit waiting(transport::shard& on) : ready{on} {}
    std::optional<answer> given;
    transport::event ready;  // of `here`, as all of this
  };
  const auto w = std::make_shared<waiting>(here);
  of.tell([&here, w, q = std::move(question)]() mutable {
    // Moved on, so that the last one to hold it is on `here`.
    here.tell([w = std::move(w), a = std::make_unique<answer>(q())] {
      w->given = std::move(*a);
      w->ready.notify();
    });
  });
  while (!w->given) {
    co_await w->ready.wait();
  }
  co_return *std::move(w->given);
}

}  // namespace diamgw::gateway
