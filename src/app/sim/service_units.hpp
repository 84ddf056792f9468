// Units of service: what a client asks for, what it used, what it was granted (RFC 8506 §8.17-19).
#pragma once
#include <cstdint>
#include <optional>

#include "app/sim/credit_control.hpp"

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

/// CC-Money holds Unit-Value { Value-Digits, [ Exponent ] } (§8.22, §8.8): digits × 10^exponent in
/// whole credit, fractions rounded up. Nothing for a negative amount.
[[nodiscard]] std::optional<credit> amount_of(const cc::cc_money& money) noexcept;
/// Unit-Value of whole credit: Value-Digits, and Exponent 0.
[[nodiscard]] cc::unit_value unit_value_of(credit amount) noexcept;

/// Of a Requested- or Used-Service-Unit. Nothing where it has a negative amount of money.
template <class Group>
[[nodiscard]] std::optional<service_units> units_of(const Group& group) noexcept {
  service_units out{.seconds = group.cc_time(),
                    .money = {},
                    .total_octets = group.cc_total_octets(),
                    .input_octets = group.cc_input_octets(),
                    .output_octets = group.cc_output_octets(),
                    .service_specific = group.cc_service_specific_units()};
  if (group.cc_money() != nullptr) {
    out.money = amount_of(*group.cc_money());
    if (!out.money) {
      return std::nullopt;
    }
  }
  return out;
}

/// A Granted-Service-Unit, and the groups in it that it points to: it stays where it is.
class granted_units {
 public:
  granted_units() noexcept = default;
  granted_units(const granted_units&) = delete;
  granted_units& operator=(const granted_units&) = delete;

  const cc::granted_service_unit& set(const service_units& units) noexcept;

 private:
  cc::unit_value value_;
  cc::cc_money money_;
  cc::granted_service_unit group_;
};

}  // namespace diamgw::sim
