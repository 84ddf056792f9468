#include "app/sim/service_units.hpp"

#include <algorithm>

#include "app/sim/credit_control.hpp"

namespace diamgw::sim {
namespace {

constexpr std::uint8_t mandatory = diameter::avp_flags::mandatory;

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

void write_kind(diameter::writer& out, avp_code code,
                const std::optional<std::uint64_t>& units) noexcept {
  if (units) {
    out.unsigned64(code, ietf_vendor, mandatory, *units);
  }
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

void write_unit_value(diameter::writer& out, credit amount) noexcept {
  const auto group = out.begin_group(cc::unit_value, ietf_vendor, mandatory);
  // Value-Digits is an Integer64 (§8.10).
  out.unsigned64(cc::value_digits, ietf_vendor, mandatory, std::min<credit>(amount, INT64_MAX));
  out.unsigned32(cc::exponent, ietf_vendor, mandatory, 0);
  out.end_group(group);
}

void write_units(diameter::writer& out, avp_code code, const service_units& units) noexcept {
  const auto group = out.begin_group(code, ietf_vendor, mandatory);
  if (units.seconds) {
    out.unsigned32(cc::time, ietf_vendor, mandatory, *units.seconds);
  }
  if (units.money) {
    const auto money = out.begin_group(cc::money, ietf_vendor, mandatory);
    write_unit_value(out, *units.money);
    out.end_group(money);
  }
  write_kind(out, cc::total_octets, units.total_octets);
  write_kind(out, cc::input_octets, units.input_octets);
  write_kind(out, cc::output_octets, units.output_octets);
  write_kind(out, cc::service_specific_units, units.service_specific);
  out.end_group(group);
}

}  // namespace diamgw::sim
