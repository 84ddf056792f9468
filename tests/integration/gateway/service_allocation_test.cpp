#include <gtest/gtest.h>

#include "diamgw/buffer/allocation_statistics.hpp"
#include "integration/gateway/whole_path.hpp"

namespace diamgw::gateway {
namespace {

class ServiceAllocation : public WholePath {
 protected:
  void expect_no_allocations();
};

// With two shards it is chance whether client and peer meet on one: the result is the same.
INSTANTIATE_TEST_SUITE_P(Shards, ServiceAllocation, testing::Values(1U, 2U));

void ServiceAllocation::expect_no_allocations() {
  for (int i = 0; i < 500; ++i) {
    const std::string_view answer = call();
    ASSERT_NE(answer.find("\"id\":1,\"result\":"), answer.npos) << answer;
  }

  // Where the threads meet in a new way a pool may need one slab more than ever before, and keeps
  // it; what is made per message is made in every round.
  constexpr int calls = 1000;
  allocation_counts made;
  for (int round = 0; round < 5; ++round) {
    const auto before = process_allocations();
    for (int i = 0; i < calls; ++i) {
      ASSERT_FALSE(call().empty());
    }
    made = process_allocations() - before;
    if (made.calls == 0) {
      break;
    }
  }

  RecordProperty("allocations", static_cast<int>(made.calls));
  EXPECT_EQ(made.calls, 0U) << made.octets << " octets in " << calls << " exchanges";
}

TEST_P(ServiceAllocation, IsNonePerMessageInTheSteadyState) {
  ASSERT_TRUE(allocation_counting_works());
  ASSERT_GT(process_allocations().calls, thread_allocations().calls) << "the shards' count too";

  expect_no_allocations();
}

TEST_P(ServiceAllocation, IsNonePerMessageAfterAReload) {
  ASSERT_TRUE(service_->use_dictionary(dictionary::share_embedded()));

  expect_no_allocations();
}

}  // namespace
}  // namespace diamgw::gateway
