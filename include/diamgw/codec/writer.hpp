// Writes AVPs and messages into octets that the caller provides.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "diamgw/base/assert.hpp"
#include "diamgw/base/bytes.hpp"
#include "diamgw/base/strong_id.hpp"
#include "diamgw/codec/avp.hpp"
#include "diamgw/codec/header.hpp"
#include "diamgw/codec/message.hpp"
#include "diamgw/codec/put_avp.hpp"

namespace diamgw::diameter {

/// Appends to a span, never past its end: what does not fit sets `overflowed()` and is left out
/// whole, and every later append is refused too. So callers check once, at the end, and retry
/// with a larger buffer. An AVP or a message above 24 bits of length counts as overflow. No
/// allocation. V bit, padding and lengths are the writer's work.
class writer {
 public:
  explicit writer(mutable_bytes out) noexcept : out_{out} {}

  /// The 20 octets of the header; the length is written by `finish`. First of all appends.
  void begin_message(const header& h) noexcept;

  void octets(avp_code code, vendor_id vendor, std::uint8_t flags, bytes_view data) noexcept {
    const mutable_bytes room = reserve(code, vendor, flags, data.size());
    if (!room.empty()) {
      std::memcpy(room.data(), data.data(), data.size());
    }
  }
  void text(avp_code code, vendor_id vendor, std::uint8_t flags, std::string_view data) noexcept {
    octets(code, vendor, flags, as_bytes(data));
  }
  void unsigned32(avp_code code, vendor_id vendor, std::uint8_t flags, std::uint32_t v) noexcept {
    const mutable_bytes room = reserve(code, vendor, flags, sizeof v);
    if (!room.empty()) {
      store_be32(room.data(), v);
    }
  }
  void unsigned64(avp_code code, vendor_id vendor, std::uint8_t flags, std::uint64_t v) noexcept {
    const mutable_bytes room = reserve(code, vendor, flags, sizeof v);
    if (!room.empty()) {
      store_be64(room.data(), v);
    }
  }
  void integer32(avp_code code, vendor_id vendor, std::uint8_t flags, std::int32_t v) noexcept {
    unsigned32(code, vendor, flags, static_cast<std::uint32_t>(v));
  }
  void integer64(avp_code code, vendor_id vendor, std::uint8_t flags, std::int64_t v) noexcept {
    unsigned64(code, vendor, flags, static_cast<std::uint64_t>(v));
  }
  void float32(avp_code code, vendor_id vendor, std::uint8_t flags, float v) noexcept {
    unsigned32(code, vendor, flags, std::bit_cast<std::uint32_t>(v));
  }
  void float64(avp_code code, vendor_id vendor, std::uint8_t flags, double v) noexcept {
    unsigned64(code, vendor, flags, std::bit_cast<std::uint64_t>(v));
  }
  /// A whole AVP as it was read, flags and unknown bits kept; padding is written anew.
  void copy(const avp_view& avp) noexcept;
  /// AVPs that were encoded before, padding included (pre-encoded constants).
  void encoded(bytes_view avps) noexcept;

  /// Starts a Grouped AVP; what follows is inside it until `end_group` with the same mark. Groups
  /// end in the reverse order of their start.
  [[nodiscard]] std::size_t begin_group(avp_code code, vendor_id vendor,
                                        std::uint8_t flags) noexcept;
  void end_group(std::size_t mark) noexcept;

  /// `n` octets of data of a new AVP for the caller to fill, or an empty span on overflow.
  [[nodiscard]] mutable_bytes reserve(avp_code code, vendor_id vendor, std::uint8_t flags,
                                      std::size_t n) noexcept;

  /// Cuts back to a size that `size()` once gave. An overflow stays one.
  void rewind(std::size_t size) noexcept;

  /// Writes the length into the message header that `begin_message` began; the whole message, or
  /// an empty view on overflow.
  [[nodiscard]] bytes_view finish() noexcept;

  /// A whole message of a generated type, in place of all of the above; an empty view on overflow.
  template <class Message>
  [[nodiscard]] bytes_view message(const Message& m) noexcept {
    DIAMGW_ASSERT(used_ == 0);
    used_ = overflowed_ ? 0 : m.encode_to(out_);
    overflowed_ = used_ == 0;
    return out_.first(used_);
  }

  /// What was appended so far; for lists of AVPs that are no message.
  [[nodiscard]] bytes_view written() const noexcept { return out_.first(used_); }
  [[nodiscard]] std::size_t size() const noexcept { return used_; }
  [[nodiscard]] bool overflowed() const noexcept { return overflowed_; }

 private:
  static constexpr std::size_t no_group = ~std::size_t{0};

  /// `n` octets at the end, null on overflow.
  [[nodiscard]] std::byte* extend(std::size_t n) noexcept {
    if (overflowed_ || n > out_.size() - used_) {
      overflowed_ = true;
      return nullptr;
    }
    std::byte* const p = out_.data() + used_;
    used_ += n;
    return p;
  }

  mutable_bytes out_;
  std::size_t used_ = 0;
  bool overflowed_ = false;
};

// In the header, so that the sizes of fixed-length types are constants where they are written.
inline mutable_bytes writer::reserve(avp_code code, vendor_id vendor, std::uint8_t flags,
                                     std::size_t n) noexcept {
  const std::uint32_t bits = (flags & ~std::uint32_t{avp_flags::vendor}) |
                             (vendor != ietf_vendor ? std::uint32_t{avp_flags::vendor} : 0U);
  const std::size_t header = header_octets_of(bits);
  if (n > max_avp_octets - header) {
    overflowed_ = true;
    return {};
  }
  std::byte* const p = extend(padded(header + n));
  if (p == nullptr) {
    return {};
  }
  return {put_avp(p, code.value, vendor.value, bits, n), n};
}

}  // namespace diamgw::diameter
