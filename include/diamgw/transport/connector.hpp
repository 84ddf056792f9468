// Connecting by TCP: one attempt, with a deadline. When to try again is not decided here.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "diamgw/transport/stream.hpp"

namespace diamgw::transport {

struct connect_options {
  std::string host{};  // a numeric address, or a name
  std::uint16_t port = 0;
  std::string local_address{};              // numeric; empty: the system's choice
  std::chrono::milliseconds timeout{5000};  // over resolving and all addresses
  tcp_options tcp{};
};

/// One attempt: resolves `host` (numeric at once, a name by the system's resolver on a thread of
/// Asio's) and tries its addresses in order. Call it on `on`'s thread.
/// errors: the system's of the last address, the resolver's, or asio::error::timed_out
[[nodiscard]] awaitable<result<std::unique_ptr<stream>>> connect(shard& on,
                                                                 connect_options options);

/// "host:port", "[v6]:port"; nothing where it is neither. `default_port` where there is no port,
/// 0 demanding one.
struct host_and_port {
  std::string host{};
  std::uint16_t port = 0;
};
[[nodiscard]] result<host_and_port> decode_host_and_port(std::string_view text,
                                                         std::uint16_t default_port = 0);

}  // namespace diamgw::transport
