#include "diamgw/transport/address.hpp"

#include <gtest/gtest.h>

namespace diamgw::transport {
namespace {

TEST(EndpointAddress, ReadsAndShowsBothFamilies) {
  struct row {
    std::string_view host;
    endpoint_address::family kind;
    std::size_t octets;
    std::string_view text;
  };
  using family = endpoint_address::family;
  const row rows[] = {
      {"192.0.2.1", family::v4, 4, "192.0.2.1:3868"},
      {"2001:db8::1", family::v6, 16, "[2001:db8::1]:3868"},
      {"::", family::v6, 16, "[::]:3868"},
      {"::ffff:192.0.2.1", family::v4, 4, "192.0.2.1:3868"},
      {"ocs.example", family::none, 0, "?"},
      {"192.0.2.1:80", family::none, 0, "?"},
      {"", family::none, 0, "?"},
  };
  for (const row& r : rows) {
    const endpoint_address e = endpoint_address::from_text(r.host, 3868);

    EXPECT_EQ(e.kind(), r.kind) << r.host;
    EXPECT_EQ(e.host().size(), r.octets) << r.host;
    EXPECT_EQ(to_string(e), r.text) << r.host;
  }
}

TEST(EndpointAddress, GivesItsOctetsInNetworkOrder) {
  const endpoint_address e = endpoint_address::v4({192, 0, 2, 1}, 3868);

  EXPECT_EQ(e.host()[0], std::byte{192});
  EXPECT_EQ(e.host()[3], std::byte{1});
  EXPECT_EQ(e.port(), 3868);
  EXPECT_EQ(e.host_text(), "192.0.2.1");
  EXPECT_EQ(e, endpoint_address::from_text("192.0.2.1", 3868));
  EXPECT_NE(e, endpoint_address::from_text("192.0.2.1", 3869));
}

TEST(Address, IsShownWithItsProtocol) {
  EXPECT_EQ(to_string(address{.host = "ocs.example", .port = 3868}), "tcp://ocs.example:3868");
  EXPECT_EQ(to_string(address{.host = "2001:db8::1", .port = 1}), "tcp://[2001:db8::1]:1");
  EXPECT_EQ(host_and_port_of({.host = "ocs.example", .port = 3868}), "ocs.example:3868");
  EXPECT_EQ(host_and_port_of({.host = "2001:db8::1", .port = 1}), "[2001:db8::1]:1");
}

TEST(DecodeHostAndPort, TakesNamesAndBothKindsOfAddresses) {
  struct row {
    std::string_view text;
    std::uint16_t default_port;
    std::string_view host;  // empty: refused
    std::uint16_t port;
  };
  const row rows[] = {
      {"ocs.example:3868", 0, "ocs.example", 3868},
      {"ocs.example", 3868, "ocs.example", 3868},
      {"192.0.2.1:65535", 0, "192.0.2.1", 65535},
      {"[2001:db8::1]:3868", 0, "2001:db8::1", 3868},
      {"[2001:db8::1]", 3868, "2001:db8::1", 3868},
      {"ocs.example", 0, "", 0},
      {"my_ocs:3868", 0, "my_ocs", 3868},
      {"-ocs:3868", 0, "", 0},
      {"ocs..example:3868", 0, "", 0},
      {"192.0.2:3868", 0, "", 0},
      {"192.0.2.256:3868", 0, "", 0},
      {"[ocs.example]:3868", 0, "", 0},
      {"[192.0.2.1]:3868", 0, "", 0},
      {"ocs.example:", 3868, "", 0},
      {"ocs.example:0", 3868, "ocs.example", 0},  // a free one, for who listens
      {"ocs.example:65536", 0, "", 0},
      {"ocs.example:38x", 0, "", 0},
      {":3868", 0, "", 0},
      {"2001:db8::1", 3868, "", 0},
      {"[2001:db8::1", 3868, "", 0},
      {"[2001:db8::1]3868", 3868, "", 0},
      {"", 3868, "", 0},
  };
  for (const row& r : rows) {
    const auto decoded = decode_host_and_port(r.text, r.default_port);

    EXPECT_EQ(decoded.has_value(), !r.host.empty()) << r.text;
    if (decoded) {
      EXPECT_EQ(decoded->host, r.host) << r.text;
      EXPECT_EQ(decoded->port, r.port) << r.text;
    }
  }
}

}  // namespace
}  // namespace diamgw::transport
