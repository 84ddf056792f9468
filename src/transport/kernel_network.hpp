// What is the same for all of the kernel's protocols; the rest is kernel_protocol's.
#pragma once
#include "diamgw/transport/network.hpp"
#include "name_lookups.hpp"

namespace diamgw::transport {

/// See network::listen. Each shard accepts for itself on a socket of its own that shares the port
/// (SO_REUSEPORT).
[[nodiscard]] result<std::unique_ptr<listener>> listen_in_kernel(std::vector<shard*> shards,
                                                                 const address& at,
                                                                 const addresses_of_host& where,
                                                                 const listen_options& options,
                                                                 on_accept handler);

/// By Asio's resolver, which is the system's.
[[nodiscard]] std::shared_ptr<name_lookups> make_system_lookups();

/// See network::resolve and network::resolve_now.
[[nodiscard]] awaitable<result<addresses_of_host>> resolve_by(std::shared_ptr<name_lookups> lookups,
                                                              shard& on, address of,
                                                              std::chrono::milliseconds timeout);
[[nodiscard]] result<addresses_of_host> resolve_here_by(name_lookups& lookups, const address& of,
                                                        std::chrono::milliseconds timeout);

}  // namespace diamgw::transport
