// The floor: forwards octets between each client and a connection of its own to the server, and
// looks into none of them. One thread, epoll, one read and one write per wake-up.
//
//   raw_relay --to PORT [--port N]        prints "listening PORT"
#include <deque>

#include "load/sockets.hpp"

namespace diamgw::load {
namespace {

/// One direction's source; what it reads waits in its partner's `out`.
struct side {
  int fd = -1;
  octet_queue out;
  bool waits_to_write = false;
};

struct pair {
  side sides[2];
};

class relay {
 public:
  relay(long port, long to) : epoll_{epoll_create1(EPOLL_CLOEXEC)}, to_{to} {
    listener_ = listen_on(port);
    watch(epoll_, listener_, EPOLLIN, listener_token);
  }

  [[noreturn]] void run() {
    for (;;) {
      epoll_event events[64];
      const int n = epoll_wait(epoll_, events, 64, -1);
      for (int i = 0; i < n; ++i) {
        if (events[i].data.u64 == listener_token) {
          accept_all();
        } else {
          forward(events[i].data.u64, events[i].events);
        }
      }
    }
  }

 private:
  static constexpr std::uint64_t listener_token = UINT64_MAX;

  void accept_all() {
    for (int fd = accept_one(listener_); fd >= 0; fd = accept_one(listener_)) {
      pair& p = pairs_.emplace_back();
      const std::uint64_t token = (pairs_.size() - 1) * 2;
      p.sides[0].fd = fd;
      p.sides[1].fd = connect_blocking(to_);
      watch(epoll_, p.sides[0].fd, EPOLLIN, token);
      watch(epoll_, p.sides[1].fd, EPOLLIN, token + 1);
    }
  }

  void forward(std::uint64_t token, std::uint32_t events) {
    pair& p = pairs_[token / 2];
    side& from = p.sides[token % 2];
    side& to = p.sides[1 - token % 2];
    if (from.fd < 0) {
      return;
    }
    bool open = true;
    if ((events & EPOLLOUT) != 0) {
      open = flush(from, token);
    }
    if (open && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
      open = read_some(from.fd, to.out) != progress::closed && flush(to, token ^ 1U);
    }
    if (!open) {
      close(from.fd);
      close(to.fd);
      from.fd = to.fd = -1;
    }
  }

  bool flush(side& s, std::uint64_t token) {
    const progress p = write_some(s.fd, s.out);
    if (const bool wait = p == progress::some; wait != s.waits_to_write) {
      s.waits_to_write = wait;
      watch(epoll_, s.fd, wait ? EPOLLIN | EPOLLOUT : EPOLLIN, token, EPOLL_CTL_MOD);
    }
    return p != progress::closed;
  }

  int epoll_;
  int listener_;
  long to_;
  std::deque<pair> pairs_;  // by token / 2; a closed one keeps its place
};

}  // namespace
}  // namespace diamgw::load

int main(int argc, char** argv) {
  using namespace diamgw::load;
  const std::span arguments{argv, static_cast<std::size_t>(argc)};
  const long to = option(arguments, "--to", 0);
  if (to == 0) {
    std::fprintf(stderr, "raw_relay: --to PORT is missing\n");
    return 2;
  }
  relay{option(arguments, "--port", 0), to}.run();
}
