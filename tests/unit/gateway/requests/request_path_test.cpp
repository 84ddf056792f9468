#include "diamgw/gateway/requests/request_path.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/metrics/registry.hpp"
#include "support/manual_time.hpp"
#include "support/message_builder.hpp"
#include "support/text_log.hpp"

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;
using diameter::result_code;
using diameter::unanswered;
using asker_kind = diameter::agent::asked_by;

/// What an asker was told, and how often.
struct told {
  int answered = 0;
  int refused = 0;
  int sending = 0;
  diameter::message answer;
  std::optional<unanswered> end;
  result_code code{};
  std::string sentence;
  std::string peer;
  routing::peer_index to = routing::no_peer;
  bool sent = false;
  std::vector<std::string> candidates;
  bool destroyed = false;
};

class recording_asker final : public asker {
 public:
  recording_asker(told& to, exchange_list& list) : told_{to}, list_{list} {}
  ~recording_asker() override { told_.destroyed = true; }

  [[nodiscard]] exchange_list& exchanges() noexcept override { return list_; }
  [[nodiscard]] std::string_view label() const noexcept override { return "17"; }
  [[nodiscard]] log_field name() const override { return {log_key::client, "192.0.2.7:1"}; }
  void on_sending(const request&, routing::peer_index to) override {
    ++told_.sending;
    told_.to = to;
  }
  void answered(const request&, diameter::message answer) override {
    ++told_.answered;
    told_.answer = std::move(answer);
  }
  void refused(const request&, const refusal& why) override {
    ++told_.refused;
    told_.end = why.end;
    told_.code = why.code;
    told_.sentence = why.sentence;
    told_.peer = why.peer;
    told_.sent = why.sent;
    if (why.candidates != nullptr) {
      for (const auto& c : why.candidates->candidates) {
        told_.candidates.push_back(c.host + ": " + std::string{c.phrase()});
      }
    }
  }

 private:
  told& told_;
  exchange_list& list_;
};

diameter::message make_answer(shard_context& on, command_code command,
                              const diamgw::test::avp_builder& avps) {
  const diamgw::test::octets octets =
      diamgw::test::message_builder{command, application_id{4}, 0}.raw(avps.list()).build();
  const buffer_ref slab = on.pool().allocate(octets.size());
  std::memcpy(slab.data(), octets.data(), octets.size());
  return {slab, diameter::message_view{slab.whole().first(octets.size())}};
}

/// Ends each request at once where it was told how, and else keeps it.
class scripted_receiver final : public receiver {
 public:
  void send(shard_context& from, outgoing_request r) override {
    sent.push_back(r);
    if (at_once) {
      tell_exchange(from, r.exchange, r.deadline, {*at_once});
    }
  }
  /// An answer that the test says nothing of has the command of its request, and no AVP.
  void answer(shard_context& from, std::size_t which, exchange_result result) {
    if (result.outcome == exchange_outcome::answered && !result.answer.buffer) {
      result.answer = make_answer(from, sent[which].header.command, {});
    }
    tell_exchange(from, sent[which].exchange, sent[which].deadline, std::move(result));
  }

  std::optional<exchange_outcome> at_once;
  std::vector<outgoing_request> sent;
};

class scripted_peers final : public peer_directory {
 public:
  [[nodiscard]] routing::peer_status status(const shard_context&,
                                            routing::peer_index peer) const override {
    return {.link = links[peer], .full = full, .applications = applications};
  }
  void want(const shard_context&, routing::peer_index peer) override { wanted.push_back(peer); }
  [[nodiscard]] receiver& at(routing::peer_index peer) noexcept override { return peers[peer]; }

  static constexpr std::array applications{application_id{4}};
  std::array<scripted_receiver, 2> peers;
  std::vector<routing::peer_index> wanted;
  std::array<routing::link_state, 2> links{routing::link_state::open, routing::link_state::open};
  bool full = false;
};

