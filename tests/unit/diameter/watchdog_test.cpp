// RFC 3539 §3.4.1.
#include "diamgw/diameter/watchdog.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace diamgw::diameter {
namespace {

using namespace std::chrono_literals;

constexpr time_point start = time_point{} + 1h;

watchdog_options watched_without_jitter() {
  watchdog_options options;
  options.jitter = 0ms;
  return options;
}

std::string describe(const watchdog_actions& actions) {
  constexpr std::string_view names[] = {"send_dwr", "failover", "failback", "close"};
  std::string text;
  for (const watchdog_action action : actions) {
    text += text.empty() ? "" : " ";
    text += names[static_cast<std::size_t>(action)];
  }
  return text;
}

enum class event { up, lost, dwa, other, timer, too_early };

/// A watchdog and the time, which `timer` moves to the deadline.
struct kennel {
  explicit kennel(const watchdog_options& options = watched_without_jitter()) : dog{options, 1} {}

  std::string feed(event what) {
    switch (what) {
      case event::up:
        return describe(dog.on_connection_up(now));
      case event::lost:
        return describe(dog.on_connection_down());
      case event::dwa:
        return describe(dog.on_receive(traffic::dwa, now));
      case event::other:
        return describe(dog.on_receive(traffic::other, now));
      case event::timer:
        now = dog.next_deadline() == time_point::max() ? now + 1h : dog.next_deadline();
        return describe(dog.on_timer(now));
      case event::too_early:
        return describe(dog.on_timer(now));
    }
    return {};
  }

  watchdog dog;
  time_point now = start;
};

struct watchdog_row {
  event what;
  std::string_view actions;
  watchdog_state next;
  bool pending;
};

void check_every_watchdog_event(std::initializer_list<event> path, watchdog_state state,
                                std::initializer_list<watchdog_row> rows) {
  int number = 0;
  for (const watchdog_row& expected : rows) {
    SCOPED_TRACE("event " + std::to_string(number));
    ASSERT_EQ(static_cast<int>(expected.what), number++);
    kennel k;
    for (const event step : path) {
      static_cast<void>(k.feed(step));
    }
    ASSERT_EQ(k.dog.state(), state);

    EXPECT_EQ(k.feed(expected.what), expected.actions);
    EXPECT_EQ(k.dog.state(), expected.next);
    EXPECT_EQ(k.dog.pending(), expected.pending);
  }
  EXPECT_EQ(number, 6);
}

using enum event;
using enum watchdog_state;

TEST(WatchdogTable, Initial) {
  check_every_watchdog_event({}, initial,
                             {{up, "failback", okay, false},
                              {lost, "", initial, false},
                              {dwa, "", initial, false},
                              {other, "", initial, false},
                              {timer, "", initial, false},
                              {too_early, "", initial, false}});
}

TEST(WatchdogTable, OkayWithNothingPending) {
  check_every_watchdog_event({up}, okay,
                             {{up, "", okay, false},
                              {lost, "failover", down, false},
                              {dwa, "", okay, false},
                              {other, "", okay, false},
                              {timer, "send_dwr", okay, true},
                              {too_early, "", okay, false}});
}

TEST(WatchdogTable, OkayWithADwrPending) {
  check_every_watchdog_event({up, timer}, okay,
                             {{up, "", okay, true},
                              {lost, "failover", down, false},
                              {dwa, "", okay, false},
                              {other, "", okay, true},
                              {timer, "failover", suspect, true},
                              {too_early, "", okay, true}});
}

TEST(WatchdogTable, Suspect) {
  check_every_watchdog_event({up, timer, timer}, suspect,
                             {{up, "", suspect, true},
                              {lost, "", down, false},
                              {dwa, "failback", okay, false},
                              {other, "failback", okay, true},
                              {timer, "close", down, false},
                              {too_early, "", suspect, true}});
}

TEST(WatchdogTable, Down) {
  check_every_watchdog_event({up, lost}, down,
                             {{up, "send_dwr", reopen, true},
                              {lost, "", down, false},
                              {dwa, "", down, false},
                              {other, "", down, false},
                              {timer, "", down, false},
                              {too_early, "", down, false}});
}

TEST(WatchdogTable, ReopenWithADwrPending) {
  check_every_watchdog_event({up, lost, up}, reopen,
                             {{up, "", reopen, true},
                              {lost, "", down, false},
                              {dwa, "", reopen, false},
                              {other, "", reopen, true},
                              {timer, "", reopen, true},
                              {too_early, "", reopen, true}});
}

TEST(WatchdogTable, ReopenWithNothingPending) {
  check_every_watchdog_event({up, lost, up, dwa}, reopen,
                             {{up, "", reopen, false},
                              {lost, "", down, false},
                              {dwa, "", reopen, false},
                              {other, "", reopen, false},
                              {timer, "send_dwr", reopen, true},
                              {too_early, "", reopen, false}});
}

TEST(WatchdogTable, ReopenWithTwoDwas) {
  check_every_watchdog_event({up, lost, up, dwa, timer, dwa, timer}, reopen,
                             {{up, "", reopen, true},
                              {lost, "", down, false},
                              {dwa, "failback", okay, false},
                              {other, "", reopen, true},
                              {timer, "", reopen, true},
                              {too_early, "", reopen, true}});
}

TEST(WatchdogTable, ReopenAfterAMissedDwa) {
  check_every_watchdog_event({up, lost, up, timer}, reopen,
                             {{up, "", reopen, true},
                              {lost, "", down, false},
                              {dwa, "", reopen, false},
                              {other, "", reopen, true},
                              {timer, "close", down, false},
                              {too_early, "", reopen, true}});
}

TEST(Watchdog, NeedsThreeMoreDwasAfterAMissedOne) {
  kennel k;
  for (const event step : {up, lost, up, dwa, timer, timer}) {
    static_cast<void>(k.feed(step));
  }

  EXPECT_EQ(k.feed(dwa), "");  // NumDWA goes from -1 to 0
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(k.feed(timer), "send_dwr");
    EXPECT_EQ(k.feed(dwa), "");
  }
  EXPECT_EQ(k.feed(timer), "send_dwr");
  EXPECT_EQ(k.feed(dwa), "failback");
}

