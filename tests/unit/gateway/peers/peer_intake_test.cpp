// Requests of a peer, their answers, and what cannot be read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/message_builder.hpp"
#include "unit/gateway/peers/peer_fixture.hpp"

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;
using diameter::result_code;
using diameter::commands::credit_control;
using test::make_ccr;
using test::other_node;
using test::Peer;
using ::testing::HasSubstr;
using link = routing::link_state;

TEST_F(Peer, HandsItsRequestOnAndTheAnswerBack) {
  open();
  opened->say(make_ccr(0x99));
  bench.run();
  ASSERT_EQ(owner.requests.size(), 1U);
  const diameter::message_view request = owner.requests[0].view;

  const std::string octets = test::make_message({0, credit_control, test::credit_control, {1}, {2}},
                                                "gw.example;1;2", result_code::success);
  const diameter::message_view answer{as_bytes(std::string_view{octets})};
  buffer_ref buffer = bench.on().pool().allocate(octets.size());
  std::ranges::copy(answer.octets(), buffer.data());
  diameter::header header = diameter::header_of(request);
  header.flags = diameter::command_flags::proxiable;
  subject->send_answer(
      owner.connections[0], header,
      {buffer, bytes_view{buffer.data(), octets.size()}.subspan(diameter::header_octets)});
  bench.run();

  const auto sent = opened->take_one(credit_control);
  EXPECT_EQ(sent.hop_by_hop().value, 0x99U);
  EXPECT_FALSE(sent.is_request());
  EXPECT_TRUE(sent.is_proxiable());
}

// docs/architecture.md, "Peers": an answer above the queue's limit is dropped.
TEST(PeerWithAShortQueue, DropsAnAnswerThatItsQueueDoesNotTake) {
  config::diameter_options limits;
  limits.output_queue_octets = 2 * make_ccr().size();
  test::peer_and_network p{"gw.example", limits};
  p.open();
  p.opened->say(make_ccr());
  p.bench.run();
  p.opened->stream().hold_writes();
  const diameter::header header{0, credit_control, test::credit_control, {1}, {2}};
  const std::string large = test::make_message(header, std::string(2 * make_ccr().size(), 'a'));
  buffer_ref buffer = p.bench.on().pool().allocate(large.size());
  std::ranges::copy(as_bytes(std::string_view{large}), buffer.data());
  const bytes_view avps = bytes_view{buffer.data(), large.size()}.subspan(diameter::header_octets);

  for (int i = 0; i < 2; ++i) {  // an empty queue takes one of any size
    p.subject->send_answer(p.owner.connections.at(0), header, {buffer, avps});
  }

  EXPECT_EQ(p.bench.scraped(R"(diamgw_messages_dropped_total{reason="peer_queue_full"})"), "1");
}

TEST_F(Peer, DropsAnAnswerToAConnectionThatIsGone) {
  open();
  opened->say(make_ccr());
  bench.run();
  ASSERT_EQ(owner.connections.size(), 1U);
  opened->stream().ends();
  bench.run();

  subject->send_answer(owner.connections[0], {}, {});

  EXPECT_EQ(bench.scraped(R"(diamgw_messages_dropped_total{reason="peer_gone"})"), "1");
}

TEST_F(Peer, AnswersARequestThatCannotBeRead) {
  open();
  std::string bad = make_ccr(0x55);
  bad[27] = '\x03';
  opened->say(bad);
  bench.run();

  const auto answer = opened->take_one(credit_control);
  EXPECT_EQ(answer.hop_by_hop().value, 0x55U);
  EXPECT_EQ(diameter::find_unsigned32(answer, diameter::avps::result_code), 5014U);
  EXPECT_TRUE(owner.requests.empty());
}

TEST_F(Peer, EndsAConnectionWhoseFirstMessageCannotBeRead) {
  subject->start();
  bench.run();
  other_node other{*streams.at(0)};
  std::string bad = make_ccr();
  bad[27] = '\x03';

  other.say(bad);
  bench.run();

  EXPECT_EQ(
      bench.scraped(
          R"(diameter_peer_disconnects_total{peer="ocs.example",reason="malformed_message"})"),
      "1");
}

TEST_F(Peer, EndsAStreamThatCannotBeCut) {
  open();
  opened->say(std::string(20, '\x02'));
  bench.run();

  EXPECT_EQ(owner.links.back(), link::closed);
  EXPECT_THAT(bench.take_log(),
              HasSubstr("closed: malformed_message: 192.0.2.2:40000: the version is not 1"));
  EXPECT_EQ(
      bench.scraped(
          R"(diameter_peer_disconnects_total{peer="ocs.example",reason="malformed_message"})"),
      "1");
}