constexpr std::uint8_t request_flags =
    diameter::command_flags::request | diameter::command_flags::proxiable;

class RequestPath : public ::testing::Test {
 protected:
  RequestPath() {
    identity_.origin_host = "gw.example";
    identity_.origin_realm = "example";
    identity_.auth_applications = {application_id{4}};
    path_.emplace(
        on_,
        request_path::options{
            .identity = &identity_, .check_grammar = true, .peers = &peers_, .clients = &clients_},
        built_in(), two_peers());
  }
  ~RequestPath() override {
    while (!list_.empty()) {
      list_.front().finish({.outcome = exchange_outcome::asker_left});
    }
  }

  static std::shared_ptr<const dictionary::dictionary> built_in() {
    return {std::shared_ptr<void>{}, &dictionary::embedded()};  // never freed
  }
  static std::shared_ptr<const routing::table> two_peers() {
    routing::table_spec spec;
    spec.peers = {{"ocs0.example", "ocs"}, {"ocs1.example", "ocs"}};
    spec.realms.push_back({"ocs", std::nullopt, {{"ocs0.example", 0, 1}, {"ocs1.example", 1, 1}}});
    return std::make_shared<const routing::table>(spec);
  }

  void ask(asker_kind from, command_code command, const diamgw::test::avp_builder& avps,
           application_id application = application_id{4}) {
    const diamgw::test::octets octets =
        diamgw::test::message_builder{command, application, request_flags}.raw(avps.list()).build();
    const buffer_ref slab = on_.pool().allocate(octets.size());
    std::memcpy(slab.data(), octets.data(), octets.size());
    request asked;
    asked.message = {slab, diameter::message_view{slab.whole().first(octets.size())}};
    asked.header = diameter::header_of(asked.message.view);
    asked.avps = diameter::find_routing_avps(asked.message.view.avps().octets());
    asked.from.kind = from;
    asked.began = on_.shard.now();
    asked.deadline = asked.began + 1h;
    path_->ask(asker_ptr{new (on_.frames()) recording_asker{told_, list_}}, std::move(asked));
  }
  void ask_for_credit(std::string_view realm = "ocs") {
    ask(asker_kind::client, diameter::commands::credit_control,
        diamgw::test::avp_builder{}
            .avp(diameter::avps::session_id, "gw.example;1;1")
            .avp(diameter::avps::destination_realm, realm));
  }
  void re_authorize(std::string_view host = "gw.example") {
    ask(asker_kind::peer, diameter::commands::re_auth,
        diamgw::test::avp_builder{}
            .avp(diameter::avps::session_id, "gw.example;1;1")
            .avp(diameter::avps::origin_host, "ocs0.example")
            .avp(diameter::avps::origin_realm, "ocs")
            .avp(diameter::avps::destination_realm, "example")
            .avp(diameter::avps::destination_host, host)
            .avp(diameter::avps::auth_application_id, 4U)
            .avp(avp_code{285}, 0U));
  }
  scripted_receiver& peer(std::size_t index) { return peers_.peers[index]; }

  diamgw::test::stepped_shards shards_;
  metrics::registry metrics_{{}};
  diamgw::test::text_log log_;
  shard_context on_{shards_.at(), metrics_.shard(0), log_, 1, 2, 4};
  diameter::local_node identity_;
  scripted_peers peers_;
  scripted_receiver clients_;
  told told_;
  exchange_list list_;
  std::optional<request_path> path_;
};

