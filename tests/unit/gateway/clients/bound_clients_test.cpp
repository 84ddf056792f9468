#include "gateway/clients/bound_clients.hpp"

#include <gtest/gtest.h>

#include "clients_fixture.hpp"
#include "gateway/clients/binary_conversation.hpp"
#include "gateway/clients/json_conversation.hpp"

namespace diamgw::gateway {
namespace {

using testing::ClientShard;
using testing::fake_client;
using testing::waiting_exchange;

class BoundClients : public ClientShard {
 protected:
  std::string outcome_of(const diamgw::test::octets& request) {
    waiting_exchange waiting{on_, shards_.now() + std::chrono::hours{1}};
    network_asks(waiting, request);
    return waiting.outcome();
  }
};

TEST_F(BoundClients, HaveNobodyForAnUnknownSession) {
  EXPECT_EQ(outcome_of(re_auth_request()),
            "refused 5002: no client of this gateway has the session");
  EXPECT_EQ(
      outcome_of(
          diamgw::test::message_builder{diameter::commands::re_auth, application_id{4}}.build()),
      "refused 5002: no client of this gateway has the session");
}

TEST_F(BoundClients, RefuseWhereTheClientTakesNoMore) {
  fake_client& json = join<json_conversation>();
  fake_client& binary = join<binary_conversation>();
  const std::string expected = "refused 3002: the session's client takes no more requests";
  for (fake_client* who : {&json, &binary}) {
    registry_.bind("s;1;2", *who);
    who->full = true;
    EXPECT_EQ(outcome_of(re_auth_request()), expected);
    who->closing = true;
    EXPECT_EQ(outcome_of(re_auth_request()), expected);
  }
  EXPECT_EQ(registry_.pending().size(), 0U);
}

TEST_F(BoundClients, RefuseWhereJsonHasNoWordForTheCommand) {
  registry_.bind("s;1;2", join<json_conversation>());

  EXPECT_EQ(outcome_of(diamgw::test::message_builder{command_code{9999}, application_id{4}}
                           .avp(diameter::avps::session_id, "s;1;2")
                           .build()),
            "refused 3002: the session's client takes no more requests");
}

TEST_F(BoundClients, RefuseWhereTooManyWait) {
  registry_.bind("s;1;2", join<json_conversation>());
  waiting_exchange one{on_, shards_.now() + std::chrono::hours{1}};
  waiting_exchange two{on_, shards_.now() + std::chrono::hours{1}};
  network_asks(one, re_auth_request());
  network_asks(two, re_auth_request());

  EXPECT_EQ(outcome_of(re_auth_request()),
            "refused 3004: too many requests wait for their clients");
  EXPECT_EQ(one.outcome(), "waiting");
}

}  // namespace
}  // namespace diamgw::gateway
