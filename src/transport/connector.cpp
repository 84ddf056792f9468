#include "diamgw/transport/connector.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <vector>

#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/event.hpp"
#include "tcp_socket.hpp"

namespace diamgw::transport {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto tuple_awaitable = asio::as_tuple(asio::use_awaitable);

/// Shared with handlers that may run after the attempt has ended.
struct attempt {
  explicit attempt(shard& on) : socket{on.context()}, resolver{on.context()}, resolved{on} {}

  void end() {
    error_code ec;
    ended = true;
    socket.close(ec);
    resolver.cancel();
    resolved.notify();
  }

  tcp_socket socket;
  tcp_resolver resolver;
  event resolved;
  std::vector<tcp::endpoint> endpoints;
  error_code error;
  bool ended = false;
};

using attempt_ptr = std::shared_ptr<attempt>;

/// Fills `endpoints` or `error`. The resolver's thread cannot be interrupted, so that it is an
/// event that is waited for: the resolver, or the deadline, notifies it.
awaitable<> resolve(attempt_ptr a, const connect_options& options) {
  error_code ec;
  const asio::ip::address numeric = asio::ip::make_address(options.host, ec);
  if (!ec) {
    a->endpoints.emplace_back(numeric, options.port);
    co_return;
  }
  a->resolver.async_resolve(options.host, std::to_string(options.port),
                            tcp::resolver::numeric_service,
                            [a](error_code failed, const tcp::resolver::results_type& found) {
                              a->error = failed;
                              for (const auto& entry : found) {
                                a->endpoints.push_back(entry.endpoint());
                              }
                              a->resolved.notify();
                            });
  co_await a->resolved.wait();
}

error_code prepare_socket(tcp_socket& socket, const tcp::endpoint& to,
                          const std::string& local_address) {
  error_code ec;
  socket.close(ec);
  socket.open(to.protocol(), ec);
  if (!ec && !local_address.empty()) {
    const asio::ip::address local = asio::ip::make_address(local_address, ec);
    if (!ec) {
      socket.bind({local, 0}, ec);
    }
  }
  return ec;
}

}  // namespace

awaitable<result<std::unique_ptr<stream>>> connect(shard& on, connect_options options) {
  auto a = std::make_shared<attempt>(on);
  deadline limit{on, [a] { a->end(); }};
  limit.arm_after(options.timeout);
  co_await resolve(a, options);
  on.time_has_passed();
  error_code ec = a->error;
  if (!ec && a->endpoints.empty()) {
    ec = asio::error::host_not_found;
  }
  for (const tcp::endpoint& endpoint : a->endpoints) {
    if (a->ended) {
      break;
    }
    ec = prepare_socket(a->socket, endpoint, options.local_address);
    if (ec) {
      continue;
    }
    auto [failed] = co_await a->socket.async_connect(endpoint, tuple_awaitable);
    on.time_has_passed();
    ec = failed;
    if (!ec) {
      break;
    }
  }
  if (a->ended) {
    co_return error_code{asio::error::timed_out};
  }
  if (ec) {
    co_return ec;
  }
  const int handle = a->socket.release(ec);
  if (ec) {
    co_return ec;
  }
  result<std::unique_ptr<tcp_stream>> made = tcp_stream::adopt(on, handle, options.tcp);
  if (!made) {
    co_return made.error();
  }
  co_return std::unique_ptr<stream>{std::move(*made)};
}

result<host_and_port> decode_host_and_port(std::string_view text, std::uint16_t default_port) {
  const error_code wrong{asio::error::invalid_argument};
  std::string_view host = text;
  std::string_view port;
  bool has_port = false;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) {
      return wrong;
    }
    host = text.substr(1, end - 1);
    const std::string_view rest = text.substr(end + 1);
    if (!rest.empty() && !rest.starts_with(':')) {
      return wrong;
    }
    has_port = !rest.empty();
    port = has_port ? rest.substr(1) : rest;
  } else if (const std::size_t colon = text.find(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
    has_port = true;
  }
  std::uint16_t number = default_port;
  if (has_port) {
    const char* end = port.data() + port.size();
    const auto [stopped, failed] = std::from_chars(port.data(), end, number);
    if (failed != std::errc{} || stopped != end || port.empty()) {
      return wrong;
    }
  }
  if (host.empty() || number == 0) {
    return wrong;
  }
  return host_and_port{std::string{host}, number};
}

}  // namespace diamgw::transport
