#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "diamgw/base/hex.hpp"
#include "diamgw/buffer/allocation_statistics.hpp"
#include "diamgw/codec/check.hpp"
#include "diamgw/codec/writer.hpp"
#include "diamgw/messages/rfc6733.hpp"
#include "diamgw/messages/rfc8506.hpp"

namespace diamgw::messages {
namespace {

using diameter::errc;
using testing::ElementsAre;

template <class Message>
std::vector<std::byte> encode(const Message& message) {
  std::vector<std::byte> out(message.encoded_size(), std::byte{0xaa});
  EXPECT_EQ(message.encode_to(out), out.size());
  return out;
}

diameter::message_view check(const std::vector<std::byte>& octets) {
  const auto view = diameter::check_message(octets);
  EXPECT_TRUE(view.has_value());
  return view ? *view : diameter::message_view{};
}

constexpr std::array<std::byte, 4> localhost{std::byte{127}, std::byte{0}, std::byte{0},
                                             std::byte{1}};

TEST(CapabilitiesExchangeRequest, IsWhatTheWriterWrites) {
  const std::array<diameter::address, 1> addresses{{{diameter::address_families::ipv4, localhost}}};
  constexpr std::array<std::uint32_t, 2> vendors{0, 10415};
  constexpr std::array<std::uint32_t, 1> applications{4};
  const auto request = rfc6733::capabilities_exchange_request{.hop_by_hop = {1}, .end_to_end = {2}}
                           .origin_host("gw.example")
                           .origin_realm("example")
                           .host_ip_address(addresses)
                           .vendor_id(0)
                           .product_name("diamgw")
                           .supported_vendor_id(vendors)
                           .auth_application_id(applications)
                           .firmware_revision(1);
  std::array<std::byte, 512> room{};
  diameter::writer writer{room};
  writer.begin_message({.flags = 0x80,
                        .command = command_code{257},
                        .application = base_application,
                        .hop_by_hop = {1},
                        .end_to_end = {2}});
  const auto m = diameter::avp_flags::mandatory;
  writer.text(avp_code{264}, ietf_vendor, m, "gw.example");
  writer.text(avp_code{296}, ietf_vendor, m, "example");
  writer.octets(avp_code{257}, ietf_vendor, m,
                *from_hex("0001"
                          "7f000001"));
  writer.unsigned32(avp_code{266}, ietf_vendor, m, 0);
  writer.text(avp_code{269}, ietf_vendor, 0, "diamgw");
  writer.unsigned32(avp_code{265}, ietf_vendor, m, 0);
  writer.unsigned32(avp_code{265}, ietf_vendor, m, 10415);
  writer.unsigned32(avp_code{258}, ietf_vendor, m, 4);
  writer.unsigned32(avp_code{267}, ietf_vendor, 0, 1);

  EXPECT_EQ(to_hex(encode(request)), to_hex(writer.finish()));
}

TEST(CapabilitiesExchangeRequest, ReadsBackWhatWasWritten) {
  const std::array<diameter::address, 1> addresses{{{diameter::address_families::ipv4, localhost}}};
  const std::array specific{
      rfc6733::vendor_specific_application_id{}.vendor_id(10415).auth_application_id(16777251)};
  const auto octets = encode(rfc6733::capabilities_exchange_request{}
                                 .origin_host("gw.example")
                                 .origin_realm("example")
                                 .host_ip_address(addresses)
                                 .vendor_id(7)
                                 .product_name("diamgw")
                                 .vendor_specific_application_id(specific));

  const auto view = rfc6733::capabilities_exchange_request_view::decode(check(octets));

  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->origin_host(), "gw.example");
  EXPECT_EQ(view->vendor_id(), 7U);
  EXPECT_EQ(view->product_name(), "diamgw");
  EXPECT_EQ(view->origin_state_id(), std::nullopt);
  ASSERT_EQ(view->host_ip_address().size(), 1U);
  EXPECT_EQ(view->host_ip_address().front().family, diameter::address_families::ipv4);
  EXPECT_EQ(to_hex(view->host_ip_address().front().octets), "7f000001");
  ASSERT_EQ(view->vendor_specific_application_id().size(), 1U);
  const auto group = view->vendor_specific_application_id().front().decode();
  ASSERT_TRUE(group.has_value());
  EXPECT_EQ(group->vendor_id(), 10415U);
  EXPECT_EQ(group->auth_application_id(), 16777251U);
  EXPECT_EQ(group->acct_application_id(), std::nullopt);
}

TEST(DeviceWatchdogRequest, TakesTheOriginEncodedBefore) {
  const auto origin = diameter::typed::encode_origin("gw.example", "example");
  const auto by_name = rfc6733::device_watchdog_request{.hop_by_hop = {5}}
                           .origin_host("gw.example")
                           .origin_realm("example")
                           .origin_state_id(9);
  const auto encoded_before =
      rfc6733::device_watchdog_request{.hop_by_hop = {5}}.encoded_origin(origin).origin_state_id(9);

  EXPECT_EQ(encode(by_name), encode(encoded_before));
}

// RFC 8506 §5.2: the first interrogation, for two rating groups at once.
rfc8506::credit_control_request first_interrogation(
    std::span<const rfc8506::multiple_services_credit_control> services,
    std::span<const rfc8506::subscription_id> subscribers) {
  using std::chrono::sys_days;
  return rfc8506::credit_control_request{.hop_by_hop = {0x01020304}, .end_to_end = {0x05060708}}
      .session_id("gw.example;1;2")
      .origin_host("gw.example")
      .origin_realm("example")
      .destination_realm("ocs.example")
      .auth_application_id(4)
      .service_context_id("32251@3gpp.org")
      .cc_request_type(rfc8506::cc_request_type::initial_request)
      .cc_request_number(0)
      .user_name("user@example")
      .event_timestamp(sys_days{std::chrono::year{2026} / 11 / 21})
      .subscription_id(subscribers)
      .multiple_services_indicator(
          rfc8506::multiple_services_indicator::multiple_services_supported)
      .multiple_services_credit_control(services);
}

constexpr std::array<std::uint32_t, 2> service_ids{100, 101};
constexpr auto a_megabyte = rfc8506::requested_service_unit{}.cc_total_octets(1U << 20U);
constexpr auto ten_minutes = rfc8506::requested_service_unit{}.cc_time(600);
const std::array two_services{rfc8506::multiple_services_credit_control{}
                                  .requested_service_unit(&a_megabyte)
                                  .service_identifier(service_ids)
                                  .rating_group(10),
                              rfc8506::multiple_services_credit_control{}
                                  .requested_service_unit(&ten_minutes)
                                  .rating_group(20)};
constexpr std::array two_subscribers{
    rfc8506::subscription_id{}
        .subscription_id_type(rfc8506::subscription_id_type::end_user_e164)
        .subscription_id_data("4930123456"),
    rfc8506::subscription_id{}
        .subscription_id_type(rfc8506::subscription_id_type::end_user_imsi)
        .subscription_id_data("262011234567890")};

TEST(CreditControlRequest, RoundTripsWithTwoServices) {
  const auto octets = encode(first_interrogation(two_services, two_subscribers));

  const auto view = rfc8506::credit_control_request_view::decode(check(octets));

  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->message().flags(), 0xc0);
  EXPECT_EQ(view->message().application().value, 4U);
  EXPECT_EQ(view->message().hop_by_hop().value, 0x01020304U);
  EXPECT_EQ(view->session_id(), "gw.example;1;2");
  EXPECT_EQ(view->cc_request_type(), rfc8506::cc_request_type::initial_request);
  EXPECT_EQ(view->user_name(), "user@example");
  EXPECT_EQ(view->destination_host(), std::nullopt);
  EXPECT_EQ(view->event_timestamp(), std::chrono::sys_days{std::chrono::year{2026} / 11 / 21});
  std::vector<std::uint32_t> groups;
  std::vector<std::uint32_t> services;
  for (const auto service : view->multiple_services_credit_control()) {
    const auto inside = service.decode();
    ASSERT_TRUE(inside.has_value());
    groups.push_back(inside->rating_group().value_or(0));
    for (const std::uint32_t id : inside->service_identifier()) {
      services.push_back(id);
    }
    ASSERT_TRUE(inside->requested_service_unit().has_value());
    EXPECT_TRUE(inside->requested_service_unit()->decode().has_value());
    EXPECT_FALSE(inside->granted_service_unit().has_value());
  }
  EXPECT_THAT(groups, ElementsAre(10, 20));
  EXPECT_THAT(services, ElementsAre(100, 101));
  std::vector<std::string_view> subscribers;
  for (const auto subscriber : view->subscription_id()) {
    subscribers.push_back(subscriber.decode()->subscription_id_data());
  }
  EXPECT_THAT(subscribers, ElementsAre("4930123456", "262011234567890"));
}

