#include "diamgw/codec/writer.hpp"

namespace diamgw::diameter {

void writer::begin_message(const header& h) noexcept {
  DIAMGW_ASSERT(size() == 0);
  if (std::byte* const p = extend(header_octets); p != nullptr) {
    const auto octets = h.encode(0);
    std::memcpy(p, octets.data(), octets.size());
  }
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
  const std::size_t mark = size();
  static_cast<void>(reserve(code, vendor, flags, 0));
  return mark;
}

bytes_view writer::finish() noexcept {
  if (overflowed_ || size() < header_octets) {
    return {};
  }
  store_be24(begin_ + 1, static_cast<std::uint32_t>(size()));
  return written();
}

}  // namespace diamgw::diameter
