// Writes AVPs and messages into octets that the caller provides.
#pragma once
#include <algorithm>
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
/// with a larger buffer; what was written is worthless then. It takes `max_message_octets` at most,
/// however large the span: nothing in it is longer than 24 bits of length can say. No allocation.
/// V bit, padding and lengths are the writer's work.
///
/// Generated messages are written by `typed::output` instead, over the same `put_avp`: they are
/// whole or worth nothing, so it gives up at once and keeps no state but two pointers, which live
/// in registers, and one look at the room serves several AVPs. Here an append may be ignored, and
/// the state is the caller's to keep.
class writer {
 public:
  writer() noexcept = default;  // without room
  explicit writer(mutable_bytes out) noexcept
      : begin_{out.data()}, at_{begin_}, end_{begin_ + std::min(out.size(), max_message_octets)} {}

  /// The 20 octets of the header; the length is written by `finish`. First of all appends.
  void begin_message(const header& h) noexcept;
  /// Leaves room for it instead.
  void skip_header() noexcept { static_cast<void>(extend(header_octets)); }

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
  void end_group(std::size_t mark) noexcept {
    if (!overflowed_) {
      set_avp_length(begin_ + mark, size() - mark);
    }
  }

  /// `n` octets of data of a new AVP for the caller to fill, or an empty span on overflow.
  [[nodiscard]] mutable_bytes reserve(avp_code code, vendor_id vendor, std::uint8_t flags,
                                      std::size_t n) noexcept;

  /// The same with flags as they are sent: V may be set for vendor 0, which no sender should write.
  /// out: where the data goes; null on overflow
  [[nodiscard]] std::byte* reserve_as(avp_code code, vendor_id vendor, std::uint32_t flags,
                                      std::size_t n) noexcept {
    std::byte* const p = extend(padded(header_octets_of(flags) + n));
    return p == nullptr ? nullptr : put_avp(p, code.value, vendor.value, flags, n);
  }

  /// Cuts back to a size that `size()` once gave. An overflow stays one.
  void rewind(std::size_t to) noexcept {
    DIAMGW_ASSERT(to <= size());
    at_ = begin_ + to;
    if (overflowed_) [[unlikely]] {
      overflow();
    }
  }

  /// Writes the length into the message header in front; the whole message, or an empty view on
  /// overflow.
  [[nodiscard]] bytes_view finish() noexcept;

  /// A whole message of a generated type, first of all appends; an empty view on overflow. AVPs may
  /// follow, and `finish` then.
  template <class Message>
  bytes_view message(const Message& m) noexcept {
    DIAMGW_ASSERT(size() == 0);
    const std::size_t octets = m.encode_to({begin_, end_});
    if (octets == 0) {
      overflow();
    }
    at_ += octets;
    return written();
  }

  /// The same with AVPs in front of its own, encoded before, padding included.
  template <class Message>
  bytes_view message(const Message& m, bytes_view first_avps) noexcept {
    DIAMGW_ASSERT(size() == 0);
    const std::size_t more = first_avps.size();
    const auto room = static_cast<std::size_t>(end_ - begin_);
    const std::size_t octets = more < room ? m.encode_to({begin_ + more, end_}) : 0;
    if (octets == 0) {
      overflow();
      return written();
    }
    if (more != 0) {
      // Its header goes to the front, and they take the place between.
      std::memmove(begin_, begin_ + more, header_octets);
      std::memcpy(begin_ + header_octets, first_avps.data(), more);
    }
    at_ += more + octets;
    return written();
  }

  /// What was appended so far; for lists of AVPs that are no message.
  [[nodiscard]] bytes_view written() const noexcept { return {begin_, at_}; }
  [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - begin_); }
  [[nodiscard]] bool overflowed() const noexcept { return overflowed_; }

 private:
  /// `n` octets at the end, null on overflow.
  [[nodiscard]] std::byte* extend(std::size_t n) noexcept {
    if (n > static_cast<std::size_t>(end_ - at_)) [[unlikely]] {
      overflow();
      return nullptr;
    }
    std::byte* const p = at_;
    at_ += n;
    return p;
  }
  void overflow() noexcept {
    overflowed_ = true;
    end_ = at_;  // nothing fits any more
  }

  std::byte* begin_ = nullptr;
  std::byte* at_ = nullptr;
  std::byte* end_ = nullptr;
  bool overflowed_ = false;
};

// In the header, so that the sizes of fixed-length types are constants where they are written.
inline mutable_bytes writer::reserve(avp_code code, vendor_id vendor, std::uint8_t flags,
                                     std::size_t n) noexcept {
  const std::uint32_t sent = (flags & ~std::uint32_t{avp_flags::vendor}) |
                             (vendor != ietf_vendor ? std::uint32_t{avp_flags::vendor} : 0U);
  std::byte* const data = reserve_as(code, vendor, sent, n);
  return {data, data == nullptr ? 0 : n};
}

}  // namespace diamgw::diameter
