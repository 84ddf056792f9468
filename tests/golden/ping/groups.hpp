// Made by diamgw_dictionary_tool from ping.dia; edit that file instead.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <span>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/base/strong_id.hpp"
#include "diamgw/messages/ping/avps.hpp"  // IWYU pragma: export
#include "diamgw/messages/typed.hpp"

namespace diamgw::messages::ping {

struct ping_hop;
class ping_hop_view;

/// Ping-Hop ::= < AVP Header: 5 99999 >
///          { Ping-Address }
///          [ Ping-Weight ]
///       *3 [ Class ]
struct ping_hop {
  constexpr ping_hop& ping_address(diameter::address v) noexcept {
    held.ping_address = v;
    return *this;
  }
  [[nodiscard]] constexpr diameter::address ping_address() const noexcept {
    return held.ping_address;
  }
  constexpr ping_hop& ping_weight(std::optional<double> v) noexcept {
    return typed::assign(*this, 1, held.ping_weight, v);
  }
  [[nodiscard]] constexpr std::optional<double> ping_weight() const noexcept {
    return typed::maybe(*this, 1, held.ping_weight);
  }
  constexpr ping_hop& class_(std::span<const bytes_view> v) noexcept {
    return typed::assign(*this, 2, held.class_, v);
  }
  [[nodiscard]] constexpr std::span<const bytes_view> class_() const noexcept {
    return held.class_;
  }

  /// Octets of the group's data.
  [[nodiscard]] std::size_t encoded_size() const noexcept;
  /// Writes them.
  /// in:  at most 16,777,215 octets, which nothing lies in that members refer to
  /// out: their end, null where they do not fit
  [[nodiscard]] std::byte* write_to(std::byte* begin, const std::byte* end) const noexcept;
  /// What a view reads, with AVPs outside the grammar; written again, it gives the same octets.
  /// Lists and groups are of `memory`; octets and texts stay where the view has them.
  [[nodiscard]] static diameter::decoded<ping_hop>
  from(const ping_hop_view& view, std::pmr::memory_resource& memory);

  /// What these functions were given; `present` says of which there is one.
  struct held_values {
    typed::presence<1> present{{0x01}};
    diameter::address ping_address{};
    double ping_weight{};
    std::span<const bytes_view> class_{};
    const typed::arrangement* kept{};  // by `from`: other AVPs, order and flags
  } held{};

  static const typed::record record;
};

/// Reads ping_hop; valid while its octets live.
class ping_hop_view : public typed::group_fields<3> {
 public:
  using group_fields::group_fields;

  /// errors: AVP header values of errc, avp_position, avp_too_many, value_length at the AVP;
  ///         missing_avp at the end
  [[nodiscard]] static diameter::decoded<ping_hop_view> decode(bytes_view group) noexcept;

  [[nodiscard]] diameter::address ping_address() const noexcept {
    return one<diameter::address>(ping_address_);
  }
  [[nodiscard]] std::optional<double> ping_weight() const noexcept {
    return maybe<double>(ping_weight_);
  }
  [[nodiscard]] typed::repeated<bytes_view> class_() const noexcept {
    return all<bytes_view>(class_number_);
  }

 private:
  enum member : std::size_t {
    ping_address_, ping_weight_, class_number_
  };
};

}  // namespace diamgw::messages::ping
