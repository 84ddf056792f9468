// Accepting TCP connections.
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>

#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/event.hpp"
#include "diamgw/transport/shard.hpp"
#include "kernel_network.hpp"
#include "tcp_stream.hpp"

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
struct shard_acceptor {
  explicit shard_acceptor(shard& s)
      : on{&s}, acceptor{s.context()}, resume{s}, pause{s, [this] { resume.notify(); }} {}

  shard* on;
  tcp_acceptor acceptor;
  event resume;
  deadline pause;
  bool stopped = false;
};

/// What the acceptors of one listener share.
struct accepting {
  listen_options options;
  on_accept handler;
  endpoint_address local;
  std::vector<std::weak_ptr<shard_acceptor>> acceptors;
  std::shared_ptr<std::atomic<std::size_t>> open = std::make_shared<std::atomic<std::size_t>>(0);
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> pauses{0};
  std::atomic<bool> stopped{false};

  /// Takes what waits; returns errno of the accept that took nothing, 0 where more may wait.
  int take_waiting(shard_acceptor& d);
  void take(shard& on, int handle);
  void tell(shard& on, listener_event what) const {
    if (options.on_event) {
      options.on_event(on, what);
    }
  }
  static awaitable<> accept_loop(std::shared_ptr<accepting> self,
                                 std::shared_ptr<shard_acceptor> d);
};

int accepting::take_waiting(shard_acceptor& d) {
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

void accepting::take(shard& on, int handle) {
  if (open->fetch_add(1, std::memory_order_relaxed) >= options.limit_connections) {
    open->fetch_sub(1, std::memory_order_relaxed);
    refused.fetch_add(1, std::memory_order_relaxed);
    ::close(handle);
    tell(on, listener_event::refused);
    return;
  }
  const std::shared_ptr<void> counted{
      nullptr, [count = open](void*) { count->fetch_sub(1, std::memory_order_relaxed); }};
  result<std::unique_ptr<tcp_stream>> connection = tcp_stream::adopt(on, handle, options.tcp);
  if (!connection) {
    return;  // reset by the other side before it was taken
  }
  (*connection)->hold(counted);
  // A protocol with a handshake (TLS) runs it here, in a coroutine of the connection's own with
  // its own deadline, and calls the handler when it has ended: accepting never waits for it.
  accepted.fetch_add(1, std::memory_order_relaxed);
  try {
    handler(on, std::move(*connection));
  } catch (...) {
    on.report_failure("accept", std::current_exception());
  }
}

awaitable<> accepting::accept_loop(std::shared_ptr<accepting> self,
                                   std::shared_ptr<shard_acceptor> d) {
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
    self->tell(*d->on, listener_event::paused);
    d->pause.arm_after(pause);
    co_await d->resume.wait();
    pause = std::min(pause * 2, self->options.longest_pause);
  }
}

class kernel_listener final : public listener {
 public:
  explicit kernel_listener(std::shared_ptr<accepting> state) : state_{std::move(state)} {}
  ~kernel_listener() override { kernel_listener::stop(); }

  void stop() override {
    if (state_->stopped.exchange(true)) {
      return;
    }
    for (const std::weak_ptr<shard_acceptor>& weak : state_->acceptors) {
      if (std::shared_ptr<shard_acceptor> d = weak.lock()) {
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

  const endpoint_address& local() const noexcept override { return state_->local; }

  listener_statistics statistics() const noexcept override {
    constexpr auto relaxed = std::memory_order_relaxed;
    return {state_->accepted.load(relaxed), state_->refused.load(relaxed),
            state_->pauses.load(relaxed), state_->open->load(relaxed)};
  }

 private:
  std::shared_ptr<accepting> state_;
};

/// Sharing a port would let a second process of the same user take part in it unnoticed, so that
/// the port is first tried without sharing: address_in_use means what it says.
error_code try_alone(shard& on, const tcp::endpoint& at) {
  tcp_acceptor probe{on.context()};
  return open_acceptor(probe, at, sharing::no);
}

error_code start_listening(tcp_acceptor& acceptor, tcp::endpoint& at, int backlog) {
  error_code ec = open_acceptor(acceptor, at, sharing::yes);
  if (!ec) {
    acceptor.listen(backlog, ec);
  }
  if (!ec) {
    acceptor.native_non_blocking(true, ec);
  }
  if (!ec) {
    at = acceptor.local_endpoint(ec);  // the port that the system chose is every shard's
  }
  return ec;
}

}  // namespace

result<std::unique_ptr<listener>> listen_in_kernel(std::vector<shard*> shards, const address& at,
                                                   const listen_options& options,
                                                   on_accept handler) {
  const endpoint_address numeric = endpoint_address::from_text(at.host, at.port);
  if (numeric.kind() == endpoint_address::family::none || shards.empty()) {
    return error_code{asio::error::invalid_argument};
  }
  tcp::endpoint endpoint = to_tcp_endpoint(numeric);
  if (at.port != 0) {
    if (const error_code ec = try_alone(*shards.front(), endpoint)) {
      return ec;
    }
  }
  auto s = std::make_shared<accepting>();
  s->options = options;
  s->handler = std::move(handler);
  std::vector<std::shared_ptr<shard_acceptor>> acceptors;
  for (shard* on : shards) {
    acceptors.push_back(std::make_shared<shard_acceptor>(*on));
    if (const error_code ec =
            start_listening(acceptors.back()->acceptor, endpoint, options.backlog)) {
      return ec;
    }
    s->acceptors.push_back(acceptors.back());
  }
  s->local = to_endpoint_address(endpoint);
  for (std::shared_ptr<shard_acceptor>& d : acceptors) {
    shard& on = *d->on;
    spawn(on, accepting::accept_loop(s, std::move(d)), "listener");
  }
  return std::unique_ptr<listener>{std::make_unique<kernel_listener>(std::move(s))};
}

}  // namespace diamgw::transport
