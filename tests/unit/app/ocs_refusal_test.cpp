// What the simulated credit-control server refuses, and its limits.
#include "unit/app/ocs_fixture.hpp"

namespace diamgw::sim {
namespace {

using enum request_type;

constexpr std::array<std::byte, 3> three_octets{};

struct refusal {
  const char* name;
  void (*shape)(ccr&);
  request_type type;
  avp_code without;
  std::uint32_t result;
  avp_code failed;  // 0: no Failed-AVP
};

void as_it_is(ccr& /*request*/) {}

void ask_for_less_than_nothing(ccr& request) {
  std::array<std::byte, 64> room{};
  diameter::writer units{room};
  const auto money = units.begin_group(code_of(cc::avps::cc_money), ietf_vendor, m);
  const auto value = units.begin_group(unit_value, ietf_vendor, m);
  units.unsigned64(value_digits, ietf_vendor, m, static_cast<std::uint64_t>(-1));
  units.end_group(value);
  units.end_group(money);
  request.octets(requested_service_unit, units.written());
}

const refusal refusals[] = {
    {"RFC 8506 §3.1: no Session-Id", as_it_is, initial_request, avps::session_id, 5005,
     avps::session_id},
    {"§3.1: no Auth-Application-Id", as_it_is, initial_request, avps::auth_application_id, 5005,
     avps::auth_application_id},
    {"§3.1: no Service-Context-Id", as_it_is, initial_request, service_context_id, 5005,
     service_context_id},
    {"§3.1: no CC-Request-Type", as_it_is, initial_request, request_type_avp, 5005,
     request_type_avp},
    {"§3.1: no CC-Request-Number", as_it_is, initial_request, request_number, 5005, request_number},
    {"§8.3: type 0", as_it_is, static_cast<request_type>(0), {}, 5004, request_type_avp},
    {"§8.3: type 5", as_it_is, static_cast<request_type>(5), {}, 5004, request_type_avp},
    {"§8.41: an event without Requested-Action",
     as_it_is,
     event_request,
     {},
     5005,
     requested_action_avp},
    {"§8.41: action 4",
     [](ccr& r) { r.number32(requested_action_avp, 4); },
     event_request,
     {},
     5004,
     requested_action_avp},
    {"§8.22: a negative amount",
     ask_for_less_than_nothing,
     initial_request,
     {},
     5004,
     requested_service_unit},
    {"§9.2: nobody to charge", as_it_is, initial_request, {}, 5030, {}},
    {"RFC 6733 §7.1.5: update of no session", as_it_is, update_request, {}, 5002, {}},
    {"RFC 6733 §7.1.5: end of no session", as_it_is, termination_request, {}, 5002, {}},
    {"RFC 6733 §7.1.5: 3 octets of Unsigned32",
     [](ccr& r) { r.octets(request_number, three_octets); }, initial_request, request_number, 5014,
     request_number},
    {"RFC 6733 §7.1.5: a group cut short",
     [](ccr& r) { r.octets(requested_service_unit, three_octets); },
     initial_request,
     {},
     5014,
     requested_service_unit},
};

TEST_F(OcsTest, RefusesWhatItCannotServe) {
  for (const refusal& row : refusals) {
    SCOPED_TRACE(row.name);
    ccr request{row.type, 0, "a", row.without};
    row.shape(request);

    const cca answer = ask(request);

    EXPECT_EQ(answer.result(), row.result);
    const std::size_t failed = answer.all({avps::failed_avp, row.failed}).size();
    EXPECT_EQ(failed, row.failed == avp_code{} ? 0U : 1U);
    EXPECT_EQ(server.open_sessions(), 0U);
  }
}

TEST_F(OcsTest, SetsTheErrorBitForAnApplicationThatItDoesNotServe) {  // RFC 6733 §7.1.3, 3007
  std::array<std::byte, 512> room{};
  diameter::writer request{room};
  request.begin_message({.flags = 0xc0,
                         .command = diameter::commands::credit_control,
                         .application = application_id{5},
                         .hop_by_hop = {},
                         .end_to_end = {}});
  request.text(avps::session_id, ietf_vendor, m, "a");
  std::array<std::byte, 512> answer_room{};
  diameter::writer out{answer_room};

  const bytes_view octets = server.on_ccr(diameter::message_view{request.finish()}, out, {now});

  const cca answer{{octets.begin(), octets.end()}};
  EXPECT_EQ(answer.result(), 3007U);
  EXPECT_TRUE(answer.view().is_error());
}

TEST(OcsLimits, AnswersTooBusyWhenEverySessionIsOpen) {  // RFC 6733 §7.1.3, 3004
  ocs_options o = small_ocs();
  o.max_sessions = 1;
  ocs server{std::move(o)};
  ccr end{termination_request, 1, "a"};

  EXPECT_EQ(ask(server, ccr{initial_request, 0, "a"}.subscriber("1"), {}).result(), 2001U);
  const cca busy = ask(server, ccr{initial_request, 0, "b"}.subscriber("1"), {});
  EXPECT_EQ(busy.result(), 3004U);
  EXPECT_TRUE(busy.view().is_error());
  ask(server, end, {});
  EXPECT_EQ(ask(server, ccr{initial_request, 0, "b"}.subscriber("1"), {}).result(), 2001U)
      << "an ended session makes room";
}

TEST(OcsLimits, KnowsOnlyNamedSubscribersWhenStrict) {  // RFC 8506 §9.2, 5030
  ocs_options o = small_ocs();
  o.accounts = {.default_balance = 0, .strict = true, .max_accounts = 1};
  ocs server{std::move(o)};
  ASSERT_TRUE(server.accounts().set_balance("1", 10));
  EXPECT_FALSE(server.accounts().set_balance("2", 10));

  EXPECT_EQ(ask(server, ccr{initial_request, 0, "a"}.subscriber("1"), {}).result(), 2001U);
  EXPECT_EQ(ask(server, ccr{initial_request, 0, "b"}.subscriber("2"), {}).result(), 5030U);
}

TEST(OcsLimits, OpensNoMoreAccountsThanAllowed) {  // RFC 6733 §7.1.5, 5006
  ocs_options o = small_ocs();
  o.accounts.max_accounts = 1;
  ocs server{std::move(o)};

  EXPECT_EQ(ask(server, ccr{initial_request, 0, "a"}.subscriber("1"), {}).result(), 2001U);
  EXPECT_EQ(ask(server, ccr{initial_request, 0, "b"}.subscriber("2"), {}).result(), 5006U);
}

TEST(OcsLimits, RefusesMoreServicesThanItReads) {  // RFC 6733 §7.1.5, 5006
  ocs server{small_ocs()};
  ccr request{initial_request, 0};
  request.subscriber("1");
  for (std::uint32_t i = 0; i <= max_services; ++i) {
    request.service(i, service_units{});
  }

  EXPECT_EQ(ask(server, request, {}).result(), 5006U);
}

TEST(OcsLimits, HoldsNoMoreQuotasThanAllowed) {
  ocs_options o = small_ocs();
  o.max_quotas_per_session = 1;
  ocs server{std::move(o)};
  const service_units one{.total_octets = 1};

  const cca answer =
      ask(server, ccr{initial_request, 0}.subscriber("1").service(1, one).service(2, one), {});

  const auto codes = answer.all({mscc, avps::result_code});
  ASSERT_EQ(codes.size(), 2U);
  EXPECT_EQ(number_in(codes[0]), 2001U);
  EXPECT_EQ(number_in(codes[1]), 5006U);
}

}  // namespace
}  // namespace diamgw::sim
