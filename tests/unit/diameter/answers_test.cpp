#include "diamgw/diameter/answers.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "diamgw/base/hex.hpp"
#include "diamgw/buffer/allocation_statistics.hpp"
#include "support/message_builder.hpp"

namespace diamgw::diameter {
namespace {

using test::avp_builder;
using test::m_bit;
using test::message_builder;
using test::octets;

constexpr application_id credit_control_application{4};
constexpr std::uint8_t request_flags = command_flags::request | command_flags::proxiable;

const octets& origin() {
  static const octets list =
      avp_builder{}.avp(avps::origin_host, "gw.example").avp(avps::origin_realm, "example").list();
  return list;
}

avp_builder proxy(std::string_view host) {
  return avp_builder{}.avp(avps::proxy_host, host).avp(avps::proxy_state, "state");
}

message_builder request(std::uint8_t flags = request_flags) {
  message_builder m{commands::credit_control, credit_control_application, flags};
  m.avp(avps::session_id, "client.example;1;2")
      .avp(avps::origin_host, "client.example")
      .avp(avps::origin_realm, "example")
      .avp(avps::destination_realm, "example")
      .avp(avps::destination_host, "ocs.example")
      .group(avps::proxy_info, proxy("first.example"))
      .avp(avps::route_record, "relay.example")
      .group(avps::proxy_info, proxy("second.example"));
  return m;
}

octets answer_of(const octets& in, const error_answer& e) {
  const message_view view{in};
  octets space(max_error_answer_octets(view, e));
  writer out{space};
  const bytes_view answer = write_error_answer(out, view, e);
  return {answer.begin(), answer.end()};
}

TEST(ErrorAnswer, HasWhatRfc6733WantsInItsOrder) {
  const octets answer = answer_of(
      request().build(),
      {.code = result_code::unable_to_deliver, .origin = origin(), .error_message = "no peer"});

  const octets expected = message_builder{commands::credit_control, credit_control_application,
                                          command_flags::proxiable | command_flags::error}
                              .avp(avps::session_id, "client.example;1;2")
                              .raw(origin())
                              .avp(avps::result_code, 3002U)
                              .avp(avps::error_message, ietf_vendor, 0, as_bytes("no peer"))
                              .group(avps::proxy_info, proxy("first.example"))
                              .group(avps::proxy_info, proxy("second.example"))
                              .build();
  EXPECT_EQ(to_hex(answer), to_hex(expected));
}

TEST(ErrorAnswer, SetsEForProtocolErrorsOnlyAndKeepsP) {
  struct row {
    std::uint8_t request;
    result_code code;
    std::uint8_t answer;
  };
  const row rows[] = {
      {0x80, result_code::too_busy, 0x20},
      {0xc0, result_code::too_busy, 0x60},
      {0xc0, result_code::unable_to_comply, 0x40},
      {0xd0, result_code::unknown_session_id, 0x40},  // §3: no T in an answer
      {0x8f, result_code::invalid_bit_in_header, 0x00},
  };
  for (const row& r : rows) {
    const octets answer =
        answer_of(request(r.request).build(), {.code = r.code, .origin = origin()});
    EXPECT_EQ(message_view{answer}.flags(), r.answer) << static_cast<unsigned>(r.request);
  }
}

TEST(ErrorAnswer, PutsSessionIdFirstWhereverItWas) {
  const octets in = message_builder{commands::credit_control}
                        .avp(avps::origin_host, "client.example")
                        .avp(avps::session_id, "late")
                        .build();

  const octets answer = answer_of(in, {.origin = origin()});

  EXPECT_EQ((*message_view{answer}.avps().begin()).code, avps::session_id);
}

TEST(ErrorAnswer, DoesWithoutSessionIdAndOptionalParts) {
  const octets answer = answer_of(message_builder{commands::device_watchdog}.build(),
                                  {.code = result_code::unable_to_comply, .origin = origin()});

  const octets expected = message_builder{commands::device_watchdog, base_application, 0}
                              .raw(origin())
                              .avp(avps::result_code, 5012U)
                              .build();
  EXPECT_EQ(to_hex(answer), to_hex(expected));
}

TEST(ErrorAnswer, IsEmptyWhereItDoesNotFit) {
  const octets in = request().build();
  const error_answer e{.code = result_code::too_busy, .origin = origin()};
  const std::size_t needed = answer_of(in, e).size();
  for (std::size_t size = 0; size < needed; ++size) {
    octets space(size);
    writer out{space};
    EXPECT_TRUE(write_error_answer(out, message_view{in}, e).empty()) << size;
  }
}

TEST(ErrorAnswer, ReportsAViolation) {
  const octets in = request().avp(avps::origin_state_id, "x").build();
  validator check{dictionary::embedded()};
  const auto v = check.validate(message_view{in});
  ASSERT_TRUE(v.has_value());
  octets space(max_error_answer_octets(message_view{in}, origin()));
  writer out{space};

  const bytes_view answer = write_error_answer(out, message_view{in}, *v, origin());

  const auto view = check_message(answer);
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(to_hex(view->find(avps::result_code)->data), "00001396");  // 5014
  EXPECT_EQ(as_text(view->find(avps::error_message)->data),
            "Origin-State-Id: the data has not the length of its type");
  EXPECT_EQ(to_hex(view->find(avps::failed_avp)->data),
            to_hex(avp_builder{}.avp(avps::origin_state_id, 0U).list()));
}

TEST(ErrorAnswer, AnswersARefusedMessageFromItsSoundPart) {
  octets in = request().avp(avps::origin_state_id, 7U).build();
  store_be24(in.data() + in.size() - 7, 5000);  // the last AVP's length
  const auto checked = check_message(in);
  ASSERT_TRUE(checked.has_error());
  octets space(max_error_answer_octets(message_view{in}, origin()));
  writer out{space};

  const bytes_view answer =
      write_error_answer(out, message_view{in}, checked.error(), origin(), &dictionary::embedded());

  const auto view = check_message(answer);
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(to_hex(view->find(avps::result_code)->data), "00001396");
  EXPECT_EQ(as_text(view->find(avps::session_id)->data), "client.example;1;2");
  EXPECT_EQ(to_hex(view->find(avps::failed_avp)->data),
            to_hex(avp_builder{}.avp(avps::origin_state_id, 0U).list()));
  EXPECT_TRUE(view->find(avps::proxy_info).has_value());
}

TEST(ErrorAnswer, AnswersAMessageWhoseHeaderWasRefused) {
  octets in = request().build();
  in[4] = std::byte{0xe0};  // R and E
  const auto checked = check_message(in);
  ASSERT_TRUE(checked.has_error());
  octets space(max_error_answer_octets(message_view{in}, origin()));
  writer out{space};

  const bytes_view answer =
      write_error_answer(out, message_view{in}, checked.error(), origin(), nullptr);

  const auto view = check_message(answer);
  ASSERT_TRUE(view.has_value());
  EXPECT_EQ(to_hex(view->find(avps::result_code)->data), "00000bc0");  // 3008
  EXPECT_TRUE(view->is_error());
  EXPECT_TRUE(view->find(avps::session_id).has_value());
  EXPECT_TRUE(view->find(avps::proxy_info).has_value());
}

TEST(ErrorAnswer, AllocatesNothing) {
  ASSERT_TRUE(allocation_counting_works());
  const octets in = request().build();
  octets space(1024);
  const bytes_view us = origin();  // which allocates when it is first called
  const allocation_counts before = thread_allocations();

  writer out{space};
  const bytes_view answer =
      write_error_answer(out, message_view{in}, {.origin = us, .error_message = "why"});

  EXPECT_EQ((thread_allocations() - before).calls, 0U);
  EXPECT_FALSE(answer.empty());
}

}  // namespace
}  // namespace diamgw::diameter
