#include "tcp_stream.hpp"

#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>

#include "diamgw/transport/shard.hpp"

namespace diamgw::transport {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// What is left of `views`, `skip` octets of the first being done, by one sendmsg(2). The array
/// is here, and not in a coroutine's frame, since it is larger than all else in one.
ssize_t send_some(int handle, std::span<const bytes_view> views, std::size_t skip) noexcept {
  std::array<iovec, max_gathered_views> vectors;  // NOLINT: filled as far as it is used
  std::size_t used = 0;
  for (const bytes_view view : views.first(std::min(views.size(), vectors.size()))) {
    const bytes_view rest = view.subspan(std::exchange(skip, 0));
    if (!rest.empty()) {
      // iovec serves reading too, and has no const for that reason only.
      vectors[used++] = {const_cast<std::byte*>(rest.data()), rest.size()};  // NOLINT(*-const-cast)
    }
  }
  msghdr message{};
  message.msg_iov = vectors.data();
  message.msg_iovlen = used;
  return ::sendmsg(handle, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/// Steps over `octets` written ones, and over empty views.
void advance(std::span<const bytes_view>& views, std::size_t& skip, std::size_t octets) noexcept {
  skip += octets;
  while (!views.empty() && skip >= views.front().size()) {
    skip -= views.front().size();
    views = views.subspan(1);
  }
}

void set_options(int handle, const tcp_options& options) noexcept {
  const auto set = [handle](int level, int name, int value) {
    static_cast<void>(::setsockopt(handle, level, name, &value, sizeof value));
  };
  if (options.no_delay) {
    set(IPPROTO_TCP, TCP_NODELAY, 1);
  }
  if (options.keep_alive.count() > 0) {
    const int idle = static_cast<int>(std::min<std::int64_t>(options.keep_alive.count(), 32767));
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, idle);
    set(IPPROTO_TCP, TCP_KEEPINTVL, std::max(1, idle / 4));
  }
  if (options.send_buffer_octets != 0) {
    set(SOL_SOCKET, SO_SNDBUF, static_cast<int>(options.send_buffer_octets));
  }
  if (options.receive_buffer_octets != 0) {
    set(SOL_SOCKET, SO_RCVBUF, static_cast<int>(options.receive_buffer_octets));
  }
}

/// What of a connection does not belong to a shard.
struct identity {
  endpoint_address local;
  endpoint_address remote;
  std::uint64_t write_calls = 0;
  std::shared_ptr<void> held;
};

}  // namespace

struct tcp_stream::state {
  shard* on;
  tcp_socket socket;
  identity self;
};

namespace {

result<tcp_socket> assign_socket(shard& on, int handle) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  const int failed = ::getsockname(handle, reinterpret_cast<sockaddr*>(&address), &size);
  tcp_socket socket{on.context()};
  error_code ec;
  if (failed != 0) {
    ec.assign(errno, boost::system::system_category());
  } else {
    socket.assign(address.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), handle, ec);
  }
  if (ec) {
    ::close(handle);
    return ec;
  }
  return socket;
}

}  // namespace

result<std::unique_ptr<tcp_stream>> tcp_stream::adopt(shard& on, int handle,
                                                      const tcp_options& options) {
  result<tcp_socket> socket = assign_socket(on, handle);
  if (!socket) {
    return socket.error();
  }
  set_options(handle, options);
  auto s = std::make_unique<state>(&on, std::move(*socket), identity{});
  error_code ec;
  s->self.local = to_endpoint_address(s->socket.local_endpoint(ec));
  s->self.remote = to_endpoint_address(s->socket.remote_endpoint(ec));
  if (ec) {
    return ec;  // gone again already
  }
  return std::unique_ptr<tcp_stream>{new tcp_stream{std::move(s)}};
}

tcp_stream::tcp_stream(std::unique_ptr<state> s) : state_{std::move(s)} {}

tcp_stream::~tcp_stream() {
  close();
}

awaitable<io_result> tcp_stream::read(mutable_bytes into) {
  if (!state_->socket.is_open()) {
    co_return io_result{asio::error::operation_aborted, 0};
  }
  auto [ec, octets] = co_await state_->socket.async_read_some(
      asio::buffer(into.data(), into.size()), tuple_awaitable);
  state_->on->time_has_passed();
  co_return io_result{ec, octets};
}

// A look at the socket by epoll_ctl(2), and no read that would find nothing.
void tcp_stream::wait_readable(std::shared_ptr<read_waiter> who) {
  state_->socket.async_wait(tcp_socket::wait_read,
                            [on = state_->on, w = std::move(who)](error_code ec) {
                              on->time_has_passed();
                              w->on_readable(ec);
                            });
}

