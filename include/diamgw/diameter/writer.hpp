// Writes AVPs and messages into octets that the caller provides.
#pragma once
#include <cstdint>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/base/strong_id.hpp"
#include "diamgw/diameter/avp.hpp"
#include "diamgw/diameter/message.hpp"

namespace diamgw::diameter {

/// Fields of the message header but the length, which is known last.
struct header {
  std::uint8_t flags = 0;
  command_code command;
  application_id application;
  hop_by_hop_id hop_by_hop;
  end_to_end_id end_to_end;
};

/// Appends to a span, never past its end: what does not fit sets `overflowed()` and is left out
/// whole, and every later append is refused too. So callers check once, at the end, and retry
/// with a larger buffer. No allocation. V bit and padding are the writer's work.
class writer {
 public:
  explicit writer(mutable_bytes out) noexcept : out_{out} {}

  /// The 20 octets of the header; the length is written by `finish`.
  void begin_message(const header& h) noexcept;

  void octets(avp_code code, vendor_id vendor, std::uint8_t flags, bytes_view data) noexcept;
  void text(avp_code code, vendor_id vendor, std::uint8_t flags, std::string_view data) noexcept {
    octets(code, vendor, flags, as_bytes(data));
  }
  void unsigned32(avp_code code, vendor_id vendor, std::uint8_t flags, std::uint32_t v) noexcept;
  void unsigned64(avp_code code, vendor_id vendor, std::uint8_t flags, std::uint64_t v) noexcept;
  /// A whole AVP as it was read, flags and unknown bits kept; padding is written anew.
  void copy(const avp_view& avp) noexcept;
  /// AVPs that were encoded before, padding included (pre-encoded constants).
  void encoded(bytes_view avps) noexcept;

  /// Starts a Grouped AVP; what follows is inside it until `end_group` with the same mark.
  [[nodiscard]] std::size_t begin_group(avp_code code, vendor_id vendor,
                                        std::uint8_t flags) noexcept;
  void end_group(std::size_t mark) noexcept;

  /// `n` octets of data of a new AVP for the caller to fill, or an empty span on overflow.
  [[nodiscard]] mutable_bytes reserve(avp_code code, vendor_id vendor, std::uint8_t flags,
                                      std::size_t n) noexcept;

  /// Cuts back to a size that `size()` once gave.
  void rewind(std::size_t size) noexcept;

  /// Writes the length into the message header that `begin_message` began; the whole message, or
  /// an empty view on overflow.
  [[nodiscard]] bytes_view finish() noexcept;

  [[nodiscard]] std::size_t size() const noexcept { return used_; }
  [[nodiscard]] bool overflowed() const noexcept { return overflowed_; }

 private:
  mutable_bytes out_;
  std::size_t used_ = 0;
  bool overflowed_ = false;
};

}  // namespace diamgw::diameter
