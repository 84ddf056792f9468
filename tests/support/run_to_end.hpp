// One shard, run by the test's own thread.
#pragma once
#include <gtest/gtest.h>

#include <exception>
#include <string>
#include <utility>

#include "diamgw/transport/shard.hpp"

namespace diamgw::test {

/// A group of one shard whose failures fail the test.
[[nodiscard]] inline transport::shard_group::options one_shard() {
  transport::shard_group::options o;
  o.on_failure = [](std::string_view where, std::exception_ptr failure) {
    try {
      std::rethrow_exception(std::move(failure));
    } catch (const std::exception& e) {
      ADD_FAILURE() << where << ": " << e.what();
    } catch (...) {
      ADD_FAILURE() << where << ": not a std::exception";
    }
  };
  return o;
}

/// Runs `work` on the group's one shard, in the calling thread, until it and all that it started
/// has ended. Once per group.
inline void run_to_end(transport::shard_group& group, transport::awaitable<> work) {
  transport::spawn(group.at(0), std::move(work), "test");
  group.finish();
  group.run_here();
}

}  // namespace diamgw::test
