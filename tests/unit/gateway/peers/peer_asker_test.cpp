#include "gateway/peers/peer_asker.hpp"

#include <gtest/gtest.h>

#include "diamgw/dictionary/dictionary.hpp"
#include "gateway/peers/peer.hpp"
#include "unit/gateway/peers/peer_bench.hpp"

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;
using diameter::result_code;
using diameter::commands::capabilities_exchange;
using diameter::commands::re_auth;
using test::other_node;

/// Answers, or not, on behalf of the clients.
class scripted_clients final : public receiver {
 public:
  void send(shard_context& from, outgoing_request request) override {
    if (!silent) {
      tell_exchange(from, request.exchange, request.deadline, std::exchange(result, {}));
    }
  }
  exchange_result result;
  bool silent = false;
};

/// An open peer whose requests go to the request path.
class PeerAsker : public ::testing::Test, private request_sink {
 protected:
  PeerAsker() {
    peers_.start();
    bench_.run();
    const std::string cer = test::encoded(
        [&](auto& out) { return diameter::encode_cer(out, other_.node(), {}, {{1}, {2}}); });
    const auto known = peers_
                           .find_or_add(diameter::message_view{as_bytes(std::string_view{cer})},
                                        bench_.on().shard.now())
                           .claimed;
    known->accept(test::bench::lend(stream_),
                  {{}, diameter::message_view{as_bytes(std::string_view{cer})}}, {});
    bench_.run();
    static_cast<void>(other_.take());
  }

  static peer_table::options options() {
    peer_table::options o;
    o.identity = test::make_node("gw.example");
    config::peer_options ocs;
    ocs.host = "ocs.example";
    ocs.realm = "example";
    o.diameter.peers = {ocs};
    o.diameter.validate_messages = config::message_validation::structure;
    return o;
  }
  void on_request(shard_context&, peer_request asked) override { requests_.ask(std::move(asked)); }

  /// The answer to a RAR, P bit and all.
  diameter::message_view re_authorize(std::uint8_t flags = test::request_flags) {
    other_.say(test::make_message({flags, re_auth, test::credit_control, {0x61}, {0x62}}));
    bench_.run();
    return other_.take_one(re_auth);
  }
  [[nodiscard]] diameter::message make_answer(std::uint8_t flags, result_code code) {
    const std::string octets = test::make_message(
        {flags, re_auth, test::credit_control, {0xdead}, {0xbeef}}, "gw.example;1;2", code);
    buffer_ref buffer = bench_.on().pool().allocate(octets.size());
    std::ranges::copy(as_bytes(std::string_view{octets}), buffer.data());
    return {buffer, diameter::message_view{bytes_view{buffer.data(), octets.size()}}};
  }

  test::bench bench_;
  peer_table peers_{
      options(), {&bench_.on()}, bench_.metrics(), dictionary::share_embedded(), *this};
  scripted_clients clients_;
  request_path path_{bench_.on(),
                     {.identity = &peers_.identity(),
                      .check_grammar = false,
                      .peers = &peers_,
                      .clients = &clients_},
                     dictionary::share_embedded(),
                     std::make_shared<const routing::table>(routing::table_spec{})};
  peer_requests requests_{bench_.on(), peers_, path_, 5s};
  test::fake_stream& stream_ = bench_.make_stream();
  other_node other_{stream_};
};

TEST_F(PeerAsker, AnswersUnderTheRequestsIdsAndProxiableBit) {
  clients_.result = {.outcome = exchange_outcome::answered,
                     .answer = make_answer(0, result_code::success)};

  const auto answer = re_authorize();

  EXPECT_EQ(answer.flags(), diameter::command_flags::proxiable);  // RFC 6733 §6.2
  EXPECT_EQ(answer.hop_by_hop().value, 0x61U);
  EXPECT_EQ(answer.end_to_end().value, 0x62U);
  EXPECT_EQ(diameter::find_unsigned32(answer, diameter::avps::result_code), 2001U);
}

