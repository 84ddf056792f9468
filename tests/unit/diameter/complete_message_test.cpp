#include "diamgw/diameter/complete_message.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "diamgw/base/hex.hpp"
#include "diamgw/codec/check.hpp"
#include "diamgw/codec/codes.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "support/message_builder.hpp"

namespace diamgw::diameter {
namespace {

using test::avp_builder;
using test::message_builder;
using test::octets;

constexpr application_id credit_control{4};
constexpr avp_code cc_request_number{415};
constexpr request_completion everything{.session_id = "gw;1;2",
                                        .origin_host = "gw.example",
                                        .origin_realm = "example",
                                        .destination_realm = "ocs.example",
                                        .application = credit_control,
                                        .hop_by_hop = hop_by_hop_id{5},
                                        .end_to_end = end_to_end_id{6}};

const dictionary::command_definition& command(application_id application, command_code code) {
  return *dictionary::embedded().find_command(application, code);
}

/// AVPs in a buffer that has `room` octets after them.
struct encoded {
  explicit encoded(const avp_builder& list, std::size_t room = 512) {
    const octets& avps = list.list();
    storage.assign(header_octets + avps.size() + room, std::byte{0xee});
    std::ranges::copy(avps, storage.begin() + header_octets);
    in.buffer = storage;
    in.size = header_octets + avps.size();
    find_routing_avps(in.octets(), in.avps);
  }

