// RFC 6733 §5.3, §6.10, §6.11.
#include "diamgw/diameter/capabilities.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>

#include "diamgw/base/hex.hpp"
#include "diamgw/diameter/base_messages.hpp"
#include "diamgw/diameter/check.hpp"
#include "support/peer_script.hpp"

namespace diamgw::diameter {
namespace {

constexpr message_ids ids{{1}, {2}};
constexpr std::uint8_t m_bit = avp_flags::mandatory;
constexpr vendor_id tgpp{10415};
constexpr application_id s6a{16'777'251};
constexpr application_id base_accounting{3};

local_node full_node() {
  local_node node = test::make_node("gw.example");
  node.host_ip_addresses = {
      host_address::v4({192, 0, 2, 1}),
      host_address::v6({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})};
  node.vendor = vendor_id{999};
  node.firmware_revision = 10200;
  node.supported_vendors = {tgpp};
  node.acct_applications = {base_accounting};
  node.vendor_specific_applications = {{tgpp, s6a, application_kind::auth}};
  return node;
}

/// A CER whose AVPs a test appends to; Origin-Host and -Realm are there unless told otherwise.
class message_builder {
 public:
  explicit message_builder(std::uint8_t flags = command_flags::request) {
    out_.begin_message({flags, commands::capabilities_exchange, base_application, {}, {}});
  }
  message_builder& named() {
    out_.text(avps::origin_host, ietf_vendor, m_bit, "peer.example");
    out_.text(avps::origin_realm, ietf_vendor, m_bit, "example");
    return *this;
  }
  message_builder& with(const std::function<void(writer&)>& append) {
    append(out_);
    return *this;
  }
  message_builder& u32(avp_code code, std::uint32_t value) {
    out_.unsigned32(code, ietf_vendor, m_bit, value);
    return *this;
  }
  message_builder& group(const std::function<void(writer&)>& append) {
    const std::size_t mark =
        out_.begin_group(avps::vendor_specific_application_id, ietf_vendor, m_bit);
    append(out_);
    out_.end_group(mark);
    return *this;
  }
  message_view view() { return message_view{out_.finish()}; }

 private:
  std::vector<std::byte> octets_ = std::vector<std::byte>(65536);
  writer out_{octets_};
};

std::string failed_avp(const capabilities_fault& fault) {
  return to_hex({fault.failed_avp.data(), fault.failed_avp.size()});
}

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

  const auto cea = check_message(encode_cea(out, node, {}, ids));
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

  const auto cea = check_message(encode_cea(out, full_node(), {}, ids, fault));

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

  const auto cea = check_message(encode_cea(out, full_node(), {}, ids, unknown_peer()));

