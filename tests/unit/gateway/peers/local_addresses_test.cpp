#include "gateway/peers/local_addresses.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "support/fake_stream.hpp"
#include "support/manual_time.hpp"

namespace diamgw::gateway {
namespace {

using diameter::host_address;
using transport::endpoint_address;

// RFC 6733 §5.3.5: the addresses that the connection has on our side, with SCTP all of them.
TEST(LocalAddresses, AreAllThoseOfTheConnection) {
  const auto v4 = endpoint_address::from_text("192.0.2.7", 3868);
  const auto v6 = endpoint_address::from_text("2001:db8::7", 3868);
  const auto v4_data = host_address::v4({192, 0, 2, 7});
  const auto v6_data =
      host_address::v6({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7});
  struct row {
    std::string_view name;
    std::vector<endpoint_address> local;
    std::vector<host_address> expected;
  };
  const std::vector<row> rows{
      {"v4", {v4}, {v4_data}},
      {"v6", {v6}, {v6_data}},
      {"two, in their order", {v6, v4}, {v6_data, v4_data}},
      {"one beside what has none", {endpoint_address{}, v4}, {v4_data}},
      {"no IP address", {endpoint_address{}}, {}},
  };
  for (const row& r : rows) {
    diamgw::test::stepped_shards shards;
    diamgw::test::fake_stream connection{shards.at()};
    connection.has_local(r.local);

    EXPECT_EQ(local_addresses(connection), r.expected) << r.name;
  }
}

}  // namespace
}  // namespace diamgw::gateway
