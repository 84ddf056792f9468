// Sessions: CCR-I, CCR-U, CCR-T (RFC 8506 §5, §7).
#include "app/sim/ocs.hpp"

#include "unit/app/ocs_fixture.hpp"

namespace diamgw::sim {
namespace {

using enum request_type;
using std::chrono::seconds;

service_units octets(std::uint64_t n) {
  return {.total_octets = n};
}

TEST_F(OcsTest, AnswersAnInitialRequestWithUnitsAndTheirValidity) {  // RFC 8506 §5.1.1
  const cca answer = ask(ccr{initial_request, 0}.subscriber("4917").requests(octets(300)));

  EXPECT_EQ(answer.result(), 2001U);
  EXPECT_EQ(answer.view().hop_by_hop().value, 0x1111U);
  EXPECT_EQ(answer.view().end_to_end().value, 0x2222U);
  EXPECT_EQ(answer.view().flags(), 0x40);
  EXPECT_EQ(answer.number32(request_type_avp), 1U);
  EXPECT_EQ(answer.number32(request_number), 0U);
  EXPECT_EQ(answer.number32(code_of(cc::avps::validity_time)), 3600U);
  const auto granted = answer.all({granted_service_unit, total_octets});
  ASSERT_EQ(granted.size(), 1U);
  EXPECT_EQ(number_in(granted[0]), 300U);
  EXPECT_EQ(account_of("4917").available(), 700U);
  EXPECT_TRUE(server.has_open_session("client;1;1"));
}

TEST_F(OcsTest, WritesSessionIdFirst) {  // RFC 6733 §8.8
  const cca answer = ask(ccr{initial_request, 0}.subscriber("4917"));

  EXPECT_EQ((*answer.view().avps().begin()).code, avps::session_id);
}

TEST_F(OcsTest, EchoesEveryProxyInfo) {  // RFC 6733 §6.2
  ccr request{initial_request, 0};
  request.subscriber("4917").octets(avps::proxy_info, {}).octets(avps::proxy_info, {});

  EXPECT_EQ(ask(request).all({avps::proxy_info}).size(), 2U);
}

TEST_F(OcsTest, SettlesUsedUnitsAndReturnsTheRest) {  // §5.2, §5.3
  ask(ccr{initial_request, 0}.subscriber("4917").requests(octets(300)));
  ask(ccr{update_request, 1}.uses(octets(200)).requests(octets(300)));

  EXPECT_EQ(account_of("4917").balance, 800U);
  EXPECT_EQ(account_of("4917").reserved, 300U);

  const cca answer = ask(ccr{termination_request, 2}.uses(octets(50)));

  EXPECT_EQ(answer.result(), 2001U);
  EXPECT_EQ(account_of("4917").balance, 750U);
  EXPECT_EQ(account_of("4917").reserved, 0U);
  EXPECT_EQ(server.open_sessions(), 0U);
}

TEST_F(OcsTest, AddsUpUsageBeforeAndAfterATariffChange) {  // §8.19
  ask(ccr{initial_request, 0}.subscriber("4917").requests(octets(300)));
  ask(ccr{termination_request, 1}.uses(octets(20)).uses(octets(30)));

  EXPECT_EQ(account_of("4917").balance, 950U);
}

TEST_F(OcsTest, TakesWhatIsThereWhenMoreWasUsed) {  // §9.1: "they are deducted, if possible"
  ask(ccr{initial_request, 0}.subscriber("4917").requests(octets(300)));
  ask(ccr{termination_request, 1}.uses(octets(UINT64_MAX)));

  EXPECT_EQ(account_of("4917").balance, 0U);
}

TEST_F(OcsTest, SaysFinalUnitWithTheLastQuota) {  // §5.6
  const cca answer = ask(ccr{initial_request, 0}.subscriber("4917").requests(octets(5000)));

  EXPECT_EQ(number_in(answer.all({granted_service_unit, total_octets}).at(0)), 1000U);
  const auto action =
      answer.all({code_of(cc::avps::final_unit_indication), code_of(cc::avps::final_unit_action)});
  ASSERT_EQ(action.size(), 1U);
  EXPECT_EQ(number_in(action[0]), 0U);
}

TEST_F(OcsTest, RefusesWhenTheBalanceIsSpent) {  // §9.1, 4012; §7: the session is Idle then
  ask(ccr{initial_request, 0}.subscriber("4917").requests(octets(1000)));
  const cca other =
      ask(ccr{initial_request, 0, "client;1;2"}.subscriber("4917").requests(octets(1)));
  const cca same = ask(ccr{update_request, 1}.uses(octets(1000)).requests(octets(1)));

  EXPECT_EQ(other.result(), 4012U);
  EXPECT_EQ(same.result(), 4012U);
  EXPECT_EQ(account_of("4917").balance, 0U);
  EXPECT_EQ(server.open_sessions(), 0U);
  EXPECT_EQ(server.statistics().limit_reached, 2U);
}

TEST_F(OcsTest, GrantsEachRatingGroupItsOwnQuota) {  // §5.1.2
  const cca answer = ask(ccr{initial_request, 0}
                             .subscriber("4917")
                             .service(10, octets(400))
                             .service(20, service_units{})
                             .service(30, octets(900)));

  EXPECT_EQ(answer.result(), 2001U);
  const auto groups = answer.all({mscc, rating_group});
  const auto units = answer.all({mscc, granted_service_unit, total_octets});
  ASSERT_EQ(groups.size(), 3U);
  ASSERT_EQ(units.size(), 3U);
  EXPECT_EQ(number_in(groups[1]), 20U);
  EXPECT_EQ(number_in(units[0]), 400U);
  EXPECT_EQ(number_in(units[1]), 100U) << "an empty Requested-Service-Unit leaves it to the server";
  EXPECT_EQ(number_in(units[2]), 500U);
  EXPECT_EQ(answer.all({mscc, code_of(cc::avps::final_unit_indication)}).size(), 1U);
}

TEST_F(OcsTest, RefusesOneServiceInsideItsGroup) {  // §5.1.2, §9
  ask(ccr{initial_request, 0}.subscriber("4917").service(10, octets(1000)));
  const cca answer = ask(ccr{update_request, 1}.service(20, octets(1)));

  EXPECT_EQ(answer.result(), 2001U);
  const auto codes = answer.all({mscc, avps::result_code});
  ASSERT_EQ(codes.size(), 1U);
  EXPECT_EQ(number_in(codes[0]), 4012U);
  EXPECT_TRUE(server.has_open_session("client;1;1"));
}

TEST_F(OcsTest, SettlesOnlyTheRatingGroupThatReports) {  // §5.2.2
  ask(ccr{initial_request, 0}.subscriber("4917").service(10, octets(400)).service(20, octets(100)));
  ask(ccr{update_request, 1}.service(10, std::nullopt, octets(10)));

  EXPECT_EQ(account_of("4917").balance, 990U);
  EXPECT_EQ(account_of("4917").reserved, 100U);
}

TEST_F(OcsTest, ReplacesTheGrantOfAQuotaThatWasNotUsed) {
  ask(ccr{initial_request, 0}.subscriber("4917").service(10, octets(400)));
  ask(ccr{update_request, 1}.service(10, octets(300)));

  EXPECT_EQ(account_of("4917").reserved, 300U);
}

TEST_F(OcsTest, AnswersARepeatAgainAndChangesNothing) {  // §8.2
  ask(ccr{initial_request, 0}.subscriber("4917").requests(octets(10)));
  ccr used{update_request, 1};
  used.uses(octets(7)).requests(octets(10));

  const cca answer = ask(used);
  const cca again = ask(used);

  EXPECT_EQ(answer.octets, again.octets);
  EXPECT_EQ(account_of("4917").balance, 993U);
  EXPECT_EQ(server.statistics().repeats, 1U);
}

TEST_F(OcsTest, RemembersAnEndedSessionForTheRepeatWindow) {
  ccr end{termination_request, 1};
  ask(ccr{initial_request, 0}.subscriber("4917").requests(octets(1)));
  ask(end);

  now += seconds{29};
  EXPECT_EQ(ask(end).result(), 2001U);
  now += seconds{1};
  EXPECT_EQ(ask(end).result(), 5002U);
}

TEST_F(OcsTest, ReleasesReservationsWhenTccExpires) {  // §7: Tcc expired, Idle
  ask(ccr{initial_request, 0}.subscriber("4917").requests(octets(600)));
  EXPECT_EQ(server.next_deadline(), now + seconds{7200});

  server.on_timer(now + seconds{7200});

  EXPECT_EQ(account_of("4917").available(), 1000U);
  EXPECT_EQ(server.open_sessions(), 0U);
  EXPECT_EQ(server.statistics().expired, 1U);
  EXPECT_EQ(server.next_deadline(), time_point::max());
}

TEST_F(OcsTest, RestartsTccAtEachUpdate) {  // §7
  ccr more{update_request, 1};
  ask(ccr{initial_request, 0}.subscriber("4917").requests(octets(1)));
  now += seconds{7000};
  ask(more);

  server.on_timer(now + seconds{7199});

  EXPECT_EQ(server.open_sessions(), 1U);
}

TEST_F(OcsTest, RefusesASecondInitialRequestAndNumbersThatGoBack) {  // §8.2, §8.3
  ccr back{update_request, 4};
  ccr ahead{update_request, 9};
  ask(ccr{initial_request, 5}.subscriber("4917").requests(octets(1)));

  EXPECT_EQ(ask(ccr{initial_request, 6}.subscriber("4917")).result(), 5004U);
  const cca refused = ask(back);
  EXPECT_EQ(refused.result(), 5004U);
  EXPECT_EQ(refused.all({avps::failed_avp, request_number}).size(), 1U);
  EXPECT_EQ(ask(ahead).result(), 2001U) << "a gap is a request that never came";
}

TEST_F(OcsTest, BuildsReAuthRequestForAnOpenSession) {  // RFC 8506 §5.5, RFC 6733 §8.3.1
  ask(ccr{initial_request, 0}.subscriber("4917"));
  std::array<std::byte, 512> room{};
  diameter::writer out{room};

  const bytes_view octets =
      server.make_request(session_request::re_auth, "client;1;1", {7}, {8}, out);

  ASSERT_FALSE(octets.empty());
  const cca rar{{octets.begin(), octets.end()}};
  EXPECT_EQ(rar.view().command(), diameter::commands::re_auth);
  EXPECT_EQ(rar.view().flags(), 0xc0);
  EXPECT_EQ(as_text(rar.view().find(avps::destination_host)->data), "gw.example");
  EXPECT_EQ(rar.number32(avps::re_auth_request_type), 0U);
  EXPECT_TRUE(server.make_request(session_request::re_auth, "client;1;2", {7}, {8}, out).empty());
}

TEST_F(OcsTest, WritesAnAsrForAnOpenSession) {  // RFC 6733 §8.5.1
  ccr request{initial_request, 0};
  request.subscriber("4917").requests(octets(10));
  ask(request);
  std::array<std::byte, 512> room{};
  diameter::writer out{room};

  const bytes_view octets =
      server.make_request(session_request::abort, "client;1;1", {7}, {8}, out);

  const cca asr{{octets.begin(), octets.end()}};
  EXPECT_EQ(asr.view().command(), diameter::commands::abort_session);
  EXPECT_EQ(asr.view().application(), credit_control_application);
  EXPECT_EQ(asr.view().flags(), 0xc0);
  EXPECT_EQ(as_text(asr.view().find(avps::session_id)->data), "client;1;1");
  EXPECT_EQ(as_text(asr.view().find(avps::destination_host)->data), "gw.example");
  EXPECT_EQ(asr.number32(avps::auth_application_id), 4U);
  EXPECT_FALSE(asr.number32(avps::re_auth_request_type));
  EXPECT_TRUE(server.has_open_session("client;1;1"));
}

TEST_F(OcsTest, KnowsByWhichPeerTheLastRequestOfASessionCame) {
  std::array<std::byte, 1024> room{};
  diameter::writer first{room};
  diameter::writer second{room};
  ccr opening{initial_request, 0};
  opening.subscriber("4917").requests(octets(10));
  server.on_ccr(opening.view(), first, {now, "a.example"});
  EXPECT_EQ(server.find_way("client;1;1"), "a.example");

  ccr more{update_request, 1};
  server.on_ccr(more.subscriber("4917").requests(octets(10)).view(), second, {now, "b.example"});

  EXPECT_EQ(server.find_way("client;1;1"), "b.example");
  EXPECT_EQ(server.find_way("client;1;2"), "");
}

TEST_F(OcsTest, RefusesAsItIsToldAndChangesNothing) {
  ccr opening{initial_request, 0};
  opening.subscriber("4917").requests(octets(10));
  for (const std::uint32_t code : {3004U, 4010U, 5012U}) {
    std::array<std::byte, 1024> room{};
    diameter::writer out{room};

    const bytes_view answered = server.refuse_ccr(opening.view(), cc_result{code}, out);

    const cca answer{{answered.begin(), answered.end()}};
    EXPECT_EQ(answer.result(), code);
    EXPECT_EQ(answer.view().is_error(), code < 4000);  // RFC 6733 §7.1.3
    EXPECT_EQ(answer.number32(request_number), 0U);    // RFC 8506 §3.2: it is in every CCA
    EXPECT_EQ(answer.view().hop_by_hop(), hop_by_hop_id{0x1111});
  }
  EXPECT_FALSE(server.has_open_session("client;1;1"));
  EXPECT_EQ(server.statistics().initial, 0U);
  EXPECT_EQ(ask(opening).result(), 2001U);
}

TEST_F(OcsTest, AnswersTheSameAgainAfterTooSmallABuffer) {
  ccr request{initial_request, 0};
  request.subscriber("4917").requests(octets(10));
  std::array<std::byte, 40> tiny{};
  diameter::writer out{tiny};

  EXPECT_TRUE(server.on_ccr(request.view(), out, {now}).empty());
  EXPECT_EQ(ask(request).result(), 2001U);
  EXPECT_EQ(account_of("4917").reserved, 10U);
}

}  // namespace
}  // namespace diamgw::sim
