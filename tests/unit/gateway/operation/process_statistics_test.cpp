#include "gateway/operation/process_statistics.hpp"

#include <gtest/gtest.h>

namespace diamgw::gateway {
namespace {

TEST(ProcessStatistics, ReadsPagesOfStatm) {
  const auto pages = parse_statm("11225 1903 1477 52 0 3420 0\n");

  ASSERT_TRUE(pages);
  EXPECT_EQ(pages->address_space, 11225U);
  EXPECT_EQ(pages->resident, 1903U);
  for (const char* text : {"", "\n", "11225", "11225 ", "x 1903", "11225 x", "-1 2"}) {
    EXPECT_FALSE(parse_statm(text)) << text;
  }
}

TEST(ProcessStatistics, AreThoseOfThisProcess) {
  const auto found = read_process_statistics(1'700'000'000);

  EXPECT_EQ(found.start_time_seconds, 1'700'000'000);
  EXPECT_GE(found.cpu_seconds.value(), 0);
  EXPECT_GT(found.resident_bytes.value(), 100'000);
  EXPECT_GE(found.virtual_bytes.value(), found.resident_bytes.value());
  EXPECT_GE(found.open_fds.value(), 0);
  EXPECT_GE(found.max_fds.value(), found.open_fds.value());
}

}  // namespace
}  // namespace diamgw::gateway
