#include "diamgw/diameter/session_state.hpp"

#include <algorithm>
#include <array>

#include "diamgw/codec/codes.hpp"
#include "diamgw/diameter/base_messages.hpp"

namespace diamgw::diameter {
namespace {

// Auth-Session-State (RFC 6733 §8.11).
constexpr std::uint32_t state_maintained = 0;
constexpr std::uint32_t no_state_maintained = 1;

// CC-Request-Type (RFC 8506 §8.3); INITIAL_REQUEST is 1, UPDATE_REQUEST 2.
constexpr std::uint32_t termination_request = 3;
constexpr std::uint32_t event_request = 4;

// "Diameter sessions shall be implicitly terminated": requests and answers have Auth-Session-State
// with NO_STATE_MAINTAINED. Here for requests that leave it out, against their grammar.
constexpr std::array stateless_applications{
    application_id{16777216},  // Cx, Dx: TS 29.229 §5.3
    application_id{16777217},  // Sh, Dh: TS 29.329 §5.3
    application_id{16777251},  // S6a, S6d: TS 29.272 §7.1.4
    application_id{16777252},  // S13, S13': TS 29.272 §7.1.4
    application_id{16777291},  // SLh: TS 29.173 §6.1.4
    application_id{16777308},  // S7a, S7d: TS 29.272 §7.1.4
};
static_assert(std::ranges::is_sorted(stateless_applications));

/// RFC 8506 §6: a one-time event has no session state. §8.3: TERMINATION_REQUEST is the last.
[[nodiscard]] bool is_last_credit_control(const routing_avps& request) noexcept {
  return request.cc_request_type == termination_request || request.cc_request_type == event_request;
}

}  // namespace

bool is_stateless(application_id application) noexcept {
  return std::ranges::binary_search(stateless_applications, application);
}

session_change session_change_by_request(command_code command, application_id application,
                                         const routing_avps& request) noexcept {
  if (!request.session_id || command == commands::session_termination ||
      // §8.2: in a session of accounting only the client sends requests; and where it shares the
      // Session-Id of a user's session, it is that session's requests that begin and end it.
      command == commands::accounting ||
      (command == commands::credit_control && is_last_credit_control(request))) {
    return session_change::none;
  }
  if (request.auth_session_state) {
    return *request.auth_session_state == no_state_maintained ? session_change::none
                                                              : session_change::begins;
  }
  return is_stateless(application) ? session_change::none : session_change::begins;
}

session_change session_change_by_answer(const routing_avps& request,
                                        const message_view& answer) noexcept {
  if (!request.session_id || answer.command() == commands::accounting) {
    return session_change::none;
  }
  if (answer.command() == commands::session_termination) {
    return session_change::ends;
  }
  if (answer.command() == commands::credit_control) {
    // RFC 8506 §3.2: a CCA has no Auth-Session-State.
    return is_last_credit_control(request) ? session_change::ends : session_change::none;
  }
  const auto state = find_unsigned32(answer, avps::auth_session_state);
  if (state == no_state_maintained) {
    return session_change::ends;
  }
  return state == state_maintained && request.auth_session_state == no_state_maintained
             ? session_change::begins
             : session_change::none;
}

}  // namespace diamgw::diameter
