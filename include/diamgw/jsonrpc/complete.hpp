// From a client's AVPs to a whole message: what the client left out, and the header.
#pragma once
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/base/strong_id.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/jsonrpc/call.hpp"

namespace diamgw::jsonrpc {

/// What `complete_request` adds where the client gave none and the command's grammar has it. An
/// empty view adds nothing.
struct request_completion {
  std::string_view session_id{};  // a fresh one (RFC 6733 §8.8)
  std::string_view origin_host{};
  std::string_view origin_realm{};
  std::string_view destination_realm{};  // where a client's default is configured
  hop_by_hop_id hop_by_hop{};
  end_to_end_id end_to_end{};
};

/// Makes the whole message in the call's buffer: Session-Id moved to the front (§8.8), missing
/// AVPs appended (Auth-Application-Id or Acct-Application-Id is the call's application), the
/// header with R, P by the command's definition, T by the call's options.
/// out:  the message, in `call.message.buffer`; `call.message` is brought up to date with it.
///       Empty where the buffer is too small, which options.tail_room prevents.
/// cost: O(AVPs + rules), no allocation.
[[nodiscard]] bytes_view complete_request(request_call& call, const request_completion& c) noexcept;

/// The same for a client's result: command, application and ids are the request's, P is kept, E is
/// set for 3xxx Result-Codes; Session-Id, Origin-*, Auth-Application-Id and Proxy-Info are added
/// where missing. `command` is the request's.
[[nodiscard]] bytes_view complete_answer(encoded_avps& answer,
                                         const diameter::message_view& request,
                                         const dictionary::command_definition& command,
                                         std::string_view origin_host,
                                         std::string_view origin_realm) noexcept;

}  // namespace diamgw::jsonrpc
