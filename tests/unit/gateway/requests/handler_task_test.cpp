#include "diamgw/gateway/requests/handler_task.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "diamgw/buffer/allocation_statistics.hpp"

namespace diamgw::gateway {
namespace {

struct handler_shard {
  frame_pool pool;
  int failures = 0;

  frame_pool& frames() { return pool; }
  void on_handler_exception(std::exception_ptr) { ++failures; }
};

struct gate {
  std::coroutine_handle<> waiter;
  int value = 0;

  auto wait() {
    struct awaiter {
      gate& g;
      bool await_ready() { return false; }
      void await_suspend(std::coroutine_handle<> h) { g.waiter = h; }
      int await_resume() { return g.value; }
    };
    return awaiter{*this};
  }
};

handler_task wait_and_add(handler_shard&, gate& g, int& sum) {
  sum += co_await g.wait();
}

handler_task fail(handler_shard&) {
  throw std::runtime_error{"no"};
  co_return;
}

TEST(HandlerTask, RunsAtOnceAndGoesOnWhenResumed) {
  handler_shard f;
  gate g;
  int sum = 1;

  wait_and_add(f, g, sum);
  ASSERT_TRUE(g.waiter);
  g.value = 5;
  g.waiter.resume();

  EXPECT_EQ(sum, 6);
}

TEST(HandlerTask, TakesItsFrameFromThePool) {
  ASSERT_TRUE(allocation_counting_works());
  handler_shard f;
  gate g;
  int sum = 0;
  wait_and_add(f, g, sum);
  g.waiter.resume();

  const auto before = thread_allocations();
  for (int i = 0; i < 100; ++i) {
    wait_and_add(f, g, sum);
    g.waiter.resume();
  }

  EXPECT_EQ((thread_allocations() - before).calls, 0U);
}

// docs/architecture.md, "Inside": free frames above what is kept go to the global allocator.
TEST(FramePool, KeepsSoManyFreeFramesOfASize) {
  ASSERT_TRUE(allocation_counting_works());
  frame_pool pool;
  std::vector<void*> frames;
  frames.reserve(frame_pool::keep + 3);
  const auto take_all = [&] {
    const auto before = thread_allocations();
    for (std::size_t i = 0; i < frame_pool::keep + 3; ++i) {
      frames.push_back(pool.allocate(100));
    }
    return (thread_allocations() - before).calls;
  };
  const auto release_all = [&] {
    for (void* frame : frames) {
      frame_pool::release(frame);
    }
    frames.clear();
  };

  EXPECT_EQ(take_all(), frame_pool::keep + 3);
  release_all();
  EXPECT_EQ(take_all(), 3U);
  release_all();
}

TEST(FramePool, KeepsNoLargeFrames) {
  ASSERT_TRUE(allocation_counting_works());
  frame_pool pool;
  frame_pool::release(pool.allocate(5000));

  const auto before = thread_allocations();
  frame_pool::release(pool.allocate(5000));

  EXPECT_EQ((thread_allocations() - before).calls, 1U);
}

TEST(HandlerTask, TellsItsContextOfAnException) {
  handler_shard f;

  fail(f);

  EXPECT_EQ(f.failures, 1);
}

}  // namespace
}  // namespace diamgw::gateway