TEST_F(RequestPath, GivesAClientsRequestToAPeerAndTheAnswerToTheClient) {
  ask_for_credit();

  ASSERT_EQ(peer(0).sent.size(), 1U);
  EXPECT_EQ(told_.sending, 1);
  EXPECT_EQ(path_->waiting(), 1U);
  EXPECT_EQ(peer(0).sent[0].header.end_to_end.value, 0x55667788U);
  EXPECT_EQ(peer(0).sent[0].message_octets(), 20 + peer(0).sent[0].avps.octets.size());

  peer(0).answer(on_, 0, {.outcome = exchange_outcome::answered});

  EXPECT_EQ(told_.answered, 1);
  EXPECT_EQ(told_.to, 0U);
  EXPECT_EQ(told_.refused, 0);
  EXPECT_TRUE(told_.destroyed);
  EXPECT_EQ(path_->waiting(), 0U);
}

TEST_F(RequestPath, GivesAPeersRequestToTheClients) {
  re_authorize();

  ASSERT_EQ(clients_.sent.size(), 1U);
  clients_.answer(on_, 0, {.outcome = exchange_outcome::answered});
  EXPECT_EQ(told_.answered, 1);
}

TEST_F(RequestPath, OffersTheNextPeerWhatTheFirstCertainlyDidNotSee) {
  peer(0).at_once = exchange_outcome::not_sent;

  ask_for_credit();

  ASSERT_EQ(peer(1).sent.size(), 1U);
  EXPECT_EQ(told_.sending, 2);
  EXPECT_EQ(told_.to, 1U);
  EXPECT_EQ(peer(1).sent[0].header.end_to_end.value, 0x55667788U);
  peer(1).answer(on_, 0, {.outcome = exchange_outcome::answered});
  EXPECT_EQ(told_.answered, 1);
}

TEST_F(RequestPath, SaysWhoWasConsideredWhereNobodyIsLeft) {
  peer(0).at_once = exchange_outcome::not_sent;
  peers_.links[1] = routing::link_state::closed;

  ask_for_credit();

  EXPECT_EQ(told_.refused, 1);
  EXPECT_EQ(told_.end, unanswered::unable_to_deliver);
  EXPECT_FALSE(told_.sent);
  EXPECT_EQ(told_.peer, "") << "nobody has it";
  EXPECT_EQ(told_.candidates,
            (std::vector<std::string>{"ocs0.example: already tried", "ocs1.example: closed"}));
}

// RFC 6733 §5.4: a message to be forwarded is a reason to connect again.
TEST_F(RequestPath, WantsAPeerThatHasLeftWhereNoOtherCanServe) {
  peers_.links[0] = routing::link_state::left;
  ask_for_credit();
  EXPECT_TRUE(peers_.wanted.empty()) << "the other peer serves";
  peers_.links[1] = routing::link_state::closed;

  ask_for_credit();

  EXPECT_EQ(peers_.wanted, std::vector<routing::peer_index>{0});
  EXPECT_EQ(told_.candidates,
            (std::vector<std::string>{"ocs0.example: left", "ocs1.example: closed"}));
}

TEST_F(RequestPath, SaysThatARealmIsNotServed) {
  ask_for_credit("nowhere");

  EXPECT_EQ(told_.code, result_code::realm_not_served);
  EXPECT_NE(told_.sentence.find("nowhere"), std::string::npos);
  EXPECT_EQ(told_.sending, 0);
}

TEST_F(RequestPath, SaysTooBusyWhereEveryPeerIsFull) {
  peers_.full = true;

  ask_for_credit();

  EXPECT_EQ(told_.end, unanswered::too_busy);
  EXPECT_EQ(told_.code, result_code::too_busy);
}

