// RFC 6733 §5.3, §6.10, §6.11.
#include "diamgw/diameter/capabilities.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "diamgw/codec/check.hpp"
#include "diamgw/diameter/base_messages.hpp"
#include "support/capabilities_messages.hpp"
#include "support/peer_script.hpp"

namespace diamgw::diameter {
namespace {

TEST(EncodeCer, RoundTrips) {
  const local_node node = full_node();
  std::array<std::byte, 1024> octets;
  writer out{octets};

  const auto cer = check_message(encode_cer(out, node, {}, ids));
  ASSERT_TRUE(cer);
  const auto parsed = parse_cer(*cer, strictness::strict);

  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->origin_host, node.origin_host);
  EXPECT_EQ(parsed->origin_realm, node.origin_realm);
  EXPECT_EQ(parsed->host_ip_addresses, node.host_ip_addresses);
  EXPECT_EQ(parsed->vendor, node.vendor);
  EXPECT_EQ(parsed->product_name, node.product_name);
  EXPECT_EQ(parsed->firmware_revision, node.firmware_revision);
  EXPECT_EQ(parsed->origin_state_id, node.origin_state_id);
  EXPECT_EQ(parsed->supported_vendors, node.supported_vendors);
  EXPECT_EQ(parsed->auth_applications, node.auth_applications);
  EXPECT_EQ(parsed->acct_applications, node.acct_applications);
  EXPECT_EQ(parsed->vendor_specific_applications, node.vendor_specific_applications);
}

// §4.5: Product-Name and Firmware-Revision must not have the M bit, all others here must.
TEST(EncodeCer, SetsTheMandatoryBitAsTheTableSays) {
  const local_node node = full_node();
  std::array<std::byte, 1024> octets;
  writer out{octets};

  for (const avp_view avp : message_view{encode_cer(out, node, {}, ids)}.avps()) {
    const bool bare = avp.code == avps::product_name || avp.code == avps::firmware_revision;
    EXPECT_EQ(avp.mandatory(), !bare) << avp.code.value;
  }
}

TEST(EncodeCer, TakesTheConnectionsAddressesWhereTheNodeHasNone) {
  local_node node = full_node();
  node.host_ip_addresses.clear();
  const std::array addresses{host_address::v4({198, 51, 100, 7})};
  std::array<std::byte, 1024> octets;
  writer out{octets};

  const auto parsed = parse_cer(message_view{encode_cer(out, node, addresses, ids)});

  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->host_ip_addresses, std::vector(addresses.begin(), addresses.end()));
}

TEST(EncodeCer, GivesNothingWhereItDoesNotFit) {
  const local_node node = full_node();
  std::array<std::byte, 1024> octets;
  writer whole{octets};
  const std::size_t size = encode_cer(whole, node, {}, ids).size();

  for (std::size_t room = 0; room < size; ++room) {
    writer out{mutable_bytes{octets}.first(room)};
    EXPECT_TRUE(encode_cer(out, node, {}, ids).empty());
  }
}

TEST(EncodeCea, SaysSuccessAndTheApplications) {
  const local_node node = full_node();
  std::array<std::byte, 1024> octets;
  writer out{octets};

  const auto cea = check_message(encode_cea(out, node, {}, test::answer_to(ids)));
  ASSERT_TRUE(cea);
  const auto parsed = parse_cea(*cea);

  ASSERT_TRUE(parsed);
  EXPECT_FALSE(cea->is_request());
  EXPECT_EQ(parsed->result_code, 2001U);
  EXPECT_EQ(parsed->auth_applications, node.auth_applications);
}

TEST(EncodeCea, SaysWhyItRefuses) {
  std::array<std::byte, 1024> octets;
  writer out{octets};
  const auto fault = parse_cer(message_builder{}.view()).error();

  const auto cea = check_message(encode_cea(out, full_node(), {}, test::answer_to(ids), fault));

  ASSERT_TRUE(cea);
  EXPECT_FALSE(cea->is_error());
  EXPECT_EQ(find_unsigned32(*cea, avps::result_code), 5005U);
  EXPECT_EQ(as_text(cea->find(avps::error_message)->data), "no Origin-Host");
  EXPECT_EQ(to_hex(cea->find(avps::failed_avp)->data), "0000010840000008");
  EXPECT_EQ(parse_cea(*cea)->result_code, 5005U);
}

TEST(EncodeCea, TellsAStrangerNothingOfItsApplications) {
  std::array<std::byte, 1024> octets;
  writer out{octets};

  const auto cea =
      check_message(encode_cea(out, full_node(), {}, test::answer_to(ids), unknown_peer()));

  ASSERT_TRUE(cea);
  EXPECT_TRUE(cea->is_error());
  EXPECT_EQ(find_unsigned32(*cea, avps::result_code), 3010U);
  EXPECT_FALSE(cea->find(avps::auth_application_id));
  EXPECT_FALSE(cea->find(avps::vendor_specific_application_id));
}

}  // namespace
}  // namespace diamgw::diameter
