#include "gateway/clients/client_registry.hpp"

#include <gtest/gtest.h>

#include "clients_fixture.hpp"
#include "gateway/clients/json_conversation.hpp"

namespace diamgw::gateway {
namespace {

using testing::ClientShard;
using testing::fake_client;

class ClientRegistry : public ClientShard {
 protected:
  /// One request of `command` in `application`, on its way.
  void asks(fake_client& who, command_code command, application_id application,
            diamgw::test::avp_builder more = {}) {
    request_ = message_of(diamgw::test::message_builder{command, application}
                              .avp(diameter::avps::session_id, "s;1;2")
                              .raw(more.list())
                              .build());
    request asked;
    asked.header = diameter::header_of(request_.view);
    asked.avps = diameter::find_routing_avps(request_.view.avps().octets());
    asked.message = request_;
    registry_.on_sending(who, asked, 0);
  }
  void is_answered(fake_client& who) {
    request asked;
    asked.header = diameter::header_of(request_.view);
    asked.avps = diameter::find_routing_avps(request_.view.avps().octets());
    asked.message = request_;
    const diameter::message answer = message_of(credit_control_answer());
    registry_.on_answered(who, asked, answer.view);
  }

  diameter::message request_;
};

TEST_F(ClientRegistry, BindsSessionsThatOutliveTheirAnswer) {
  struct row {
    const char* rule;
    command_code command;
    application_id application;
    diamgw::test::avp_builder more;
    bool binds;
    bool stays;
  };
  const auto type = [](std::uint32_t t) {
    return diamgw::test::avp_builder{}.avp(avp_code{416}, t);
  };
  const auto state = [](std::uint32_t s) {
    return diamgw::test::avp_builder{}.avp(avp_code{277}, s);
  };
  const application_id s6a{16777251};
  const application_id cx{16777216};
  const application_id sh{16777217};
  const std::vector<row> rows{
      {"RFC 8506 §8.3 INITIAL_REQUEST", diameter::commands::credit_control, application_id{4},
       type(1), true, true},
      {"RFC 8506 §8.3 UPDATE_REQUEST", diameter::commands::credit_control, application_id{4},
       type(2), true, true},
      {"RFC 8506 §8.3 TERMINATION_REQUEST", diameter::commands::credit_control, application_id{4},
       type(3), false, false},
      {"TS 29.272 §5.1: ULR", command_code{316}, s6a, {}, false, false},
      {"TS 29.229 §5.2: UAR", command_code{300}, cx, {}, false, false},
      {"TS 29.329 §5.2: UDR", command_code{306}, sh, {}, false, false},
      {"RFC 6733 §8.11 NO_STATE_MAINTAINED", command_code{265}, application_id{1}, state(1), false,
       false},
      {"RFC 6733 §8.11 STATE_MAINTAINED", command_code{265}, application_id{1}, state(0), true,
       true},
  };
  for (const row& r : rows) {
    fake_client& who = join<json_conversation>();
    asks(who, r.command, r.application, r.more);
    EXPECT_EQ(testing::owner_of(registry_, "s;1;2") == &who, r.binds) << r.rule;
    is_answered(who);
    EXPECT_EQ(testing::owner_of(registry_, "s;1;2") == &who, r.stays) << r.rule;
    leave(who);
    EXPECT_EQ(testing::owner_of(registry_, "s;1;2"), nullptr) << r.rule;
  }
}

// docs/architecture.md, "Clients": 4 for each client here, 8 in all.
TEST_F(ClientRegistry, TakesTheBindingThatWasUsedLongestAgoAtItsLimits) {
  fake_client& first = join<json_conversation>();
  for (const char* session : {"a", "b", "c", "d", "e"}) {
    EXPECT_NE(registry_.bind(session, first), client_registry::bound::not_at_all);
  }
  EXPECT_EQ(testing::owner_of(registry_, "a"), nullptr) << "its own oldest";
  EXPECT_EQ(on_.recorder.bindings_evicted.value(), 1U);

  fake_client& second = join<json_conversation>();
  fake_client& third = join<json_conversation>();
  for (const char* session : {"f", "g", "h", "i"}) {
    EXPECT_NE(registry_.bind(session, second), client_registry::bound::not_at_all);
  }
  EXPECT_NE(registry_.bind("j", third), client_registry::bound::not_at_all);

  EXPECT_EQ(testing::owner_of(registry_, "b"), nullptr) << "the oldest of all";
  EXPECT_EQ(testing::owner_of(registry_, "c"), &first);
  EXPECT_EQ(testing::owner_of(registry_, "j"), &third);
  EXPECT_EQ(on_.recorder.bindings_evicted.value(), 2U);
}

TEST_F(ClientRegistry, GivesASlotAgainUnderAnotherGeneration) {
  fake_client& first = join<json_conversation>();
  registry_.bind("x", first);
  const routing::client_key was = first.key;
  leave(first);
  fake_client& second = join<json_conversation>();

  EXPECT_EQ(second.key.slot, was.slot);
  EXPECT_NE(second.key.generation, was.generation);
  EXPECT_EQ(testing::owner_of(registry_, "x"), nullptr);
  EXPECT_EQ(registry_.size(), 1U);
}

TEST_F(ClientRegistry, EndsWhatClientsWaitForWhenTheGatewayLeaves) {
  fake_client& who = join<json_conversation>();
  who.says(R"({"jsonrpc":"2.0","id":1,"method":"CCR","params":{"Service-Context-Id":"a@b",)"
           R"("CC-Request-Type":"EVENT_REQUEST","CC-Request-Number":0}})");
  ASSERT_EQ(peers_.sent.size(), 1U);

  registry_.end_requests();

  EXPECT_NE(who.take_frame().find(R"("code":-32005,)"), std::string::npos);
}

TEST_F(ClientRegistry, ClosesItsClientsOneAfterTheOther) {
  fake_client& first = join<json_conversation>();
  fake_client& second = join<json_conversation>();

  registry_.close_all(std::chrono::hours{1});

  EXPECT_EQ(first.failed_with, "1001 the gateway is shutting down");
  EXPECT_EQ(second.failed_with, "") << "its turn comes after half of the time";
  shards_.advance(std::chrono::minutes{31});
  EXPECT_EQ(second.failed_with, "1001 the gateway is shutting down");
  shards_.advance(std::chrono::hours{1});
  EXPECT_TRUE(registry_.closing());
}

}  // namespace
}  // namespace diamgw::gateway
