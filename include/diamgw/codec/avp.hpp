// AVPs over borrowed octets (RFC 6733 §4.1).
//
//   0                   1                   2                   3
//   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//  |                           AVP Code                            |
//  |V M P r r r r r|                  AVP Length                   |
//  |                        Vendor-ID (opt)                        |
//  |    Data ...                                   padding to 4    |
#pragma once
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "diamgw/base/bytes.hpp"
#include "diamgw/base/strong_id.hpp"

namespace diamgw::diameter {

inline constexpr std::size_t avp_header_octets = 8;
inline constexpr std::size_t vendor_avp_header_octets = 12;
inline constexpr std::size_t max_avp_octets = 0xffffff;  // 24 bits of length, header included

/// Bits of the AVP Flags octet.
namespace avp_flags {
inline constexpr std::uint8_t vendor = 0x80;
inline constexpr std::uint8_t mandatory = 0x40;
inline constexpr std::uint8_t protect = 0x20;
}  // namespace avp_flags

/// Octets from the start of an AVP to the next: `length` rounded up to 4 (§4.1).
[[nodiscard]] constexpr std::size_t padded(std::size_t length) noexcept {
  return (length + 3U) & ~std::size_t{3U};
}

/// The first eight octets of an AVP as one word. Whoever reads a header takes it apart by this.
class avp_head {
 public:
  explicit avp_head(const std::byte* header) noexcept : word_{load_be64(header)} {}

  [[nodiscard]] std::uint32_t code() const noexcept {
    return static_cast<std::uint32_t>(word_ >> 32U);
  }
  [[nodiscard]] std::uint8_t flags() const noexcept {
    return static_cast<std::uint8_t>(word_ >> 24U);
  }
  [[nodiscard]] bool has_vendor() const noexcept { return (word_ & vendor_bit) != 0; }
  [[nodiscard]] std::size_t header_octets() const noexcept {
    return has_vendor() ? vendor_avp_header_octets : avp_header_octets;
  }
  /// Header and data; it may be anything.
  [[nodiscard]] std::size_t length() const noexcept { return word_ & max_avp_octets; }
  /// Code and V bit, in one number to be compared.
  [[nodiscard]] std::uint64_t code_and_v() const noexcept { return word_ >> 31U; }
  [[nodiscard]] static constexpr std::uint64_t code_and_v(std::uint32_t code, bool v) noexcept {
    return (std::uint64_t{code} << 1U) | (v ? 1U : 0U);
  }

 private:
  static constexpr std::uint64_t vendor_bit = std::uint64_t{avp_flags::vendor} << 24U;
  std::uint64_t word_;
};

/// One AVP; never owns. Valid while the octets it was read from live.
struct avp_view {
  avp_code code;
  vendor_id vendor;  // ietf_vendor where the V bit is clear
  std::uint8_t flags = 0;
  bytes_view data;          // without header and padding
  const std::byte* header;  // first octet of the AVP's header

  [[nodiscard]] bool mandatory() const noexcept { return (flags & avp_flags::mandatory) != 0; }
  [[nodiscard]] std::size_t header_octets() const noexcept {
    return static_cast<std::size_t>(data.data() - header);
  }
  /// Header and data, without padding.
  [[nodiscard]] bytes_view octets() const noexcept {
    return {header, header_octets() + data.size()};
  }
};

/// The AVP whose header begins at `p`, in octets that were checked (`take_avp`, `check_avps`).
[[nodiscard]] inline avp_view avp_at(const std::byte* p) noexcept {
  const avp_head head{p};
  const std::size_t header = head.header_octets();
  return {avp_code{head.code()},
          head.has_vendor() ? vendor_id{load_be32(p + avp_header_octets)} : ietf_vendor,
          head.flags(),
          {p + header, head.length() - header},
          p};
}
/// Where the next one begins, or the octets end.
[[nodiscard]] inline const std::byte* after_avp(const std::byte* p) noexcept {
  return p + padded(avp_head{p}.length());
}

/// Walks the AVPs of a message's body or of a Grouped AVP's data, lazily, in order; nothing is
/// copied. The octets must have passed `check_avps` (check.hpp): the walk trusts lengths then.
class avp_range {
 public:
  class iterator {
   public:
    using value_type = avp_view;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::forward_iterator_tag;
    using iterator_concept = std::forward_iterator_tag;
    using reference = avp_view;
    using pointer = void;

    iterator() noexcept = default;
    explicit iterator(const std::byte* p) noexcept : p_{p} {}
    [[nodiscard]] avp_view operator*() const noexcept { return avp_at(p_); }
    iterator& operator++() noexcept {
      p_ = after_avp(p_);
      return *this;
    }
    iterator operator++(int) noexcept {
      iterator old = *this;
      ++*this;
      return old;
    }
    friend bool operator==(iterator a, iterator b) noexcept { return a.p_ == b.p_; }

   private:
    const std::byte* p_ = nullptr;
  };

  avp_range() noexcept = default;
  explicit avp_range(bytes_view octets) noexcept : octets_{octets} {}
  [[nodiscard]] iterator begin() const noexcept { return iterator{octets_.data()}; }
  [[nodiscard]] iterator end() const noexcept {
    // The last AVP's padding may lie outside a group's data (§4.4 counts it in, peers forget it);
    // check_avps refuses that, so the padded end is the end.
    return iterator{octets_.data() + octets_.size()};
  }
  [[nodiscard]] bool empty() const noexcept { return octets_.empty(); }
  [[nodiscard]] bytes_view octets() const noexcept { return octets_; }

 private:
  bytes_view octets_;
};

}  // namespace diamgw::diameter
