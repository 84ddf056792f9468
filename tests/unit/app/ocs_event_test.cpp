// One-time events: CCR-E (RFC 8506 §6).
#include "unit/app/ocs_fixture.hpp"

namespace diamgw::sim {
namespace {

using enum request_type;
using enum requested_action;

struct charged_event {
  const char* name;
  requested_action action;
  service_units units;
  std::uint32_t result;
  credit balance;  // afterwards, of 1000
};

const charged_event events[] = {
    {"§6.3 direct debit", direct_debiting, {.service_specific = 5}, 2001, 995},
    {"§6.3 direct debit of nothing said: one event", direct_debiting, {}, 2001, 999},
    {"§6.3 direct debit of all", direct_debiting, {.money = 1000}, 2001, 0},
    {"§6.3 direct debit of too much", direct_debiting, {.money = 1001}, 4012, 1000},
    {"§6.4 refund", refund_account, {.money = 50}, 2001, 1050},
    {"§6.2 balance check", check_balance, {.seconds = 9999}, 2001, 1000},
    {"§6.1 price enquiry", price_enquiry, {.seconds = 60}, 2001, 1000},
};

TEST_F(OcsTest, ChargesOneTimeEvents) {
  std::string name = "a";
  for (const charged_event& row : events) {
    SCOPED_TRACE(row.name);
    ++name[0];

    const cca answer =
        ask(ccr{event_request, 0, name}.subscriber(name).action(row.action).requests(row.units));

    EXPECT_EQ(answer.result(), row.result);
    EXPECT_EQ(account_of(name).balance, row.balance);
    EXPECT_EQ(server.open_sessions(), 0U);
  }
}

TEST_F(OcsTest, SaysWhetherTheBalanceCovers) {  // §6.2, §8.6
  const auto check = [&](std::uint32_t wanted) {
    return ask(ccr{event_request, wanted}
                   .subscriber("4917")
                   .action(check_balance)
                   .requests({.seconds = wanted}))
        .number32(code_of(cc::avps::check_balance_result));
  };

  EXPECT_EQ(check(1000), 0U);
  EXPECT_EQ(check(1001), 1U);
}

TEST_F(OcsTest, QuotesAPriceInCostInformation) {  // §6.1, §8.7
  const cca answer =
      ask(ccr{event_request, 0}.subscriber("4917").action(price_enquiry).requests({.seconds = 60}));

  const auto digits = answer.all({code_of(cc::avps::cost_information), unit_value, value_digits});
  ASSERT_EQ(digits.size(), 1U);
  EXPECT_EQ(number_in(digits[0]), 60U);
}

TEST_F(OcsTest, DebitsARepeatedEventOnce) {  // §8.2
  ccr request{event_request, 0};
  request.subscriber("4917").action(direct_debiting).requests({.money = 10});

  ask(request);
  const cca again = ask(request);

  EXPECT_EQ(again.result(), 2001U);
  EXPECT_EQ(account_of("4917").balance, 990U);
}

struct amount_of_money {
  std::uint64_t digits;
  std::int32_t exponent;
  credit amount;
};

const amount_of_money amounts[] = {{5, 0, 5},        {5, 2, 500}, {55, -1, 6},       {1, -9, 1},
                                   {1, 3, 1000},     {50, -1, 5}, {7, INT32_MIN, 1}, {0, 40, 0},
                                   {1, INT32_MAX, 0} /* beyond every balance: refused */};

TEST_F(OcsTest, ReadsMoneyWithItsExponent) {  // §8.8, §8.9
  std::string name = "a";
  for (const amount_of_money& row : amounts) {
    SCOPED_TRACE(testing::Message() << row.digits << "e" << row.exponent);
    std::array<std::byte, 128> room{};
    diameter::writer units{room};
    const auto money = units.begin_group(code_of(cc::avps::cc_money), ietf_vendor, m);
    const auto value = units.begin_group(unit_value, ietf_vendor, m);
    units.unsigned64(value_digits, ietf_vendor, m, row.digits);
    units.unsigned32(code_of(cc::avps::exponent), ietf_vendor, m,
                     static_cast<std::uint32_t>(row.exponent));
    units.end_group(value);
    units.end_group(money);
    ++name[0];

    ask(ccr{event_request, 0, name}
            .subscriber(name)
            .action(direct_debiting)
            .octets(requested_service_unit, {room.data(), units.size()}));

    EXPECT_EQ(account_of(name).balance, 1000 - row.amount);
  }
}

}  // namespace
}  // namespace diamgw::sim
