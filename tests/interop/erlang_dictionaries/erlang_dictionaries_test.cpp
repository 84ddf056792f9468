// What the generator makes of Erlang/OTP's dictionaries writes and reads messages.
#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <vector>

#include "diamgw/base/hex.hpp"
#include "diamgw/codec/check.hpp"
#include "diamgw/messages/diameter_gen_acct_rfc6733.hpp"
#include "diamgw/messages/diameter_gen_base_accounting.hpp"
#include "diamgw/messages/diameter_gen_base_rfc3588.hpp"
#include "diamgw/messages/diameter_gen_base_rfc6733.hpp"
#include "diamgw/messages/diameter_gen_doic_rfc7683.hpp"
#include "diamgw/messages/diameter_gen_relay.hpp"

namespace diamgw::messages {
namespace {

template <class Message>
std::vector<std::byte> encode(const Message& message) {
  std::vector<std::byte> out(message.encoded_size());
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
constexpr std::array<diameter::address, 1> addresses{
    {{diameter::address_families::ipv4, localhost}}};

/// Base dictionaries, old and new, alike.
template <class Request, class View>
void exchange_capabilities() {
  const auto octets = encode(Request{}
                                 .origin_host("erlang.example")
                                 .origin_realm("example")
                                 .host_ip_address(addresses)
                                 .vendor_id(193)
                                 .product_name("OTP/diameter"));
  const auto view = View::decode(check(octets));

  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->origin_host(), "erlang.example");
  EXPECT_EQ(view->vendor_id(), 193U);
  EXPECT_EQ(view->product_name(), "OTP/diameter");
}

TEST(ErlangDictionaries, ExchangeCapabilitiesByRfc3588) {
  namespace base = diameter_gen_base_rfc3588;
  exchange_capabilities<base::ce_request, base::ce_request_view>();
}

TEST(ErlangDictionaries, ExchangeCapabilitiesByRfc6733) {
  namespace base = diameter_gen_base_rfc6733;
  exchange_capabilities<base::ce_request, base::ce_request_view>();
}

/// Accounting dictionaries, whose AVPs are their base's.
template <class Request, class View, class Kind>
void account(Kind event) {
  const auto octets = encode(Request{}
                                 .session_id("erlang.example;1;2")
                                 .origin_host("erlang.example")
                                 .origin_realm("example")
                                 .destination_realm("example")
                                 .accounting_record_type(event)
                                 .accounting_record_number(7)
                                 .acct_application_id(3));
  const auto view = View::decode(check(octets));

  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->session_id(), "erlang.example;1;2");
  EXPECT_EQ(view->accounting_record_type(), event);
  EXPECT_EQ(view->acct_application_id(), 3U);
}

TEST(ErlangDictionaries, AccountByRfc3588) {
  namespace accounting = diameter_gen_base_accounting;
  account<accounting::ac_request, accounting::ac_request_view>(
      diameter_gen_base_rfc3588::accounting_record_type::event_record);
}

TEST(ErlangDictionaries, AccountByRfc6733) {
  namespace accounting = diameter_gen_acct_rfc6733;
  account<accounting::ac_request, accounting::ac_request_view>(
      diameter_gen_base_rfc6733::accounting_record_type::event_record);
}

TEST(ErlangDictionaries, ReadAnOverloadReport) {
  namespace overload = diameter_gen_doic_rfc7683;
  const auto group = from_hex(  // RFC 7683 §7.3: sequence 1, a host, 10 %
      "0000027000000010"
      "0000000000000001"
      "000002720000000c"
      "00000000"
      "000002730000000c"
      "0000000a");
  ASSERT_TRUE(group.has_value());
  const auto view = overload::oc_olr_view::decode(*group);

  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(view->oc_sequence_number(), 1U);
  EXPECT_EQ(view->oc_report_type(), overload::oc_report_type::host_report);
  EXPECT_EQ(view->oc_reduction_percentage(), 10U);
}

}  // namespace
}  // namespace diamgw::messages
