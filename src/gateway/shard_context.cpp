#include "diamgw/gateway/shard_context.hpp"

#include <utility>

namespace diamgw::gateway {

shard_context::shard_context(transport::shard& on, metrics::recorder& metrics,
                             spdlog::logger& logger, std::uint64_t seed, std::uint32_t unix_seconds,
                             std::size_t max_exchanges)
    : shard{on},
      recorder{metrics},
      log{logger},
      strangers{logger},
      random{seed},
      // One seed for all shards and a stride as long as they are many: no two give the same id.
      end_to_end{seed, unix_seconds, static_cast<std::uint32_t>(on.index()),
                 static_cast<std::uint32_t>(on.group().size())},
      exchanges{{.capacity = static_cast<std::uint32_t>(max_exchanges)}, seed + on.index()},
      wheel_{clock::now()},
      timer_{on.context()} {
  for (std::size_t i = 0; i < on.index(); ++i) {
    random = random_sequence{random.next()};
  }
}

shard_context::~shard_context() = default;

void shard_context::schedule(timeout& t, time_point deadline) {
  wheel_.schedule(t, deadline);
  if (deadline < armed_for_) {
    arm();
  }
}

void shard_context::start() {
  arm();
}

void shard_context::stop() {
  stopped_ = true;
  timer_.cancel();
}

// One timer for all deadlines, moved only when an earlier one comes: a move costs a system call
// for the earliest timer of the loop, so it is rounded to the wheel's own grain.
void shard_context::arm() {
  if (stopped_) {
    return;
  }
  const auto next = wheel_.next_deadline();
  if (!next) {
    armed_for_ = time_point::max();
    return;
  }
  if (*next >= armed_for_) {
    return;
  }
  armed_for_ = *next;
  timer_.expires_at(*next);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || stopped_) {
      return;  // moved or stopped
    }
    armed_for_ = time_point::max();
    wheel_.advance(clock::now(),
                   [](wheel_entry& entry) { static_cast<timeout&>(entry).on_timeout(); });
    arm();
  });
}

}  // namespace diamgw::gateway
