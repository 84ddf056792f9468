#include "app/sim/service_units.hpp"

#include <algorithm>

namespace diamgw::sim {
namespace {

/// As many of `wanted` as `left` pays for; takes their price out of `left`.
std::uint64_t buy(std::uint64_t wanted, credit price, credit& left) noexcept {
  const std::uint64_t bought = price == 0 ? wanted : std::min(wanted, left / price);
  left -= bought * price;
  return bought;
}

template <class Unit>
void buy_kind(const std::optional<Unit>& wanted, credit price, credit& left,
              std::optional<Unit>& bought) noexcept {
  if (!wanted) {
    return;
  }
  const std::uint64_t n = buy(*wanted, price, left);
  if (n != 0 || *wanted == 0) {
    bought = static_cast<Unit>(n);
  }
}

template <class Unit>
std::optional<Unit> add_kind(const std::optional<Unit>& a, const std::optional<Unit>& b) noexcept {
  if (!a || !b) {
    return a ? a : b;
  }
  const Unit room = static_cast<Unit>(static_cast<Unit>(-1) - *a);
  return static_cast<Unit>(*a + std::min(room, *b));
}

}  // namespace

credit cost_of(const service_units& units, const tariff& t) noexcept {
  const std::uint64_t octets = units.total_octets
                                   ? *units.total_octets
                                   : add_credit(units.input_octets ? *units.input_octets : 0,
                                                units.output_octets ? *units.output_octets : 0);
  credit cost = multiply_credit(octets, t.per_octet);
  cost = add_credit(cost, units.money ? *units.money : 0);
  cost = add_credit(cost, multiply_credit(units.seconds ? *units.seconds : 0, t.per_second));
  return add_credit(cost, multiply_credit(units.service_specific ? *units.service_specific : 0,
                                          t.per_service_specific_unit));
}

service_units affordable(const service_units& wanted, credit available, const tariff& t) noexcept {
  service_units bought;
  buy_kind(wanted.seconds, t.per_second, available, bought.seconds);
  buy_kind(wanted.money, 1, available, bought.money);
  if (wanted.total_octets) {
    // The directions are parts of the total (§8.23): they are not paid for twice.
    buy_kind(wanted.total_octets, t.per_octet, available, bought.total_octets);
  } else {
    buy_kind(wanted.input_octets, t.per_octet, available, bought.input_octets);
    buy_kind(wanted.output_octets, t.per_octet, available, bought.output_octets);
  }
  buy_kind(wanted.service_specific, t.per_service_specific_unit, available,
           bought.service_specific);
  return bought;
}

service_units sum_of(const service_units& a, const service_units& b) noexcept {
  return {.seconds = add_kind(a.seconds, b.seconds),
          .money = add_kind(a.money, b.money),
          .total_octets = add_kind(a.total_octets, b.total_octets),
          .input_octets = add_kind(a.input_octets, b.input_octets),
          .output_octets = add_kind(a.output_octets, b.output_octets),
          .service_specific = add_kind(a.service_specific, b.service_specific)};
}

std::optional<credit> amount_of(const cc::cc_money& money) noexcept {
  const cc::unit_value& value = *money.unit_value();
  if (value.value_digits() < 0) {
    return std::nullopt;
  }
  auto amount = static_cast<credit>(value.value_digits());
  std::int32_t exponent = value.exponent().value_or(0);
  for (; exponent > 0 && amount != 0 && amount != UINT64_MAX; --exponent) {
    amount = multiply_credit(amount, 10);
  }
  for (; exponent < 0 && amount > 1; ++exponent) {
    amount = amount / 10 + (amount % 10 != 0 ? 1 : 0);
  }
  return amount;
}

cc::unit_value unit_value_of(credit amount) noexcept {
  // Value-Digits is an Integer64 (§8.10).
  return cc::unit_value{}
      .value_digits(static_cast<std::int64_t>(std::min<credit>(amount, INT64_MAX)))
      .exponent(0);
}

const cc::granted_service_unit& granted_units::set(const service_units& units) noexcept {
  group_ = {};
  group_.cc_time(units.seconds)
      .cc_total_octets(units.total_octets)
      .cc_input_octets(units.input_octets)
      .cc_output_octets(units.output_octets)
      .cc_service_specific_units(units.service_specific);
  if (units.money) {
    value_ = unit_value_of(*units.money);
    money_.unit_value(&value_);
    group_.cc_money(&money_);
  }
  return group_;
}

}  // namespace diamgw::sim
