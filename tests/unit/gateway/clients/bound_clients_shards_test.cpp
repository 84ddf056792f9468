// A session's client is looked for from shard to shard.
#include <gtest/gtest.h>

#include <array>
#include <memory>
#include <vector>

#include "gateway/clients/bound_clients.hpp"
#include "gateway/clients/conversation.hpp"
#include "unit/gateway/peers/peer_bench.hpp"

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;
using outcome = exchange_outcome;

/// A client that takes every request, and keeps whose shard it was on.
class taking_client final : public client, private conversation {
 public:
  [[nodiscard]] conversation& speaks() noexcept override { return *this; }
  [[nodiscard]] std::string remote() const override { return "192.0.2.7:40112"; }
  [[nodiscard]] client_report report() const override { return {}; }
  [[nodiscard]] bool may_send() const noexcept override { return true; }
  bool send(websocket::message_kind, bytes_view, std::span<buffer_slice>) override { return true; }
  bool send(websocket::message_kind, buffer_ref, std::size_t) override { return true; }
  void fail(websocket::close_code, std::string_view) override {}
  void close(metrics::client_close_reason, websocket::close_code, std::string_view) override {}
  void on_requests_changed() override {}

  std::vector<hop_by_hop_id> given;
  std::vector<std::string> taken;  // sessions that are another's now
  std::vector<transport::shard*> on;

 private:
  void on_message(const websocket::message&) override {}
  [[nodiscard]] std::string_view subprotocol() const noexcept override { return "test"; }
  void on_session_taken(std::string_view id) override { taken.emplace_back(id); }
  [[nodiscard]] std::uint32_t requests_in_flight() const noexcept override { return 0; }
  [[nodiscard]] bool send_request(client_transactions::transaction& t,
                                  const outgoing_request&) override {
    given.push_back(t.id());
    on.push_back(transport::shard::current());
    return true;
  }
};

/// Three shards with a client each; rings of two places.
class BoundClientsOnShards : public ::testing::Test {
 protected:
  BoundClientsOnShards() {
    for (std::size_t i = 0; i < 3; ++i) {
      registries_[i] = std::make_unique<client_registry>(
          bench_.on(i), client_registry::options{.max_bindings = 8, .max_bindings_per_client = 8});
      registries_[i]->add(clients_[i]);
      bound_.shards.push_back(registries_[i].get());
    }
  }
  ~BoundClientsOnShards() override {
    for (std::size_t i = 0; i < 3; ++i) {
      registries_[i]->remove(clients_[i]);
    }
    bench_.run();
  }
  void bind(std::size_t shard) { registries_[shard]->bind("gw.example;1;2", clients_[shard]); }
  /// In a turn of shard `from`: nothing more goes from it to shard `to`, until that one runs.
  void fill(std::size_t from, std::size_t to) {
    ASSERT_EQ(transport::shard::current(), &bench_.on(from).shard);
    while (bench_.on(to).shard.post([] {})) {
    }
  }
  [[nodiscard]] std::string dropped() const {
    return bench_.scraped(R"(diamgw_messages_dropped_total{reason="shard_queue_full"})");
  }

  test::bench bench_{3, 2};
  std::array<std::unique_ptr<client_registry>, 3> registries_;
  std::array<taking_client, 3> clients_;
  bound_clients bound_;
};

TEST_F(BoundClientsOnShards, AreFoundWhicheverShardTheyAreOn) {
  for (std::size_t shard = 0; shard < 3; ++shard) {
    bind(shard);
    bench_.ask(bound_, test::make_ccr(), 10s, 1);
    bench_.run();

    ASSERT_EQ(clients_[shard].given.size(), 1U);
    if (shard != 1) {  // the asker's own needs no turn of its own
      EXPECT_EQ(clients_[shard].on[0], &bench_.on(shard).shard);
    }
    const auto t = registries_[shard]->pending().take(clients_[shard].given[0]);
    ASSERT_TRUE(t);
    tell_exchange(bench_.on(shard), t->exchange, t->deadline, {.outcome = outcome::answered});
    bench_.run();
    EXPECT_EQ(bench_.outcomes().size(), shard + 1);
    EXPECT_EQ(bench_.outcomes().back(), outcome::answered);
    registries_[shard]->remove(clients_[shard]);
    registries_[shard]->add(clients_[shard]);
  }
}