io_result tcp_stream::read_now(mutable_bytes into) noexcept {
  if (!state_->socket.is_open()) {
    return {asio::error::operation_aborted, 0};
  }
  for (;;) {
    const ssize_t n =
        ::recv(state_->socket.native_handle(), into.data(), into.size(), MSG_DONTWAIT);
    if (n > 0) {
      return {{}, static_cast<std::size_t>(n)};
    }
    if (n == 0) {
      return {asio::error::eof, 0};
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return {};
    }
    if (errno != EINTR) {
      return {error_code{errno, boost::system::system_category()}, 0};
    }
  }
}

awaitable<io_result> tcp_stream::write(std::span<const bytes_view> views) {
  io_result done;
  std::size_t skip = 0;
  advance(views, skip, 0);
  while (!views.empty()) {
    if (!state_->socket.is_open()) {
      done.error = asio::error::operation_aborted;
      break;
    }
    // Written directly, and not by async_write: that gathers 64 views at most, and would go round
    // the loop once more for what the socket takes at once.
    const ssize_t n = send_some(state_->socket.native_handle(), views, skip);
    if (n >= 0) {
      ++state_->self.write_calls;
      done.octets += static_cast<std::size_t>(n);
      advance(views, skip, static_cast<std::size_t>(n));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      auto [ec] = co_await state_->socket.async_wait(tcp_socket::wait_write, tuple_awaitable);
      state_->on->time_has_passed();
      if (ec) {
        done.error = ec;
        break;
      }
    } else if (errno != EINTR) {
      done.error.assign(errno, boost::system::system_category());
      break;
    }
  }
  co_return done;
}

io_result tcp_stream::write_now(std::span<const bytes_view> views) {
  if (!state_->socket.is_open()) {
    return {asio::error::operation_aborted, 0};
  }
  ssize_t n = -1;
  do {
    n = send_some(state_->socket.native_handle(), views, 0);
  } while (n < 0 && errno == EINTR);
  if (n >= 0) {
    ++state_->self.write_calls;
    return {{}, static_cast<std::size_t>(n)};
  }
  if (errno == EAGAIN || errno == EWOULDBLOCK) {
    return {asio::error::would_block, 0};
  }
  return {error_code{errno, boost::system::system_category()}, 0};
}

void tcp_stream::shutdown_send() noexcept {
  error_code ec;
  state_->socket.shutdown(tcp_socket::shutdown_send, ec);
}

void tcp_stream::close() noexcept {
  error_code ec;
  state_->socket.close(ec);
  state_->self.held.reset();
}

namespace {

class detached_tcp_stream final : public detached_stream {
 public:
  using attach_function = std::unique_ptr<stream> (*)(shard& to, int handle, identity self);

  detached_tcp_stream(int handle, identity self, attach_function attach)
      : handle_{handle}, self_{std::move(self)}, attach_{attach} {}
  ~detached_tcp_stream() override {
    if (handle_ >= 0) {
      ::close(handle_);
    }
  }

  std::unique_ptr<stream> attach(shard& to) override {
    const int handle = std::exchange(handle_, -1);
    return handle < 0 ? nullptr : attach_(to, handle, std::move(self_));
  }

 private:
  int handle_;
  identity self_;
  attach_function attach_;
};

}  // namespace

std::unique_ptr<detached_stream> tcp_stream::detach() {
  error_code ec;
  const int handle = state_->socket.is_open() ? state_->socket.release(ec) : -1;
  if (ec || handle < 0) {
    return nullptr;
  }
  return std::make_unique<detached_tcp_stream>(
      handle, std::move(state_->self),
      [](shard& to, int fd, identity self) -> std::unique_ptr<stream> {
        result<tcp_socket> socket = assign_socket(to, fd);
        if (!socket) {
          return nullptr;
        }
        return std::unique_ptr<stream>{
            new tcp_stream{std::make_unique<state>(&to, std::move(*socket), std::move(self))}};
      });
}

std::span<const endpoint_address> tcp_stream::local() const noexcept {
  return {&state_->self.local, 1};
}

const endpoint_address& tcp_stream::remote() const noexcept {
  return state_->self.remote;
}

std::uint64_t tcp_stream::write_calls() const noexcept {
  return state_->self.write_calls;
}

void tcp_stream::hold(std::shared_ptr<void> until_closed) {
  state_->self.held = std::move(until_closed);
}

}  // namespace diamgw::transport
