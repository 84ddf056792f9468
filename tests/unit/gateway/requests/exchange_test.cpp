#include "diamgw/gateway/requests/exchange.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "diamgw/buffer/allocation_statistics.hpp"
#include "diamgw/metrics/registry.hpp"
#include "support/manual_time.hpp"
#include "support/text_log.hpp"

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;

class Exchange : public ::testing::Test {
 protected:
  /// Begins a handler that waits; what it came to is put into `ended`.
  exchange_key ask(duration patience = 1h, exchange_list* asker = nullptr) {
    const time_point deadline = shards_.now() + patience;
    std::optional<exchange_key> key;
    handle(on_, deadline, asker, key, ended_);
    return *key;
  }
  static handler_task handle(shard_context& on, time_point deadline, exchange_list* asker,
                             std::optional<exchange_key>& key,
                             std::vector<exchange_outcome>& ended) {
    exchange e{on, deadline};
    if (asker != nullptr) {
      asker->push_back(e);
    }
    key = e.key();
    auto& outcomes = ended;  // `key` is gone when the handler goes on
    const exchange_result r = co_await e.wait();
    outcomes.push_back(r.outcome);
  }

  void tell(exchange_key key, exchange_outcome outcome) {
    tell_exchange(on_, key, shards_.now() + 1h, {.outcome = outcome});
  }

  diamgw::test::stepped_shards shards_;
  metrics::registry metrics_{{}};
  diamgw::test::text_log log_;
  shard_context on_{shards_.at(), metrics_.shard(0), log_, 1, 2, 4};
  std::vector<exchange_outcome> ended_;
};

using outcomes = std::vector<exchange_outcome>;

TEST_F(Exchange, RunsItsHandlerOnWhenItIsAnswered) {
  const exchange_key key = ask();
  EXPECT_TRUE(ended_.empty());

  tell(key, exchange_outcome::answered);

  EXPECT_EQ(ended_, outcomes{exchange_outcome::answered});
  EXPECT_TRUE(on_.exchanges.empty());
}

TEST_F(Exchange, GivesALateAnswerToNobodyAlsoWhenItsSlotIsUsedAgain) {
  const exchange_key first = ask();
  tell(first, exchange_outcome::cancelled);
  for (int i = 0; i < 4; ++i) {  // all slots there are: one of them was the first's
    ask();
  }

  tell(first, exchange_outcome::answered);

  EXPECT_EQ(ended_, outcomes{exchange_outcome::cancelled});
  EXPECT_EQ(on_.exchanges.size(), 4U);
  on_.exchanges.drain(
      [](hop_by_hop_id, exchange* e) { e->finish({.outcome = exchange_outcome::cancelled}); });
}

TEST_F(Exchange, LeavesItsAskersListWhenItEnds) {
  exchange_list asker;
  const exchange_key one = ask(1h, &asker);
  ask(1h, &asker);

  tell(one, exchange_outcome::answered);
  EXPECT_EQ(std::distance(asker.begin(), asker.end()), 1);
  asker.front().finish({.outcome = exchange_outcome::asker_left});

  EXPECT_TRUE(asker.empty());
  EXPECT_EQ(ended_, (outcomes{exchange_outcome::answered, exchange_outcome::asker_left}));
}

TEST_F(Exchange, EndsWithItsDeadlineAndNotBefore) {
  ask(30ms);
  ask(1h);

  shards_.advance(29ms);
  EXPECT_TRUE(ended_.empty());
  shards_.advance(10ms);

  EXPECT_EQ(ended_, outcomes{exchange_outcome::deadline});
  EXPECT_EQ(on_.exchanges.size(), 1U);
  on_.exchanges.drain(
      [](hop_by_hop_id, exchange* e) { e->finish({.outcome = exchange_outcome::cancelled}); });
}

TEST_F(Exchange, IsTooBusyAboveTheShardsLimit) {
  for (int i = 0; i < 5; ++i) {
    ask();
  }

  EXPECT_EQ(ended_, outcomes{exchange_outcome::too_busy});
  on_.exchanges.drain(
      [](hop_by_hop_id, exchange* e) { e->finish({.outcome = exchange_outcome::cancelled}); });
}

