// RFC 6733 §5.3, §6.10, §6.11.
#include "diamgw/diameter/capabilities.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "diamgw/codec/check.hpp"
#include "diamgw/diameter/base_messages.hpp"
#include "support/capabilities_messages.hpp"

namespace diamgw::diameter {
namespace {

TEST(CommonApplications, IntersectAndMatchRelays) {
  const struct {
    std::string_view name;
    std::vector<application_id> ours;
    std::vector<application_id> theirs;
    std::vector<application_id> common;
  } rows[] = {
      {"one in common", {{4}, {5}}, {{5}, {6}}, {{5}}},
      {"none", {{4}}, {{5}}, {}},
      {"nobody says anything", {}, {}, {}},
      {"the peer is a relay (2.4)", {{4}, {5}}, {relay_application}, {{4}, {5}}},
      {"we are a relay (2.4)", {relay_application}, {{4}, {5}}, {{4}, {5}}},
      {"both are relays", {relay_application}, {relay_application}, {relay_application}},
      {"a relay with an application too", {{4}}, {relay_application, {9}}, {{4}}},
      {"a relay and a node that names nothing", {}, {relay_application}, {relay_application}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    local_node node;
    node.auth_applications = row.ours;
    peer_capabilities peer;
    peer.auth_applications = row.theirs;

    EXPECT_EQ(common_applications(node, peer), row.common);
    EXPECT_EQ(judge(node, peer).has_value(), row.common.empty());
  }
}

TEST(CommonApplications, DoNotMindHowAnApplicationWasAdvertised) {
  local_node node;
  node.auth_applications = {s6a};
  peer_capabilities peer;
  peer.vendor_specific_applications = {{tgpp, s6a, application_kind::auth}};

  EXPECT_EQ(common_applications(node, peer), std::vector{s6a});
}

TEST(CommonApplications, KeepAuthAndAcctApart) {
  local_node node;
  node.auth_applications = {application_id{4}};
  peer_capabilities peer;
  peer.acct_applications = {application_id{4}};

  EXPECT_TRUE(common_applications(node, peer).empty());
  EXPECT_EQ(judge(node, peer)->code, result_code::no_common_application);
}

TEST(Judge, NeedsSecurityInCommon) {
  using list = std::vector<std::uint32_t>;
  const list none{inband_security::no_inband_security};
  const list tls{inband_security::tls};
  const list both{0, 1};
  const struct {
    list ours;
    list theirs;
    bool fits;
  } rows[] = {
      {{}, {}, true},   {{}, none, true},  {{}, tls, false},   {{}, both, true},   {tls, {}, false},
      {tls, tls, true}, {both, tls, true}, {none, tls, false}, {none, {7}, false},
  };
  for (const auto& row : rows) {
    local_node node = full_node();
    node.inband_security_ids = row.ours;
    peer_capabilities peer;
    peer.auth_applications = node.auth_applications;
    peer.inband_security_ids = row.theirs;

    const auto fault = judge(node, peer);

    EXPECT_EQ(!fault.has_value(), row.fits);
    if (fault) {
      EXPECT_EQ(fault->code, result_code::no_common_security);
    }
  }
}

TEST(PeerCapabilities, KnowWhatThePeerServes) {
  peer_capabilities peer;
  peer.vendor_specific_applications = {{tgpp, s6a, application_kind::auth}};
  EXPECT_TRUE(peer.serves(s6a));
  EXPECT_FALSE(peer.serves(base_accounting));

  peer.auth_applications = {relay_application};
  EXPECT_TRUE(peer.is_relay());
  EXPECT_TRUE(peer.serves(base_accounting));
}

TEST(FindOriginHost, GivesTheFirstOrNothing) {
  EXPECT_EQ(find_origin_host(message_builder{}.named().view()), "peer.example");
  EXPECT_EQ(find_origin_host(message_builder{}.view()), "");
}

TEST(SameIdentity, IgnoresTheCaseOfAsciiLettersOnly) {
  EXPECT_TRUE(same_identity("GW.example", "gw.EXAMPLE"));
  EXPECT_FALSE(same_identity("gw.example", "gw.example."));
  EXPECT_FALSE(same_identity("[", "{"));
}

TEST(HostAddress, TakesTheTwoFamiliesAndTheirSizesOnly) {
  const struct {
    std::string_view hex;
    bool known;
  } rows[] = {
      {"0001c0000201", true},
      {"000220010db8000000000000000000000001", true},
      {"0001c00002", false},
      {"0002c0000201", false},
      {"0008c0000201", false},
      {"00", false},
      {"", false},
  };
  for (const auto& row : rows) {
    const auto data = *from_hex(row.hex);
    const auto address = host_address::from_avp_data(data);
    ASSERT_EQ(address.has_value(), row.known) << row.hex;
    if (address) {
      EXPECT_EQ(to_hex(address->avp_data()), row.hex);
    }
  }
}

}  // namespace
}  // namespace diamgw::diameter
