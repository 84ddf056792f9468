#include "diamgw/transport/timing_wheel.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <vector>

namespace diamgw::transport {
namespace {

using namespace std::chrono_literals;

struct named_entry : wheel_entry {
  int name = 0;
  time_point deadline;
};

constexpr time_point t0{1h};

std::vector<int> advance(timing_wheel& wheel, time_point now) {
  std::vector<int> fired;
  wheel.advance(now, [&](wheel_entry& e) { fired.push_back(static_cast<named_entry&>(e).name); });
  return fired;
}

TEST(TimingWheel, FiresAtTheDeadlineAndNotBefore) {
  const auto wheel = std::make_unique<timing_wheel>(t0);
  named_entry entry;
  entry.name = 7;
  wheel->schedule(entry, t0 + 100ms);

  EXPECT_TRUE(advance(*wheel, t0 + 99ms).empty());
  EXPECT_EQ(advance(*wheel, t0 + 100ms), std::vector<int>{7});
  EXPECT_FALSE(entry.scheduled());
}

TEST(TimingWheel, KeepsEntriesOfLaterRounds) {
  const auto wheel = std::make_unique<timing_wheel>(t0);
  named_entry entry;
  entry.name = 1;
  wheel->schedule(entry, t0 + 40s);

  EXPECT_TRUE(advance(*wheel, t0 + 20s).empty());
  EXPECT_TRUE(advance(*wheel, t0 + 39s).empty());
  EXPECT_EQ(advance(*wheel, t0 + 41s).size(), 1U);
}

TEST(TimingWheel, ForgetsWhatIsUnlinkedOrDestroyed) {
  const auto wheel = std::make_unique<timing_wheel>(t0);
  named_entry kept;
  kept.name = 1;
  wheel->schedule(kept, t0 + 1s);
  {
    named_entry gone;
    wheel->schedule(gone, t0 + 1s);
  }

  kept.unlink();

  EXPECT_FALSE(wheel->next_deadline().has_value());
  EXPECT_TRUE(advance(*wheel, t0 + 2s).empty());
}

TEST(TimingWheel, MovesAnEntryThatIsScheduledAgain) {
  const auto wheel = std::make_unique<timing_wheel>(t0);
  named_entry entry;
  wheel->schedule(entry, t0 + 1s);
  wheel->schedule(entry, t0 + 3s);

  EXPECT_TRUE(advance(*wheel, t0 + 2s).empty());
  EXPECT_EQ(advance(*wheel, t0 + 3s).size(), 1U);
}

TEST(TimingWheel, LetsFireDestroyANeighbourAndScheduleAgain) {
  const auto wheel = std::make_unique<timing_wheel>(t0);
  named_entry first;
  auto second = std::make_unique<named_entry>();
  wheel->schedule(first, t0 + 1s);
  wheel->schedule(*second, t0 + 1s);
  int fired = 0;

  wheel->advance(t0 + 1s, [&](wheel_entry& e) {
    ++fired;
    second.reset();
    wheel->schedule(e, t0 + 1s);  // in the past by now: fires in the next advance
  });

  EXPECT_EQ(fired, 1);
  EXPECT_EQ(advance(*wheel, t0 + 2s).size(), 1U);
}

TEST(TimingWheel, NamesTheNextSlotThatHoldsAnything) {
  const auto wheel = std::make_unique<timing_wheel>(t0);
  EXPECT_FALSE(wheel->next_deadline().has_value());
  named_entry far;
  named_entry near;
  wheel->schedule(far, t0 + 10s);
  wheel->schedule(near, t0 + 500ms);

  EXPECT_EQ(wheel->next_deadline(), t0 + 500ms);
  near.unlink();
  EXPECT_EQ(wheel->next_deadline(), t0 + 10s);
}

TEST(TimingWheel, AgreesWithASortedListOverRandomSteps) {
  std::mt19937 random{42};  // NOLINT(cert-msc*): the same steps in each run
  const auto wheel = std::make_unique<timing_wheel>(t0);
  std::vector<std::unique_ptr<named_entry>> entries;
  for (int i = 0; i < 500; ++i) {
    entries.push_back(std::make_unique<named_entry>());
    entries.back()->name = i;
  }
  time_point now = t0;
  for (int step = 0; step < 5000; ++step) {
    named_entry& e = *entries[random() % entries.size()];
    if (random() % 4 == 0) {
      e.unlink();
    } else {
      e.deadline = now + std::chrono::milliseconds{random() % 50000};
      wheel->schedule(e, e.deadline);
    }
    if (random() % 3 == 0) {
      if (const auto next = wheel->next_deadline()) {
        now = std::max(now, random() % 2 == 0 ? *next : now + 1s);
      }
      wheel->advance(now, [&](wheel_entry& fired) {
        EXPECT_LE(static_cast<named_entry&>(fired).deadline, now);
      });
      for (const auto& entry : entries) {
        if (entry->scheduled()) {
          EXPECT_GT(entry->deadline, now - timing_wheel::tick);
        }
      }
    }
  }
}

}  // namespace
}  // namespace diamgw::transport
