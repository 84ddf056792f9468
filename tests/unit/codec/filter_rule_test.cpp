#include "diamgw/codec/filter_rule.hpp"

#include <gtest/gtest.h>

#include "diamgw/base/bytes.hpp"

namespace diamgw::diameter {
namespace {

using endpoint = ip_filter_rule::endpoint;

TEST(IpFilterRule, ReadsEveryPart) {
  const auto rule = parse_ip_filter_rule(
      "deny out 6 from !192.0.2.0/24 80,1024-65535 to 2001:db8::1 443 ipoptions ssrr,!ts "
      "tcpoptions mss,!cc established setup tcpflags syn,!ack");

  ASSERT_TRUE(rule.has_value());
  EXPECT_EQ(rule->action, ip_filter_rule::action_kind::deny);
  EXPECT_EQ(rule->direction, ip_filter_rule::direction_kind::out);
  EXPECT_EQ(rule->protocol, 6);
  EXPECT_EQ(rule->source.address, endpoint::kind::ipv4);
  EXPECT_TRUE(rule->source.inverted);
  EXPECT_EQ(rule->source.bits, 24);
  EXPECT_EQ(load_be32(rule->source.octets.data()), 0xc0000200U);
  EXPECT_TRUE(rule->source.ports.contains(80));
  EXPECT_TRUE(rule->source.ports.contains(1024));
  EXPECT_TRUE(rule->source.ports.contains(65535));
  EXPECT_FALSE(rule->source.ports.contains(81));
  EXPECT_EQ(rule->destination.address, endpoint::kind::ipv6);
  EXPECT_FALSE(rule->destination.inverted);
  EXPECT_EQ(rule->destination.bits, 128);
  EXPECT_EQ(rule->destination.ports.text(), "443");
  EXPECT_EQ(rule->ip_options, (ip_filter_rule::name_set{1, 8}));
  EXPECT_EQ(rule->tcp_options, (ip_filter_rule::name_set{1, 16}));
  EXPECT_EQ(rule->tcp_flags, (ip_filter_rule::name_set{2, 16}));
  EXPECT_TRUE(rule->established);
  EXPECT_TRUE(rule->setup);
  EXPECT_FALSE(rule->fragment);
}

TEST(IpFilterRule, LeavesOutWhatMayBeLeftOut) {
  const auto rule = parse_ip_filter_rule("permit in ip from any to assigned");

  ASSERT_TRUE(rule.has_value());
  EXPECT_EQ(rule->action, ip_filter_rule::action_kind::permit);
  EXPECT_EQ(rule->direction, ip_filter_rule::direction_kind::in);
  EXPECT_FALSE(rule->protocol.has_value());
  EXPECT_EQ(rule->source.address, endpoint::kind::any);
  EXPECT_EQ(rule->destination.address, endpoint::kind::assigned);
  EXPECT_TRUE(rule->source.ports.empty());
  EXPECT_FALSE(rule->ip_options.has_value());
  EXPECT_EQ(rule->icmp_types, "");
}

TEST(IpFilterRule, TakesWhatTheTextAllows) {
  for (const std::string_view text : {
           "permit out ip from any to any",
           "permit out ip from ! 192.0.2.1 to any",
           "permit out 17 from 0.0.0.0/0 to ::/0",
           "permit out 132 from any 0 to any 65535",
           "permit out ip from any 80 to any",
           "  permit\tout  ip from any to any  ",
           "permit in 255 from 192.0.2.10 to 192.0.2.0/24",
           "permit in 1 from any to any icmptypes 0",
           "permit in 1 from any to any icmptypes echo reply,3-5,address mask reply frag",
           "permit in 1 from any to any frag",
       }) {
    EXPECT_TRUE(parse_ip_filter_rule(text).has_value()) << text;
  }
}

TEST(IpFilterRule, RefusesTheRest) {
  struct row {
    std::string_view why;
    std::string_view text;
  };
  const row rows[] = {
      {"nothing", ""},
      {"no more than an action", "permit"},
      {"action", "allow in ip from any to any"},
      {"action's case", "Permit in ip from any to any"},
      {"direction", "permit both ip from any to any"},
      {"no protocol", "permit in from any to any"},
      {"protocol by name", "permit in tcp from any to any"},
      {"protocol above an octet", "permit in 256 from any to any"},
      {"no from", "permit in ip any to any"},
      {"no to", "permit in ip from any"},
      {"no destination", "permit in ip from any to"},
      {"no source", "permit in ip from to any"},
      {"address", "permit in ip from 192.0.2 to any"},
      {"address of another family", "permit in ip from e164:49 to any"},
      {"host name", "permit in ip from host.example to any"},
      {"mask of IPv4", "permit in ip from 0.0.0.0/33 to any"},
      {"mask of IPv6", "permit in ip from ::/129 to any"},
      {"no mask", "permit in ip from 0.0.0.0/ to any"},
      {"mask that is no number", "permit in ip from 0.0.0.0/x to any"},
      {"bits beyond the mask", "permit in ip from 192.0.2.10/24 to any"},
      {"bits beyond no mask", "permit in ip from ::1/0 to any"},
      {"mask of any", "permit in ip from any/0 to any"},
      {"nothing inverted", "permit in ip from ! to any"},
      {"port", "permit in 6 from any 65536 to any"},
      {"range that goes down", "permit in 6 from any 90-80 to any"},
      {"range without an end", "permit in 6 from any 80- to any"},
      {"ends in a comma", "permit in 6 from any 80, to any"},
      {"comma after comma", "permit in 6 from any 80,,81 to any"},
      {"ports of ICMP", "permit in 1 from any 80 to any"},
      {"option", "permit in ip from any to any log"},
      {"option twice", "permit in ip from any to any frag frag"},
      {"no list", "permit in 6 from any to any tcpflags"},
      {"list's name", "permit in 6 from any to any tcpflags syn,ece"},
      {"present and absent", "permit in 6 from any to any tcpflags syn,!syn"},
      {"list twice", "permit in 6 from any to any tcpflags syn tcpflags ack"},
      {"frag beside ports", "permit in 6 from any 80 to any frag"},
      {"frag beside tcpflags", "permit in 6 from any to any frag tcpflags syn"},
      {"no ICMP type", "permit in 1 from any to any icmptypes"},
      {"ICMP type above an octet", "permit in 1 from any to any icmptypes 256"},
      {"ICMP name", "permit in 1 from any to any icmptypes echo"},
      {"ICMP types end in a comma", "permit in 1 from any to any icmptypes 3,"},
      {"zero octet", std::string_view{"permit in ip from any to any\0", 29}},
  };
  for (const row& r : rows) {
    const auto rule = parse_ip_filter_rule(r.text);
    ASSERT_TRUE(rule.has_error()) << r.why;
    EXPECT_EQ(rule.error(), make_error_code(errc::value_filter_rule)) << r.why;
  }
}

}  // namespace
}  // namespace diamgw::diameter
