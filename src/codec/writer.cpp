#include "diamgw/codec/writer.hpp"

namespace diamgw::diameter {

void writer::begin_message(const header& h) noexcept {
  DIAMGW_ASSERT(used_ == 0);
  std::byte* const p = extend(header_octets);
  if (p == nullptr) {
    return;
  }
  const auto octets = h.encode(0);
  std::memcpy(p, octets.data(), octets.size());
}

void writer::copy(const avp_view& avp) noexcept {
  const bytes_view whole = avp.octets();
  const std::size_t size = padded(whole.size());
  std::byte* const p = extend(size);
  if (p == nullptr) {
    return;
  }
  store_be32(p + size - 4, 0);
  std::memcpy(p, whole.data(), whole.size());
}

void writer::encoded(bytes_view avps) noexcept {
  DIAMGW_ASSERT(avps.size() % 4 == 0);
  std::byte* const p = extend(avps.size());
  if (p != nullptr && !avps.empty()) {
    std::memcpy(p, avps.data(), avps.size());
  }
}

std::size_t writer::begin_group(avp_code code, vendor_id vendor, std::uint8_t flags) noexcept {
  const std::size_t mark = used_;
  static_cast<void>(reserve(code, vendor, flags, 0));
  return overflowed_ ? no_group : mark;
}

void writer::end_group(std::size_t mark) noexcept {
  if (mark == no_group || mark > used_) {
    return;
  }
  const std::size_t length = used_ - mark;
  if (length > max_avp_octets) {
    overflowed_ = true;
    used_ = mark;
    return;
  }
  store_be24(out_.data() + mark + 5, static_cast<std::uint32_t>(length));
}

void writer::rewind(std::size_t size) noexcept {
  DIAMGW_ASSERT(size <= used_);
  used_ = size;
}

bytes_view writer::finish() noexcept {
  if (used_ > max_message_octets) {
    overflowed_ = true;
  }
  if (overflowed_ || used_ < header_octets) {
    return {};
  }
  store_be24(out_.data() + 1, static_cast<std::uint32_t>(used_));
  return out_.first(used_);
}

}  // namespace diamgw::diameter
