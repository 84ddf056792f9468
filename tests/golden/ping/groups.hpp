// Made by diamgw_dictionary_tool from ping.dia; edit that file instead.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
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
    typed::assign(held.present, 1, held.ping_weight, v);
    return *this;
  }
  [[nodiscard]] constexpr std::optional<double> ping_weight() const noexcept {
    return typed::maybe(held.present, 1, held.ping_weight);
  }
  constexpr ping_hop& class_(std::span<const bytes_view> v) noexcept {
    typed::assign(held.present, 2, held.class_, v);
    return *this;
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

  /// What these functions were given; `present` says of which there is one.
  struct held_values {
    typed::presence<1> present{{0x01}};
    diameter::address ping_address{};
    double ping_weight{};
    std::span<const bytes_view> class_{};
    const typed::arrangement* kept{};  // by `rebuild`: other AVPs, order and flags
  } held{};

  static const typed::record record;
};

/// Reads ping_hop; valid while its octets live.
class ping_hop_view : public typed::group_fields<ping_hop_view, 3> {
 public:
  using group_fields::group_fields;
  using rebuilt = ping_hop;  // by typed::rebuild

  [[nodiscard]] diameter::address ping_address() const noexcept {
    return one<diameter::address>(place(ping_address_));
  }
  [[nodiscard]] std::optional<double> ping_weight() const noexcept {
    return maybe<double>(find(ping_weight_));
  }
  [[nodiscard]] typed::repeated<bytes_view> class_() const noexcept {
    return all<bytes_view>(find(class_number_));
  }

 private:
  friend typed::decoding;
  [[nodiscard]] std::optional<diameter::decode_error> fill(bytes_view octets) noexcept;

  enum member : std::size_t {
    ping_address_, ping_weight_, class_number_
  };
};

}  // namespace diamgw::messages::ping
