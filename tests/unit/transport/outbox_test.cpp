#include "diamgw/transport/outbox.hpp"

#include <gtest/gtest.h>

#include <boost/asio/post.hpp>

#include "diamgw/buffer/allocation_statistics.hpp"
#include "support/fail_at_each_step.hpp"
#include "support/run_to_end.hpp"

namespace diamgw::transport {
namespace {

/// One outbox on one shard, its stream in memory.
struct outbox_on_stream final : outbox_owner {
  explicit outbox_on_stream(const outbox::options& o = {})
      : group{test::one_shard()}, stream{group.at(0)}, out{group.at(0), stream, *this, o} {}

  void on_blocked() override {
    ++blocked;
    spawn(group.at(0), out.write_the_rest(), "writer");
  }
  void on_drained() override { ++drained; }
  void on_all_written(error_code failed) override {
    ++ended;
    ended_with = failed;
  }

  buffer_slice slice(std::string_view text) {
    buffer_slice s;
    s.buffer = group.at(0).pool().allocate(text.size() + 1);
    std::memcpy(s.buffer.data(), text.data(), text.size());
    s.octets = s.buffer.whole().first(text.size());
    return s;
  }
  bool push(std::string_view text) { return out.push(slice(text)); }
  bool push(std::string_view head, std::initializer_list<std::string_view> body) {
    std::vector<buffer_slice> slices;
    for (const std::string_view text : body) {
      slices.push_back(slice(text));
    }
    return out.push(as_bytes(head), slices);
  }
  /// Slabs that the pool has made and not got back.
  std::uint64_t slabs_out() {
    std::uint64_t made = 0;
    std::uint64_t free = 0;
    for (const pool_statistics::tier& tier : group.at(0).pool().statistics().tiers) {
      made += tier.misses;
      free += tier.free;
    }
    return made - free;
  }

  /// Runs what is ready; a writer waits afterwards.
  void turn() { group.run_ready(); }

  shard_group group;
  test::fake_stream stream;
  outbox out;
  int blocked = 0;
  int drained = 0;
  int ended = 0;
  error_code ended_with;
};

TEST(Outbox, SendsWhatOneTurnQueuedByOneWrite) {
  outbox_on_stream f;
  f.turn();

  for (int i = 0; i < 100; ++i) {
    boost::asio::post(f.group.at(0).context(), [&] { EXPECT_TRUE(f.push("ab")); });
  }
  f.turn();

  EXPECT_EQ(f.stream.gathered(), (std::vector<std::size_t>{100}));
  EXPECT_EQ(f.stream.written().size(), 200U);
  EXPECT_EQ(f.out.statistics().messages, 100U);
  EXPECT_EQ(f.out.statistics().octets, 200U);
  EXPECT_EQ(f.out.statistics().writes, 1U);
  EXPECT_EQ(f.blocked, 0) << "there is no coroutine where nothing waits";
  EXPECT_TRUE(f.out.empty());
}

TEST(Outbox, KeepsTheOrderWhileItsRingGrows) {
  outbox_on_stream f;
  std::string expected;

  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 7 + 40 * round; ++i) {
      const std::string text = std::to_string(i) + ",";
      expected += text;
      EXPECT_TRUE(f.push(text));
    }
    f.turn();
  }

  EXPECT_EQ(f.stream.written(), expected);
}

TEST(Outbox, LeavesAHeadAndItsSlicesTogether) {
  outbox_on_stream f;

  std::string head = "head";
  EXPECT_TRUE(f.push(head, {"body", "more"}));
  head.assign("gone");
  EXPECT_TRUE(f.push("HEAD", {""}));
  EXPECT_TRUE(f.push("", {"headless"}));
  f.turn();

  EXPECT_EQ(f.stream.written(), "headbodymoreHEADheadless");
  EXPECT_EQ(f.stream.gathered(), (std::vector<std::size_t>{5}));
  EXPECT_EQ(f.out.statistics().messages, 3U);
}

TEST(Outbox, KeepsAnyNumberOfHeadsUntilTheyAreWritten) {
  outbox_on_stream f{{.high_mark_octets = 1U << 20U, .gather_octets = 1000}};
  std::string expected;

  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 500; ++i) {
      const std::string head =
          std::to_string(i) + std::string(static_cast<std::size_t>(i) % 60, 'h');
      const std::string body = i % 7 == 0 ? "" : "b" + std::to_string(i);
      expected += head + body;
      EXPECT_TRUE(f.push(head, {body}));
    }
    f.turn();
    EXPECT_EQ(f.slabs_out(), 0U) << "an empty queue holds nothing";
  }

  EXPECT_EQ(f.stream.written(), expected);
}

