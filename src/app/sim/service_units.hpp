// Units of service: what a client asks for, what it used, what it was granted (RFC 8506 §8.17-19).
#pragma once
#include <cstdint>
#include <optional>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/avp.hpp"
#include "diamgw/codec/writer.hpp"

namespace diamgw::sim {

/// Credit: what balances and prices count in. Sums saturate, they never wrap.
using credit = std::uint64_t;

[[nodiscard]] constexpr credit add_credit(credit a, credit b) noexcept {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}
[[nodiscard]] constexpr credit subtract_credit(credit a, credit b) noexcept {
  return a > b ? a - b : 0;
}
[[nodiscard]] constexpr credit multiply_credit(credit a, credit b) noexcept {
  return b != 0 && a > UINT64_MAX / b ? UINT64_MAX : a * b;
}

/// Credit for one unit of each kind; 0 = free of charge. CC-Money is credit already.
struct tariff {
  credit per_octet = 1;
  credit per_second = 1;
  credit per_service_specific_unit = 1;
};

/// Kinds of units; each AVP at most once (§8.17: "[ CC-Time ]" and so on).
struct service_units {
  std::optional<std::uint32_t> seconds{};
  std::optional<std::uint64_t> money{};  // whole credit, fractions rounded up
  std::optional<std::uint64_t> total_octets{};
  std::optional<std::uint64_t> input_octets{};
  std::optional<std::uint64_t> output_octets{};
  std::optional<std::uint64_t> service_specific{};

  [[nodiscard]] bool empty() const noexcept {
    return !seconds && !money && !total_octets && !input_octets && !output_octets &&
           !service_specific;
  }
  friend bool operator==(const service_units&, const service_units&) = default;
};

/// Price of all units. CC-Total-Octets stands for both directions where it is present (§8.23).
[[nodiscard]] credit cost_of(const service_units& units, const tariff& t) noexcept;

/// The largest part of `wanted` that `available` pays for, kind after kind in the order of the
/// struct; kinds that get nothing are left out.
[[nodiscard]] service_units affordable(const service_units& wanted, credit available,
                                       const tariff& t) noexcept;

/// Both together, kind by kind: usage before and after a tariff change comes as two AVPs (§8.19).
[[nodiscard]] service_units sum_of(const service_units& a, const service_units& b) noexcept;

/// Appends the group `code` (Granted-Service-Unit, ...) with the kinds that are present.
void write_units(diameter::writer& out, avp_code code, const service_units& units) noexcept;

/// Unit-Value (§8.8) of whole credit: Value-Digits, and Exponent 0.
void write_unit_value(diameter::writer& out, credit amount) noexcept;

}  // namespace diamgw::sim