  std::vector<std::byte> storage;
  encoded_avps in;
};

std::string hex_avps(bytes_view message) {
  return to_hex(message.subspan(header_octets));
}

/// What `routing_avps` says, as text: each view must be a view into `of`.
std::string told(const encoded_avps& of) {
  const routing_avps& a = of.avps;
  std::string text;
  for (const auto& view : {a.session_id, a.origin_host, a.origin_realm, a.destination_host,
                           a.destination_realm, a.user_name}) {
    const bytes_view all = of.octets();
    const bool inside = view && as_bytes(*view).data() >= all.data() &&
                        as_bytes(*view).data() + view->size() <= all.data() + all.size();
    text += view ? (inside ? std::string{*view} : "outside") + "|" : "-|";
  }
  return text + std::to_string(a.application().value_or(0)) + "|" +
         std::to_string(a.session_id_offset);
}

/// A completed request, with what it must be.
void expect_request(const avp_builder& given, const avp_builder& wanted,
                    const request_completion& with = everything,
                    command_code code = commands::credit_control) {
  encoded e{given};

  const bytes_view m = complete_request(e.in, command(with.application, code), with);

  ASSERT_TRUE(check_message(m).has_value());
  EXPECT_EQ(hex_avps(m), to_hex(wanted.list()));
  encoded again{wanted};
  EXPECT_EQ(told(e.in), told(again.in));  // what the walk over the whole message would find
}

TEST(CompleteRequest, AddsWhatItsWriterLeftOut) {
  expect_request(avp_builder{}.avp(cc_request_number, 0U).avp(avps::user_name, "alice"),
                 avp_builder{}
                     .avp(avps::session_id, "gw;1;2")
                     .avp(cc_request_number, 0U)
                     .avp(avps::user_name, "alice")
                     .avp(avps::origin_host, "gw.example")
                     .avp(avps::origin_realm, "example")
                     .avp(avps::destination_realm, "ocs.example")
                     .avp(avps::auth_application_id, 4U));
}

TEST(CompleteRequest, MovesASessionIdToTheFront) {
  expect_request(avp_builder{}
                     .avp(avps::origin_host, "me")
                     .avp(avps::origin_realm, "r")
                     .avp(avps::user_name, "")
                     .avp(avps::session_id, "mine;1")
                     .avp(avps::destination_realm, "d")
                     .avp(avps::auth_application_id, 9U),
                 avp_builder{}
                     .avp(avps::session_id, "mine;1")
                     .avp(avps::origin_host, "me")
                     .avp(avps::origin_realm, "r")
                     .avp(avps::user_name, "")
                     .avp(avps::destination_realm, "d")
                     .avp(avps::auth_application_id, 9U));
}

TEST(CompleteRequest, MovesASessionIdThatHasAVendorFieldOfZero) {
  const octets vendor_zero = avp_builder{}
                                 .raw(test::be32_octets(avps::session_id.value))
                                 .raw(test::be32_octets(0xc000000eU))
                                 .raw(test::be32_octets(0))
                                 .raw(test::to_octets("ab"))
                                 .raw(octets(2))
                                 .list();

  expect_request(avp_builder{}.avp(avps::origin_host, "me").raw(vendor_zero),
                 avp_builder{}
                     .raw(vendor_zero)
                     .avp(avps::origin_host, "me")
                     .avp(avps::auth_application_id, 4U),
                 {.application = credit_control});
}

TEST(CompleteRequest, AddsNothingThatTheGrammarDoesNotHave) {
  request_completion with = everything;
  with.application = base_application;

  expect_request(
      avp_builder{},
      avp_builder{}.avp(avps::origin_host, "gw.example").avp(avps::origin_realm, "example"), with,
      commands::device_watchdog);
}

TEST(CompleteRequest, AddsNoApplicationBesideAVendorSpecificOne) {
  const avp_builder group =
      avp_builder{}.avp(avps::vendor_id_avp, 1U).avp(avps::auth_application_id, 7U);
  const avp_builder given =
      avp_builder{}.avp(avps::session_id, "s").group(avps::vendor_specific_application_id, group);

  expect_request(given, given, {.application = credit_control});
}

TEST(CompleteRequest, WritesTheHeader) {
  encoded e{avp_builder{}};
  request_completion with = everything;
  with.sent = transmission::repeated;

  const message_view m{
      complete_request(e.in, command(credit_control, commands::credit_control), with)};

  EXPECT_EQ(m.flags(), 0xd0);  // R, P of the definition, T
  EXPECT_EQ(m.command(), commands::credit_control);
  EXPECT_EQ(m.application(), credit_control);
  EXPECT_EQ(m.hop_by_hop(), hop_by_hop_id{5});
  EXPECT_EQ(m.end_to_end(), end_to_end_id{6});
}

TEST(CompleteRequest, IsEmptyAtEveryLengthThatIsTooShort) {
  const avp_builder given = avp_builder{}.avp(cc_request_number, 0U);
  encoded enough{given};
  const std::size_t whole =
      complete_request(enough.in, command(credit_control, commands::credit_control), everything)
          .size();

  for (std::size_t room = 0; header_octets + given.list().size() + room < whole; ++room) {
    encoded e{given, room};
    EXPECT_TRUE(
        complete_request(e.in, command(credit_control, commands::credit_control), everything)
            .empty())
        << room;
  }
}

octets rar() {
  return message_builder{commands::re_auth, credit_control, 0xc0}
      .avp(avps::session_id, "s")
      .group(avps::proxy_info, avp_builder{}.avp(avps::proxy_host, "p1"))
      .avp(avps::auth_application_id, 4U)
      .group(avps::proxy_info, avp_builder{}.avp(avps::proxy_host, "p2"))
      .build();
}

TEST(CompleteAnswer, AddsWhatItsWriterLeftOut) {
  const octets request = rar();
  encoded e{avp_builder{}.avp(avps::result_code, 2002U)};

  const bytes_view m = complete_answer(e.in, message_view{request},
                                       command(credit_control, commands::re_auth), "gw", "example");

  ASSERT_TRUE(check_message(m).has_value());
  const avp_builder wanted =
      avp_builder{}
          .avp(avps::session_id, "s")
          .avp(avps::result_code, 2002U)
          .avp(avps::origin_host, "gw")
          .avp(avps::origin_realm, "example")
          .group(avps::proxy_info, avp_builder{}.avp(avps::proxy_host, "p1"))
          .group(avps::proxy_info, avp_builder{}.avp(avps::proxy_host, "p2"));
  EXPECT_EQ(hex_avps(m), to_hex(wanted.list()));
  EXPECT_EQ(told(e.in), told(encoded{wanted}.in));
  const message_view view{m};
  EXPECT_EQ(view.flags(), 0x40);
  EXPECT_EQ(view.command(), commands::re_auth);
  EXPECT_EQ(view.hop_by_hop(), message_view{request}.hop_by_hop());
  EXPECT_EQ(view.end_to_end(), message_view{request}.end_to_end());
}

TEST(CompleteAnswer, RepeatsTheApplicationWhereTheGrammarHasIt) {
  const octets request = message_builder{commands::credit_control, credit_control, 0xc0}
                             .avp(avps::session_id, "s")
                             .avp(avps::auth_application_id, 4U)
                             .build();
  encoded e{avp_builder{}
                .avp(avps::result_code, 2001U)
                .avp(avps::origin_host, "h")
                .avp(avps::origin_realm, "r")};

  const bytes_view m =
      complete_answer(e.in, message_view{request},
                      command(credit_control, commands::credit_control), "gw", "example");

  const avp_builder wanted = avp_builder{}
                                 .avp(avps::session_id, "s")
                                 .avp(avps::result_code, 2001U)
                                 .avp(avps::origin_host, "h")
                                 .avp(avps::origin_realm, "r")
                                 .avp(avps::auth_application_id, 4U);
  EXPECT_EQ(hex_avps(m), to_hex(wanted.list()));
  EXPECT_EQ(told(e.in), told(encoded{wanted}.in));
}

TEST(CompleteAnswer, SetsTheErrorBitForProtocolErrors) {
  const octets request = rar();
  encoded e{avp_builder{}.avp(avps::result_code, 3004U).avp(avps::session_id, "s")};

  const bytes_view m = complete_answer(e.in, message_view{request},
                                       command(credit_control, commands::re_auth), "gw", "example");

  EXPECT_EQ(message_view{m}.flags(), 0x60);
  EXPECT_EQ(e.in.avps.session_id_offset, 0U);
}

}  // namespace
}  // namespace diamgw::diameter