TEST(CreditControlRequest, IsWrittenAndReadWithoutTheGlobalAllocator) {
  ASSERT_TRUE(allocation_counting_works());
  const auto request = first_interrogation(two_services, two_subscribers);
  std::array<std::byte, 2048> room;

  const auto before = thread_allocations();
  std::uint32_t sum = 0;
  for (int i = 0; i < 100; ++i) {
    const std::size_t size = request.encode_to(room);
    const auto message = diameter::check_header(bytes_view{room}.first(size));
    const auto view = rfc8506::credit_control_request_view::decode(*message);
    for (const auto service : view->multiple_services_credit_control()) {
      sum += service.decode()->rating_group().value_or(0);
    }
  }

  EXPECT_EQ((thread_allocations() - before).calls, 0U);
  EXPECT_EQ(sum, 3000U);
}

TEST(CreditControlAnswer, RoundTripsWithAGrantAndAnExtension) {
  std::array<std::byte, 16> extension{};
  diameter::writer writer{extension};
  writer.unsigned32(avp_code{873}, vendor_id{10415}, diameter::avp_flags::mandatory, 77);
  const auto value = rfc8506::unit_value{}.value_digits(-5).exponent(-2);
  const auto money = rfc8506::cc_money{}.unit_value(&value).currency_code(978);
  const auto granted = rfc8506::granted_service_unit{}.cc_money(&money);
  const std::array services{rfc8506::multiple_services_credit_control{}
                                .granted_service_unit(&granted)
                                .result_code(rfc6733::result_code_values::success)
                                .more_avps(bytes_view{extension}.first(writer.size()))};
  const auto octets = encode(rfc8506::credit_control_answer{}
                                 .session_id("s")
                                 .result_code(rfc6733::result_code_values::success)
                                 .origin_host("ocs.example")
                                 .origin_realm("example")
                                 .auth_application_id(4)
                                 .cc_request_type(rfc8506::cc_request_type::initial_request)
                                 .multiple_services_credit_control(services)
                                 .validity_time(3600));

  const auto view = rfc8506::credit_control_answer_view::decode(check(octets));

  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->message().flags(), 0x40);
  EXPECT_EQ(view->result_code(), 2001U);
  EXPECT_EQ(view->validity_time(), 3600U);
  const auto service = view->multiple_services_credit_control().front().decode();
  ASSERT_TRUE(service.has_value());
  const auto unit = service->granted_service_unit()->decode();
  const auto read = unit->cc_money()->decode();
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->unit_value().decode()->value_digits(), -5);
  EXPECT_EQ(read->unit_value().decode()->exponent(), -2);
  EXPECT_EQ(read->currency_code(), 978U);
  EXPECT_EQ(to_hex(service->octets().last(16)), "00000369c0000010000028af0000004d");
}

