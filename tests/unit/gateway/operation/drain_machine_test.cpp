#include "gateway/operation/drain_machine.hpp"

#include <gtest/gtest.h>

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;

constexpr drain_machine::options ten_seconds{
    .timeout = 10s, .client_spread = 1s, .close_timeout = 2s, .disconnect_timeout = 3s};
const time_point t0{100s};
constexpr drain_progress busy{
    .requests = 2, .refusing = true, .clients = 3, .peers_connected = true};
constexpr drain_progress no_requests{
    .requests = 0, .refusing = true, .clients = 3, .peers_connected = true};
constexpr drain_progress no_clients{
    .requests = 0, .refusing = true, .clients = 0, .peers_connected = true};
constexpr drain_progress nothing{.refusing = true};

template <class Action>
bool has(const drain_actions& actions) {
  for (const drain_action& a : actions) {
    if (std::holds_alternative<Action>(a)) {
      return true;
    }
  }
  return false;
}

bool whole(const drain_actions& actions) {
  return actions.size() == 1 && std::get<drained>(actions.front()).whole;
}

TEST(DrainMachine, GoesFromTheOutsideIn) {
  drain_machine m{ten_seconds};

  EXPECT_TRUE(has<refuse_requests>(m.on_start(t0)));
  EXPECT_TRUE(m.on_progress(busy, t0 + 1s).empty());
  EXPECT_TRUE(has<close_clients>(m.on_progress(no_requests, t0 + 2s)));
  EXPECT_TRUE(m.on_progress(no_requests, t0 + 3s).empty());
  EXPECT_TRUE(has<disconnect_peers>(m.on_progress(no_clients, t0 + 4s)));
  EXPECT_TRUE(m.on_progress(no_clients, t0 + 5s).empty());
  EXPECT_TRUE(whole(m.on_progress(nothing, t0 + 6s)));
  EXPECT_EQ(m.state(), drain_state::done);
}

TEST(DrainMachine, GivesUpRequestsInTimeForClientsToLeave) {
  drain_machine m{ten_seconds};
  static_cast<void>(m.on_start(t0));

  EXPECT_EQ(m.next_deadline(), t0 + 7s);  // 1 s of spread and 2 s of closing are kept
  const drain_actions actions = m.on_progress(busy, t0 + 7s);

  EXPECT_TRUE(has<give_up_requests>(actions));
  EXPECT_TRUE(has<close_clients>(actions));
  static_cast<void>(m.on_progress(no_clients, t0 + 8s));
  EXPECT_FALSE(whole(m.on_progress(nothing, t0 + 9s)));
}

TEST(DrainMachine, GrantsRequestsHalfOfTheTimeAtLeast) {
  drain_machine m{{.timeout = 4s, .client_spread = 5s, .close_timeout = 5s}};

  static_cast<void>(m.on_start(t0));

  EXPECT_EQ(m.next_deadline(), t0 + 2s);
}

TEST(DrainMachine, SpreadsClientsOverNoMoreThanWhatIsLeft) {
  drain_machine m{{.timeout = 4s, .client_spread = 3s, .close_timeout = 0s}};
  static_cast<void>(m.on_start(t0));

  const drain_actions early = m.on_progress(no_requests, t0 + 2500ms);

  EXPECT_EQ(std::get<close_clients>(early.front()).spread, duration{1500ms});
}

TEST(DrainMachine, LeavesClientsThatDoNotGo) {
  drain_machine m{ten_seconds};
  static_cast<void>(m.on_start(t0));
  static_cast<void>(m.on_progress(no_requests, t0));

  EXPECT_TRUE(m.on_progress(no_requests, t0 + 9999ms).empty());
  EXPECT_TRUE(has<disconnect_peers>(m.on_progress(no_requests, t0 + 10s)));
  EXPECT_FALSE(whole(m.on_progress(nothing, t0 + 11s)));
}

// RFC 6733 §5.4: the peer is told, however little time is left.
TEST(DrainMachine, GrantsTheDprItsTimeBeyondTheLimit) {
  drain_machine m{ten_seconds};
  static_cast<void>(m.on_start(t0));
  static_cast<void>(m.on_progress(no_requests, t0));
  static_cast<void>(m.on_progress(no_clients, t0 + 9s));

  EXPECT_EQ(m.next_deadline(), t0 + 12s);
  EXPECT_TRUE(m.on_progress(no_clients, t0 + 11s).empty());
  EXPECT_FALSE(whole(m.on_progress(no_clients, t0 + 12s)));
}

TEST(DrainMachine, WaitsForShardsThatMayTakeRequestsStill) {
  drain_machine m{ten_seconds};
  static_cast<void>(m.on_start(t0));

  EXPECT_TRUE(m.on_progress({.requests = 0, .refusing = false}, t0).empty());
  EXPECT_FALSE(m.on_progress(nothing, t0).empty());
}

TEST(DrainMachine, IgnoresWhatComesTooEarlyOrTooLate) {
  drain_machine m{ten_seconds};

  EXPECT_TRUE(m.on_progress(nothing, t0).empty());
  static_cast<void>(m.on_start(t0));
  EXPECT_TRUE(m.on_start(t0).empty());
  static_cast<void>(m.on_progress(nothing, t0));
  static_cast<void>(m.on_progress(nothing, t0));
  EXPECT_TRUE(whole(m.on_progress(nothing, t0)));
  EXPECT_TRUE(m.on_progress(busy, t0 + 1h).empty());
  EXPECT_EQ(m.next_deadline(), time_point::max());
}

}  // namespace
}  // namespace diamgw::gateway
