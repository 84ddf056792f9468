#include "gateway/peers/newcomers.hpp"

namespace diamgw::gateway {

newcomers::newcomers(std::size_t most, std::size_t shards)
    : all_{std::make_shared<places>(most, shards)} {}

newcomers::entry::entry(const newcomers& among, std::size_t shard, transport::stream& of)
    : connection{of}, all_{among.all_}, shard_{shard} {
  all_->there.fetch_add(1, std::memory_order_relaxed);
  all_->of_shard[shard_].push_back(*this);
}

newcomers::entry::~entry() {
  unlink();
  all_->there.fetch_sub(1, std::memory_order_relaxed);
}

newcomers::entry* newcomers::entry::find_who_gives_way() noexcept {
  if (all_->there.load(std::memory_order_relaxed) <= all_->most) {
    return nullptr;
  }
  // Its place is let go when its coroutine ends; whoever comes before that must find another.
  entry& longest = all_->of_shard[shard_].front();
  longest.unlink();
  return &longest;
}

}  // namespace diamgw::gateway