TEST(EncodeTo, GivesNothingWhateverTheRoomThatIsTooSmall) {
  const auto request = first_interrogation(two_services, two_subscribers);
  const std::size_t size = request.encoded_size();

  for (std::size_t room = 0; room < size; ++room) {
    std::vector<std::byte> out(room);  // of its own, so that a write past it is found
    EXPECT_EQ(request.encode_to(out), 0U) << room;
  }
}

TEST(EncodeTo, PadsWithZerosWhateverTheLength) {
  for (const std::string_view name : {"", "a", "ab", "abc", "abcd", "abcde"}) {
    const auto octets =
        encode(rfc6733::device_watchdog_request{}.origin_host(name).origin_realm("r"));

    const auto host = (*check(octets).avps().begin());
    EXPECT_EQ(as_text(host.data), name);
    for (std::size_t i = 28 + name.size(); i < 20 + 8 + diameter::padded(name.size()); ++i) {
      EXPECT_EQ(octets[i], std::byte{0}) << name << " " << i;
    }
  }
}

TEST(Time, CrossesTheEraOf2036) {               // RFC 6733 §4.3.1
  constexpr std::int64_t era_end = 2085978496;  // 2036-02-07T06:28:16Z
  const struct {
    std::int64_t unix_seconds;
    std::string_view octets;
  } rows[] = {{0, "83aa7e80"},
              {era_end - 1, "ffffffff"},
              {era_end, "00000000"},
              {era_end + 86400, "00015180"}};
  for (const auto& row : rows) {
    const std::chrono::sys_seconds t{std::chrono::seconds{row.unix_seconds}};
    std::array<std::byte, 4> octets{};
    diameter::typed::store(octets.data(), t);

    EXPECT_EQ(to_hex(octets), row.octets);
    EXPECT_EQ(diameter::typed::load<std::chrono::sys_seconds>(octets.data()), t);
  }
}

