#include "jsonrpc/values.hpp"

namespace diamgw::jsonrpc {
namespace {

constexpr vendor_id placeholder_vendor{0xffffffffU};

/// V set with Vendor-Id 0: nobody should send it, but what was read must go back as it was.
[[nodiscard]] bool has_empty_vendor(const avp_place& at) noexcept {
  return at.vendor == ietf_vendor && (at.flags & diameter::avp_flags::vendor) != 0;
}

}  // namespace

avp_place default_place(const dictionary::avp_definition& definition) noexcept {
  using enum dictionary::flag_rule;
  unsigned flags = 0;
  flags |= definition.vendor != ietf_vendor ? diameter::avp_flags::vendor : 0U;
  flags |= definition.mandatory == must ? diameter::avp_flags::mandatory : 0U;
  flags |= definition.protect == must ? diameter::avp_flags::protect : 0U;
  return {definition.code, definition.vendor, static_cast<std::uint8_t>(flags), &definition};
}

avp_writer::avp_writer(mutable_bytes out) noexcept : out_{out}, writer_{out} {
  writer_.begin_message({});
}

mutable_bytes avp_writer::reserve(const avp_place& at, std::size_t octets) noexcept {
  if (!has_empty_vendor(at)) {
    return writer_.reserve(at.code, at.vendor, at.flags, octets);
  }
  const std::size_t start = writer_.size();
  const mutable_bytes room = writer_.reserve(at.code, placeholder_vendor, at.flags, octets);
  if (!writer_.overflowed()) {
    store_be32(out_.data() + start + 8, 0);
  }
  return room;
}

void avp_writer::octets(const avp_place& at, bytes_view data) noexcept {
  const mutable_bytes room = reserve(at, data.size());
  if (!room.empty()) {
    std::memcpy(room.data(), data.data(), data.size());
  }
}

void avp_writer::unsigned32(const avp_place& at, std::uint32_t v) noexcept {
  const mutable_bytes room = reserve(at, sizeof v);
  if (!room.empty()) {
    store_be32(room.data(), v);
  }
}

void avp_writer::unsigned64(const avp_place& at, std::uint64_t v) noexcept {
  const mutable_bytes room = reserve(at, sizeof v);
  if (!room.empty()) {
    store_be64(room.data(), v);
  }
}

std::size_t avp_writer::begin_group(const avp_place& at) noexcept {
  if (!has_empty_vendor(at)) {
    return writer_.begin_group(at.code, at.vendor, at.flags);
  }
  const std::size_t mark = writer_.begin_group(at.code, placeholder_vendor, at.flags);
  if (!writer_.overflowed()) {
    store_be32(out_.data() + mark + 8, 0);
  }
  return mark;
}

}  // namespace diamgw::jsonrpc
