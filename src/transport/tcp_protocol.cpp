#include "tcp_protocol.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/v6_only.hpp>
#include <utility>

#include "diamgw/transport/deadline.hpp"
#include "kernel_network.hpp"
#include "tcp_stream.hpp"

namespace diamgw::transport {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using reuse_port = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

error_code open_acceptor(tcp_acceptor& acceptor, const tcp::endpoint& at, port_sharing port) {
  error_code ec;
  acceptor.open(at.protocol(), ec);
  if (!ec) {
    acceptor.set_option(tcp_acceptor::reuse_address{true}, ec);
  }
  if (!ec && port == port_sharing::yes) {
    acceptor.set_option(reuse_port{true}, ec);
  }
  if (!ec && at.address().is_v6()) {
    acceptor.set_option(asio::ip::v6_only{false}, ec);
  }
  if (!ec) {
    acceptor.native_non_blocking(true, ec);
  }
  if (!ec) {
    acceptor.bind(at, ec);
  }
  return ec;
}

error_code open_socket(tcp_socket& socket, const tcp::endpoint& to, const std::string& local_host) {
  error_code ec;
  socket.open(to.protocol(), ec);
  if (!ec && !local_host.empty()) {
    const asio::ip::address local = asio::ip::make_address(local_host, ec);
    if (!ec) {
      socket.bind({local, 0}, ec);
    }
  }
  return ec;
}

result<std::unique_ptr<stream>> make_stream(shard& on, int handle, const tcp_options& options) {
  result<std::unique_ptr<tcp_stream>> made = tcp_stream::adopt(on, handle, options);
  if (!made) {
    return made.error();
  }
  return std::unique_ptr<stream>{std::move(*made)};
}

class tcp_of_kernel final : public kernel_protocol {
 public:
  result<bound_socket> bind(shard& on, const endpoint_address& at,
                            port_sharing port) const override;
  result<std::unique_ptr<stream>> adopt(shard& on, int handle,
                                        const listen_options& o) const override {
    return make_stream(on, handle, o.tcp);
  }
  awaitable<result<std::unique_ptr<stream>>> dial(shard& on, address to, endpoint_address at,
                                                  dial_options options) const override;
};

result<bound_socket> tcp_of_kernel::bind(shard& on, const endpoint_address& at,
                                         port_sharing port) const {
  if (at.kind() == endpoint_address::family::none) {
    return error_code{asio::error::invalid_argument};
  }
  tcp_acceptor acceptor{on.context()};
  error_code ec = open_acceptor(acceptor, to_tcp_endpoint(at), port);
  if (ec) {
    return ec;
  }
  bound_socket made{asio::posix::basic_stream_descriptor<context_executor>{on.context()},
                    to_endpoint_address(acceptor.local_endpoint(ec))};
  const int handle = ec ? -1 : acceptor.release(ec);
  if (ec) {
    return ec;
  }
  made.descriptor.assign(handle, ec);
  if (ec) {
    ::close(handle);
    return ec;
  }
  return made;
}

awaitable<result<std::unique_ptr<stream>>> tcp_of_kernel::dial(shard& on, address /*to*/,
                                                               endpoint_address at,
                                                               dial_options options) const {
  tcp_socket socket{on.context()};
  const tcp::endpoint endpoint = to_tcp_endpoint(at);
  error_code ec = open_socket(socket, endpoint, options.local_host);
  if (ec) {
    co_return ec;
  }
  bool timed_out = false;
  deadline limit{on, [&socket, &timed_out] {
                   error_code ignored;
                   timed_out = true;
                   socket.close(ignored);
                 }};
  limit.arm_after(options.timeout);
  auto [failed] = co_await socket.async_connect(endpoint, tuple_awaitable);
  on.time_has_passed();
  ec = failed;
  if (timed_out) {
    co_return error_code{asio::error::timed_out};
  }
  const int handle = ec ? -1 : socket.release(ec);
  if (ec) {
    co_return ec;
  }
  co_return make_stream(on, handle, options.tcp);
}

}  // namespace

const kernel_protocol& tcp_protocol() noexcept {
  static const tcp_of_kernel instance;
  return instance;
}

}  // namespace diamgw::transport