TEST_F(PeerAsker, KeepsTheErrorBitOfAnAnswer) {
  clients_.result = {
      .outcome = exchange_outcome::answered,
      .answer = make_answer(diameter::command_flags::error | diameter::command_flags::proxiable,
                            result_code::too_busy)};

  const auto answer = re_authorize(diameter::command_flags::request);

  EXPECT_EQ(answer.flags(), diameter::command_flags::error);
}

TEST_F(PeerAsker, AnswersARefusalWithItsCodeAndSentence) {
  clients_.result = {.outcome = exchange_outcome::refused,
                     .code = result_code::unknown_session_id,
                     .sentence = "no client of this gateway has the session"};

  const auto answer = re_authorize();

  EXPECT_EQ(diameter::find_unsigned32(answer, diameter::avps::result_code), 5002U);
  EXPECT_EQ(answer.hop_by_hop().value, 0x61U);
  const auto sentence = answer.find(diameter::avps::error_message);
  ASSERT_TRUE(sentence);
  EXPECT_EQ(as_text(sentence->data), "no client of this gateway has the session");
}

// docs/architecture.md, "How an exchange ends", the column of peers.
TEST_F(PeerAsker, AnswersEachOutcomeWithoutAnAnswer) {
  struct row {
    exchange_outcome outcome;
    std::uint32_t code;
  };
  for (const row& r : {
           row{exchange_outcome::deadline, 3002},
           row{exchange_outcome::receiver_lost, 3002},
           row{exchange_outcome::malformed_answer, 5012},
           row{exchange_outcome::too_busy, 3004},
       }) {
    clients_.result = {.outcome = r.outcome};

    EXPECT_EQ(diameter::find_unsigned32(re_authorize(), diameter::avps::result_code), r.code)
        << static_cast<int>(r.outcome);
  }
}

TEST_F(PeerAsker, AnswersInTimeWhereItsClientDoesNot) {
  clients_.silent = true;
  other_.say(
      test::make_message({test::request_flags, re_auth, test::credit_control, {0x61}, {0x62}}));
  bench_.advance(4900ms);
  EXPECT_TRUE(other_.take().empty());

  bench_.advance(200ms);

  const auto answer = other_.take_one(re_auth);
  EXPECT_EQ(diameter::find_unsigned32(answer, diameter::avps::result_code), 3002U);
  EXPECT_EQ(as_text(answer.find(diameter::avps::error_message)->data), "no answer came in time");
}

TEST_F(PeerAsker, DropsTheAnswerToAConnectionThatHasEnded) {
  clients_.silent = true;
  other_.say(
      test::make_message({test::request_flags, re_auth, test::credit_control, {0x61}, {0x62}}));
  bench_.run();
  stream_.ends();
  bench_.run();

  bench_.advance(6s);

  EXPECT_EQ(bench_.scraped(R"(diamgw_messages_dropped_total{reason="peer_gone"})"), "1");
}

TEST_F(PeerAsker, NamesTheAvpThatBreaksTheGrammar) {
  const std::string octets =
      test::make_message({test::request_flags, re_auth, test::credit_control, {0x61}, {0x62}});
  const diameter::message_view view{as_bytes(std::string_view{octets})};
  diameter::validator grammar{dictionary::embedded()};
  const auto broken = grammar.validate(view);
  ASSERT_TRUE(broken);
  exchange_list list;
  peer_asker asker{peers_, bench_.on(), list, {0, 1}};

  asker.refused(
      {.message = {{}, view}, .header = {}, .avps = {}, .from = {}, .began = {}, .deadline = {}},
      {.end = std::nullopt, .code = broken->code(), .violation = &*broken});
  bench_.run();

  const auto answer = other_.take_one(re_auth);
  EXPECT_EQ(diameter::find_unsigned32(answer, diameter::avps::result_code), 5005U);
  EXPECT_TRUE(answer.find(diameter::avps::failed_avp));
}

}  // namespace
}  // namespace diamgw::gateway
