#include "gateway/clients/binary_conversation.hpp"

#include <gtest/gtest.h>

#include "clients_fixture.hpp"

namespace diamgw::gateway {
namespace {

using testing::ClientShard;
using testing::fake_client;
using testing::waiting_exchange;

constexpr std::uint32_t own_hop_by_hop = 0x11223344;  // message_builder's
constexpr std::uint32_t own_end_to_end = 0x55667788;

diamgw::test::octets credit_control_request(
    command_code command = diameter::commands::credit_control) {
  return diamgw::test::message_builder{command, application_id{4}}
      .avp(diameter::avps::session_id, "s;1;2")
      .avp(diameter::avps::origin_host, "client.example")
      .avp(diameter::avps::origin_realm, "example")
      .avp(diameter::avps::destination_realm, "example")
      .avp(avp_code{416}, 1)
      .build();
}

class BinaryConversation : public ClientShard {
 protected:
  void says(const diamgw::test::octets& message) {
    client_.says(websocket::message_kind::binary, as_text(bytes_view{message}));
  }

  fake_client& client_ = join<binary_conversation>();
};

TEST_F(BinaryConversation, SendsTheGatewaysIdsAndGivesTheClientItsOwn) {
  says(credit_control_request());
  ASSERT_EQ(peers_.sent.size(), 1U);
  EXPECT_NE(peers_.sent.front().header.end_to_end.value, own_end_to_end);
  EXPECT_EQ(as_text(peers_.sent.front().avps.octets),
            as_text(bytes_view{credit_control_request()}.subspan(20)));

  peer_answers(credit_control_answer());

  diamgw::test::octets expected = credit_control_answer();
  store_be32(expected.data() + 12, own_hop_by_hop);
  store_be32(expected.data() + 16, own_end_to_end);
  EXPECT_EQ(client_.take_frame(), as_text(bytes_view{expected}));
  EXPECT_EQ(client_.speaks().requests_in_flight(), 0U);
}

TEST_F(BinaryConversation, AnswersEachEndOfARequest) {
  struct row {
    exchange_outcome ended;
    std::uint32_t code;
    const char* sentence;
  };
  const std::vector<row> rows{
      {exchange_outcome::deadline, 3002, "No answer came before the deadline"},
      {exchange_outcome::receiver_lost, 3002, "The peer went away before it answered"},
      {exchange_outcome::too_busy, 3004, "A queue is full; try again later"},
      {exchange_outcome::malformed_answer, 5012, "The answer could not be read"},
      {exchange_outcome::draining, 3004,
       "The gateway is about to stop; the request may have been served"},
      {exchange_outcome::not_sent, 3002,
       "realm 'example' is served by ocs.example (already tried)"},
      {exchange_outcome::cancelled, 5012, "The call was cancelled"},
  };
  for (const row& r : rows) {
    says(credit_control_request());
    peer_ends(r.ended);
    const std::string frame = client_.take_frame();
    const diameter::message_view answer{as_bytes(frame)};
    ASSERT_TRUE(diameter::check_message(answer.octets())) << r.sentence;
    EXPECT_EQ(answer.hop_by_hop().value, own_hop_by_hop);
    EXPECT_EQ(answer.end_to_end().value, own_end_to_end);
    const auto avps = diameter::find_routing_avps(answer.avps().octets());
    EXPECT_EQ(avps.result_code, r.code) << r.sentence;
    EXPECT_EQ(avps.session_id, "s;1;2");
    EXPECT_EQ(as_text(answer.find(diameter::avps::error_message)->data), r.sentence);
  }
}

TEST_F(BinaryConversation, RefusesWhatIsBetweenPeers) {
  says(diamgw::test::message_builder{diameter::commands::device_watchdog}.build());

  const std::string frame = client_.take_frame();
  ASSERT_FALSE(frame.empty());
  EXPECT_EQ(diameter::find_routing_avps(diameter::message_view{as_bytes(frame)}.avps().octets())
                .result_code,
            3001U);
  EXPECT_TRUE(peers_.sent.empty());
}

TEST_F(BinaryConversation, ClosesWhereAFrameIsNoMessage) {
  client_.says(websocket::message_kind::binary, "short");
  EXPECT_TRUE(client_.failed_with.starts_with("1007 ")) << client_.failed_with;

  fake_client& other = join<binary_conversation>();
  other.says(websocket::message_kind::text, "text");
  EXPECT_EQ(other.failed_with, "1003 diameter.binary.v1 speaks in binary frames");
}

TEST_F(BinaryConversation, GivesTheClientARequestOfTheNetwork) {
  registry_.bind("s;1;2", client_);
  waiting_exchange waiting{on_, shards_.now() + std::chrono::hours{1}};
  network_asks(waiting, re_auth_request());
  const std::string frame = client_.take_frame();
  const diameter::message_view request{as_bytes(frame)};
  ASSERT_TRUE(diameter::check_message(request.octets()));
  EXPECT_EQ(request.end_to_end().value, own_end_to_end) << "the network's";

  diamgw::test::octets answer =
      diamgw::test::message_builder{diameter::commands::re_auth, application_id{4}, 0}
          .avp(diameter::avps::session_id, "s;1;2")
          .avp(diameter::avps::result_code, 2001)
          .build();
  store_be32(answer.data() + 12, request.hop_by_hop().value);
  says(answer);

  ASSERT_EQ(waiting.outcome(), "answered");
  EXPECT_EQ(as_text(waiting.answer().avps().octets()), as_text(bytes_view{answer}.subspan(20)));
}

TEST_F(BinaryConversation, RefusesAnAnswerForAnotherSession) {
  registry_.bind("s;1;2", client_);
  waiting_exchange waiting{on_, shards_.now() + std::chrono::hours{1}};
  network_asks(waiting, re_auth_request());
  const std::string frame = client_.take_frame();
  diamgw::test::octets answer =
      diamgw::test::message_builder{diameter::commands::re_auth, application_id{4}, 0}
          .avp(diameter::avps::session_id, "s;1;3")
          .avp(diameter::avps::result_code, 2001)
          .build();
  store_be32(answer.data() + 12, diameter::message_view{as_bytes(frame)}.hop_by_hop().value);
  says(answer);

  EXPECT_EQ(waiting.outcome(), "refused 5012: the client's answer has another Session-Id");
}

TEST_F(BinaryConversation, RefusesAnAnswerOfAnotherCommand) {
  registry_.bind("s;1;2", client_);
  waiting_exchange waiting{on_, shards_.now() + std::chrono::hours{1}};
  network_asks(waiting, re_auth_request());
  const std::string frame = client_.take_frame();
  diamgw::test::octets answer = credit_control_answer();
  store_be32(answer.data() + 12, diameter::message_view{as_bytes(frame)}.hop_by_hop().value);
  says(answer);

  EXPECT_EQ(waiting.outcome(), "refused 5012: the client's answer is for another command");
}

TEST_F(BinaryConversation, DropsAnAnswerToNoRequest) {
  says(credit_control_answer());

  EXPECT_TRUE(client_.frames.empty());
  EXPECT_EQ(client_.failed_with, "");
}

}  // namespace
}  // namespace diamgw::gateway
