// Numbers that must not be mixed up: a type for each kind.
#pragma once
#include <compare>
#include <cstdint>
#include <functional>

namespace diamgw {

/// An integer that converts to no other kind of integer; `.value` is the number itself.
template <class Tag, class Integer>
struct strong_id {
  using integer_type = Integer;
  Integer value{};

  friend constexpr auto operator<=>(strong_id, strong_id) = default;
};

using application_id = strong_id<struct application_id_tag, std::uint32_t>;  // RFC 6733 §2.4
using command_code = strong_id<struct command_code_tag, std::uint32_t>;      // 24 bits, §3
using avp_code = strong_id<struct avp_code_tag, std::uint32_t>;              // §4.1
using vendor_id = strong_id<struct vendor_id_tag, std::uint32_t>;            // 0 = IETF, §4.1
using hop_by_hop_id = strong_id<struct hop_by_hop_id_tag, std::uint32_t>;    // §3
using end_to_end_id = strong_id<struct end_to_end_id_tag, std::uint32_t>;    // §3

/// The base protocol's application (RFC 6733 §2.4), the first that is a vendor's (§11.3), and the
/// one that relays advertise.
inline constexpr application_id base_application{0};
inline constexpr application_id first_vendor_application{0x01000000U};
inline constexpr application_id relay_application{0xffffffffU};
inline constexpr vendor_id ietf_vendor{0};

}  // namespace diamgw

template <class Tag, class Integer>
struct std::hash<diamgw::strong_id<Tag, Integer>> {
  std::size_t operator()(diamgw::strong_id<Tag, Integer> id) const noexcept {
    return std::hash<Integer>{}(id.value);
  }
};
