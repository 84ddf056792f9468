// A server and a client endpoint, joined by two streams of octets. Each octet of the input is one
// thing that happens: a message is sent, octets are carried over (as many as the octet says), time
// passes, one side closes, pauses or goes on, or octets of the input come in between. Properties:
// without foreign octets nobody finds a fault, and each side gets the messages that the other one
// sent, in their order; whatever comes, both sides have ended when time enough has passed.
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <string>

#include "diamgw/websocket/endpoint.hpp"
#include "support/websocket_frames.hpp"

namespace {

using namespace diamgw;
using namespace diamgw::websocket;

void check(bool condition) {
  if (!condition) {
    std::abort();
  }
}

struct side {
  side(buffer_pool& pool, shared_slab& shared, websocket::role r)
      : role{r},
        core{pool,
             {.role = r,
              .max_message_octets = 4096,
              .close_timeout = std::chrono::seconds{5},
              .alive = {.ping_interval = std::chrono::seconds{30},
                        .pong_timeout = std::chrono::seconds{10}}},
             &shared} {}

  // Does all that the core asks for.
  void perform(time_point now) {
    for (;;) {
      const endpoint_event event = core.next(now, testing::test_key);
      if (std::holds_alternative<need_more>(event)) {
        core.let_go();
        return;
      }
      if (const auto* m = std::get_if<message>(&event)) {
        received.emplace_back(as_text(m->payload.octets));
      } else if (const auto* s = std::get_if<send_frame>(&event)) {
        check(!ended && !last_sent);
        out += as_text(s->octets.octets);
        last_sent = s->last;
        if (s->last) {
          core.on_last_sent();
        }
      } else if (std::holds_alternative<malformed>(event)) {
        check(!std::exchange(faulted, true));
      } else {
        ended = true;
        const auto* end = std::get_if<disconnect_tcp>(&event);
        if (end == nullptr || end->manner == disconnect_manner::abort) {
          core.on_disconnect();  // TCP has ended
        }
      }
    }
  }

  void send(buffer_pool& pool, std::string payload) {
    if (!core.may_send() || ended) {
      return;
    }
    const auto key = role == role::client ? std::optional{testing::test_key} : std::nullopt;
    out += as_text(make_frame(pool, opcode::text, as_bytes(payload), key).octets);
    sent.push_back(std::move(payload));
  }

  websocket::role role;
  endpoint core;
  std::string out;  // on its way to the other side
  std::deque<std::string> sent, received;
  bool last_sent = false;
  bool faulted = false;
  bool ended = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static buffer_pool pool;
  static shared_slab shared{pool, 512};
  side server{pool, shared, role::server};
  side client{pool, shared, role::client};
  time_point now{std::chrono::seconds{1}};
  server.core.on_open(now);
  client.core.on_open(now);
  bool foreign = false;

  for (std::size_t i = 0; i < size; ++i) {
    side& from = (data[i] & 1U) != 0 ? server : client;
    side& to = &from == &server ? client : server;
    const std::size_t amount = data[i] >> 4U;
    switch ((data[i] >> 1U) & 7U) {
      case 0:
        from.send(pool, std::string(amount * amount * 17, static_cast<char>('a' + i % 26)));
        break;
      case 1:
      case 2: {
        const std::string octets = from.out.substr(0, 1 + amount * amount * 7);
        from.out.erase(0, octets.size());
        for (std::string_view rest = octets; !rest.empty();) {
          rest.remove_prefix(to.core.feed(as_bytes(rest), now));
          to.perform(now);
        }
        break;
      }
      case 3:
        now += std::chrono::seconds{amount};
        from.core.on_timer(now);
        break;
      case 4:
        from.core.pause();
        break;
      case 5:
        from.core.resume();
        break;
      case 6:
        if (amount < 4) {
          from.core.close(close_code::normal_closure, "done", now);
        } else if (amount < 8) {
          from.core.fail(close_code::policy_violation, "no", now);
        }
        break;
      default:
        foreign = true;
        for (; i + 1 < size && data[i + 1] % 16U != 0; ++i) {
          from.out += static_cast<char>(data[i + 1]);
        }
        break;
    }
    from.perform(now);
  }

  if (!foreign) {
    check(!server.faulted && !client.faulted);
  }
  for (side* s : {&server, &client}) {
    const side& other = s == &server ? client : server;
    if (!foreign) {
      check(s->received.size() <= other.sent.size());
      check(std::equal(s->received.begin(), s->received.end(), other.sent.begin()));
    }
    // Nothing comes any more: silence, or the patience with a close, ends it.
    s->core.resume();
    for (int turn = 0; turn < 4 && !s->ended; ++turn) {
      now = std::max(now,
                     s->core.next_deadline() == time_point::max() ? now : s->core.next_deadline());
      s->core.on_timer(now);
      s->perform(now);
    }
    check(s->ended);
    s->core.on_disconnect();
    check(s->core.next_deadline() == time_point::max());
  }
  return 0;
}