// One rule on any shards: the session is the client's that used it last.
TEST_F(BoundClientsOnShards, GiveARequestToTheClientThatUsedTheSessionLast) {
  for (const std::size_t last : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
    for (std::size_t asker = 0; asker < 3; ++asker) {
      SCOPED_TRACE(std::to_string(last) + " asked from " + std::to_string(asker));
      for (std::size_t shard = 0; shard < 3; ++shard) {
        if (shard != last) {
          bind(shard);
          bench_.advance(1s);
        }
      }
      bind(last);
      bench_.advance(1s);
      for (auto& c : clients_) {
        c.given.clear();
        c.taken.clear();
      }

      bench_.ask(bound_, test::make_ccr(), 10s, asker);
      bench_.run();

      for (std::size_t shard = 0; shard < 3; ++shard) {
        EXPECT_EQ(clients_[shard].given.size(), shard == last ? 1U : 0U) << shard;
        EXPECT_EQ(clients_[shard].taken.size(), shard == last ? 0U : 1U) << shard;
        EXPECT_EQ(registries_[shard]->find_bound("gw.example;1;2").has_value(), shard == last);
      }
    }
  }
}

TEST_F(BoundClientsOnShards, LoseASessionThatAClientOfAnotherShardHasTakenOver) {
  bind(0);
  bench_.advance(1s);
  bind(2);
  const auto used = registries_[2]->find_bound("gw.example;1;2")->is.used;

  bound_.release_elsewhere(bench_.on(2), "gw.example;1;2", used);
  bench_.run();

  EXPECT_EQ(clients_[0].taken, std::vector<std::string>{"gw.example;1;2"});
  EXPECT_FALSE(registries_[0]->find_bound("gw.example;1;2"));
  EXPECT_TRUE(registries_[2]->find_bound("gw.example;1;2"));

  bench_.advance(1s);
  bind(0);  // it takes it back, before what the other has said of it comes
  bound_.release_elsewhere(bench_.on(2), "gw.example;1;2", used);
  bench_.run();

  EXPECT_TRUE(registries_[0]->find_bound("gw.example;1;2"));
  EXPECT_EQ(clients_[0].taken.size(), 1U);
}

TEST_F(BoundClientsOnShards, HaveNobodyWhereEveryShardWasAsked) {
  bench_.ask(bound_, test::make_ccr(), 10s, 2);
  bench_.run();

  ASSERT_EQ(bench_.ended().size(), 1U);
  EXPECT_EQ(bench_.ended()[0].code, diameter::result_code::unknown_session_id);
}

TEST_F(BoundClientsOnShards, AreNotLookedForWhereTheFirstRingIsFull) {
  bind(1);
  ASSERT_TRUE(bench_.on(0).shard.post([&] {
    fill(0, 1);
    bench_.ask(bound_, test::make_ccr(), 10s, 0);
  }));
  bench_.run();

  ASSERT_EQ(bench_.ended().size(), 1U);
  EXPECT_EQ(bench_.ended()[0].outcome, outcome::refused);
  EXPECT_EQ(bench_.ended()[0].code, diameter::result_code::too_busy);
  EXPECT_EQ(bench_.ended()[0].sentence, "the gateway is too busy to look for the session's client");
  EXPECT_TRUE(clients_[1].given.empty());
  EXPECT_EQ(dropped(), "1");
}

TEST_F(BoundClientsOnShards, AreNotLookedForFurtherWhereALaterRingIsFull) {
  bind(2);
  ASSERT_TRUE(bench_.on(1).shard.post([&] { fill(1, 2); }));
  bench_.ask(bound_, test::make_ccr(), 10s, 0);
  bench_.run();

  ASSERT_EQ(bench_.ended().size(), 1U);
  EXPECT_EQ(bench_.ended()[0].code, diameter::result_code::too_busy);
  EXPECT_TRUE(clients_[2].given.empty());
  EXPECT_EQ(dropped(), "1");
}

// docs/architecture.md, "Inside": an answer is dropped and its request ends at its deadline.
TEST_F(BoundClientsOnShards, LoseAnAnswerWhoseRingIsFullAndTheRequestEndsAtItsDeadline) {
  bind(1);
  bench_.ask(bound_, test::make_ccr(), 10s, 0);
  bench_.run();
  ASSERT_EQ(clients_[1].given.size(), 1U);
  ASSERT_TRUE(bench_.on(1).shard.post([&] {
    fill(1, 0);
    const auto t = registries_[1]->pending().take(clients_[1].given[0]);
    ASSERT_TRUE(t);
    tell_exchange(bench_.on(1), t->exchange, t->deadline, {.outcome = outcome::answered});
  }));
  bench_.run();
  EXPECT_EQ(dropped(), "1");
  EXPECT_TRUE(bench_.ended().empty());

  bench_.advance(11s);

  EXPECT_EQ(bench_.outcomes(), std::vector<outcome>{outcome::deadline});
}

}  // namespace
}  // namespace diamgw::gateway