TEST_F(Exchange, AllocatesNothingOnceAFrameWasUsed) {
  ASSERT_TRUE(allocation_counting_works());
  ended_.reserve(200);
  tell(ask(), exchange_outcome::answered);

  const auto before = thread_allocations();
  for (int i = 0; i < 100; ++i) {
    tell(ask(), exchange_outcome::answered);
  }

  EXPECT_EQ((thread_allocations() - before).calls, 0U);
}

class Wheel : public Exchange {
 protected:
  struct alarm final : shard_context::timeout {
    explicit alarm(std::function<void(alarm&)> f) : then{std::move(f)} {}
    void on_timeout() override {
      const auto kept = then;  // which may destroy this
      kept(*this);
    }
    std::function<void(alarm&)> then;
  };
};

TEST_F(Wheel, LetsATimeoutDestroyItselfAndOthersThatAreDue) {
  auto first = std::unique_ptr<alarm>{};
  auto second = std::unique_ptr<alarm>{};
  int fired = 0;
  const auto end_both = [&](alarm&) {
    ++fired;
    first.reset();
    second.reset();
  };
  first = std::make_unique<alarm>(end_both);
  second = std::make_unique<alarm>(end_both);
  const time_point due = shards_.now() + 20ms;
  on_.schedule(*first, due);
  on_.schedule(*second, due);

  shards_.advance(60ms);

  EXPECT_EQ(fired, 1);
}

TEST_F(Wheel, TakesAnEarlierDeadlineThanTheOneItWaitsFor) {
  std::vector<int> order;
  alarm late{[&](alarm&) { order.push_back(2); }};
  alarm early{[&](alarm&) { order.push_back(1); }};
  on_.schedule(late, shards_.now() + 60ms);
  on_.schedule(early, shards_.now() + 20ms);

  shards_.advance(120ms);

  EXPECT_EQ(order, (std::vector<int>{1, 2}));
}

TEST(CancelledExchanges, AreKnownOnceAndTheLastOfThem) {
  cancelled_exchanges cancelled;
  for (std::uint32_t i = 0; i <= cancelled_exchanges::kept; ++i) {
    cancelled.note(hop_by_hop_id{i});
  }

  EXPECT_FALSE(cancelled.take(hop_by_hop_id{0})) << "another has its place";
  EXPECT_TRUE(cancelled.take(hop_by_hop_id{1}));
  EXPECT_FALSE(cancelled.take(hop_by_hop_id{1}));
  EXPECT_FALSE(cancelled.take(hop_by_hop_id{1000}));
}

TEST(StrangerLog, WritesSoManyLinesAndThenCounts) {
  diamgw::test::text_log log;
  diamgw::test::stepped_shards shards;
  stranger_log strangers{log, shards.at(), "about connections"};
  const time_point now = shards.now();
  unsigned written = 0;
  for (int i = 0; i < 1000; ++i) {
    written += strangers.admit(now) ? 1U : 0U;
  }
  EXPECT_EQ(written, stranger_log::lines);
  EXPECT_FALSE(strangers.admit(now + stranger_log::interval - 1ms));
  EXPECT_TRUE(strangers.admit(now + stranger_log::interval));
}

TEST(StrangerLog, SaysHowManyLinesAreMissing) {
  diamgw::test::text_log log;
  diamgw::test::stepped_shards shards;
  stranger_log strangers{log, shards.at(), "about connections"};
  for (std::uint32_t i = 0; i < stranger_log::lines + 7; ++i) {
    strangers.info("somebody {}", i);
  }
  EXPECT_EQ(log.str().find("were not written"), std::string::npos);

  shards.advance(stranger_log::interval);
  strangers.warn("somebody else");

  EXPECT_NE(log.str().find("7 lines about connections were not written"), std::string::npos);
  EXPECT_NE(log.str().find("somebody else"), std::string::npos);
}

TEST(StrangerLog, ShowsWhatIsNotPrintableAsQuestionMarks) {
  EXPECT_EQ(printable("a\nb\x1b[2J\xff"), "a?b?[2J?");
  EXPECT_EQ(printable("abcdef", 3), "abc");
}

}  // namespace
}  // namespace diamgw::gateway
