// rebuild(): what a message has besides its grammar is written again as it came.
#include <gtest/gtest.h>

#include <array>
#include <memory_resource>
#include <vector>

#include "diamgw/base/hex.hpp"
#include "diamgw/codec/check.hpp"
#include "diamgw/messages/rfc6733.hpp"
#include "diamgw/messages/rfc8506.hpp"

namespace diamgw::messages {
namespace {

using diameter::errc;

std::vector<std::byte> message(std::string_view header, const std::string& avps) {
  auto octets = *from_hex(std::string{header} + "000000000000000100000002" + avps);
  store_be24(octets.data() + 1, static_cast<std::uint32_t>(octets.size()));
  return octets;
}
std::vector<std::byte> dwr(const std::string& avps) {
  return message("0100000080000118", avps);
}
std::vector<std::byte> cer(const std::string& avps) {
  return message("0100000080000101", avps);
}

template <class View>
std::vector<std::byte> again(const std::vector<std::byte>& octets,
                             std::pmr::memory_resource& memory) {
  const auto view = View::decode(*diameter::check_header(octets));
  EXPECT_TRUE(view.has_value());
  const auto built = typed::rebuild(*view, memory);
  EXPECT_TRUE(built.has_value());
  std::vector<std::byte> out(built->encoded_size());
  EXPECT_EQ(built->encode_to(out), out.size());
  return out;
}

const std::string host = "000001084000000968000000";
const std::string realm = "000001284000000972000000";
const std::string state = "000001164000000c00000005";
const std::string unknown = "0000ffff0000000d0102030405000000";
const std::string foreign = "00000116c0000010000000630000000a";  // Origin-State-Id of vendor 99

TEST(Rebuild, GivesTheSameOctets) {
  const struct {
    const char* what;
    std::string avps;
    bool kept;
  } rows[] = {
      {"the grammar's AVPs in its order", host + realm + state, false},
      {"without the optional one", host + realm, false},
      {"an unknown AVP at the front", unknown + host + realm + state, true},
      {"in the middle", host + unknown + realm + foreign + state, true},
      {"at the end", host + realm + state + unknown, true},
      {"the same one twice", host + unknown + realm + unknown, true},
      {"another order", state + realm + host, true},
      {"a cleared M bit", host + realm + "000001160000000c00000005", true},
      {"a P bit and a reserved one", host + "000001286100000972000000" + state, true},
      {"the V bit for vendor 0", host + "00000128c000000d0000000072000000" + state, true},
  };
  for (const auto& row : rows) {
    std::pmr::monotonic_buffer_resource memory;
    const auto octets = dwr(row.avps);

    const auto view =
        rfc6733::device_watchdog_request_view::decode(*diameter::check_header(octets));
    ASSERT_TRUE(view.has_value()) << row.what;
    const auto built = typed::rebuild(*view, memory);
    ASSERT_TRUE(built.has_value()) << row.what;
    std::vector<std::byte> out(built->encoded_size());

    EXPECT_EQ(built->held.kept != nullptr, row.kept) << row.what;
    EXPECT_EQ(built->encode_to(out), out.size()) << row.what;
    EXPECT_EQ(to_hex(out), to_hex(octets)) << row.what;
    EXPECT_EQ(built->origin_realm(), "r") << row.what;
    for (std::size_t room = 0; room < out.size(); ++room) {
      std::vector<std::byte> small(room);
      EXPECT_EQ(built->encode_to(small), 0U) << row.what << " " << room;
    }
  }
}

TEST(Rebuild, KeepsListsThatStandApart) {
  std::pmr::monotonic_buffer_resource memory;
  const std::string vendor = "000001094000000c000000";
  const auto octets =
      cer(vendor + "01" + host + realm + "000001014000000e00017f0000010000" + vendor + "02" +
          "0000010a4000000c00000000" + unknown + "0000010d0000000970000000" + vendor + "03");

  const auto out = again<rfc6733::capabilities_exchange_request_view>(octets, memory);

  EXPECT_EQ(to_hex(out), to_hex(octets));
}

// Vendor-Specific-Application-Id holds an unknown AVP, and its own in another order.
TEST(Rebuild, EntersGroups) {
  std::pmr::monotonic_buffer_resource memory;
  const auto octets =
      cer(host + realm + "000001014000000e00017f0000010000" + "0000010a4000000c00000000" +
          "0000010d0000000970000000" + "0000010440000030" + unknown +
          "000001024000000c00000001"
          "0000010a4000000c000028af");

  const auto view =
      rfc6733::capabilities_exchange_request_view::decode(*diameter::check_header(octets));
  ASSERT_TRUE(view.has_value());
  const auto built = typed::rebuild(*view, memory);

  ASSERT_TRUE(built.has_value());
  EXPECT_EQ(built->held.kept, nullptr);
  ASSERT_EQ(built->vendor_specific_application_id().size(), 1U);
  EXPECT_EQ(built->vendor_specific_application_id()[0].vendor_id(), 10415U);
  EXPECT_NE(built->vendor_specific_application_id()[0].held.kept, nullptr);
  std::vector<std::byte> out(built->encoded_size());
  EXPECT_EQ(built->encode_to(out), out.size());
  EXPECT_EQ(to_hex(out), to_hex(octets));
}

TEST(Rebuild, TakesAGroupAlone) {
  std::pmr::monotonic_buffer_resource memory;
  const auto octets = *from_hex(unknown + "0000010a4000000c000028af" + "000001024000000c00000001");

  const auto view = rfc6733::vendor_specific_application_id_view::decode(octets);
  ASSERT_TRUE(view.has_value());
  const auto built = typed::rebuild(*view, memory);

  ASSERT_TRUE(built.has_value());
  EXPECT_EQ(built->vendor_id(), 10415U);
  EXPECT_EQ(built->auth_application_id(), 1U);
  EXPECT_EQ(built->acct_application_id(), std::nullopt);
  std::vector<std::byte> out(built->encoded_size());
  EXPECT_EQ(built->write_to(out.data(), out.data() + out.size()), out.data() + out.size());
  EXPECT_EQ(to_hex(out), to_hex(octets));
}

TEST(Rebuild, WritesWhatWasChangedInItsPlace) {
  std::pmr::monotonic_buffer_resource memory;
  const auto octets = dwr(state + unknown + realm + host);
  const auto view = rfc6733::device_watchdog_request_view::decode(*diameter::check_header(octets));
  auto built = typed::rebuild(*view, memory);
  ASSERT_TRUE(built.has_value());

  built->origin_host("gw");
  built->origin_state_id(std::nullopt);
  std::vector<std::byte> out(built->encoded_size());

  EXPECT_EQ(built->encode_to(out), out.size());
  EXPECT_EQ(to_hex(out), to_hex(dwr(unknown + realm + "000001084000000a67770000")));
}

TEST(Rebuild, AppendsWhatWasAdded) {
  std::pmr::monotonic_buffer_resource memory;
  const auto octets = dwr(unknown + host + realm);
  const auto view = rfc6733::device_watchdog_request_view::decode(*diameter::check_header(octets));
  auto built = typed::rebuild(*view, memory);
  ASSERT_TRUE(built.has_value());

  built->origin_state_id(5);
  std::vector<std::byte> out(built->encoded_size());

  EXPECT_EQ(built->encode_to(out), out.size());
  EXPECT_EQ(to_hex(out), to_hex(dwr(unknown + host + realm + state)));
}

TEST(Rebuild, NamesTheFaultInAGroupAndItsPlaceInTheMessage) {
  std::pmr::monotonic_buffer_resource memory;
  const auto octets =
      cer(host + realm + "000001014000000e00017f0000010000" + "0000010a4000000c00000000" +
          "0000010d0000000970000000" + "0000010440000014" + "000001024000000c00000001");
  const auto view =
      rfc6733::capabilities_exchange_request_view::decode(*diameter::check_header(octets));
  ASSERT_TRUE(view.has_value());

  const auto built = typed::rebuild(*view, memory);

  ASSERT_TRUE(built.has_error());
  EXPECT_EQ(built.error().code, errc::missing_avp);
  EXPECT_EQ(built.error().offset, octets.size());
}

}  // namespace
}  // namespace diamgw::messages
