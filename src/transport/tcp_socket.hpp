// Asio's types as this layer uses them: with the executor of the context itself, which spares the
// type erasure of the defaults.
#pragma once
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <string>

namespace diamgw::transport {

using context_executor = boost::asio::io_context::executor_type;
using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, context_executor>;
using tcp_acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, context_executor>;
using tcp_resolver = boost::asio::ip::basic_resolver<boost::asio::ip::tcp, context_executor>;

/// "192.0.2.1:3868", "[2001:db8::1]:3868"; a v4 address mapped into v6 is shown as v4.
[[nodiscard]] inline std::string endpoint_text(const boost::asio::ip::tcp::endpoint& endpoint) {
  namespace ip = boost::asio::ip;
  ip::address address = endpoint.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = ip::make_address_v4(ip::v4_mapped, address.to_v6());
  }
  const std::string host = address.to_string();
  const std::string port = std::to_string(endpoint.port());
  return address.is_v6() ? "[" + host + "]:" + port : host + ":" + port;
}

}  // namespace diamgw::transport