// A DWR has Origin-Host "h" (12 octets), Origin-Realm "r" (12), Origin-State-Id (12).
TEST(DeviceWatchdogRequestView, NamesTheFaultAndItsPlace) {
  const std::string host =
      "0000010840000009"
      "68000000";
  const std::string realm =
      "0000012840000009"
      "72000000";
  const std::string state =
      "000001164000000c"
      "00000001";
  const struct {
    const char* what;
    std::string avps;
    errc code;
    std::uint32_t offset;
  } rows[] = {
      {"no Origin-Realm", host, errc::missing_avp, 32},
      {"none at all", "", errc::missing_avp, 20},
      {"Origin-Host twice", host + realm + host, errc::avp_too_many, 44},
      {"Origin-State-Id of 8 octets",
       host + realm +
           "0000011640000010"
           "0000000000000001",
       errc::value_length, 44},
      {"Origin-State-Id of vendor 1 counts as unknown",
       host + "00000128c000000d"
              "00000001"
              "72000000",
       errc::missing_avp, 48},
  };
  for (const auto& row : rows) {
    auto octets = *from_hex(
        "0100000080000118"
        "000000000000000000000000" +
        row.avps);
    store_be24(octets.data() + 1, static_cast<std::uint32_t>(octets.size()));

    const auto view = rfc6733::device_watchdog_request_view::decode(check(octets));

    ASSERT_TRUE(view.has_error()) << row.what;
    EXPECT_EQ(view.error(), (diameter::decode_error{row.code, row.offset})) << row.what;
  }
}

TEST(CreditControlRequestView, WantsTheSessionIdFirst) {  // RFC 8506 §3.1: < Session-Id >
  const auto octets = encode(first_interrogation(two_services, two_subscribers));
  auto moved = octets;
  const std::size_t session = 8 + 16;  // "gw.example;1;2", padded
  const std::size_t host = 8 + 12;
  std::copy_n(octets.begin() + 20 + session, host, moved.begin() + 20);
  std::copy_n(octets.begin() + 20, session, moved.begin() + 20 + host);

  const auto view = rfc8506::credit_control_request_view::decode(check(moved));

  ASSERT_TRUE(view.has_error());
  EXPECT_EQ(view.error(), (diameter::decode_error{errc::avp_position, 20 + host}));
}

