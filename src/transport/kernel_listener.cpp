// Accepting connections, whatever their protocol.
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <limits>

#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/descriptors.hpp"
#include "diamgw/transport/event.hpp"
#include "diamgw/transport/shard.hpp"
#include "kernel_network.hpp"
#include "kernel_protocol.hpp"
#include "socket_address.hpp"

namespace diamgw::transport {

namespace {

namespace asio = boost::asio;

/// Connections taken per turn of the loop, so that a storm of them leaves time for the others.
constexpr int accepts_per_turn = 64;

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

/// The acceptor of one shard at one address. Owned by its own coroutine, so that it ends with its
/// context.
struct shard_acceptor {
  shard_acceptor(shard& s, bound_socket listens)
      : on{&s}, socket{std::move(listens)}, resume{s}, pause{s, [this] { resume.notify(); }} {}

  shard* on;
  bound_socket socket;
  event resume;
  deadline pause;
  bool stopped = false;
};

/// What the acceptors of one listener share.
struct accepting {
  const kernel_protocol* by = nullptr;
  listen_options options;
  on_accept handler;
  std::vector<endpoint_address> locals;
  int first_kept = 0;  // descriptors from here on are others'; 0: none is
  std::vector<std::weak_ptr<shard_acceptor>> acceptors;
  std::shared_ptr<std::atomic<std::size_t>> open = std::make_shared<std::atomic<std::size_t>>(0);
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> pauses{0};
  std::atomic<bool> stopped{false};

  /// Takes what waits; returns errno of the accept that took nothing, 0 where more may wait.
  int take_waiting(shard_acceptor& d);
  void take(shard& on, int handle, const sockaddr_storage& from);
  void refuse(shard& on, int handle, const sockaddr_storage& from, listener_event why);
  void tell(shard& on, const listener_report& report) const {
    if (options.on_event) {
      options.on_event(on, report);
    }
  }
  static awaitable<> accept_loop(std::shared_ptr<accepting> self,
                                 std::shared_ptr<shard_acceptor> d);
};

int accepting::take_waiting(shard_acceptor& d) {
  for (int i = 0; i < accepts_per_turn && !d.stopped; ++i) {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const int handle =
        ::accept4(d.socket.descriptor.native_handle(), reinterpret_cast<sockaddr*>(&from), &size,
                  SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (handle >= 0) {
      take(*d.on, handle, from);
    } else if (!concerns_that_connection_only(errno)) {
      return errno;
    }
  }
  return 0;
}

void accepting::refuse(shard& on, int handle, const sockaddr_storage& from, listener_event why) {
  refused.fetch_add(1, std::memory_order_relaxed);
  ::close(handle);
  tell(on, {.what = why, .remote = to_endpoint_address(from)});
}

void accepting::take(shard& on, int handle, const sockaddr_storage& from) {
  // The kernel gives the lowest number that is free: all below it are in use.
  if (first_kept != 0 && handle >= first_kept) {
    refuse(on, handle, from, listener_event::short_of_descriptors);
    return;
  }
  if (open->fetch_add(1, std::memory_order_relaxed) >= options.limit_connections) {
    open->fetch_sub(1, std::memory_order_relaxed);
    refuse(on, handle, from, listener_event::refused);
    return;
  }
  const std::shared_ptr<void> counted{
      nullptr, [count = open](void*) { count->fetch_sub(1, std::memory_order_relaxed); }};
  result<std::unique_ptr<stream>> connection = by->adopt(on, handle, options);
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

awaitable<> accepting::accept_loop(std::shared_ptr<accepting> self,
                                   std::shared_ptr<shard_acceptor> d) {
  auto pause = self->options.first_pause;
  while (!d->stopped) {
    auto& socket = d->socket.descriptor;
    auto [ec] = co_await socket.async_wait(socket.wait_read, tuple_awaitable);
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
    self->tell(*d->on,
               {.what = listener_event::paused, .why = {error, boost::system::system_category()}});
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
          d->socket.descriptor.close(ec);
          d->resume.notify();
        });
      }
    }
  }

  std::span<const endpoint_address> locals() const noexcept override { return state_->locals; }

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
error_code try_alone(const kernel_protocol& by, shard& on, const endpoint_address& at) {
  const result<bound_socket> probe = by.bind(on, at, port_sharing::no);
  return probe ? error_code{} : probe.error();
}

/// 0 where none is kept, or there are more than can be counted.
int first_kept(std::size_t kept) {
  const std::size_t allowed = descriptor_limit();
  if (kept == 0 || allowed > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    return 0;
  }
  return allowed > kept ? static_cast<int>(allowed - kept) : 1;  // 0 to 2 are the standard streams
}

result<bound_socket> start_listening(const kernel_protocol& by, shard& on,
                                     const endpoint_address& at, int backlog) {
  result<bound_socket> made = by.bind(on, at, port_sharing::yes);
  if (made && ::listen(made->descriptor.native_handle(), backlog) != 0) {
    return error_code{errno, boost::system::system_category()};
  }
  return made;
}

/// A name may have addresses of other hosts, and of a family that this one is without.
bool is_not_ours(const error_code& why) noexcept {
  return why == asio::error::address_family_not_supported ||
         why == boost::system::errc::address_not_available;
}

using acceptors = std::vector<std::shared_ptr<shard_acceptor>>;

/// All shards at one address, none where one fails. A port of 0 becomes the one that the system
/// chose, which is every shard's.
error_code listen_at(const kernel_protocol& by, const std::vector<shard*>& shards,
                     endpoint_address& at, int backlog, acceptors& into) {
  if (at.port() != 0) {
    if (const error_code ec = try_alone(by, *shards.front(), at)) {
      return ec;
    }
  }
  acceptors made;
  for (shard* on : shards) {
    result<bound_socket> listens = start_listening(by, *on, at, backlog);
    if (!listens) {
      return listens.error();
    }
    at = listens->local;
    made.push_back(std::make_shared<shard_acceptor>(*on, std::move(*listens)));
  }
  into.insert(into.end(), made.begin(), made.end());
  return {};
}

}  // namespace

result<std::unique_ptr<listener>> listen_in_kernel(std::vector<shard*> shards, const address& at,
                                                   const addresses_of_host& where,
                                                   const listen_options& options,
                                                   on_accept handler) {
  if (shards.empty() || where.empty()) {
    return error_code{asio::error::invalid_argument};
  }
  auto s = std::make_shared<accepting>();
  s->by = &kernel_protocol_of(at.over);
  s->options = options;
  s->first_kept = first_kept(options.keep_descriptors);
  s->handler = std::move(handler);
  acceptors made;
  error_code left_out;
  for (endpoint_address e : where) {
    if (at.port == 0 && !s->locals.empty()) {
      e = e.with_port(s->locals.front().port());  // one port, whichever address is used
    }
    const error_code ec = listen_at(*s->by, shards, e, options.backlog, made);
    if (!ec) {
      s->locals.push_back(e);
    } else if (is_not_ours(ec)) {
      left_out = ec;
    } else {
      return ec;
    }
  }
  if (made.empty()) {
    return left_out;
  }
  for (std::shared_ptr<shard_acceptor>& d : made) {
    s->acceptors.push_back(d);
    shard& on = *d->on;
    spawn(on, accepting::accept_loop(s, std::move(d)), "listener");
  }
  return std::unique_ptr<listener>{std::make_unique<kernel_listener>(std::move(s))};
}

}  // namespace diamgw::transport
