// A grammar as a reader needs it (RFC 6733 §3.2): constants that generated code is made of.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/errc.hpp"
#include "diamgw/messages/typed/value.hpp"

namespace diamgw::diameter::typed {

struct record;

/// How a struct holds the value of an AVP.
enum class kind : std::uint8_t {
  bits32,   // Integer32, Unsigned32, Float32, Enumerated
  bits64,   // Integer64, Unsigned64, Float64
  time,     // std::chrono::sys_seconds
  octets,   // bytes_view
  text,     // std::string_view
  address,  // diameter::address
  group,    // pointer to its struct
};

/// How often, and where.
struct occurrence {
  static constexpr std::uint32_t unbounded = 0xffffffffU;
  static constexpr std::uint8_t anywhere = 0xff;

  std::uint32_t min = 0;
  std::uint32_t max = 1;
  std::uint8_t position = anywhere;  // behind so many others: `< >`

  [[nodiscard]] constexpr bool repeated() const noexcept { return max > 1; }
};
[[nodiscard]] constexpr occurrence fixed(std::uint8_t position) noexcept {
  return {1, 1, position};
}
[[nodiscard]] constexpr occurrence times(std::uint32_t min,
                                         std::uint32_t max = occurrence::unbounded) noexcept {
  return {min, max};
}
inline constexpr occurrence required{1, 1};
inline constexpr occurrence at_most_once{0, 1};

/// One AVP of a grammar, and the member of the struct that holds it.
struct rule {
  std::uint64_t id;
  std::uint32_t least_octets;  // of the data,
  std::uint32_t more_octets;   // and how many more there may be
  occurrence occurs;
  typed::kind kind;
  std::uint8_t flags;    // as they are written
  std::uint16_t offset;  // of the member in the struct
  const record* group;   // of a Grouped AVP

  constexpr rule(avp_key key, typed::kind k, occurrence o, std::size_t member_offset,
                 const record* inside = nullptr) noexcept
      : id{key.id()},
        least_octets{least(k)},
        more_octets{is_fixed(k) ? 0 : 0xffffffU},
        occurs{o},
        kind{k},
        flags{key.flags},
        offset{static_cast<std::uint16_t>(member_offset)},
        group{inside} {}

  [[nodiscard]] constexpr avp_key key() const noexcept {
    return {static_cast<std::uint32_t>(id), static_cast<std::uint32_t>(id >> 32U), flags};
  }

 private:
  [[nodiscard]] static constexpr bool is_fixed(typed::kind k) noexcept {
    return k == kind::bits32 || k == kind::bits64 || k == kind::time;
  }
  [[nodiscard]] static constexpr std::uint32_t least(typed::kind k) noexcept {
    switch (k) {
      case kind::bits32:
      case kind::time:
        return 4;
      case kind::bits64:
        return 8;
      case kind::address:
        return 2;
      default:
        return 0;
    }
  }
};

/// Most rules of one grammar.
inline constexpr std::size_t max_rules = 256;
inline constexpr std::size_t bits_per_word = 64;
using presence_bits = std::array<std::uint64_t, max_rules / bits_per_word>;  // a bit for a rule

/// Rules and where to find the one for an AVP: `index[id * multiplier >> shift]` is its number, as
/// no two rules share a place of the index.
struct grammar {
  std::span<const rule> rules;
  std::span<const std::uint8_t> index;
  std::uint64_t multiplier;
  std::uint8_t shift;
  bool counted = false;  // a rule demands more than one
  presence_bits required{};

  constexpr grammar(std::span<const rule> all, std::span<const std::uint8_t> places,
                    std::uint64_t factor, std::uint8_t right) noexcept
      : rules{all}, index{places}, multiplier{factor}, shift{right} {
    for (std::size_t i = 0; i < all.size(); ++i) {
      required[i / bits_per_word] |= std::uint64_t{all[i].occurs.min != 0} << i % bits_per_word;
      counted = counted || all[i].occurs.min > 1;
    }
  }
};

/// What a view keeps of the AVPs of one rule; undefined where there are none.
struct slot {
  std::uint32_t at;  // the data of the only one; the header of the first where it may be repeated
  std::uint32_t count;  // octets of the data; AVPs where it may be repeated
};

/// Reads AVPs: their headers, their number, their places and the lengths of their values against
/// the grammar. AVPs outside the grammar are passed over.
/// in:     octets; `base` of them in front of the AVPs. AVPs up to `at` were read, and `slots` and
///         `present` say so
/// out:    `slots`, one for a rule; `present`, a bit for a rule
/// errors: AVP header values of errc, avp_position, avp_too_many, value_length at the AVP;
///         missing_avp at the end. Nothing where there is none. Offsets count from `octets`.
/// cost:   O(AVPs), no allocation, no recursion.
[[nodiscard]] std::optional<decode_error> scan(bytes_view octets, std::size_t base, std::size_t at,
                                               const grammar& g, slot* slots,
                                               std::uint64_t* present) noexcept;

}  // namespace diamgw::diameter::typed
