#include "diamgw/base/assert.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace diamgw {
namespace {

std::atomic<std::uint64_t> bugs{0};
std::atomic<bug_listener*> listener{nullptr};

}  // namespace

void set_bug_listener(bug_listener* to) noexcept {
  listener = to;
}

void report_bug(const char* condition, const char* file, int line) noexcept {
  // A bug on a hot path must not fill the disk: the first thousand are told, all are counted.
  if (bugs.fetch_add(1, std::memory_order_relaxed) < 1000) {
    if (bug_listener* const told = listener.load()) {
      told->on_bug(condition, file, line);
    } else {
      std::fprintf(stderr, "diamgw: bug: %s at %s:%d\n", condition, file, line);
    }
  }
#ifndef NDEBUG
  std::abort();
#endif
}

std::uint64_t bug_count() noexcept {
  return bugs.load(std::memory_order_relaxed);
}

}  // namespace diamgw
