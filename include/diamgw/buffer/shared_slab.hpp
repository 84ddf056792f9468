// One slab that many readers of a shard read into, one after the other: who waits holds none.
#pragma once
#include <cstddef>
#include <utility>

#include "diamgw/buffer/pool.hpp"

namespace diamgw {

/// Lent for a turn at most: whoever has it gives it back before it waits, and moves what it must
/// keep to a slab of its own. Thread: the pool's.
class shared_slab {
 public:
  /// Nothing is allocated before the first `borrow`. The pool outlives it.
  shared_slab(buffer_pool& pool, std::size_t octets) noexcept : pool_{&pool}, octets_{octets} {}

  /// The slab, which nobody else reads; another one where a message still refers to the last one.
  /// cost: no global allocation while the pool has slabs
  [[nodiscard]] const buffer_ref& borrow() {
    if (!slab_.unique()) {
      slab_ = pool_->allocate(octets_);
    }
    return slab_;
  }

  [[nodiscard]] std::size_t octets() const noexcept { return octets_; }

 private:
  buffer_pool* pool_;
  std::size_t octets_;
  buffer_ref slab_;
};

}  // namespace diamgw
