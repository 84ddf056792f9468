#include "diamgw/buffer/pool.hpp"

#include <algorithm>
#include <new>
#include <thread>

namespace diamgw {
namespace detail {

// Counters with one writer: a plain add that other threads may read.
class owned_counter {
 public:
  void add(std::uint64_t n) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  void subtract(std::uint64_t n) noexcept { add(~n + 1); }
  [[nodiscard]] std::uint64_t get() const noexcept {
    return value_.load(std::memory_order_relaxed);
  }

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct pool_state {
  struct tier {
    slab* free = nullptr;
    owned_counter kept, hits, misses;
  };
  std::array<tier, pool_tiers + 1> tiers;
  std::array<std::uint32_t, pool_tiers> keep{};
  std::thread::id home{std::this_thread::get_id()};
  alignas(64) std::atomic<slab*> returned{nullptr};  // released elsewhere, of any tier
  std::atomic<std::uint64_t> holders{1};             // the pool, and each slab that is out
  std::atomic<bool> closed{false};
};

namespace {

void free_slab(slab* s) noexcept {
  const std::size_t octets = sizeof(slab) + s->capacity;
  s->~slab();
  ::operator delete(s, octets);
}

void drop_holder(pool_state* state) noexcept {
  if (state->holders.fetch_sub(1, std::memory_order_acq_rel) != 1) {
    return;
  }
  for (slab* s = state->returned.load(std::memory_order_acquire); s != nullptr;) {
    free_slab(std::exchange(s, s->next));
  }
  delete state;
}

/// Home thread: into the free list of its tier, or to the global allocator above `keep`.
void keep_or_free(pool_state& state, slab* s) noexcept {
  pool_state::tier& tier = state.tiers[s->tier];
  if (s->tier == pool_oversize || tier.kept.get() >= state.keep[s->tier]) {
    free_slab(s);
    return;
  }
  s->next = std::exchange(tier.free, s);
  tier.kept.add(1);
}

void take_back_returned(pool_state& state) noexcept {
  for (slab* s = state.returned.exchange(nullptr, std::memory_order_acquire); s != nullptr;) {
    keep_or_free(state, std::exchange(s, s->next));
  }
}

}  // namespace

void release_slab(slab* s) noexcept {
  if (s->references.fetch_sub(1, std::memory_order_acq_rel) != 1) {
    return;
  }
  pool_state* state = s->home;
  if (state->closed.load(std::memory_order_acquire)) {
    free_slab(s);
  } else if (std::this_thread::get_id() == state->home) {
    keep_or_free(*state, s);
  } else {
    slab* head = state->returned.load(std::memory_order_relaxed);
    do {
      s->next = head;
    } while (!state->returned.compare_exchange_weak(head, s, std::memory_order_release,
                                                    std::memory_order_relaxed));
  }
  drop_holder(state);
}

}  // namespace detail

buffer_pool::buffer_pool() : buffer_pool{options{}} {}

buffer_pool::buffer_pool(const options& o) : state_{new detail::pool_state} {
  state_->keep = o.keep;
}

buffer_pool::~buffer_pool() {
  state_->closed.store(true, std::memory_order_release);
  for (auto& tier : state_->tiers) {
    while (tier.free != nullptr) {
      detail::free_slab(std::exchange(tier.free, tier.free->next));
    }
  }
  detail::drop_holder(state_);
}

void buffer_pool::adopt_thread() noexcept {
  state_->home = std::this_thread::get_id();
}

buffer_ref buffer_pool::allocate(std::size_t octets) {
  const auto fit = std::lower_bound(pool_tier_octets.begin(), pool_tier_octets.end(), octets);
  const auto index = static_cast<std::size_t>(fit - pool_tier_octets.begin());
  auto& tier = state_->tiers[index];
  if (tier.free == nullptr) {
    detail::take_back_returned(*state_);
  }
  state_->holders.fetch_add(1, std::memory_order_relaxed);
  if (tier.free != nullptr) {
    detail::slab* s = std::exchange(tier.free, tier.free->next);
    tier.kept.subtract(1);
    tier.hits.add(1);
    s->references.store(1, std::memory_order_relaxed);
    return buffer_ref{s};
  }
  tier.misses.add(1);
  const std::size_t capacity = index == pool_oversize ? octets : pool_tier_octets[index];
  void* memory = ::operator new(sizeof(detail::slab) + capacity);
  return buffer_ref{
      new (memory) detail::slab{{1}, static_cast<std::uint32_t>(index), capacity, state_, nullptr}};
}

pool_statistics buffer_pool::statistics() const noexcept {
  pool_statistics statistics;
  for (std::size_t i = 0; i < statistics.tiers.size(); ++i) {
    const auto& tier = state_->tiers[i];
    statistics.tiers[i] = {tier.hits.get(), tier.misses.get(), tier.kept.get()};
  }
  return statistics;
}

}  // namespace diamgw