TEST(Watchdog, NeverRepeatsADwr) {
  kennel k;
  static_cast<void>(k.feed(up));
  EXPECT_EQ(k.feed(timer), "send_dwr");

  for (int round = 0; round < 10; ++round) {
    k.now += 20s;
    EXPECT_EQ(k.feed(other), "");
    EXPECT_TRUE(k.dog.pending());
  }

  EXPECT_EQ(k.feed(timer), "failover");
}

TEST(Watchdog, IsResetByAnyMessage) {
  kennel k;
  static_cast<void>(k.feed(up));
  k.now += 29s;

  static_cast<void>(k.feed(other));

  EXPECT_EQ(k.dog.next_deadline(), k.now + 30s);
}

TEST(Watchdog, DrawsJitterAnewWhenItIsSet) {
  kennel k{watchdog_options{}};
  static_cast<void>(k.feed(up));
  duration least = duration::max();
  duration most = duration::zero();

  for (int round = 0; round < 1000; ++round) {
    static_cast<void>(k.feed(other));
    least = std::min(least, k.dog.next_deadline() - k.now);
    most = std::max(most, k.dog.next_deadline() - k.now);
  }

  EXPECT_GE(least, 28s);
  EXPECT_LT(least, 28'050ms);
  EXPECT_LE(most, 32s);
  EXPECT_GT(most, 31'950ms);
}

TEST(Watchdog, RepeatsItsJitterForTheSameSeed) {
  kennel one{watchdog_options{}};
  kennel two{watchdog_options{}};

  static_cast<void>(one.feed(up));
  static_cast<void>(two.feed(up));

  EXPECT_EQ(one.dog.next_deadline(), two.dog.next_deadline());
}

TEST(Watchdog, RaisesTwinitToSixSeconds) {
  watchdog_options options = watched_without_jitter();
  options.twinit = 1s;
  kennel k{options};

  static_cast<void>(k.feed(up));

  EXPECT_EQ(k.dog.next_deadline(), k.now + 6s);
}

TEST(Watchdog, ServesAtOnceAfterAReconnectionWhereToldSo) {
  watchdog_options options = watched_without_jitter();
  options.reopen_dwas = 0;
  kennel k{options};
  static_cast<void>(k.feed(up));
  static_cast<void>(k.feed(lost));

  EXPECT_EQ(k.feed(up), "failback");
  EXPECT_EQ(k.dog.state(), okay);
}

TEST(Watchdog, GathersDwasSoonerWhereToldSo) {
  watchdog_options options = watched_without_jitter();
  options.reopen_interval = 200ms;
  kennel k{options};
  for (const event step : {up, lost, up}) {
    static_cast<void>(k.feed(step));
  }

  EXPECT_EQ(k.dog.next_deadline(), k.now + 200ms);
  for (const event step : {dwa, timer, dwa, timer, dwa}) {
    static_cast<void>(k.feed(step));
  }
  EXPECT_EQ(k.dog.state(), okay);
  EXPECT_EQ(k.dog.next_deadline(), k.now + 30s);
}

}  // namespace
}  // namespace diamgw::diameter