// docs/architecture.md, "Peers": diameter.max_message_octets.
TEST(PeerThatSaysTooMuch, IsAnsweredAndKeepsItsConnection) {
  config::diameter_options limits;
  limits.max_message_octets = 1024;
  test::peer_and_network p{"gw.example", limits};
  p.open();
  const diameter::header request{test::request_flags, credit_control, test::credit_control,
                                 hop_by_hop_id{0x61}, end_to_end_id{0x62}};

  p.opened->say(test::make_message(request, std::string(70'000, 'x')));
  p.opened->say(make_ccr(0x63));
  p.bench.run();

  const auto answer = p.opened->take_one(credit_control);
  EXPECT_EQ(answer.hop_by_hop().value, 0x61U);
  EXPECT_TRUE(answer.is_proxiable());
  EXPECT_EQ(diameter::find_unsigned32(answer, diameter::avps::result_code), 5012U);
  EXPECT_EQ(as_text(answer.find(diameter::avps::error_message)->data),
            "messages of more than 1024 octets are not taken here");
  EXPECT_EQ(p.owner.requests.size(), 1U);
  EXPECT_EQ(p.owner.links.back(), link::open);
  EXPECT_EQ(p.bench.scraped(R"(diamgw_messages_malformed_total{from="peer"})"), "1");
  EXPECT_THAT(p.bench.take_log(), HasSubstr("is passed over: diameter.max_message_octets is 1024"));
}

TEST(PeerThatSaysTooMuch, EndsOneRequestByItsAnswerAndNoOther) {
  config::diameter_options limits;
  limits.max_message_octets = 1024;
  test::peer_and_network p{"gw.example", limits};
  p.open();
  p.bench.ask(*p.subject);
  p.bench.ask(*p.subject);
  p.bench.run();
  const auto asked = p.opened->take();
  ASSERT_EQ(asked.size(), 2U);
  diameter::header header = diameter::header_of(asked[0]);
  header.flags = 0;

  p.opened->say(test::make_message(header, std::string(70'000, 'x'), result_code::success));
  p.opened->answer(asked[1]);
  p.bench.run();

  EXPECT_THAT(p.bench.outcomes(), ::testing::ElementsAre(exchange_outcome::oversized_answer,
                                                         exchange_outcome::answered));
  EXPECT_EQ(p.owner.links.back(), link::open);
}

// RFC 3539 §3.4.1: "any message received" resets Tw, also one that cannot be read.
TEST(PeerThatSaysTooMuch, IsAlive) {
  config::diameter_options limits;
  limits.max_message_octets = 1024;
  test::peer_and_network p{"gw.example", limits};
  p.open();
  std::string header = make_ccr().substr(0, 20);
  store_be24(std::as_writable_bytes(std::span{header}).data() + 1, 1028);
  std::string bad = make_ccr();
  bad[27] = '\x03';
  for (const std::string& octets : {bad, bad, header}) {
    p.bench.advance(25s);
    p.opened->say(octets);
    p.bench.run();
  }

  for (const diameter::message_view& said : p.opened->take()) {
    EXPECT_NE(said.command(), diameter::commands::device_watchdog);
  }
}

// RFC 6733 §5.6: a CER where it is open, and requests after its DPR.
TEST_F(Peer, RefusesRequestsThatComeAtAWrongTime) {
  open();
  opened->say_cer();
  bench.run();
  EXPECT_EQ(diameter::find_unsigned32(opened->take_one(diameter::commands::capabilities_exchange),
                                      diameter::avps::result_code),
            5012U);
  EXPECT_EQ(bench.scraped(R"(diamgw_requests_refused_total{reason="other"})"), "1");

  subject->stop(diameter::disconnect_cause::rebooting, [] {});
  bench.run();
  opened->take_one(diameter::commands::disconnect_peer);
  opened->say(make_ccr(0x58));
  bench.run();

  EXPECT_EQ(
      diameter::find_unsigned32(opened->take_one(credit_control), diameter::avps::result_code),
      3002U);
  EXPECT_EQ(bench.scraped(R"(diamgw_requests_refused_total{reason="unable_to_deliver"})"), "1");
  EXPECT_TRUE(owner.requests.empty());
}

// RFC 6733 §7.1.5, §7.5, §6.2: the peer's own requests are held to their grammar as others are.
TEST_F(Peer, AnswersABrokenRequestOfTheConnectionByItsFault) {
  using diamgw::test::be32_octets;
  using diamgw::test::m_bit;
  using diamgw::test::message_builder;
  namespace avps = diameter::avps;
  constexpr auto dwr = diameter::commands::device_watchdog;
  constexpr auto dpr = diameter::commands::disconnect_peer;
  constexpr avp_code unknown{60'000};
  constexpr auto proxiable_request = static_cast<std::uint8_t>(diameter::command_flags::request |
                                                               diameter::command_flags::proxiable);
  const auto from_ocs = [](command_code command) {
    return message_builder{command, base_application, proxiable_request}
        .avp(avps::session_id, "ocs.example;1;2")
        .avp(avps::origin_host, "ocs.example")
        .avp(avps::origin_realm, "example");
  };
  const struct {
    const char* name;
    command_code command;
    message_builder request;
    std::uint32_t code;
    avp_code failed;
  } rows[] = {
      {"unknown with M", dwr, from_ocs(dwr).avp(unknown, 7U), 5001, unknown},
      {"wrong length", dwr,
       from_ocs(dwr).avp(avps::origin_state_id, ietf_vendor, m_bit,
                         bytes_view{be32_octets(7)}.first(3)),
       5014, avps::origin_state_id},
      {"missing", dwr, message_builder{dwr}.avp(avps::origin_host, "ocs.example"), 5005,
       avps::origin_realm},
      {"excess", dwr, from_ocs(dwr).avp(avps::origin_host, "other.example"), 5009,
       avps::origin_host},
      {"no cause", dpr, from_ocs(dpr), 5005, avps::disconnect_cause},
      {"unknown with M", dpr, from_ocs(dpr).avp(avps::disconnect_cause, 0U).avp(unknown, 7U), 5001,
       unknown},
      {"unknown with M", diameter::commands::capabilities_exchange,
       from_ocs(diameter::commands::capabilities_exchange).avp(unknown, 7U), 5001, unknown},
  };
  open();
  for (const auto& row : rows) {
    SCOPED_TRACE(std::string{row.name} + " in " + std::to_string(row.command.value));
    const auto request = row.request.build();

    opened->say(as_text(request));
    bench.run();

    const auto answer = opened->take_one(row.command);
    EXPECT_EQ(diameter::find_unsigned32(answer, avps::result_code), row.code);
    EXPECT_EQ(answer.is_proxiable(), diameter::message_view{request}.is_proxiable());
    EXPECT_EQ(answer.find(avps::session_id).has_value(),
              diameter::message_view{request}.find(avps::session_id).has_value());
    const auto failed = answer.find(avps::failed_avp);
    ASSERT_TRUE(failed);
    EXPECT_EQ(load_be32(failed->data.data()), row.failed.value);
    EXPECT_EQ(owner.links.back(), link::open);
  }
}

// RFC 6733 §3, §6.2: the P bit of what is never forwarded does no harm, and comes back.
TEST_F(Peer, AnswersASoundRequestOfTheConnectionUnderWhatItSaid) {
  namespace avps = diameter::avps;
  open();
  const auto request =
      diamgw::test::message_builder{diameter::commands::device_watchdog, base_application, 0xc0}
          .avp(avps::session_id, "ocs.example;1;2")
          .avp(avps::origin_host, "ocs.example")
          .avp(avps::origin_realm, "example")
          .group(avps::proxy_info, diamgw::test::avp_builder{}
                                       .avp(avps::proxy_host, "proxy.example")
                                       .avp(avps::proxy_state, "state"))
          .build();

  opened->say(as_text(request));
  bench.run();

  const auto dwa = opened->take_one(diameter::commands::device_watchdog);
  EXPECT_EQ(diameter::find_unsigned32(dwa, avps::result_code), 2001U);
  EXPECT_TRUE(dwa.is_proxiable());
  EXPECT_EQ(as_text((*dwa.avps().begin()).data), "ocs.example;1;2");
  EXPECT_TRUE(dwa.find(avps::proxy_info));
}

TEST(PeerThatConnects, IsToldWhatIsWrongWithItsCer) {
  test::peer_and_network p{"gw.example", {}, false};
  p.subject->start();
  p.cer_extra = diamgw::test::avp_builder{}.avp(avp_code{60'000}, 7U).list();
  other_node other = p.accept();

  const auto cea = other.take_one(diameter::commands::capabilities_exchange);
  EXPECT_EQ(diameter::find_unsigned32(cea, diameter::avps::result_code), 5001U);
  ASSERT_TRUE(cea.find(diameter::avps::failed_avp));
  EXPECT_EQ(load_be32(cea.find(diameter::avps::failed_avp)->data.data()), 60'000U);
  EXPECT_TRUE(other.stream().send_was_shut_down());
}

// RFC 6733 §7.1.3, §7.1.5: what is wrong with the header, and with what follows it.
TEST_F(Peer, CountsWhatItRefusesByTheKindOfItsFault) {
  open();
  std::string bad_bits = make_ccr(0x56);
  bad_bits[4] = static_cast<char>(bad_bits[4] | 0x20);  // E in a request (§3)
  std::string bad_avp = make_ccr(0x57);
  bad_avp[27] = '\x03';

  opened->say(bad_bits);
  bench.run();
  EXPECT_EQ(
      diameter::find_unsigned32(opened->take_one(credit_control), diameter::avps::result_code),
      3008U);
  opened->say(bad_avp);
  bench.run();

  EXPECT_EQ(bench.scraped(R"(diamgw_requests_refused_total{reason="invalid_header"})"), "1");
  EXPECT_EQ(bench.scraped(R"(diamgw_requests_refused_total{reason="invalid_message"})"), "1");
}

}  // namespace
}  // namespace diamgw::gateway