  ASSERT_TRUE(cea);
  EXPECT_TRUE(cea->is_error());
  EXPECT_EQ(find_unsigned32(*cea, avps::result_code), 3010U);
  EXPECT_FALSE(cea->find(avps::auth_application_id));
  EXPECT_FALSE(cea->find(avps::vendor_specific_application_id));
}

TEST(ParseCer, RequiresTheAvpsOfItsGrammar) {
  const auto all_but = [](avp_code left_out) {
    local_node node = full_node();
    message_builder built;
    std::array<std::byte, 1024> octets;
    writer out{octets};
    for (const avp_view avp : message_view{encode_cer(out, node, {}, ids)}.avps()) {
      if (avp.code != left_out) {
        built.with([&](writer& w) { w.copy(avp); });
      }
    }
    return built;
  };
  const struct {
    avp_code code;
    std::string_view failed;
    bool lenient;  // passes where leniency is asked for
  } rows[] = {
      {avps::origin_host, "0000010840000008", false},
      {avps::origin_realm, "0000012840000008", false},
      {avps::host_ip_address, "000001014000000a00000000", true},
      {avps::vendor_id_avp, "0000010a4000000c00000000", true},
      {avps::product_name, "0000010d40000008", true},
  };
  for (const auto& row : rows) {
    message_builder built = all_but(row.code);

    const auto strict = parse_cer(built.view(), strictness::strict);
    const auto lenient = parse_cer(built.view(), strictness::lenient);

    ASSERT_FALSE(strict) << row.code.value;
    EXPECT_EQ(strict.error().code, result_code::missing_avp);
    EXPECT_EQ(failed_avp(strict.error()), row.failed);
    EXPECT_EQ(lenient.has_value(), row.lenient) << row.code.value;
  }
}

TEST(ParseCer, JudgesVendorSpecificApplications) {
  using list = std::vector<vendor_specific_application>;
  const auto vendor = [](writer& w, std::uint32_t v) {
    w.unsigned32(avps::vendor_id_avp, ietf_vendor, m_bit, v);
  };
  const auto auth = [](writer& w, std::uint32_t v) {
    w.unsigned32(avps::auth_application_id, ietf_vendor, m_bit, v);
  };
  const auto acct = [](writer& w, std::uint32_t v) {
    w.unsigned32(avps::acct_application_id, ietf_vendor, m_bit, v);
  };
  const struct {
    std::string_view name;
    std::function<void(writer&)> members;
    std::optional<result_code> refused;
    std::string_view failed;
    list kept;
  } rows[] = {
      {"one of each",
       [&](writer& w) { vendor(w, 1), auth(w, 4); },
       {},
       "",
       {{vendor_id{1}, {4}, application_kind::auth}}},
      {"accounting",
       [&](writer& w) { vendor(w, 1), acct(w, 3); },
       {},
       "",
       {{vendor_id{1}, {3}, application_kind::acct}}},
      {"several Vendor-Ids (RFC 3588)",
       [&](writer& w) { vendor(w, 1), vendor(w, 2), auth(w, 4); },
       {},
       "",
       {{vendor_id{1}, {4}, application_kind::auth}, {vendor_id{2}, {4}, application_kind::auth}}},
      {"no Vendor-Id",
       [&](writer& w) { auth(w, 4); },
       {},
       "",
       {{ietf_vendor, {4}, application_kind::auth}}},
      {"neither (section 6.11)",
       [&](writer& w) { vendor(w, 1); },
       result_code::missing_avp,
       "000001024000000c00000000000001034000000c00000000",
       {}},
      {"both (section 6.11)",
       [&](writer& w) { vendor(w, 1), auth(w, 4), acct(w, 3); },
       result_code::avp_occurs_too_many_times,
       "000001024000000c00000004000001034000000c00000003",
       {}},
      {"another vendor's 258",
       [&](writer& w) { vendor(w, 1), w.unsigned32(avps::auth_application_id, tgpp, m_bit, 4); },
       result_code::missing_avp,
       "000001024000000c00000000000001034000000c00000000",
       {}},
      {"empty",
       [](writer&) {},
       result_code::missing_avp,
       "000001024000000c00000000000001034000000c00000000",
       {}},
      {"a short application",
       [&](writer& w) { w.octets(avps::auth_application_id, ietf_vendor, m_bit, as_bytes("ab")); },
       result_code::invalid_avp_length,
       "000001024000000c00000000",
       {}},
      {"lying lengths inside",
       [](writer& w) { w.encoded(as_bytes("\1\2\3\4\5\6\7\377....")); },
       result_code::invalid_avp_length,
       "0000010440000008",
       {}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    message_builder built;
    built.named().group(row.members);

    const auto parsed = parse_cer(built.view());

    ASSERT_EQ(parsed.has_value(), !row.refused.has_value());
    if (parsed) {
      EXPECT_EQ(parsed->vendor_specific_applications, row.kept);
    } else {
      EXPECT_EQ(parsed.error().code, *row.refused);
      EXPECT_EQ(failed_avp(parsed.error()), row.failed);
    }
  }
}

TEST(ParseCer, DropsDuplicates) {
  message_builder built;
  const auto same = [](writer& w) {
    w.unsigned32(avps::vendor_id_avp, ietf_vendor, m_bit, 1);
    w.unsigned32(avps::auth_application_id, ietf_vendor, m_bit, 4);
  };
  built.named().u32(avps::auth_application_id, 4).u32(avps::auth_application_id, 4);
  built.group(same).group(same).u32(avps::supported_vendor_id, 1).u32(avps::supported_vendor_id, 1);

  const auto parsed = parse_cer(built.view());

  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->auth_applications.size(), 1U);
  EXPECT_EQ(parsed->vendor_specific_applications.size(), 1U);
  EXPECT_EQ(parsed->supported_vendors.size(), 1U);
}

TEST(ParseCer, KeepsABoundedNumberOfItems) {
  message_builder built;
  built.named();
  for (std::uint32_t i = 0; i < max_capability_items + 10; ++i) {
    built.u32(avps::auth_application_id, i);
  }

  const auto parsed = parse_cer(built.view());

  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->auth_applications.size(), max_capability_items);
  EXPECT_EQ(parsed->ignored_items, 10U);
}

TEST(ParseCer, RefusesAnIdentityThatIsEmptyOrTooLong) {
  for (const std::size_t length : {std::size_t{0}, max_identity_octets + 1}) {
    message_builder built;
    built.with([&](writer& w) {
      w.text(avps::origin_host, ietf_vendor, m_bit, std::string(length, 'a'));
    });

    const auto parsed = parse_cer(built.view());

    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, result_code::invalid_avp_value);
  }
}

TEST(ParseCer, SkipsWhatItDoesNotKnow) {
  message_builder built;
  built.named().u32(avp_code{9999}, 1).with([](writer& w) {
    w.text(avps::origin_host, tgpp, m_bit, "of-a-vendor.example");
    w.octets(avps::host_ip_address, ietf_vendor, m_bit, as_bytes("\0\x08+1555"));
    w.octets(avps::host_ip_address, ietf_vendor, m_bit, as_bytes("x"));
  });

  const auto parsed = parse_cer(built.view());

  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->origin_host, "peer.example");
  EXPECT_TRUE(parsed->host_ip_addresses.empty());
}

TEST(ParseCea, NeedsAResultCode) {
  const auto parsed = parse_cea(message_builder{0}.named().view());

  ASSERT_FALSE(parsed);
  EXPECT_EQ(failed_avp(parsed.error()), "0000010c4000000c00000000");
}

TEST(ParseCea, ReadsARefusalThatHasNothingElse) {
  const auto parsed =
      parse_cea(message_builder{command_flags::error}.u32(avps::result_code, 3010).view());

  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->result_code, 3010U);
}

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
