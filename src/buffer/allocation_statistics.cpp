#include "diamgw/buffer/allocation_statistics.hpp"

#include <array>
#include <atomic>
#include <cstdlib>
#include <memory>

namespace diamgw {
namespace {

// Each thread takes a place and is its only writer; threads past the last place share that one.
struct alignas(64) place {
  std::atomic<std::uint64_t> calls{0};
  std::atomic<std::uint64_t> octets{0};
};

constexpr std::size_t places_count = 256;
constinit std::array<place, places_count> places{};
constinit std::atomic<std::size_t> places_taken{0};
constinit thread_local place* my_place = nullptr;
constinit thread_local allocation_counts my_counts{};

place& take_place() noexcept {
  if (my_place == nullptr) {
    const std::size_t index = places_taken.fetch_add(1, std::memory_order_relaxed);
    my_place = &places[index < places_count ? index : places_count - 1];
  }
  return *my_place;
}

}  // namespace

void count_allocation(std::uint64_t octets) noexcept {
  my_counts.calls += 1;
  my_counts.octets += octets;
  place& p = take_place();
  if (&p == &places.back()) {
    p.calls.fetch_add(1, std::memory_order_relaxed);
    p.octets.fetch_add(octets, std::memory_order_relaxed);
  } else {
    p.calls.store(my_counts.calls, std::memory_order_relaxed);
    p.octets.store(my_counts.octets, std::memory_order_relaxed);
  }
}

allocation_counts thread_allocations() noexcept {
  return my_counts;
}

allocation_counts process_allocations() noexcept {
  allocation_counts sum;
  for (const place& p : places) {
    sum.calls += p.calls.load(std::memory_order_relaxed);
    sum.octets += p.octets.load(std::memory_order_relaxed);
  }
  return sum;
}

bool allocation_counting_works() {
  const std::uint64_t before = thread_allocations().calls;
  void* volatile by_new = ::operator new(32);
  ::operator delete(by_new);
  return thread_allocations().calls > before;
}

}  // namespace diamgw
