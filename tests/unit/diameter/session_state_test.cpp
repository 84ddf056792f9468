#include "diamgw/diameter/session_state.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "diamgw/codec/codes.hpp"
#include "support/message_builder.hpp"

namespace diamgw::diameter {
namespace {

using enum session_change;
using test::message_builder;

constexpr std::uint32_t state_maintained = 0;
constexpr std::uint32_t no_state_maintained = 1;
constexpr application_id gx{16777238};
constexpr application_id credit_control{4};
constexpr application_id s6a{16777251};
constexpr command_code user_data{306};
constexpr command_code update_location{316};

struct exchange_case {
  const char* section;
  command_code command;
  application_id application;
  std::optional<std::uint32_t> cc_request_type;
  std::optional<std::uint32_t> asked;     // Auth-Session-State of the request
  std::optional<std::uint32_t> answered;  // and of the answer
  session_change by_request;
  session_change by_answer;
};

constexpr std::optional<std::uint32_t> nothing;

constexpr exchange_case cases[] = {
    {"RFC 8506 §8.3 INITIAL_REQUEST", commands::credit_control, credit_control, 1, nothing, nothing,
     begins, none},
    {"RFC 8506 §8.3 UPDATE_REQUEST", commands::credit_control, credit_control, 2, nothing, nothing,
     begins, none},
    {"RFC 8506 §8.3 TERMINATION_REQUEST", commands::credit_control, credit_control, 3, nothing,
     nothing, none, ends},
    {"RFC 8506 §6 EVENT_REQUEST", commands::credit_control, credit_control, 4, nothing, nothing,
     none, ends},
    {"RFC 8506 §3.1 a CCR without its type", commands::credit_control, credit_control, nothing,
     nothing, nothing, begins, none},
    {"RFC 6733 §8.4 STR", commands::session_termination, gx, nothing, nothing, nothing, none, ends},
    {"RFC 6733 §8.11 STATE_MAINTAINED is the default", command_code{265}, application_id{1},
     nothing, nothing, nothing, begins, none},
    {"RFC 6733 §8.11 a hint of no state", command_code{265}, application_id{1}, nothing,
     no_state_maintained, nothing, none, none},
    {"RFC 6733 §8.11 the answer is binding: state", command_code{265}, application_id{1}, nothing,
     no_state_maintained, state_maintained, none, begins},
    {"RFC 6733 §8.11 the answer is binding: none", command_code{265}, application_id{1}, nothing,
     state_maintained, no_state_maintained, begins, ends},
    {"RFC 6733 §8.2 ACR", commands::accounting, application_id{3}, nothing, nothing, nothing, none,
     none},
    {"TS 29.272 §7.1.4 S6a as its grammar has it", update_location, s6a, nothing,
     no_state_maintained, no_state_maintained, none, ends},
    {"TS 29.272 §7.1.4 S6a that leaves it out", update_location, s6a, nothing, nothing, nothing,
     none, none},
    {"RFC 6733 §8.11 the message is heard before its application", update_location, s6a, nothing,
     state_maintained, nothing, begins, none},
    {"TS 29.272 §7.1.4 S13", command_code{324}, application_id{16777252}, nothing, nothing, nothing,
     none, none},
    {"TS 29.272 §7.1.4 S7a", command_code{8388638}, application_id{16777308}, nothing, nothing,
     nothing, none, none},
    {"TS 29.229 §5.3 Cx", command_code{300}, application_id{16777216}, nothing, nothing, nothing,
     none, none},
    {"TS 29.329 §5.3 Sh", user_data, application_id{16777217}, nothing, nothing, nothing, none,
     none},
    {"TS 29.173 §6.1.4 SLh", command_code{8388622}, application_id{16777291}, nothing, nothing,
     nothing, none, none},
    {"TS 29.212 §4.5 Gx has state", commands::credit_control, gx, 1, nothing, nothing, begins,
     none},
};

TEST(SessionState, ChangesByRequestAndAnswer) {
  for (const exchange_case& c : cases) {
    routing_avps request;
    request.session_id = "s";
    request.cc_request_type = c.cc_request_type;
    request.auth_session_state = c.asked;
    message_builder answer{c.command, c.application, 0};
    answer.avp(avps::session_id, "s").avp(avps::result_code, 5012U);
    if (c.answered) {
      answer.avp(avps::auth_session_state, *c.answered);
    }
    const test::octets octets = answer.build();

    EXPECT_EQ(session_change_by_request(c.command, c.application, request), c.by_request)
        << c.section;
    EXPECT_EQ(session_change_by_answer(request, message_view{octets}), c.by_answer) << c.section;
  }
}

TEST(SessionState, IsNotTouchedWithoutASessionId) {
  const test::octets str_answer = message_builder{commands::session_termination, gx, 0}.build();

  EXPECT_EQ(session_change_by_request(commands::credit_control, credit_control, {}), none);
  EXPECT_EQ(session_change_by_answer({}, message_view{str_answer}), none);
}

}  // namespace
}  // namespace diamgw::diameter
