// What differs between the protocols by which the kernel connects: a socket that listens, the
// stream of one that was accepted, and dialling.
#pragma once
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cstdint>
#include <memory>

#include "diamgw/transport/network.hpp"
#include "tcp_socket.hpp"

namespace diamgw::transport {

/// SO_REUSEPORT: whether each shard may bind a socket of its own to the port.
enum class port_sharing : std::uint8_t { no, yes };

/// On its shard, without blocking; closes itself.
struct bound_socket {
  boost::asio::posix::basic_stream_descriptor<context_executor> descriptor;
  endpoint_address local;  // the port being the real one
};

/// One protocol; it has no state. Thread: the shard's, or any before the shard runs.
class kernel_protocol {
 public:
  kernel_protocol() = default;
  kernel_protocol(const kernel_protocol&) = delete;
  kernel_protocol& operator=(const kernel_protocol&) = delete;
  virtual ~kernel_protocol() = default;

  /// A socket for listen(2) and accept(2).
  /// errors: see network::listen
  [[nodiscard]] virtual result<bound_socket> bind(shard& on, const endpoint_address& at,
                                                  port_sharing port) const = 0;
  /// Takes an accepted socket, which it closes also where it fails.
  [[nodiscard]] virtual result<std::unique_ptr<stream>> adopt(shard& on, int handle,
                                                              const listen_options& o) const = 0;
  /// See network::dial.
  [[nodiscard]] virtual awaitable<result<std::unique_ptr<stream>>> dial(
      shard& on, address to, endpoint_address at, dial_options options) const = 0;
};

/// By the table of them.
[[nodiscard]] const kernel_protocol& kernel_protocol_of(protocol over);

}  // namespace diamgw::transport
