#include "diamgw/gateway/from_options.hpp"

#include <gtest/gtest.h>

namespace diamgw::gateway {
namespace {

TEST(MakeIdentity, SaysWhoWeAre) {
  config::node_options o;
  o.origin_host = "a.example";
  o.origin_realm = "example";
  o.product_name = "product";
  o.vendor_id = 9;
  o.firmware_revision = 3;
  o.host_ip_addresses = {"192.0.2.1", "2001:db8::1"};
  o.applications.clear();

  const diameter::local_node node = make_identity(o, 17);

  EXPECT_EQ(node.origin_host, "a.example");
  EXPECT_EQ(node.origin_realm, "example");
  EXPECT_EQ(node.product_name, "product");
  EXPECT_EQ(node.vendor, vendor_id{9});
  EXPECT_EQ(node.firmware_revision, 3U);
  EXPECT_EQ(node.origin_state_id, 17U);
  ASSERT_EQ(node.host_ip_addresses.size(), 2U);
  EXPECT_EQ(node.host_ip_addresses[0], diameter::host_address::v4({192, 0, 2, 1}));
  EXPECT_EQ(node.host_ip_addresses[1], diameter::host_address::v6({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0,
                                                                   0, 0, 0, 0, 0, 0, 0, 0, 1}));
}

// RFC 6733 §5.3: of its own, or with a vendor in a Vendor-Specific-Application-Id (§6.11).
TEST(MakeIdentity, PutsEachApplicationWhereTheCerHasIt) {
  config::node_options o;
  o.applications = {{.auth = config::application_ref{.id = 4, .name = {}}},
                    {.acct = config::application_ref{.id = 3, .name = {}}},
                    {.auth = config::application_ref{.id = 16777251, .name = {}}, .vendor = 10415},
                    {.acct = config::application_ref{.id = 16777999, .name = {}}, .vendor = 9}};

  const diameter::local_node node = make_identity(o, 1);

  EXPECT_EQ(node.auth_applications, std::vector{application_id{4}});
  EXPECT_EQ(node.acct_applications, std::vector{application_id{3}});
  EXPECT_EQ(node.supported_vendors, (std::vector{vendor_id{10415}, vendor_id{9}}));
  EXPECT_EQ(node.vendor_specific_applications,
            (std::vector<diameter::vendor_specific_application>{
                {vendor_id{10415}, application_id{16777251}, diameter::application_kind::auth},
                {vendor_id{9}, application_id{16777999}, diameter::application_kind::acct}}));
}

}  // namespace
}  // namespace diamgw::gateway
