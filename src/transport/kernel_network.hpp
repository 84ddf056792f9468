// What is the same for all of the kernel's protocols; the rest is kernel_protocol's.
#pragma once
#include "diamgw/transport/network.hpp"

namespace diamgw::transport {

/// See network::listen. Each shard accepts for itself on a socket of its own that shares the port
/// (SO_REUSEPORT).
[[nodiscard]] result<std::unique_ptr<listener>> listen_in_kernel(std::vector<shard*> shards,
                                                                 const address& at,
                                                                 const listen_options& options,
                                                                 on_accept handler);

/// See network::resolve.
[[nodiscard]] awaitable<result<std::vector<endpoint_address>>> resolve_in_kernel(
    shard& on, address of, std::chrono::milliseconds timeout);

}  // namespace diamgw::transport
