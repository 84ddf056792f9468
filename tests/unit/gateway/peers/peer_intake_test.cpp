// Requests of a peer, their answers, and what cannot be read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/gateway/peers/peer_fixture.hpp"

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;
using diameter::result_code;
using diameter::commands::credit_control;
using test::make_ccr;
using test::other_node;
using test::Peer;
using testing::HasSubstr;
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

  EXPECT_EQ(p.bench.scraped(R"(diamgw_dropped_messages_total{reason="peer_queue_full"})"), "1");
}

TEST_F(Peer, DropsAnAnswerToAConnectionThatIsGone) {
  open();
  opened->say(make_ccr());
  bench.run();
  ASSERT_EQ(owner.connections.size(), 1U);
  opened->stream().ends();
  bench.run();

  subject->send_answer(owner.connections[0], {}, {});

  EXPECT_EQ(bench.scraped(R"(diamgw_dropped_messages_total{reason="peer_gone"})"), "1");
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
  EXPECT_THAT(bench.take_log(), HasSubstr("sends what cannot be cut into messages"));
  EXPECT_EQ(
      bench.scraped(
          R"(diameter_peer_disconnects_total{peer="ocs.example",reason="malformed_message"})"),
      "1");
}

// docs/architecture.md, "Peers": diameter.max_message_octets.
TEST(PeerThatSaysTooMuch, LosesItsConnectionAtTheHeaderOfTheMessage) {
  config::diameter_options limits;
  limits.max_message_octets = 1024;
  test::peer_and_network p{"gw.example", limits};
  p.open();
  std::string header = make_ccr().substr(0, 20);
  store_be24(std::as_writable_bytes(std::span{header}).data() + 1, 1028);

  p.opened->say(header);
  p.bench.run();

  EXPECT_EQ(p.owner.links.back(), link::closed);
  EXPECT_EQ(p.bench.scraped(R"(diamgw_malformed_messages_total{from="peer"})"), "1");
}

// RFC 6733 §5.6: a CER where it is open, and requests after its DPR.
TEST_F(Peer, RefusesRequestsThatComeAtAWrongTime) {
  open();
  opened->say_cer();
  bench.run();
  EXPECT_EQ(diameter::find_unsigned32(opened->take_one(diameter::commands::capabilities_exchange),
                                      diameter::avps::result_code),
            5012U);
  EXPECT_EQ(bench.scraped(R"(diamgw_refused_requests_total{reason="other"})"), "1");

  subject->stop(diameter::disconnect_cause::rebooting, [] {});
  bench.run();
  opened->take_one(diameter::commands::disconnect_peer);
  opened->say(make_ccr(0x58));
  bench.run();

  EXPECT_EQ(
      diameter::find_unsigned32(opened->take_one(credit_control), diameter::avps::result_code),
      3002U);
  EXPECT_EQ(bench.scraped(R"(diamgw_refused_requests_total{reason="unable_to_deliver"})"), "1");
  EXPECT_TRUE(owner.requests.empty());
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

  EXPECT_EQ(bench.scraped(R"(diamgw_refused_requests_total{reason="invalid_header"})"), "1");
  EXPECT_EQ(bench.scraped(R"(diamgw_refused_requests_total{reason="invalid_message"})"), "1");
}

}  // namespace
}  // namespace diamgw::gateway
