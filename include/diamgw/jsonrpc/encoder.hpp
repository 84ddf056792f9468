// Diameter messages and failures as JSON-RPC 2.0 texts, appended into memory of the caller.
#pragma once
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/header.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/jsonrpc/call.hpp"
#include "diamgw/jsonrpc/errors.hpp"

namespace diamgw::jsonrpc {

// Every function writes one text at the front of `out` and returns it, or an empty view where it
// does not fit: try again with more (`expected_text_octets` is a good first guess). No allocation,
// any thread. `id` is a JSON token, written as it is.

/// {"jsonrpc":"2.0","id":ID,"result":AVPS} of an answer that diameter::check_message accepted.
[[nodiscard]] std::string_view encode_result(std::string_view id,
                                             const diameter::message_view& answer, form how,
                                             const dictionary::dictionary& names,
                                             mutable_bytes out) noexcept;

/// {"jsonrpc":"2.0","id":ID,"method":"RAR","params":AVPS} of a request from the network. Params
/// begin with "$application", and "$retransmitted" where T is set. `command` as the dictionary
/// knows it for this request; without an `id` it is a notification.
[[nodiscard]] std::string_view encode_request(std::string_view id, const diameter::header& request,
                                              diameter::avp_range avps,
                                              const dictionary::command_definition& command,
                                              form how, const dictionary::dictionary& names,
                                              mutable_bytes out) noexcept;
[[nodiscard]] inline std::string_view encode_request(std::string_view id,
                                                     const diameter::message_view& request,
                                                     const dictionary::command_definition& command,
                                                     form how, const dictionary::dictionary& names,
                                                     mutable_bytes out) noexcept {
  return encode_request(id, diameter::header_of(request), request.avps(), command, how, names, out);
}

/// The AVPs alone: an object or an array.
[[nodiscard]] std::string_view encode_avps(diameter::avp_range avps, form how,
                                           const dictionary::dictionary& names,
                                           mutable_bytes out) noexcept;

/// {"jsonrpc":"2.0","id":ID,"error":{"code":…,"message":…,"data":{"name":…,…}}}
[[nodiscard]] std::string_view encode_error(std::string_view id, const failure& reason,
                                            mutable_bytes out) noexcept;

/// The notification that a session has become another client's. Out: as encode_result.
[[nodiscard]] std::string_view encode_session_taken(std::string_view session_id,
                                                    mutable_bytes out) noexcept;

/// {"jsonrpc":"2.0","id":ID,"result":RESULT}; `result` is JSON text (gateway methods).
[[nodiscard]] std::string_view encode_raw_result(std::string_view id, std::string_view result,
                                                 mutable_bytes out) noexcept;

/// Octets in which the text of most messages fits: 3 times the message and 512 for the frame.
[[nodiscard]] constexpr std::size_t expected_text_octets(std::size_t message_octets) noexcept {
  return message_octets * 3 + 512;
}

/// The method that a request of this command has in server-initiated calls: "RAR", or the full
/// name where the definition has no short one. Written to `out` (64 octets suffice).
[[nodiscard]] std::string_view method_name(const dictionary::command_definition& command,
                                           mutable_bytes out) noexcept;

}  // namespace diamgw::jsonrpc
