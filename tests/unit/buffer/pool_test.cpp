#include "diamgw/buffer/pool.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

#include "diamgw/buffer/allocation_statistics.hpp"

namespace diamgw {
namespace {

TEST(BufferPool, ServesTheSmallestTierThatFits) {
  buffer_pool pool;

  EXPECT_EQ(pool.allocate(1).capacity(), 256U);
  EXPECT_EQ(pool.allocate(256).capacity(), 256U);
  EXPECT_EQ(pool.allocate(257).capacity(), 1024U);
  EXPECT_EQ(pool.allocate(65536).capacity(), 65536U);
  EXPECT_EQ(pool.allocate(65537).capacity(), 65537U);
}

TEST(BufferPool, TakesReleasedSlabsAgainWithoutTheGlobalAllocator) {
  ASSERT_TRUE(allocation_counting_works());
  buffer_pool pool;
  {
    const buffer_ref first = pool.allocate(1000);
  }

  const auto before = thread_allocations();
  for (int i = 0; i < 100; ++i) {
    const buffer_ref again = pool.allocate(1000);
    const buffer_ref copy = again;
  }

  EXPECT_EQ((thread_allocations() - before).calls, 0U);
  EXPECT_EQ(pool.statistics().tiers[1].hits, 100U);
  EXPECT_EQ(pool.statistics().tiers[1].misses, 1U);
  EXPECT_EQ(pool.statistics().tiers[1].free, 1U);
}

TEST(BufferPool, KeepsNoMoreThanItsLimit) {
  buffer_pool pool{{.keep = {2, 2, 2, 2, 2}}};
  {
    std::vector<buffer_ref> out;
    for (int i = 0; i < 5; ++i) {
      out.push_back(pool.allocate(10));
    }
  }

  EXPECT_EQ(pool.statistics().tiers[0].free, 2U);
}

TEST(BufferPool, GetsBackWhatAnotherThreadReleased) {
  buffer_pool pool;
  std::vector<buffer_ref> out;
  for (int i = 0; i < 64; ++i) {
    out.push_back(pool.allocate(10));
  }
  std::thread{[taken = std::move(out)]() mutable { taken.clear(); }}.join();

  for (int i = 0; i < 64; ++i) {
    out.push_back(pool.allocate(10));
  }

  EXPECT_EQ(pool.statistics().tiers[0].misses, 64U);
  EXPECT_EQ(pool.statistics().tiers[0].hits, 64U);
}

TEST(BufferPool, MayEndBeforeItsSlabs) {
  auto pool = std::make_unique<buffer_pool>();
  buffer_ref here = pool->allocate(10);
  buffer_ref there = pool->allocate(10);

  pool.reset();
  here.whole()[0] = std::byte{1};
  std::thread{[taken = std::move(there)]() mutable { taken = {}; }}.join();

  EXPECT_TRUE(here.unique());
}

TEST(BufferPool, SurvivesReleasesWhileItEnds) {
  for (int round = 0; round < 50; ++round) {
    auto pool = std::make_unique<buffer_pool>();
    std::vector<buffer_ref> out;
    for (int i = 0; i < 32; ++i) {
      out.push_back(pool->allocate(10));
    }
    std::thread other{[taken = std::move(out)]() mutable { taken.clear(); }};
    pool.reset();
    other.join();
  }
}

// ThreadSanitizer's hook is not told of aligned_alloc.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
constexpr bool aligned_is_counted = false;
#else
constexpr bool aligned_is_counted = true;
#endif
#else
constexpr bool aligned_is_counted = true;
#endif

TEST(AllocationStatistics, CountsCallsAndOctetsOfThisThread) {
  ASSERT_TRUE(allocation_counting_works());
  const auto before = thread_allocations();
  const auto process_before = process_allocations();

  void* volatile by_new = ::operator new(1000);
  void* volatile aligned = std::aligned_alloc(64, 128);

  const auto counted = thread_allocations() - before;
  EXPECT_EQ(counted.calls, aligned_is_counted ? 2U : 1U);
  EXPECT_EQ(counted.octets, aligned_is_counted ? 1128U : 1000U);
  EXPECT_GE((process_allocations() - process_before).calls, counted.calls);
  std::free(aligned);
  ::operator delete(by_new);
}

}  // namespace
}  // namespace diamgw
