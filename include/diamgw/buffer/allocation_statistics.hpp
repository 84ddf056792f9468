// How often the process called the global allocator, and for how many octets.
//
// Counted are operator new in all its forms, malloc, calloc, realloc and aligned_alloc (by which
// Asio allocates) as called from the program's own objects. The counting functions live in the
// object library `diamgw_allocation_hooks`: an executable that does not link it counts nothing.
#pragma once
#include <cstdint>

namespace diamgw {

struct allocation_counts {
  std::uint64_t calls = 0;
  std::uint64_t octets = 0;

  friend allocation_counts operator-(allocation_counts a, allocation_counts b) noexcept {
    return {a.calls - b.calls, a.octets - b.octets};
  }
};

/// True where the hooks are linked in. Tests that assert "0 allocations" must assert this first.
[[nodiscard]] bool allocation_counting_works();

/// Allocations of the calling thread since it started. Cost: two loads.
[[nodiscard]] allocation_counts thread_allocations() noexcept;

/// Allocations of all threads since the start, ended ones included. Any thread.
[[nodiscard]] allocation_counts process_allocations() noexcept;

/// For the hooks: one allocation by the calling thread. No allocation, no lock.
void count_allocation(std::uint64_t octets) noexcept;

}  // namespace diamgw