// RFC 6733 §6.2: "The same Command Code", and the Session-Id of the request.
TEST_F(RequestPath, RefusesAnAnswerThatIsNoneToItsRequest) {
  using diameter::commands::credit_control;
  const auto session = [](std::string_view id) {
    return diamgw::test::avp_builder{}.avp(diameter::avps::session_id, id);
  };
  const struct {
    const char* name;
    command_code command;
    diamgw::test::avp_builder avps;
    bool options_on;
    int answered;
    int mismatched;
  } rows[] = {
      {"its own", credit_control, session("gw.example;1;1"), true, 1, 0},
      {"without a Session-Id", credit_control, {}, true, 1, 0},
      {"another command", diameter::commands::re_auth, session("gw.example;1;1"), true, 0, 1},
      {"another session", credit_control, session("gw.example;1;2"), true, 0, 1},
      {"another command, let pass", diameter::commands::re_auth, session("gw.example;1;1"), false,
       1, 1},
      {"another session, let pass", credit_control, session("gw.example;1;2"), false, 1, 1},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    told_ = {};
    path_.emplace(on_,
                  request_path::options{.identity = &identity_,
                                        .match_answer_command = row.options_on,
                                        .match_answer_session = row.options_on,
                                        .peers = &peers_,
                                        .clients = &clients_},
                  built_in(), two_peers());
    const auto mismatched = [this] {
      return on_.recorder.mismatched_answers.value(metrics::mismatched_answer::command) +
             on_.recorder.mismatched_answers.value(metrics::mismatched_answer::session);
    };
    const auto before = mismatched();
    ask_for_credit();

    peer(0).answer(
        on_, peer(0).sent.size() - 1,
        {.outcome = exchange_outcome::answered, .answer = make_answer(on_, row.command, row.avps)});

    EXPECT_EQ(told_.answered, row.answered);
    EXPECT_EQ(told_.refused, 1 - row.answered);
    EXPECT_EQ(mismatched() - before, static_cast<std::uint64_t>(row.mismatched));
    if (row.answered == 0) {
      EXPECT_EQ(told_.end, unanswered::malformed_answer);
      EXPECT_NE(told_.sentence.find("another"), std::string::npos);
    }
  }
}

struct ending {
  exchange_outcome outcome;
  unanswered end;
  bool sent;  // it may have been served: to repeat it may charge twice
};

// docs/architecture.md, "How an exchange ends other than by its answer".
TEST_F(RequestPath, TellsTheAskerHowItEnded) {
  constexpr std::array endings{
      ending{exchange_outcome::too_busy, unanswered::too_busy, false},
      ending{exchange_outcome::receiver_lost, unanswered::receiver_lost, true},
      ending{exchange_outcome::malformed_answer, unanswered::malformed_answer, true},
      ending{exchange_outcome::oversized_answer, unanswered::too_large, true},
      ending{exchange_outcome::deadline, unanswered::timed_out, true},
      ending{exchange_outcome::cancelled, unanswered::cancelled, true},
      ending{exchange_outcome::draining, unanswered::draining, true},
  };
  for (const ending& e : endings) {
    told_ = {};
    ask_for_credit();
    list_.front().finish({.outcome = e.outcome});

    EXPECT_EQ(told_.refused, 1) << static_cast<int>(e.outcome);
    EXPECT_EQ(told_.answered, 0);
    EXPECT_EQ(told_.end, e.end) << static_cast<int>(e.outcome);
    EXPECT_EQ(told_.sent, e.sent) << static_cast<int>(e.outcome);
    EXPECT_EQ(told_.peer, "ocs0.example");
    EXPECT_TRUE(told_.destroyed);
  }
  EXPECT_TRUE(peer(1).sent.empty()) << "what may have been served is not sent again";
}

TEST_F(RequestPath, TellsTheAskerWhenTheDeadlineHasPassed) {
  ask_for_credit();

  shards_.advance(59min);
  EXPECT_EQ(told_.refused, 0);
  shards_.advance(2min);

  EXPECT_EQ(told_.end, unanswered::timed_out);
}

TEST_F(RequestPath, TellsNobodyOnceTheAskerHasLeft) {
  ask_for_credit();

  list_.front().finish({.outcome = exchange_outcome::asker_left});

  EXPECT_EQ(told_.refused + told_.answered, 0);
  EXPECT_TRUE(told_.destroyed);
  peer(0).answer(on_, 0, {.outcome = exchange_outcome::answered});
  EXPECT_EQ(told_.answered, 0) << "a late answer is nobody's";
}

