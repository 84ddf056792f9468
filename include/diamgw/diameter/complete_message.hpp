// From AVPs to a whole message: what their writer left out, Session-Id in front, and the header
// (RFC 6733 §6.1, §6.2, §8.8).
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/base/strong_id.hpp"
#include "diamgw/codec/header.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/diameter/routing_avps.hpp"
#include "diamgw/dictionary/types.hpp"

namespace diamgw::diameter {

/// AVPs that are to become a message: 20 octets left for its header, `size` - 20 octets of AVPs,
/// then free room for what is to be added. Does not own the buffer.
struct encoded_avps {
  mutable_bytes buffer;
  std::size_t size = 0;
  routing_avps avps;  // found in `octets()`

  [[nodiscard]] bytes_view octets() const noexcept {
    return buffer.subspan(header_octets, size - header_octets);
  }
};

/// The T bit (§3): a request that may have reached its receiver before.
enum class transmission : std::uint8_t { first, repeated };

/// What `complete_request` adds where the AVPs have none and the command's grammar admits it; an
/// empty view adds nothing. Beside them, what the header says.
struct request_completion {
  std::string_view session_id = {};  // a fresh one (§8.8)
  std::string_view origin_host = {};
  std::string_view origin_realm = {};
  std::string_view destination_realm = {};
  application_id application = {};  // also Auth- or Acct-Application-Id, where no AVP names one
  transmission sent = transmission::first;
  hop_by_hop_id hop_by_hop = {};
  end_to_end_id end_to_end = {};
};

/// Makes the whole request in its buffer: Session-Id in front (§8.8), missing AVPs appended, the
/// header with R, P by the command's definition, T as told.
/// in:   `command` of a built dictionary
/// out:  the message, in `request.buffer`; `request` is brought up to date with it. Empty where the
///       buffer is too small or the message longer than 24 bits can say.
/// cost: O(AVPs added), and one move of the octets before Session-Id; no allocation.
[[nodiscard]] bytes_view complete_request(encoded_avps& request,
                                          const dictionary::command_definition& command,
                                          const request_completion& c) noexcept;

/// Makes the whole answer in its buffer (§6.2): command, application, identifiers and P are the
/// request's, E is set for a 3xxx Result-Code; Session-Id, Origin-Host, Origin-Realm,
/// Auth-Application-Id and Proxy-Info are added where missing.
/// in:   the request's header and checked AVPs; `command` of a built dictionary, the request's
/// out:  the message, in `answer.buffer`; `answer` is brought up to date with it. Empty where the
///       buffer is too small or the message longer than 24 bits can say.
/// cost: O(AVPs of the request), no allocation.
[[nodiscard]] bytes_view complete_answer(encoded_avps& answer, const header& request,
                                         avp_range request_avps,
                                         const dictionary::command_definition& command,
                                         std::string_view origin_host,
                                         std::string_view origin_realm) noexcept;
[[nodiscard]] inline bytes_view complete_answer(encoded_avps& answer, const message_view& request,
                                                const dictionary::command_definition& command,
                                                std::string_view origin_host,
                                                std::string_view origin_realm) noexcept {
  return complete_answer(answer, header_of(request), request.avps(), command, origin_host,
                         origin_realm);
}

}  // namespace diamgw::diameter