TEST(CreditControlRequestView, RefusesAnotherCommandAndAnAnswer) {
  const auto watchdog =
      encode(rfc6733::device_watchdog_request{}.origin_host("h").origin_realm("r"));
  const auto answer = encode(rfc8506::credit_control_answer{}.session_id("s"));

  for (const auto* octets : {&watchdog, &answer}) {
    const auto view = rfc8506::credit_control_request_view::decode(check(*octets));
    ASSERT_TRUE(view.has_error());
    EXPECT_EQ(view.error().code, errc::command_unsupported);
  }
}

TEST(GroupView, ChecksTheHeadersInside) {  // RFC 6733 §4.4
  const struct {
    const char* what;
    std::string_view group;  // of Vendor-Specific-Application-Id, hexadecimal
    errc code;
    std::uint32_t offset;
  } rows[] = {
      {"a cut header", "0000010a400000", errc::avp_header_cut, 0},
      {"a cut vendor header", "0000010ac0000008", errc::avp_length_short, 0},
      {"a length below the header", "0000010a4000000700000000", errc::avp_length_short, 0},
      {"a length past the end", "0000010a4000001000000000", errc::avp_overrun, 0},
      {"padding that is cut",
       "0000010a4000000c000000000000010840000009"
       "68",
       errc::avp_padding_cut, 12},
      {"nothing", "", errc::missing_avp, 0},
  };
  for (const auto& row : rows) {
    const auto octets = *from_hex(row.group);

    const auto view = rfc6733::vendor_specific_application_id_view::decode(octets);

    ASSERT_TRUE(view.has_error()) << row.what;
    EXPECT_EQ(view.error(), (diameter::decode_error{row.code, row.offset})) << row.what;
  }
}

TEST(Repeated, StepsOverOtherAvpsAndOtherVendors) {
  const std::string id = "000001094000000c";               // Supported-Vendor-Id
  const std::string foreign = "00000109c000001000000001";  // code 265 of vendor 1
  auto octets = *from_hex(
      "0100000080000101"
      "000000000000000000000000"
      "0000010840000009"
      "68000000"
      "0000012840000009"
      "72000000"
      "000001014000000e"
      "00017f0000010000" +
      id + "00000001" + "0000010a4000000c00000000" + foreign + "00000009" +
      "0000010d00000009"
      "70000000" +
      id + "00000002");
  store_be24(octets.data() + 1, static_cast<std::uint32_t>(octets.size()));

  const auto view = rfc6733::capabilities_exchange_request_view::decode(check(octets));

  ASSERT_TRUE(view.has_value());
  std::vector<std::uint32_t> vendors;
  for (const std::uint32_t vendor : view->supported_vendor_id()) {
    vendors.push_back(vendor);
  }
  EXPECT_THAT(vendors, ElementsAre(1, 2));
}

TEST(ErrorAnswer, IsReadWhateverItsCommand) {  // RFC 6733 §7.2
  const auto octets =
      encode(rfc6733::error_answer{.command = command_code{272}, .application = application_id{4}}
                 .session_id("s")
                 .origin_host("h")
                 .origin_realm("r")
                 .result_code(3002));

  const auto view = rfc6733::error_answer_view::decode(check(octets));

  ASSERT_TRUE(view.has_value());
  EXPECT_TRUE(view->message().is_error());
  EXPECT_EQ(view->session_id(), "s");
  EXPECT_EQ(view->result_code(), rfc6733::result_code_values::unable_to_deliver);
}

}  // namespace
}  // namespace diamgw::messages
