#include "diamgw/websocket/keepalive.hpp"

#include <gtest/gtest.h>

#include <string>

namespace diamgw::websocket {
namespace {

using namespace std::chrono_literals;

const time_point t0{1000s};

std::string describe(const keepalive_actions& actions) {
  struct visitor {
    std::string operator()(send_ping) const { return "ping"; }
    std::string operator()(drop_peer) const { return "drop"; }
    std::string operator()(const set_timer& t) const {
      return "timer+" +
             std::to_string(std::chrono::duration_cast<std::chrono::seconds>(t.at - t0).count());
    }
  };
  std::string text;
  for (const keepalive_action& action : actions) {
    text += (text.empty() ? "" : ", ") + std::visit(visitor{}, action);
  }
  return text;
}

constexpr keepalive::options every_30{.ping_interval = 30s, .pong_timeout = 10s};

TEST(Keepalive, PingsASilentPeerAndDropsItWhenItStaysSilent) {
  keepalive k{every_30};

  EXPECT_EQ(describe(k.on_start(t0)), "timer+30");
  EXPECT_EQ(describe(k.on_timer(t0 + 30s)), "ping, timer+40");
  EXPECT_EQ(describe(k.on_timer(t0 + 40s)), "drop");
  EXPECT_EQ(describe(k.on_timer(t0 + 99s)), "");
}

TEST(Keepalive, DoesNotPingAPeerThatTalks) {
  keepalive k{every_30};
  static_cast<void>(k.on_start(t0));
  k.on_traffic(t0 + 25s);

  EXPECT_EQ(describe(k.on_timer(t0 + 30s)), "timer+55");
  EXPECT_EQ(describe(k.on_timer(t0 + 55s)), "ping, timer+65");
}

TEST(Keepalive, TakesAnyTrafficForAnAnswer) {
  keepalive k{every_30};
  static_cast<void>(k.on_start(t0));
  static_cast<void>(k.on_timer(t0 + 30s));
  k.on_traffic(t0 + 39s);

  EXPECT_EQ(describe(k.on_timer(t0 + 40s)), "timer+69");
  EXPECT_EQ(describe(k.on_timer(t0 + 69s)), "ping, timer+79");
}

TEST(Keepalive, SetsAnEarlyTimerAgain) {
  keepalive k{every_30};
  static_cast<void>(k.on_start(t0));

  EXPECT_EQ(describe(k.on_timer(t0 + 1s)), "timer+30");
  static_cast<void>(k.on_timer(t0 + 30s));
  EXPECT_EQ(describe(k.on_timer(t0 + 31s)), "timer+40");
}

TEST(Keepalive, IsSilentWhereOffStoppedOrNotStarted) {
  keepalive off{{.ping_interval = 0s}};
  EXPECT_EQ(describe(off.on_start(t0)), "");
  EXPECT_EQ(describe(off.on_timer(t0 + 1h)), "");

  keepalive fresh{every_30};
  EXPECT_EQ(describe(fresh.on_timer(t0 + 1h)), "");

  keepalive stopped{every_30};
  static_cast<void>(stopped.on_start(t0));
  stopped.on_stop();
  EXPECT_EQ(describe(stopped.on_timer(t0 + 1h)), "");
}

}  // namespace
}  // namespace diamgw::websocket
