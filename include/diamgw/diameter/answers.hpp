// Answers to requests (RFC 6733 §6.2, §7.2).
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/avp.hpp"
#include "diamgw/codec/codes.hpp"
#include "diamgw/codec/errc.hpp"
#include "diamgw/codec/header.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/codec/validation.hpp"
#include "diamgw/codec/writer.hpp"

namespace diamgw::diameter {

/// What an error answer says.
struct error_answer {
  result_code code = result_code::unable_to_comply;
  /// Origin-Host and Origin-Realm, and whatever else of ours belongs there, encoded before. Not
  /// empty.
  bytes_view origin;
  /// Error-Message; left out where empty.
  std::string_view error_message = {};
  /// A whole Failed-AVP, encoded before; left out where empty.
  bytes_view failed_avp = {};
};

/// The header of the answer to `request` (§6.2): same command, application and identifiers, P kept,
/// R and T clear, E for 3xxx codes only (§7.1.3).
[[nodiscard]] header answer_header(const header& request, result_code code) noexcept;

/// What an answer keeps of its request (§6.2), for one that is written once the request's octets
/// are gone. Owns; allocates only for a request that has Session-Id or Proxy-Info.
struct kept_in_answer {
  header request;
  std::vector<std::byte> session_id;  // the whole AVP; empty where the request has none
  std::vector<std::byte> proxy_info;  // all of them, in order
};
/// in: AVPs that may be walked
[[nodiscard]] kept_in_answer keep_for_answer(const header& request, avp_range request_avps);
[[nodiscard]] inline kept_in_answer keep_for_answer(const message_view& request) {
  return keep_for_answer(header_of(request), request.avps());
}

/// How an answer is none to its request, whose hop-by-hop id it has (§6.2).
enum class answer_mismatch : std::uint8_t {
  none,
  command,  // of another command
  session,  // with another Session-Id; one that has none is let pass
};
/// in:  a checked answer; of the request the command, and the Session-Id where it has one
/// cost: a look at the first AVP, where Session-Id stands (§8.8); O(AVPs) where it does not
[[nodiscard]] answer_mismatch find_mismatch(const message_view& answer, command_code asked,
                                            std::optional<std::string_view> session_id) noexcept;

/// All Proxy-Info of the request, in order, octet by octet (§6.2).
void echo_proxy_info(writer& out, avp_range request_avps) noexcept;

/// The whole error answer in the order of §7.2: Session-Id, origin, Result-Code, Error-Message,
/// Failed-AVP, Proxy-Info; no Destination-*, no Route-Record.
/// out: the answer, in the writer's octets; empty where they do not suffice
///      (`max_error_answer_octets` always do)
[[nodiscard]] bytes_view write_error_answer(writer& out, const header& request,
                                            avp_range request_avps, const error_answer& e) noexcept;
[[nodiscard]] std::size_t max_error_answer_octets(avp_range request_avps,
                                                  const error_answer& e) noexcept;
[[nodiscard]] inline bytes_view write_error_answer(writer& out, const message_view& request,
                                                   const error_answer& e) noexcept {
  return write_error_answer(out, header_of(request), request.avps(), e);
}
[[nodiscard]] inline std::size_t max_error_answer_octets(const message_view& request,
                                                         const error_answer& e) noexcept {
  return max_error_answer_octets(request.avps(), e);
}

/// The answer to a request that broke its grammar: code, sentence and Failed-AVP by the violation.
[[nodiscard]] bytes_view write_error_answer(writer& out, const message_view& request,
                                            const violation& v, bytes_view origin) noexcept;
/// The answer to a request that check_message refused; `names` as for to_violation.
[[nodiscard]] bytes_view write_error_answer(writer& out, const message_view& request,
                                            const decode_error& error, bytes_view origin,
                                            const dictionary::dictionary* names) noexcept;
/// Octets that suffice for the last two.
[[nodiscard]] std::size_t max_error_answer_octets(const message_view& request,
                                                  bytes_view origin) noexcept;

}  // namespace diamgw::diameter
