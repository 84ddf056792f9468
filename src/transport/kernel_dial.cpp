// Dialling by TCP: a name becomes addresses, and one of them a connection.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/event.hpp"
#include "kernel_network.hpp"
#include "tcp_stream.hpp"

namespace diamgw::transport {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto tuple_awaitable = asio::as_tuple(asio::use_awaitable);

/// Shared with the resolver's handler, which may run after the wait for it has ended.
struct question {
  explicit question(shard& on) : resolver{on.context()}, answered{on} {}

  tcp_resolver resolver;
  event answered;
  std::vector<endpoint_address> found;
  error_code error;
  bool done = false;

  void end(error_code why) {
    if (!done) {
      done = true;
      error = why;
      answered.notify();
    }
  }
};

error_code open_socket(tcp_socket& socket, const tcp::endpoint& to, const std::string& local_host) {
  error_code ec;
  socket.close(ec);
  socket.open(to.protocol(), ec);
  if (!ec && !local_host.empty()) {
    const asio::ip::address local = asio::ip::make_address(local_host, ec);
    if (!ec) {
      socket.bind({local, 0}, ec);
    }
  }
  return ec;
}

}  // namespace

awaitable<result<std::vector<endpoint_address>>> resolve_in_kernel(
    shard& on, address of, std::chrono::milliseconds timeout) {
  const endpoint_address numeric = endpoint_address::from_text(of.host, of.port);
  if (numeric.kind() != endpoint_address::family::none) {
    co_return std::vector<endpoint_address>{numeric};
  }
  // The resolver's thread cannot be interrupted, so that it is an event that is waited for: the
  // resolver, or the deadline, ends it.
  const auto q = std::make_shared<question>(on);
  deadline limit{on, [q] { q->end(asio::error::timed_out); }};
  limit.arm_after(timeout);
  q->resolver.async_resolve(of.host, std::to_string(of.port), tcp::resolver::numeric_service,
                            [q, &on](error_code failed, const tcp::resolver::results_type& found) {
                              on.time_has_passed();
                              for (const auto& entry : found) {
                                q->found.push_back(to_endpoint_address(entry.endpoint()));
                              }
                              q->end(failed);
                            });
  co_await q->answered.wait();
  q->resolver.cancel();
  if (q->error) {
    co_return q->error;
  }
  if (q->found.empty()) {
    co_return error_code{asio::error::host_not_found};
  }
  co_return std::move(q->found);
}

// A protocol with a handshake (TLS) does it here, before the stream is given to anybody, on the
// connected socket and within what is left of the timeout: `limit` closes the socket, and the
// handshake ends by that.
awaitable<result<std::unique_ptr<stream>>> dial_in_kernel(shard& on, address to,
                                                          dial_options options) {
  const time_point end = on.now() + options.timeout;
  const auto hosts = co_await resolve_in_kernel(on, to, options.timeout);
  if (!hosts) {
    co_return hosts.error();
  }
  tcp_socket socket{on.context()};
  bool timed_out = false;
  deadline limit{on, [&socket, &timed_out] {
                   error_code ec;
                   timed_out = true;
                   socket.close(ec);
                 }};
  limit.arm(end);
  error_code ec;
  for (const endpoint_address& host : *hosts) {
    const tcp::endpoint endpoint = to_tcp_endpoint(host);
    ec = open_socket(socket, endpoint, options.local_host);
    if (ec) {
      continue;
    }
    auto [failed] = co_await socket.async_connect(endpoint, tuple_awaitable);
    on.time_has_passed();
    ec = failed;
    if (!ec || timed_out) {
      break;
    }
  }
  if (timed_out) {
    co_return error_code{asio::error::timed_out};
  }
  const int handle = ec ? -1 : socket.release(ec);
  if (ec) {
    co_return ec;
  }
  result<std::unique_ptr<tcp_stream>> made = tcp_stream::adopt(on, handle, options.tcp);
  if (!made) {
    co_return made.error();
  }
  co_return std::unique_ptr<stream>{std::move(*made)};
}

}  // namespace diamgw::transport
