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

}  // namespace
}  // namespace diamgw::diameter