TEST(Outbox, LetsGoOfScratchWhileTheQueueIsNeverEmpty) {
  outbox_on_stream f{{.gather_octets = 1}};
  f.stream.hold_writes();
  EXPECT_TRUE(f.push("first"));
  f.turn();
  std::string expected = "first";
  std::uint64_t most = 0;

  for (int i = 0; i < 2000; ++i) {
    const std::string head = "head" + std::to_string(i);
    expected += head;
    EXPECT_TRUE(f.push(head, {}));
    // One more is always queued, since each write waits for the next turn.
    f.stream.on_write = [&](std::string_view) { f.stream.hold_writes(); };
    f.stream.release_writes();
    f.turn();
    EXPECT_FALSE(f.out.empty());
    most = std::max(most, f.slabs_out());
  }
  f.stream.on_write = nullptr;
  f.stream.release_writes();
  f.turn();

  EXPECT_EQ(f.stream.written(), expected);
  EXPECT_LE(most, 3U);
}

TEST(Outbox, TakesSlicesOnlyWhereItAdmitsThem) {
  outbox_on_stream f{{.limit_octets = 10}};
  f.stream.hold_writes();
  EXPECT_TRUE(f.push("12345"));
  std::array<buffer_slice, 1> body{f.slice("6789")};

  EXPECT_FALSE(f.out.push(as_bytes("head"), body));
  EXPECT_TRUE(body[0].buffer) << "the caller may offer it to another";
  EXPECT_TRUE(f.out.push(as_bytes("h"), body));
  EXPECT_FALSE(body[0].buffer);
}

TEST(Outbox, LimitsViewsAndOctetsOfOneWrite) {
  outbox_on_stream f{{.gather_octets = 10}};

  EXPECT_TRUE(f.push("12345678"));
  EXPECT_TRUE(f.push("90"));
  EXPECT_TRUE(f.push("a single one that is larger"));
  f.turn();

  EXPECT_EQ(f.stream.gathered(), (std::vector<std::size_t>{2, 1}));

  outbox_on_stream g;
  for (std::size_t i = 0; i < max_gathered_views + 1; ++i) {
    EXPECT_TRUE(g.push("x"));
  }
  g.turn();

  EXPECT_EQ(g.stream.gathered(), (std::vector<std::size_t>{max_gathered_views, 1}));
}

TEST(Outbox, RefusesAboveItsLimits) {
  outbox_on_stream f{{.limit_octets = 10, .limit_slices = 3}};
  f.stream.hold_writes();

  EXPECT_TRUE(f.push("12345678901234567890")) << "an empty queue takes any size";
  f.turn();
  EXPECT_FALSE(f.push("1"));
  f.stream.release_writes();
  f.turn();
  f.stream.hold_writes();
  EXPECT_TRUE(f.push("1"));
  EXPECT_FALSE(f.push("1234567890"));
  EXPECT_TRUE(f.push("2"));
  EXPECT_FALSE(f.push("3", {"4"})) << "two slices where one has room";
  EXPECT_TRUE(f.push("3"));
  EXPECT_FALSE(f.push("4"));

  EXPECT_EQ(f.out.statistics().overflows, 4U);
  EXPECT_EQ(f.out.queued_octets(), 3U);
}

TEST(Outbox, IsAboveItsHighMarkUntilHalfOfItIsLeft) {
  outbox_on_stream f{{.high_mark_octets = 100, .gather_octets = 30}};
  f.stream.hold_writes();
  const std::string thirty(30, 'x');

  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(f.push(thirty));
  }
  f.turn();
  EXPECT_FALSE(f.out.above_high_mark());
  EXPECT_TRUE(f.push(thirty));
  EXPECT_TRUE(f.out.above_high_mark());
  EXPECT_TRUE(f.out.writing_since().has_value());
  std::vector<bool> marks;
  f.stream.on_write = [&](std::string_view) { marks.push_back(f.out.above_high_mark()); };
  f.stream.release_writes();
  f.turn();

  // Seen before each write's end: 120, 90, 60 octets are above, then 30 are not.
  EXPECT_EQ(marks, (std::vector<bool>{true, true, true, false}));
  EXPECT_EQ(f.drained, 1);
  EXPECT_FALSE(f.out.writing_since().has_value());
}

