// Tiered pools of slabs, and references to them.
//
//   slab:  | header (count, tier, home) | octets ... capacity |
//
// A pool belongs to one thread: `allocate` is called there only. A slab may be released on any
// thread: a foreign release goes onto the home pool's return stack (lock-free), which the home
// thread empties when a tier runs dry.
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "diamgw/base/bytes.hpp"

namespace diamgw {

/// Octets of each tier's slabs. A larger request is served exactly, by the global allocator.
inline constexpr std::array<std::size_t, 5> pool_tier_octets{256, 1024, 4096, 16384, 65536};
inline constexpr std::size_t pool_tiers = pool_tier_octets.size();
/// Index under which requests above the largest tier are counted.
inline constexpr std::size_t pool_oversize = pool_tiers;

namespace detail {
struct pool_state;
struct slab {
  std::atomic<std::uint32_t> references;
  std::uint32_t tier;  // pool_oversize for an exact one
  std::size_t capacity;
  pool_state* home;
  slab* next;  // in a free list

  [[nodiscard]] std::byte* octets() noexcept { return reinterpret_cast<std::byte*>(this + 1); }
};
void release_slab(slab* s) noexcept;
}  // namespace detail

/// A counted reference to one slab. Copies share it; the last one gives it back to its pool.
/// May be copied and dropped on any thread; one object is used by one thread at a time.
class buffer_ref {
 public:
  buffer_ref() noexcept = default;
  buffer_ref(const buffer_ref& other) noexcept : slab_{other.slab_} {
    if (slab_ != nullptr) {
      slab_->references.fetch_add(1, std::memory_order_relaxed);
    }
  }
  buffer_ref(buffer_ref&& other) noexcept : slab_{std::exchange(other.slab_, nullptr)} {}
  buffer_ref& operator=(buffer_ref other) noexcept {
    std::swap(slab_, other.slab_);
    return *this;
  }
  ~buffer_ref() {
    if (slab_ != nullptr) {
      detail::release_slab(slab_);
    }
  }

  [[nodiscard]] explicit operator bool() const noexcept { return slab_ != nullptr; }
  [[nodiscard]] std::byte* data() const noexcept { return slab_->octets(); }
  [[nodiscard]] std::size_t capacity() const noexcept { return slab_->capacity; }
  [[nodiscard]] mutable_bytes whole() const noexcept { return {data(), capacity()}; }
  /// True where this is the only reference: the octets may be moved or written over.
  [[nodiscard]] bool unique() const noexcept {
    return slab_ != nullptr && slab_->references.load(std::memory_order_acquire) == 1;
  }

 private:
  friend class buffer_pool;
  explicit buffer_ref(detail::slab* s) noexcept : slab_{s} {}
  detail::slab* slab_ = nullptr;
};

/// A view with the reference that keeps it alive: what may be held across a suspension.
struct buffer_slice {
  buffer_ref buffer;
  bytes_view octets;
};

struct pool_statistics {
  struct tier {
    std::uint64_t hits = 0;    // served from the free list
    std::uint64_t misses = 0;  // served by the global allocator
    std::uint64_t free = 0;    // slabs in the free list now
  };
  std::array<tier, pool_tiers + 1> tiers{};  // the last one: above the largest tier
};

/// See the top of the file. Destroying it while slabs are out is allowed: they free themselves.
class buffer_pool {
 public:
  struct options {
    /// Free slabs kept per tier; one released above that goes back to the global allocator.
    std::array<std::uint32_t, pool_tiers> keep{4096, 2048, 1024, 256, 64};
  };

  buffer_pool();
  explicit buffer_pool(const options& o);
  buffer_pool(const buffer_pool&) = delete;
  buffer_pool& operator=(const buffer_pool&) = delete;
  ~buffer_pool();

  /// Makes the calling thread the home; it was the constructing one. No slab may be out.
  void adopt_thread() noexcept;

  /// A slab of at least `octets` octets, contents undefined. Home thread only.
  [[nodiscard]] buffer_ref allocate(std::size_t octets);

  /// Counts since the start. Any thread; each number is exact, their set is not one instant's.
  [[nodiscard]] pool_statistics statistics() const noexcept;

 private:
  detail::pool_state* state_;
};

}  // namespace diamgw
