#include "diamgw/transport/listener.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/event.hpp"
#include "tcp_socket.hpp"

namespace diamgw::transport {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

constexpr auto tuple_awaitable = asio::as_tuple(asio::use_awaitable);

/// Connections taken per turn of the loop, so that a storm of them leaves time for the others.
constexpr int accepts_per_turn = 64;

enum class sharing { no, yes };

error_code open_acceptor(tcp_acceptor& acceptor, const tcp::endpoint& at, sharing port) {
  error_code ec;
  acceptor.open(at.protocol(), ec);
  if (!ec) {
    acceptor.set_option(tcp_acceptor::reuse_address{true}, ec);
  }
  if (!ec && port == sharing::yes) {
    acceptor.set_option(reuse_port{true}, ec);
  }
  if (!ec && at.address().is_v6()) {
    acceptor.set_option(asio::ip::v6_only{false}, ec);
  }
  if (!ec) {
    acceptor.bind(at, ec);
  }
  return ec;
}

/// accept(2) also reports what went wrong with the connection it would have returned.
bool concerns_that_connection_only(int error) noexcept {
  switch (error) {
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case ENETDOWN:
    case ENOPROTOOPT:
    case EHOSTDOWN:
    case ENONET:
    case EHOSTUNREACH:
    case EOPNOTSUPP:
    case ENETUNREACH:
    case EPERM:  // a firewall's refusal
      return true;
    default:
      return false;
  }
}

/// The acceptor of one shard. Owned by its own coroutine, so that it ends with its context.
struct door {
  explicit door(shard& s)
      : on{&s}, acceptor{s.context()}, resume{s}, pause{s, [this] { resume.notify(); }} {}

  shard* on;
  tcp_acceptor acceptor;
  event resume;
  deadline pause;
  bool stopped = false;
};

}  // namespace

struct listener::state {
  listener_options options;
  on_accept handler;
  tcp::endpoint endpoint;
  std::vector<std::weak_ptr<door>> doors;
  std::shared_ptr<std::atomic<std::size_t>> open = std::make_shared<std::atomic<std::size_t>>(0);
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> pauses{0};
  std::atomic<bool> stopped{false};

  /// Takes what waits; returns errno of the accept that took nothing, 0 where more may wait.
  int take_waiting(door& d);
  void take(shard& on, int handle);
  static awaitable<> accept_loop(std::shared_ptr<state> self, std::shared_ptr<door> d);
};

int listener::state::take_waiting(door& d) {
  for (int i = 0; i < accepts_per_turn && !d.stopped; ++i) {
    const int handle =
        ::accept4(d.acceptor.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (handle >= 0) {
      take(*d.on, handle);
    } else if (!concerns_that_connection_only(errno)) {
      return errno;
    }
  }
  return 0;
}

void listener::state::take(shard& on, int handle) {
  if (open->fetch_add(1, std::memory_order_relaxed) >= options.limit_connections) {
    open->fetch_sub(1, std::memory_order_relaxed);
    refused.fetch_add(1, std::memory_order_relaxed);
    ::close(handle);
    return;
  }
  const std::shared_ptr<void> counted{
      nullptr, [count = open](void*) { count->fetch_sub(1, std::memory_order_relaxed); }};
  result<std::unique_ptr<tcp_stream>> connection = tcp_stream::adopt(on, handle, options.tcp);
  if (!connection) {
    return;  // reset by the other side before it was taken
  }
  (*connection)->hold(counted);
  accepted.fetch_add(1, std::memory_order_relaxed);
  try {
    handler(on, std::move(*connection));
  } catch (...) {
    on.report_failure("accept", std::current_exception());
  }
}

awaitable<> listener::state::accept_loop(std::shared_ptr<state> self, std::shared_ptr<door> d) {
  auto pause = self->options.first_pause;
  while (!d->stopped) {
    auto [ec] = co_await d->acceptor.async_wait(tcp_acceptor::wait_read, tuple_awaitable);
    d->on->time_has_passed();
    if (d->stopped) {
      break;
    }
    const int error = ec ? ec.value() : self->take_waiting(*d);
    if (error == 0 || error == EAGAIN || error == EWOULDBLOCK) {
      pause = self->options.first_pause;
      continue;
    }
    // Shortage of descriptors or memory, or an error that is not expected: the connection stays in
    // the backlog, and asking again at once would only burn time.
    self->pauses.fetch_add(1, std::memory_order_relaxed);
    d->pause.arm_after(pause);
    co_await d->resume.wait();
    pause = std::min(pause * 2, self->options.longest_pause);
  }
}

result<std::unique_ptr<listener>> listener::open(std::vector<shard*> shards,
                                                 const listener_options& options,
                                                 on_accept handler) {
  error_code ec;
  const asio::ip::address address = asio::ip::make_address(options.address, ec);
  if (ec || shards.empty()) {
    return error_code{asio::error::invalid_argument};
  }
  auto s = std::make_shared<state>();
  s->options = options;
  s->handler = std::move(handler);
  s->endpoint = {address, options.port};
  if (options.port != 0) {
    tcp_acceptor probe{shards.front()->context()};
    ec = open_acceptor(probe, s->endpoint, sharing::no);
    if (ec) {
      return ec;
    }
  }
  std::vector<std::shared_ptr<door>> doors;
  for (shard* on : shards) {
    doors.push_back(std::make_shared<door>(*on));
    tcp_acceptor& acceptor = doors.back()->acceptor;
    ec = open_acceptor(acceptor, s->endpoint, sharing::yes);
    if (!ec) {
      acceptor.listen(options.backlog, ec);
    }
    if (!ec) {
      acceptor.native_non_blocking(true, ec);
    }
    if (!ec) {
      s->endpoint = acceptor.local_endpoint(ec);
    }
    if (ec) {
      return ec;
    }
    s->doors.push_back(doors.back());
  }
  for (std::shared_ptr<door>& d : doors) {
    shard& on = *d->on;
    spawn(on, state::accept_loop(s, std::move(d)), "listener");
  }
  return std::unique_ptr<listener>{new listener{std::move(s)}};
}

result<std::unique_ptr<listener>> listener::open(shard_group& group,
                                                 const listener_options& options,
                                                 on_accept handler) {
  std::vector<shard*> shards;
  for (std::size_t i = 0; i < group.size(); ++i) {
    shards.push_back(&group.at(i));
  }
  return open(std::move(shards), options, std::move(handler));
}

listener::listener(std::shared_ptr<state> s) : state_{std::move(s)} {}

listener::~listener() {
  stop();
}

void listener::stop() {
  if (state_->stopped.exchange(true)) {
    return;
  }
  for (const std::weak_ptr<door>& weak : state_->doors) {
    if (std::shared_ptr<door> d = weak.lock()) {
      shard& on = *d->on;
      on.tell([d = std::move(d)] {
        error_code ec;
        d->stopped = true;
        d->acceptor.close(ec);
        d->resume.notify();
      });
    }
  }
}

const tcp::endpoint& listener::endpoint() const noexcept {
  return state_->endpoint;
}

listener_statistics listener::statistics() const noexcept {
  constexpr auto relaxed = std::memory_order_relaxed;
  return {state_->accepted.load(relaxed), state_->refused.load(relaxed),
          state_->pauses.load(relaxed), state_->open->load(relaxed)};
}

}  // namespace diamgw::transport
