#include "gateway/peers/local_addresses.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "support/manual_time.hpp"
#include "support/memory_network.hpp"

namespace diamgw::gateway {
namespace {

using diameter::host_address;
using transport::endpoint_address;

// RFC 6733 §5.3.5: the address that the connection has on our side.
TEST(LocalAddresses, AreThoseOfTheConnection) {
  struct row {
    endpoint_address local;
    std::vector<host_address> expected;
  };
  const std::vector<row> rows{
      {endpoint_address::from_text("192.0.2.7", 3868), {host_address::v4({192, 0, 2, 7})}},
      {endpoint_address::from_text("2001:db8::7", 3868),
       {host_address::v6({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7})}},
      {endpoint_address{}, {}},
  };
  for (const row& r : rows) {
    test::stepped_shards shards;
    test::memory_network network;
    auto [dialling, accepting] = network.connect(shards.at(), shards.at(), r.local);

    EXPECT_EQ(local_addresses(*accepting), r.expected) << to_string(r.local);
  }
}

}  // namespace
}  // namespace diamgw::gateway
