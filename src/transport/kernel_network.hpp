// The two halves of the kernel's network: what accepts, and what dials.
#pragma once
#include "diamgw/transport/network.hpp"
#include "tcp_socket.hpp"

namespace diamgw::transport {

/// See network::listen. Each shard accepts for itself on a socket of its own that shares the port
/// (SO_REUSEPORT).
[[nodiscard]] result<std::unique_ptr<listener>> listen_in_kernel(std::vector<shard*> shards,
                                                                 const address& at,
                                                                 const listen_options& options,
                                                                 on_accept handler);

/// See network::dial and network::resolve.
[[nodiscard]] awaitable<result<std::unique_ptr<stream>>> dial_in_kernel(shard& on, address to,
                                                                        dial_options options);
[[nodiscard]] awaitable<result<std::vector<endpoint_address>>> resolve_in_kernel(
    shard& on, address of, std::chrono::milliseconds timeout);

}  // namespace diamgw::transport