TEST(Outbox, EndsWhenAllIsWritten) {
  outbox_on_stream f;
  f.stream.hold_writes();
  EXPECT_TRUE(f.push("last"));
  f.turn();

  f.out.close_when_empty();
  EXPECT_FALSE(f.push("more"));
  f.turn();
  EXPECT_EQ(f.ended, 0);
  f.stream.release_writes();
  f.turn();

  EXPECT_EQ(f.ended, 1);
  EXPECT_FALSE(f.ended_with);
  EXPECT_EQ(f.stream.written(), "last");
  EXPECT_EQ(f.out.statistics().overflows, 0U);
}

TEST(Outbox, EndsAtOnceWhenItIsIdle) {
  outbox_on_stream f;
  f.turn();

  f.out.close_when_empty();
  EXPECT_EQ(f.ended, 0) << "not within the call";
  f.turn();

  EXPECT_EQ(f.ended, 1);
  EXPECT_FALSE(f.ended_with);
}

TEST(Outbox, ClosesAndDropsInTheMiddleOfAWrite) {
  outbox_on_stream f;
  f.stream.hold_writes();
  EXPECT_TRUE(f.push("dropped"));
  f.turn();

  f.out.close_now();
  f.turn();

  EXPECT_EQ(f.ended, 0) << "who closes knows";
  EXPECT_TRUE(f.stream.closed());
  EXPECT_TRUE(f.out.empty());
}

TEST(Outbox, ClosesWhileIdle) {
  outbox_on_stream f;
  f.turn();

  f.out.close_now();
  f.turn();

  EXPECT_EQ(f.ended, 0);
  EXPECT_TRUE(f.stream.closed());
  EXPECT_FALSE(f.push("late"));
}

class OutboxFailing : public testing::TestWithParam<std::size_t> {};

// At once, in pieces of one octet after which the writer waits, and by the writer alone.
INSTANTIATE_TEST_SUITE_P(Takes, OutboxFailing, testing::Values(1000U, 1U, 0U));

TEST_P(OutboxFailing, EndsWithTheErrorOfEachFailingWrite) {
  const std::size_t steps = test::fail_at_each_step([&](const auto& arm, std::size_t step) {
    outbox_on_stream f{{.gather_octets = 2}};
    f.stream.takes_at_once(GetParam());
    arm(f.stream);

    for (int i = 0; i < 3; ++i) {
      EXPECT_TRUE(f.push("xx"));
    }
    f.turn();

    EXPECT_TRUE(f.out.empty());
    EXPECT_EQ(f.ended, f.stream.has_failed() ? 1 : 0);
    if (f.ended != 0) {
      EXPECT_EQ(f.ended_with, boost::asio::error::connection_reset);
      EXPECT_LT(f.stream.written().size(), 6U);
      EXPECT_FALSE(f.push("after")) << "it is closed";
    } else {
      EXPECT_EQ(f.stream.written(), "xxxxxx");
      EXPECT_EQ(f.stream.operations(), step - 1);
    }
    return f.ended != 0;
  });

  EXPECT_GE(steps, 3U);
}

TEST(Outbox, GoesOnWhereTheStreamTookAPartOfASlice) {
  outbox_on_stream f{{.gather_octets = 6}};
  f.stream.takes_at_once(7);
  EXPECT_TRUE(f.push("head", {"a long body", "more"}));
  EXPECT_TRUE(f.push("next"));
  f.turn();

  EXPECT_EQ(f.stream.written(), "heada long bodymorenext");
  EXPECT_EQ(f.out.queued_octets(), 0U);
  EXPECT_EQ(f.out.statistics().octets, 23U);
  EXPECT_FALSE(f.out.writing_since());
  EXPECT_TRUE(f.push("again"));
  f.turn();
  EXPECT_TRUE(f.stream.written().ends_with("nextagain"));
}

TEST(Outbox, AllocatesNothingPerMessage) {
  ASSERT_TRUE(allocation_counting_works());
  outbox_on_stream f;
  f.stream.on_write = nullptr;
  constexpr std::string_view head = "a head of twenty octets or so";
  const auto round = [&] {
    for (int i = 0; i < 50; ++i) {
      static_cast<void>(f.push("a message of some octets"));
      static_cast<void>(f.out.push(as_bytes(head), {}));
    }
    f.turn();
  };
  for (int i = 0; i < 10; ++i) {
    round();
  }

  // The stream in memory keeps what is written: only its growth may allocate.
  static_cast<void>(f.stream.take_written());
  const allocation_counts before = thread_allocations();
  for (int i = 0; i < 50; ++i) {
    static_cast<void>(f.push("a message of some octets"));
    static_cast<void>(f.out.push(as_bytes(head), {}));
  }
  const std::uint64_t pushing = (thread_allocations() - before).calls;

  EXPECT_EQ(pushing, 0U);
}

}  // namespace
}  // namespace diamgw::transport
