// What can be wrong with a message, and which Result-Code says so.
#pragma once
#include <cstdint>
#include <string_view>

#include "diamgw/base/result.hpp"
#include "diamgw/codec/codes.hpp"

namespace diamgw::diameter {

enum class errc : std::uint8_t {
  // The message header (RFC 6733 §3).
  version = 1,               // not 1
  message_length_short,      // below the header's 20 octets
  message_length_unaligned,  // not a multiple of 4
  message_length_mismatch,   // not the octets that are there
  message_too_long,          // above the configured limit
  error_bit_in_request,      // R and E both set
  reserved_header_bit,       // one of the four reserved flags set
  retransmitted_answer,      // T set in an answer
  proxiable_bit,             // P set although the command's definition has it clear

  // AVP headers (§4.1).
  avp_header_cut,    // fewer octets left than an AVP header has
  avp_length_short,  // AVP Length below its own header
  avp_overrun,       // AVP Length past the end of the message or group
  avp_padding_cut,   // no room for the padding after the last AVP
  too_many_avps,     // above the configured limit
  nested_too_deep,   // groups within groups above the configured limit
  avp_bits,          // reserved AVP flag set, or M or P against the definition

  // AVP data (§4.2, §4.3).
  value_length,       // not the length of its type
  value_address,      // address family and octets do not agree
  value_time,         // a time that 32 bits of seconds cannot say
  value_utf8,         // not UTF-8
  value_identity,     // not a DiameterIdentity
  value_uri,          // not a DiameterURI
  value_enumerated,   // a number without a name
  value_filter_rule,  // not an IPFilterRule

  // The command's grammar (§3.2).
  command_unsupported,  // no such command in this application
  avp_unsupported,      // unknown AVP with the M bit
  missing_avp,          // required, but absent
  avp_position,         // a fixed AVP out of its place
  avp_not_allowed,      // no rule of the grammar admits it
  avp_too_many,         // more often than the grammar admits
};

/// Name "diamgw.diameter"; one sentence per value, never empty.
[[nodiscard]] const error_category& diameter_category() noexcept;
[[nodiscard]] inline error_code make_error_code(errc e) noexcept {
  return {static_cast<int>(e), diameter_category()};
}
/// The sentence of `e`, without an allocation; static storage.
[[nodiscard]] std::string_view to_sentence(errc e) noexcept;

/// What the peer is told (§7.1). The one table: no other place maps errors to result codes.
[[nodiscard]] result_code to_result_code(errc e) noexcept;

/// Where decoding failed: `offset` is the first octet of the bad header field or of the bad AVP,
/// counted from the start of the octets that the decoder was given. What lies before it is sound.
struct decode_error {
  errc code = errc::version;
  std::uint32_t offset = 0;

  friend bool operator==(const decode_error&, const decode_error&) = default;
};

template <class T>
using decoded = result<T, decode_error>;

}  // namespace diamgw::diameter

template <>
struct boost::system::is_error_code_enum<diamgw::diameter::errc> : std::true_type {};
