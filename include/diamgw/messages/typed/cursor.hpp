// The quick way through a message: AVPs as most senders write them, in the order of the grammar.
#pragma once
#include <cstddef>
#include <cstdint>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/avp.hpp"
#include "diamgw/messages/typed/grammar.hpp"
#include "diamgw/messages/typed/inline.hpp"

namespace diamgw::diameter::typed {

/// Tries the rules of a grammar one after the other, each against the next AVP, and takes what is
/// sound. It stops at what it did not expect, which is then for `scan` to judge from there on: an
/// AVP out of the grammar's order or outside of it, or a fault.
///
/// For code that is unrolled over the rules: each step is two or three instructions where its AVP
/// is absent. A local of the function that reads, so that it lives in registers.
class cursor {
 public:
  /// `octets` begin with `base` that are no AVPs.
  cursor(bytes_view octets, std::size_t base, slot* slots) noexcept
      : begin_{octets.data()},
        at_{static_cast<std::uint32_t>(base)},
        // What lies behind the last whole word is a fault: `scan` finds it.
        left_{static_cast<std::uint32_t>((octets.size() - base) & ~std::size_t{3})},
        slots_{slots} {
    peek();
  }

  [[DIAMGW_TYPED_INLINE]] void step(const rule& r, std::size_t number) noexcept {
    const std::uint64_t wanted =
        avp_head::code_and_v(static_cast<std::uint32_t>(r.id), r.id >> 32U != 0);
    if (r.occurs.repeated()) {
      if (head_ == wanted && sound(r)) [[unlikely]] {
        step_through(r, number, wanted);
      }
    } else if (head_ == wanted && in_place(r) && sound(r)) {
      const std::uint32_t header = header_octets(r);
      slots_[number] = {at_ + header, length_ - header};
      add(number);
      advance(r);
    }
  }

  [[nodiscard]] std::uint32_t at() const noexcept { return at_; }
  /// Words of bits beyond the rules that were tried stay clear.
  [[nodiscard]] const presence_bits& present() const noexcept { return present_; }
  /// The last AVP was taken.
  [[nodiscard]] bool at_end() const noexcept { return left_ == 0; }

 private:
  [[DIAMGW_TYPED_INLINE]] void step_through(const rule& r, std::size_t number,
                                            std::uint64_t wanted) noexcept {
    const std::uint32_t first = at_;
    std::uint32_t count = 0;
    do {
      ++count;
      advance(r);
    } while (head_ == wanted && count != r.occurs.max && sound(r));
    slots_[number] = {first, count};
    add(number);
  }

  [[nodiscard]] static constexpr std::uint32_t header_octets(const rule& r) noexcept {
    return r.id >> 32U != 0 ? vendor_avp_header_octets : avp_header_octets;
  }

  /// The next header: code and V bit, length. Nothing matches where no header is left.
  [[DIAMGW_TYPED_INLINE]] void peek() noexcept {
    if (left_ < avp_header_octets) {
      head_ = ~std::uint64_t{0};
      return;
    }
    const avp_head next{begin_ + at_};
    head_ = next.code_and_v();
    length_ = static_cast<std::uint32_t>(next.length());
  }

  /// Whether vendor and length are what the rule says, and the AVP ends where the octets do or
  /// before; `left_` is a multiple of 4, as the AVP with its padding is.
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool sound(const rule& r) const noexcept {
    const std::uint32_t header = header_octets(r);
    if (r.id >> 32U != 0) {
      if (left_ < vendor_avp_header_octets || load_be32(begin_ + at_ + 8) != r.id >> 32U) {
        return false;
      }
    }
    if (r.more_octets == 0) {
      return length_ == header + r.least_octets && length_ <= left_;
    }
    return length_ >= header + r.least_octets && length_ <= left_;
  }
  /// `< >`: what must be in front of it is all that was there.
  [[nodiscard, DIAMGW_TYPED_INLINE]] bool in_place(const rule& r) const noexcept {
    return r.occurs.position == occurrence::anywhere || r.occurs.position == 0 ||
           present_[0] == (std::uint64_t{1} << r.occurs.position) - 1;
  }
  [[DIAMGW_TYPED_INLINE]] void advance(const rule& r) noexcept {
    const std::uint32_t octets = r.more_octets == 0 ? header_octets(r) + r.least_octets
                                                    : static_cast<std::uint32_t>(padded(length_));
    at_ += octets;
    left_ -= octets;
    peek();
  }
  [[DIAMGW_TYPED_INLINE]] void add(std::size_t number) noexcept {
    present_[number / bits_per_word] |= std::uint64_t{1} << number % bits_per_word;
  }

  const std::byte* begin_;
  std::uint64_t head_ = 0;
  std::uint32_t length_ = 0;
  std::uint32_t at_;
  std::uint32_t left_;
  slot* slots_;
  presence_bits present_{};
};

}  // namespace diamgw::diameter::typed
