// Asio's types as this layer uses them: with the executor of the context itself, which spares the
// type erasure of the defaults.
#pragma once
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>

#include "diamgw/transport/address.hpp"

namespace diamgw::transport {

using context_executor = boost::asio::io_context::executor_type;
using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, context_executor>;
using tcp_acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, context_executor>;
using tcp_resolver = boost::asio::ip::basic_resolver<boost::asio::ip::tcp, context_executor>;

/// What is awaited with it gives its error code in a tuple with the rest, and throws nothing.
inline constexpr auto tuple_awaitable = boost::asio::as_tuple(boost::asio::use_awaitable);

[[nodiscard]] inline endpoint_address to_endpoint_address(
    const boost::asio::ip::tcp::endpoint& endpoint) noexcept {
  const boost::asio::ip::address host = endpoint.address();
  return host.is_v4() ? endpoint_address::v4(host.to_v4().to_bytes(), endpoint.port())
                      : endpoint_address::v6(host.to_v6().to_bytes(), endpoint.port());
}

/// `e` is not `none`.
[[nodiscard]] inline boost::asio::ip::tcp::endpoint to_tcp_endpoint(const endpoint_address& e) {
  namespace ip = boost::asio::ip;
  if (e.kind() == endpoint_address::family::v4) {
    ip::address_v4::bytes_type octets{};
    std::memcpy(octets.data(), e.host().data(), octets.size());
    return {ip::address_v4{octets}, e.port()};
  }
  ip::address_v6::bytes_type octets{};
  std::memcpy(octets.data(), e.host().data(), octets.size());
  return {ip::address_v6{octets}, e.port()};
}

}  // namespace diamgw::transport
