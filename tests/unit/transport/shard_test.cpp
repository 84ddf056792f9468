#include "diamgw/transport/shard.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include <boost/asio/post.hpp>
#include <future>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "diamgw/buffer/allocation_statistics.hpp"
#include "diamgw/transport/event.hpp"
#include "support/manual_time.hpp"

namespace diamgw::transport {
namespace {

shard_group::options shards(std::size_t count, std::size_t queue_items = 1024) {
  shard_group::options o = test::one_shard();
  o.shards = count;
  o.queue_items = queue_items;
  return o;
}

/// Runs `work` on that shard and waits for it.
template <class Work>
void run_on(shard& s, Work work) {
  std::promise<void> done;
  boost::asio::post(s.context(), [&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

TEST(Shard, KnowsItsOwnThread) {
  shard_group group{shards(2)};
  group.start();

  for (std::size_t i = 0; i < group.size(); ++i) {
    run_on(group.at(i), [&] {
      EXPECT_EQ(shard::current(), &group.at(i));
      EXPECT_EQ(shard::current()->index(), i);
      EXPECT_TRUE(group.at(i).pool().allocate(100));
    });
  }

  EXPECT_EQ(shard::current(), nullptr);
}

TEST(ShardPost, KeepsTheOrderOfEachPair) {
  constexpr int tasks = 20000;
  shard_group group{shards(3)};
  group.start();
  std::array<std::vector<int>, 2> seen;  // of shard 2's thread
  std::promise<void> done;
  int left = 2 * tasks;

  for (std::size_t from = 0; from < 2; ++from) {
    // Each shard posts in portions, and goes on where a full ring has stopped it.
    boost::asio::post(group.at(from).context(), [&, from] {
      for (int n = 0; n < tasks;) {
        const bool taken = group.post(2, [&, from, n] {
          seen.at(from).push_back(n);
          if (--left == 0) {
            done.set_value();
          }
        });
        n += taken ? 1 : 0;
      }
    });
  }
  done.get_future().wait();

  for (const std::vector<int>& one : seen) {
    ASSERT_EQ(one.size(), static_cast<std::size_t>(tasks));
    EXPECT_TRUE(std::is_sorted(one.begin(), one.end()));
  }
}

TEST(ShardPost, WakesTheOtherShardOncePerBatch) {
  shard_group group{shards(2)};
  group.start();
  std::promise<void> blocked;
  std::promise<void> release;
  std::promise<void> done;
  boost::asio::post(group.at(1).context(), [&] {
    blocked.set_value();
    release.get_future().wait();
  });
  blocked.get_future().wait();

  run_on(group.at(0), [&] {
    for (int i = 0; i < 100; ++i) {
      EXPECT_TRUE(group.post(1, [] {}));
    }
    EXPECT_TRUE(group.post(1, [&] { done.set_value(); }));
  });
  release.set_value();
  done.get_future().wait();

  run_on(group.at(1), [&] {
    EXPECT_EQ(group.at(1).statistics().tasks, 101U);
    EXPECT_EQ(group.at(1).statistics().wakes, 1U);
  });
}

TEST(ShardPost, RefusesWhatItsRingCannotHold) {
  shard_group group{shards(2, 8)};  // not started: nothing is taken out
  int run = 0;

  for (int i = 0; i < 8; ++i) {
    EXPECT_TRUE(group.post(1, [&run] { ++run; }));
  }
  inline_task one_more{[&run] { ++run; }};
  EXPECT_FALSE(group.post(1, std::move(one_more)));

  EXPECT_TRUE(one_more) << "a refused task is left as it was";  // NOLINT(*-use-after-move)
  EXPECT_EQ(group.at(1).statistics().refused, 1U);
}

TEST(ShardPost, RefusesFromAShardWhatItsRingCannotHold) {
  shard_group group{shards(1, 8)};
  int run = 0;

  test::run_to_end(group, [](shard_group& g, int& n) -> awaitable<> {
    for (int i = 0; i < 8; ++i) {
      EXPECT_TRUE(g.post(0, [&n] { ++n; }));
    }
    EXPECT_FALSE(g.post(0, [&n] { ++n; }));
    EXPECT_EQ(n, 0) << "a task for one's own shard waits too";
    co_return;
  }(group, run));

  EXPECT_EQ(run, 8);
  EXPECT_EQ(group.at(0).statistics().refused, 1U);
}

TEST(ShardTell, ArrivesInOrderAtAShardWhoseRingsAreFull) {
  test::stepped_shards both{2, shards(2, 8)};
  std::vector<std::string> seen;
  const auto note = [&seen](std::string what) { return [&seen, what] { seen.push_back(what); }; };

  both.at(0).tell([&] {  // on shard 0, whose ring to shard 1 it fills
    for (int i = 0; i < 8; ++i) {
      EXPECT_TRUE(both.at(1).post(note("posted")));
    }
    EXPECT_FALSE(both.at(1).post(note("refused")));
    for (int i = 0; i < 20; ++i) {
      both.at(1).tell(note("told " + std::to_string(i)));
    }
  });
  both.run();

  ASSERT_EQ(seen.size(), 28U);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ(seen.at(i), "told " + std::to_string(i)) << "it may overtake what was posted";
  }
  EXPECT_EQ(seen.back(), "posted");
}

TEST(ShardTell, ArrivesAlthoughOtherThreadsHaveFilledTheInbox) {
  test::stepped_shards one{1, shards(1, 8)};
  int told = 0;
  int posted = 0;

  for (int i = 0; i < 10; ++i) {
    static_cast<void>(one.at().post([&posted] { ++posted; }));
  }
  one.at().tell([&told] { ++told; });
  one.run();

  EXPECT_EQ(posted, 8);
  EXPECT_EQ(told, 1);
}

TEST(ShardTell, ComesBeforeWhatTheSameThreadPostsAfterwards) {
  constexpr int rounds = 20000;
  shard_group group{shards(2, 4096)};
  group.start();
  std::promise<void> done;
  int told = 0;       // of shard 1's thread
  int overtaken = 0;  // likewise

  run_on(group.at(0), [&] {
    for (int i = 1; i <= rounds; ++i) {
      group.at(1).tell([&told] { ++told; });
      while (!group.post(1, [&, i] {
        overtaken += told < i ? 1 : 0;
        if (i == rounds) {
          done.set_value();
        }
      })) {
      }
    }
  });
  done.get_future().wait();

  EXPECT_EQ(overtaken, 0);
}

TEST(ShardTime, IsReadOnceATurn) {
  struct counted final : time_source {
    explicit counted(int& r) : reads{&r} {}
    time_point now() noexcept override { return time_point{std::chrono::seconds{++*reads}}; }
    void wake_at(time_point /*at*/) override {}
    int* reads;
  };
  int reads = 0;
  shard_group::options o = shards(1);
  o.make_time = [&reads](boost::asio::io_context&, std::function<void()>) {
    return std::make_unique<counted>(reads);
  };
  shard_group group{o};
  shard& on = group.at(0);
  const int before = reads;
  std::vector<time_point> seen;

  on.tell([&] {
    seen.push_back(on.now());
    EXPECT_TRUE(on.post([&] { seen.push_back(on.now()); }));  // a later turn
    seen.push_back(on.now());
  });
  group.run_ready();

  ASSERT_EQ(seen.size(), 3U);
  EXPECT_EQ(seen[0], seen[1]);
  EXPECT_LT(seen[1], seen[2]);
  EXPECT_EQ(reads - before, 2);
}

TEST(ShardGroup, RunsWhatIsReadyOnEachShardInSteps) {
  test::stepped_shards both{2};
  std::vector<std::string> log;
  struct hook final : turn_hook {
    explicit hook(std::vector<std::string>& l) : log{&l} {}
    void on_end_of_turn() override { log->emplace_back("end of turn"); }
    std::vector<std::string>* log;
  };
  hook h{log};

  both.at(1).tell([&] {
    EXPECT_EQ(shard::current(), &both.at(1));
    both.at(1).at_end_of_turn(h);
    EXPECT_TRUE(both.at(0).post([&] {
      EXPECT_EQ(shard::current(), &both.at(0));
      log.emplace_back("shard 0");
    }));
    log.emplace_back("shard 1");
  });
  EXPECT_FALSE(both.group().run_ready(0));
  EXPECT_TRUE(both.group().run_ready(1));
  EXPECT_EQ(log, (std::vector<std::string>{"shard 1", "end of turn"}));
  both.run();

  EXPECT_EQ(log.back(), "shard 0");
  EXPECT_EQ(shard::current(), nullptr);
}

TEST(ShardPost, AllocatesNothingBetweenShards) {
  ASSERT_TRUE(allocation_counting_works());
  shard_group group{shards(2)};
  group.start();
  // One way only: Asio's recycling alone would allocate on one side and hoard on the other.
  const auto round = [&] {
    for (int i = 0; i < 200; ++i) {
      std::promise<void> done;
      run_on(group.at(0), [&] { EXPECT_TRUE(group.post(1, [&] { done.set_value(); })); });
      done.get_future().wait();
    }
  };
  const auto allocations_of = [&](std::size_t i) {
    std::uint64_t calls = 0;
    run_on(group.at(i), [&] { calls = thread_allocations().calls; });
    return calls;
  };
  std::uint64_t posting = 0;
  round();
  const std::uint64_t before = allocations_of(1);

  run_on(group.at(0), [&] {
    const allocation_counts at_first = thread_allocations();
    for (int i = 0; i < 200; ++i) {
      static_cast<void>(group.post(1, [] {}));
    }
    posting = (thread_allocations() - at_first).calls;
  });

  EXPECT_EQ(posting, 0U);
  EXPECT_EQ(allocations_of(1), before);
}

TEST(ShardPost, CountsAnExceptionAndGoesOn) {
  shard_group::options o;
  std::string where;
  o.on_failure = [&where](std::string_view w, std::exception_ptr /*failure*/) { where = w; };
  shard_group group{o};
  bool next_ran = false;

  EXPECT_TRUE(group.post(0, [] { throw std::runtime_error{"task"}; }));
  EXPECT_TRUE(group.post(0, [&] { next_ran = true; }));
  group.finish();
  group.run_here();

  EXPECT_EQ(where, "task");
  EXPECT_TRUE(next_ran);
  EXPECT_EQ(group.at(0).statistics().failures, 1U);
}

TEST(ShardPost, DestroysTasksThatNeverRan) {
  auto owned = std::make_shared<int>(1);
  std::weak_ptr<int> watch = owned;
  {
    shard_group group{shards(1)};
    EXPECT_TRUE(group.post(0, [p = std::move(owned)] {}));
  }
  EXPECT_TRUE(watch.expired());
}

TEST(Spawn, ReportsAnExceptionUnderItsNameAndSaysThatItIsDone) {
  shard_group::options o;
  std::string where;
  o.on_failure = [&where](std::string_view w, std::exception_ptr /*failure*/) { where = w; };
  shard_group group{o};
  bool done = false;

  spawn(
      group.at(0),
      []() -> awaitable<> {
        throw std::runtime_error{"lost"};
        co_return;
      }(),
      "reader", [&done] { done = true; });
  group.finish();
  group.run_here();

  EXPECT_EQ(where, "reader");
  EXPECT_TRUE(done);
}

class counting_hook final : public turn_hook {
 public:
  explicit counting_hook(std::vector<std::string>& log, std::string name)
      : log_{&log}, name_{std::move(name)} {}

 private:
  void on_end_of_turn() override { log_->push_back(name_); }

  std::vector<std::string>* log_;
  std::string name_;
};

TEST(TurnHook, RunsOnceAfterTheHandlersThatAreReady) {
  shard_group group{shards(1)};
  std::vector<std::string> log;
  counting_hook a{log, "a"};
  counting_hook b{log, "b"};
  auto gone = std::make_unique<counting_hook>(log, "gone");
  auto& context = group.at(0).context();

  boost::asio::post(context, [&] {
    log.emplace_back("first");
    group.at(0).at_end_of_turn(a);
    group.at(0).at_end_of_turn(*gone);
    group.at(0).at_end_of_turn(b);
    group.at(0).at_end_of_turn(a);
  });
  boost::asio::post(context, [&] {
    log.emplace_back("second");
    gone.reset();
  });
  group.finish();
  group.run_here();

  EXPECT_EQ(log, (std::vector<std::string>{"first", "second", "a", "b"}));
}

TEST(TurnHook, MayBeDestroyedWhileNoOtherWaits) {
  shard_group group{shards(1)};
  std::vector<std::string> log;
  auto gone = std::make_unique<counting_hook>(log, "gone");

  boost::asio::post(group.at(0).context(), [&] {
    group.at(0).at_end_of_turn(*gone);
    gone.reset();
  });
  group.finish();
  group.run_here();

  EXPECT_TRUE(log.empty());
}

TEST(ShardGroup, DestroysCoroutinesThatStillWait) {
  auto owned = std::make_shared<int>(1);
  std::weak_ptr<int> watch = owned;
  {
    shard_group group{shards(2)};
    group.start();
    spawn(
        group.at(1),
        [](shard& on, std::shared_ptr<int> held) -> awaitable<> {
          event never{on};
          co_await never.wait();
          held.reset();
        }(group.at(1), std::move(owned)),
        "waits");
    run_on(group.at(1), [] {});
  }
  EXPECT_TRUE(watch.expired());
}

TEST(ShardGroup, TellsAll) {
  shard_group group{shards(3)};
  group.start();
  std::mutex mutex;
  std::vector<std::size_t> seen;

  group.tell_all([&](shard& s) {
    const std::scoped_lock lock{mutex};
    seen.push_back(s.index());
  });
  group.finish();
  group.join();

  std::ranges::sort(seen);
  EXPECT_EQ(seen, (std::vector<std::size_t>{0, 1, 2}));
}

}  // namespace
}  // namespace diamgw::transport
