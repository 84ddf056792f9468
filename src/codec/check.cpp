#include "diamgw/codec/check.hpp"

#include <algorithm>

namespace diamgw::diameter {
namespace {

/// Octets of the AVP at the front, padding included; 0 where anything is wrong with it, and
/// `take_avp` is to say what. A walk over lengths needs no more: with it a CCA of nine AVPs is
/// checked in 100 instructions less than by views of them.
std::size_t sound_octets(bytes_view octets) noexcept {
  if (octets.size() < avp_header_octets) {
    return 0;
  }
  const avp_head head{octets.data()};
  const std::size_t length = head.length();
  return length >= head.header_octets() && padded(length) <= octets.size() ? padded(length) : 0;
}

/// The first fault among the AVPs of one level; offsets count from `octets`, plus `base`.
/// In one pass: every step moves on by at least an AVP header or ends.
bool walk(bytes_view octets, std::size_t base, std::size_t max_avps, decode_error& fault) noexcept {
  std::size_t at = 0;
  std::size_t count = 0;
  while (at < octets.size()) {
    const std::size_t sound = sound_octets(octets.subspan(at));
    if (sound != 0 && count < max_avps) [[likely]] {
      ++count;
      at += sound;
      continue;
    }
    avp_view avp;
    auto e = take_avp(octets.subspan(at), avp);
    if (++count > max_avps && e != errc::avp_header_cut) {
      e = errc::too_many_avps;
    }
    if (e) {
      fault = {*e, static_cast<std::uint32_t>(base + at)};
      return false;
    }
    at += padded(avp.octets().size());
  }
  return true;
}

}  // namespace

decoded<message_view> check_header(bytes_view octets, const check_options& options) noexcept {
  if (!octets.empty() && load_u8(octets.data()) != protocol_version) {
    return decode_error{errc::version, 0};
  }
  if (octets.size() < header_octets) {
    return decode_error{errc::message_length_short, 1};
  }
  const std::size_t length = load_be24(octets.data() + 1);
  if (length < header_octets) {
    return decode_error{errc::message_length_short, 1};
  }
  if (length > options.max_message_octets) {
    return decode_error{errc::message_too_long, 1};
  }
  if (length != octets.size()) {
    return decode_error{errc::message_length_mismatch, 1};
  }
  if (length % 4 != 0) {
    return decode_error{errc::message_length_unaligned, 1};
  }
  const message_view view{octets};
  const std::uint8_t flags = view.flags();
  if (view.is_request() && view.is_error()) {
    return decode_error{errc::error_bit_in_request, 4};
  }
  if (options.header_bits == spare_bits::refuse) {
    if ((flags & command_flags::reserved) != 0) {
      return decode_error{errc::reserved_header_bit, 4};
    }
    if (!view.is_request() && (flags & command_flags::retransmitted) != 0) {
      return decode_error{errc::retransmitted_answer, 4};
    }
  }
  return view;
}

decoded<message_view> check_message(bytes_view octets, const check_options& options) noexcept {
  const decoded<message_view> view = check_header(octets, options);
  decode_error fault;
  if (view && !walk(octets.subspan(header_octets), header_octets, options.max_avps, fault)) {
    return fault;
  }
  return view;
}

decoded<avp_range> check_avps(bytes_view octets, std::size_t max_avps) noexcept {
  decode_error fault;
  if (!walk(octets, 0, max_avps, fault)) {
    return fault;
  }
  return avp_range{octets};
}

avp_range sound_avps(bytes_view message, const decode_error& error) noexcept {
  if (message.size() <= header_octets) {
    return {};
  }
  // A fault of the header was told before the AVPs were looked at; one inside of a group leaves the
  // group cut.
  bytes_view list = message.subspan(header_octets);
  if (error.offset >= header_octets) {
    list = list.first(std::min(error.offset - header_octets, list.size()));
  }
  decode_error fault = error;
  return avp_range{walk(list, 0, message.size(), fault) ? list : list.first(fault.offset)};
}

}  // namespace diamgw::diameter
