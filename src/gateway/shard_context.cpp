#include "diamgw/gateway/shard_context.hpp"

#include <utility>

namespace diamgw::gateway {

shard_context::shard_context(transport::shard& on, metrics::recorder& metrics, event_log& logger,
                             std::uint64_t seed, std::uint32_t unix_seconds, std::size_t capacity)
    : shard{on},
      recorder{metrics},
      log{logger},
      strangers{logger, on, "about connections"},
      refusals{logger, on, "about refused requests"},
      random{seed},
      // One seed for all shards and a stride as long as they are many: no two give the same id.
      end_to_end{seed, unix_seconds, static_cast<std::uint32_t>(on.index()),
                 static_cast<std::uint32_t>(on.group().size())},
      exchanges{{.capacity = static_cast<std::uint32_t>(capacity)}, seed + on.index()} {
  for (std::size_t i = 0; i < on.index(); ++i) {
    random = random_sequence{random.next()};
  }
}

shard_context::~shard_context() = default;

}  // namespace diamgw::gateway
