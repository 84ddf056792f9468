// The checks after which views may trust lengths.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/avp.hpp"
#include "diamgw/codec/errc.hpp"
#include "diamgw/codec/message.hpp"

namespace diamgw::diameter {

/// What to do about header bits that RFC 6733 §3 has senders clear and receivers ignore.
/// `refuse` answers 5013 (§7.1.5): reserved bits, and T in an answer.
enum class spare_bits : std::uint8_t { ignore, refuse };

/// The AVP that `octets` begin with; nothing trusts its header.
/// out:    `avp`, where nothing is wrong, or its padding alone is cut: then it is the last one
/// errors: avp_header_cut, avp_length_short, avp_overrun, avp_padding_cut
[[nodiscard]] inline std::optional<errc> take_avp(bytes_view octets, avp_view& avp) noexcept {
  if (octets.size() < avp_header_octets) {
    return errc::avp_header_cut;
  }
  const std::byte* const p = octets.data();
  const avp_head head{p};
  const std::size_t header = head.header_octets();
  const std::size_t length = head.length();
  if (length < header) {
    return errc::avp_length_short;
  }
  if (length > octets.size()) {
    return errc::avp_overrun;
  }
  avp = {avp_code{head.code()},
         head.has_vendor() ? vendor_id{load_be32(p + avp_header_octets)} : ietf_vendor,
         head.flags(),
         {p + header, length - header},
         p};
  return padded(length) > octets.size() ? std::optional{errc::avp_padding_cut} : std::nullopt;
}

struct check_options {
  /// A longer message is errc::message_too_long.
  std::size_t max_message_octets = diameter::max_message_octets;
  /// More AVPs than this on one level is errc::too_many_avps.
  std::size_t max_avps = 65536;
  spare_bits header_bits = spare_bits::ignore;
};

/// Checks the header alone: for readers that check AVPs as they go, such as generated views.
/// in:     one whole message; its length must be the octets given
/// out:    a view whose `avps()` must not be walked before they were checked
/// errors: message header values of errc; the offset is that of the field
[[nodiscard]] decoded<message_view> check_header(bytes_view octets,
                                                 const check_options& options = {}) noexcept;

/// Checks the header's length fields and bits, and the AVP headers of the top level; data of AVPs
/// is not looked into. (RFC 6733 §3, §4.1)
/// in:     one whole message; its length must be the octets given
/// out:    a view of them; its `avps()` may be walked
/// errors: message header and AVP header values of errc; the offset is that of the first octet of
///         the field or AVP. AVPs before that offset are sound: see `sound_avps`.
/// cost:   O(AVPs), no allocation, no recursion. Any thread.
[[nodiscard]] decoded<message_view> check_message(bytes_view octets,
                                                  const check_options& options = {}) noexcept;

/// The same for the inside of a Grouped AVP (§4.4), one level: groups in it are checked when they
/// are entered. The last AVP's padding must lie inside, as §4.4 has it; a peer that forgets to
/// count it is told errc::avp_padding_cut.
/// in:     the data of the group; `max_avps` as in check_options
/// out:    its AVPs; offsets of errors count from the first octet of `octets`
[[nodiscard]] decoded<avp_range> check_avps(
    bytes_view octets, std::size_t max_avps = check_options{}.max_avps) noexcept;

/// The AVPs of the top level in front of the one that `error` is in; all of them where only the
/// header was at fault. For answers, so O(AVPs) at most.
/// in: a message, and why it was refused: by check_message, or by what looked into its groups
[[nodiscard]] avp_range sound_avps(bytes_view message, const decode_error& error) noexcept;

}  // namespace diamgw::diameter
