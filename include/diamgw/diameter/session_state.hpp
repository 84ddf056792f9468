// Which requests belong to a session that outlives their answer, and which answer ends it (RFC 6733
// §8, RFC 8506 §7, §8.3). Pure rules: whoever keeps a table of sessions asks them twice.
#pragma once
#include <cstdint>

#include "diamgw/base/strong_id.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/diameter/routing_avps.hpp"

namespace diamgw::diameter {

/// What a message does to the session that its Session-Id names.
enum class session_change : std::uint8_t {
  none,    // nothing to remember, and nothing to forget
  begins,  // it lives from now on, or lives on: the other side may send requests for it
  ends,    // it is over
};

/// Before the request leaves: the other side may know of the session as soon as it is read. By the
/// request's own Auth-Session-State (§8.11), else by what is known of its application and command.
/// A last request (STR, CCR TERMINATION_REQUEST) changes nothing until it is answered.
/// out:  never `ends`; `none` without a Session-Id
/// cost: O(1). Any thread.
[[nodiscard]] session_change session_change_by_request(command_code command,
                                                       application_id application,
                                                       const routing_avps& request) noexcept;

/// When the request was answered, whatever the Result-Code: a server that refuses a last request
/// has let go of the session as well. What the answer's Auth-Session-State says is binding, the
/// request's was a hint (§8.11).
/// in:   `answer`, checked
/// cost: O(AVPs of the answer) where it may have an Auth-Session-State, else O(1). Any thread.
[[nodiscard]] session_change session_change_by_answer(const routing_avps& request,
                                                      const message_view& answer) noexcept;

/// Applications in which every session ends with its answer, as their specifications have it.
[[nodiscard]] bool is_stateless(application_id application) noexcept;

}  // namespace diamgw::diameter
