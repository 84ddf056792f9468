#include "diamgw/websocket/close_machine.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace diamgw::websocket {
namespace {

using namespace std::chrono_literals;

const time_point t0{1000s};
constexpr auto timeout = 5s;

// sends 1000 / sends - / FIN / abort / timer+5
std::string describe(const close_actions& actions) {
  struct visitor {
    std::string operator()(const send_close& s) const {
      return "send " + std::to_string(static_cast<unsigned>(s.code)) + std::string{s.reason};
    }
    std::string operator()(const disconnect_tcp& d) const {
      return d.manner == disconnect_manner::orderly ? "FIN" : "abort";
    }
    std::string operator()(const set_timer& t) const {
      return "timer+" +
             std::to_string(std::chrono::duration_cast<std::chrono::seconds>(t.at - t0).count());
    }
  };
  std::string text;
  for (const close_action& action : actions) {
    text += (text.empty() ? "" : ", ") + std::visit(visitor{}, action);
  }
  return text;
}

enum class event { local_close, failure, close_frame, close_sent, timer, disconnect };
constexpr event all_events[] = {event::local_close, event::failure, event::close_frame,
                                event::close_sent,  event::timer,   event::disconnect};

// local_close and failure at t0, close_frame a second later, the timer when it is due.
std::string apply(close_machine& m, event e) {
  switch (e) {
    case event::local_close:
      return describe(m.on_local_close(close_code::going_away, "", t0));
    case event::failure:
      return describe(m.on_failure(close_code::protocol_error, "", t0));
    case event::close_frame:
      return describe(m.on_close_frame(close_code::normal_closure, t0 + 1s));
    case event::close_sent:
      return describe(m.on_close_sent());
    case event::timer:
      return describe(m.on_timer(t0 + 1h));
    case event::disconnect:
      return describe(m.on_disconnect());
  }
  return "?";
}

using path = std::vector<event>;

// How each state is reached, with what is known of the frames in it.
const std::map<std::string, path> states{
    {"open", {}},
    {"closing_sent, queued", {event::local_close}},
    {"closing_sent, sent", {event::local_close, event::close_sent}},
    {"closing_received, queued", {event::close_frame}},
    {"closing_received, sent", {event::close_frame, event::close_sent}},
    {"closing_received, failed", {event::failure}},
    {"closed", {event::disconnect}},
};

struct row {
  const char* state;
  event e;
  const char* server;
  const char* client;
  close_state server_next;
  close_state client_next;
};

constexpr auto open = close_state::open;
constexpr auto out = close_state::closing_sent;
constexpr auto in = close_state::closing_received;
constexpr auto done = close_state::closed;

// Every (state, event) pair, for both roles; the sections are RFC 6455's.
const row rows[] = {
    // §7.1.2, §7.1.7, §5.5.1
    {"open", event::local_close, "send 1001, timer+5", "send 1001, timer+5", out, out},
    {"open", event::failure, "send 1002, timer+5", "send 1002, timer+5", in, in},
    {"open", event::close_frame, "send 1000, timer+6", "send 1000, timer+6", in, in},
    {"open", event::close_sent, "", "", open, open},
    {"open", event::timer, "", "", open, open},
    {"open", event::disconnect, "", "", done, done},

    {"closing_sent, queued", event::local_close, "", "", out, out},
    {"closing_sent, queued", event::failure, "", "", in, in},
    {"closing_sent, queued", event::close_frame, "timer+6", "timer+6", in, in},
    {"closing_sent, queued", event::close_sent, "", "", out, out},
    {"closing_sent, queued", event::timer, "abort", "abort", done, done},
    {"closing_sent, queued", event::disconnect, "", "", done, done},

    // §7.1.1: the server ends TCP first, the client waits for it
    {"closing_sent, sent", event::local_close, "", "", out, out},
    {"closing_sent, sent", event::failure, "FIN", "FIN", done, done},
    {"closing_sent, sent", event::close_frame, "FIN", "timer+6", done, in},
    {"closing_sent, sent", event::close_sent, "", "", out, out},
    {"closing_sent, sent", event::timer, "abort", "abort", done, done},
    {"closing_sent, sent", event::disconnect, "", "", done, done},

    {"closing_received, queued", event::local_close, "", "", in, in},
    {"closing_received, queued", event::failure, "", "", in, in},
    {"closing_received, queued", event::close_frame, "", "", in, in},
    {"closing_received, queued", event::close_sent, "FIN", "", done, in},
    {"closing_received, queued", event::timer, "abort", "abort", done, done},
    {"closing_received, queued", event::disconnect, "", "", done, done},

    // the server is closed here, and its timer still bounds the wait for the client's FIN
    {"closing_received, sent", event::local_close, "", "", done, in},
    {"closing_received, sent", event::failure, "", "", done, in},
    {"closing_received, sent", event::close_frame, "", "", done, in},
    {"closing_received, sent", event::close_sent, "", "", done, in},
    {"closing_received, sent", event::timer, "abort", "abort", done, done},
    {"closing_received, sent", event::disconnect, "", "", done, done},

    // §7.1.7: no waiting for the peer's close frame, whoever failed the connection
    {"closing_received, failed", event::local_close, "", "", in, in},
    {"closing_received, failed", event::failure, "", "", in, in},
    {"closing_received, failed", event::close_frame, "", "", in, in},
    {"closing_received, failed", event::close_sent, "FIN", "FIN", done, done},
    {"closing_received, failed", event::timer, "abort", "abort", done, done},
    {"closing_received, failed", event::disconnect, "", "", done, done},

    {"closed", event::local_close, "", "", done, done},
    {"closed", event::failure, "", "", done, done},
    {"closed", event::close_frame, "", "", done, done},
    {"closed", event::close_sent, "", "", done, done},
    {"closed", event::timer, "", "", done, done},
    {"closed", event::disconnect, "", "", done, done},
};

TEST(CloseMachine, DoesWhatTheTableSaysInEveryStateAtEveryEvent) {
  ASSERT_EQ(std::size(rows), states.size() * std::size(all_events));
  for (const row& r : rows) {
    for (const role as : {role::server, role::client}) {
      const bool server = as == role::server;
      close_machine m{{.role = as, .timeout = timeout}};
      for (const event e : states.at(r.state)) {
        apply(m, e);
      }

      const std::string actions = apply(m, r.e);

      const std::string where = std::string{server ? "server, " : "client, "} + r.state +
                                ", event " + std::to_string(static_cast<int>(r.e));
      EXPECT_EQ(actions, server ? r.server : r.client) << where;
      EXPECT_EQ(m.state(), server ? r.server_next : r.client_next) << where;
    }
  }
}

TEST(CloseMachine, EchoesTheCodeOfThePeer) {
  // §5.5.1; without a code there is none to echo
  for (const close_code code : {close_code{4321}, close_code::no_status_received}) {
    close_machine m{{.role = role::server}};
    const auto actions = m.on_close_frame(code, t0);
    EXPECT_EQ(std::get<send_close>(actions.at(0)).code, code);
    EXPECT_EQ(m.status().code, code);
    EXPECT_FALSE(m.may_send());
  }
}

TEST(CloseMachine, SetsAnEarlyTimerAgain) {
  close_machine m{{.role = role::server, .timeout = timeout}};
  static_cast<void>(m.on_local_close(close_code::going_away, "", t0));

  EXPECT_EQ(describe(m.on_timer(t0 + 4s)), "timer+5");
  EXPECT_EQ(describe(m.on_timer(t0 + 5s)), "abort");
  EXPECT_EQ(describe(m.on_timer(t0 + 5s)), "");
}

TEST(CloseMachine, WaitsForItsOwnFrameWhenBothCloseAtOnce) {
  close_machine m{{.role = role::server, .timeout = timeout}};
  static_cast<void>(m.on_local_close(close_code::going_away, "", t0));
  EXPECT_EQ(describe(m.on_close_frame(close_code::normal_closure, t0)), "timer+5");
  EXPECT_FALSE(m.status().clean);

  EXPECT_EQ(describe(m.on_close_sent()), "FIN");
  EXPECT_TRUE(m.status().clean);
  EXPECT_EQ(m.status().code, close_code::normal_closure);
}

TEST(CloseMachine, Reports1006WithoutACloseFrame) {
  // §7.1.5
  close_machine m{{.role = role::server}};
  static_cast<void>(m.on_disconnect());

  EXPECT_EQ(m.status().code, close_code::abnormal_closure);
  EXPECT_FALSE(m.status().clean);
}

}  // namespace
}  // namespace diamgw::websocket