TEST_F(RequestPath, PassesAReceiversRefusalOn) {
  re_authorize();

  clients_.answer(on_, 0,
                  {.outcome = exchange_outcome::refused,
                   .code = result_code::unknown_session_id,
                   .sentence = "no client of this gateway has the session"});

  EXPECT_EQ(told_.code, result_code::unknown_session_id);
  EXPECT_EQ(told_.sentence, "no client of this gateway has the session");
}

// RFC 6733 §6.1.4: it is for another host, and this node does not relay.
TEST_F(RequestPath, RefusesWhatIsNotForThisNode) {
  re_authorize("other.example");

  EXPECT_EQ(told_.end, std::nullopt);
  EXPECT_EQ(told_.code, result_code::unable_to_deliver);
  EXPECT_TRUE(clients_.sent.empty());
  EXPECT_EQ(path_->waiting(), 0U);
}

// docs/architecture.md, "From a peer to a client", 2.
TEST_F(RequestPath, CountsEachRefusalByItsReason) {
  using metrics::refused_reason;
  struct row {
    const char* section;  // of RFC 6733
    application_id application;
    command_code command;
    const char* host;   // Destination-Host; empty: none
    const char* realm;  // Destination-Realm
    result_code code;
    refused_reason reason;
  };
  const application_id served{4};
  const command_code rar = diameter::commands::re_auth;
  for (const row& r : {
           row{"7.1.3", application_id{99}, rar, "", "example",
               result_code::application_unsupported, refused_reason::application_unsupported},
           row{"7.1.3", served, command_code{9999}, "", "example", result_code::command_unsupported,
               refused_reason::command_unsupported},
           row{"7.1.5", served, rar, "", "example", result_code::missing_avp,
               refused_reason::invalid_message},
           row{"6.1.6", served, rar, "other.example", "example", result_code::unable_to_deliver,
               refused_reason::unable_to_deliver},
           row{"6.1.6", served, rar, "", "elsewhere", result_code::realm_not_served,
               refused_reason::realm_not_served},
       }) {
    const bool is_sound = r.code != result_code::missing_avp;
    diamgw::test::avp_builder avps;
    avps.avp(diameter::avps::session_id, "gw.example;1;1")
        .avp(diameter::avps::origin_host, "ocs0.example")
        .avp(diameter::avps::origin_realm, "ocs")
        .avp(diameter::avps::destination_realm, r.realm)
        .avp(diameter::avps::destination_host, *r.host == '\0' ? "gw.example" : r.host);
    if (is_sound) {
      avps.avp(diameter::avps::auth_application_id, r.application.value).avp(avp_code{285}, 0U);
    }
    if (r.reason == refused_reason::realm_not_served) {  // only without a host
      avps = diamgw::test::avp_builder{}
                 .avp(diameter::avps::session_id, "gw.example;1;1")
                 .avp(diameter::avps::destination_realm, r.realm);
    }
    const std::uint64_t before = on_.recorder.refused_requests.value(r.reason);

    path_.emplace(on_,
                  request_path::options{.identity = &identity_,
                                        .check_grammar = !is_sound,
                                        .peers = &peers_,
                                        .clients = &clients_},
                  built_in(), two_peers());
    ask(asker_kind::peer, r.command, avps, r.application);

    EXPECT_EQ(told_.code, r.code) << r.section;
    EXPECT_EQ(on_.recorder.refused_requests.value(r.reason), before + 1) << r.section;
  }
  EXPECT_TRUE(clients_.sent.empty());
}

