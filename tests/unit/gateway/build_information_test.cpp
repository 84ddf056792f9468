#include "diamgw/gateway/build_information.hpp"

#include <gtest/gtest.h>

namespace diamgw::gateway {
namespace {

TEST(BuildInformation, IsThatOfThisBuild) {
  const metrics::build_information build = build_information();

  EXPECT_EQ(build.version, version());
  EXPECT_FALSE(build.compiler.empty());
  EXPECT_TRUE(build.build_type == "debug" || build.build_type == "release");
}

}  // namespace
}  // namespace diamgw::gateway