TEST_F(RequestPath, LogsTheReasonByWhichARefusalIsCountedAndTheHostThatWasAskedFor) {
  ask(asker_kind::client, diameter::commands::credit_control,
      diamgw::test::avp_builder{}
          .avp(diameter::avps::session_id, "s")
          .avp(diameter::avps::destination_realm, "nowhere")
          .avp(diameter::avps::destination_host, "ocs9.nowhere"),
      application_id{4});

  const auto fields = log_.fields_of("(3003)");
  ASSERT_TRUE(fields.contains("reason") && fields.contains("host")) << log_.str();
  EXPECT_EQ(fields.at("reason"), "realm_not_served");
  EXPECT_EQ(fields.at("host"), "ocs9.nowhere");
}

TEST_F(RequestPath, LogsAReasonForEachEndWithoutAnAnswer) {
  const struct {
    exchange_outcome outcome;
    const char* reason;
  } rows[] = {
      {exchange_outcome::deadline, "deadline"},
      {exchange_outcome::receiver_lost, "peer_lost"},
      {exchange_outcome::malformed_answer, "malformed_answer"},
      {exchange_outcome::oversized_answer, "oversized_answer"},
      {exchange_outcome::draining, "draining"},
  };
  for (const auto& r : rows) {
    log_.clear();
    ask_for_credit();
    ASSERT_FALSE(list_.empty());

    list_.front().finish({.outcome = r.outcome});

    EXPECT_EQ(log_.fields_of("refused")["reason"], r.reason);
  }
}

// Who asked what, of which realm, and why not: but not for whom, and so often and no more.
TEST_F(RequestPath, LogsWhatItRefuses) {
  ask_for_credit("nowhere");
  EXPECT_EQ(log_.str(),
            "warning: client 192.0.2.7:1: Credit-Control-Request of application 4, "
            "Destination-Realm nowhere: refused: DIAMETER_REALM_NOT_SERVED (3003): realm 'nowhere' "
            "is not served and there is no default route\n");
  log_.clear();

  ask_for_credit();
  list_.front().finish({.outcome = exchange_outcome::receiver_lost});
  EXPECT_EQ(log_.str(),
            "warning: client 192.0.2.7:1: Credit-Control-Request of application 4, "
            "Destination-Realm ocs, given to ocs0.example: refused: DIAMETER_UNABLE_TO_DELIVER "
            "(3002)\n");
  EXPECT_EQ(log_.fields_of("(3002)"), (diamgw::test::text_log::fields{{"client", "192.0.2.7:1"},
                                                                      {"command", "272"},
                                                                      {"application", "4"},
                                                                      {"realm", "ocs"},
                                                                      {"receiver", "ocs0.example"},
                                                                      {"reason", "peer_lost"},
                                                                      {"result_code", "3002"}}));
  log_.clear();

  ask_for_credit();
  list_.front().finish({.outcome = exchange_outcome::cancelled});
  EXPECT_EQ(log_.str(), "") << "that was the client's wish";

  for (std::uint32_t i = 0; i < 3 * stranger_log::lines; ++i) {
    ask_for_credit("nowhere");
  }
  const std::string all = log_.str();
  EXPECT_EQ(std::ranges::count(all, '\n'), stranger_log::lines - 2);
}

TEST_F(RequestPath, RefusesClientsAndServesPeersWhileTheGatewayLeaves) {
  path_->set_draining();

  ask_for_credit();
  EXPECT_EQ(told_.end, unanswered::draining);
  EXPECT_FALSE(told_.sent);
  EXPECT_TRUE(peer(0).sent.empty());

  re_authorize();
  EXPECT_EQ(clients_.sent.size(), 1U);
}

TEST_F(RequestPath, RefusesWhatTheShardHasNoPlaceFor) {
  for (int i = 0; i < 4; ++i) {  // the shard's exchanges
    ask_for_credit();
  }
  ASSERT_EQ(path_->waiting(), 4U);

  ask_for_credit();

  EXPECT_EQ(told_.end, unanswered::too_busy);
  EXPECT_EQ(path_->waiting(), 4U);

  re_authorize();
  EXPECT_EQ(told_.code, result_code::too_busy);
}

}  // namespace
}  // namespace diamgw::gateway
