// Listening for TCP connections: each shard accepts for itself on a socket of its own that shares
// the port (SO_REUSEPORT).
#pragma once
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "diamgw/transport/shard.hpp"
#include "diamgw/transport/stream.hpp"

namespace diamgw::transport {

struct listener_options {
  std::string address = "0.0.0.0";  // numeric, v4 or v6; "::" takes both
  std::uint16_t port = 0;           // 0: the system chooses one, the same for all shards
  int backlog = 1024;
  /// Open connections over all shards; one more is accepted and closed at once, and counted.
  std::size_t limit_connections = 65536;
  /// Pause after EMFILE, ENFILE, ENOBUFS or ENOMEM; doubles up to the second while they last.
  std::chrono::milliseconds first_pause{10};
  std::chrono::milliseconds longest_pause{1000};
  tcp_options tcp{};
};

struct listener_statistics {
  std::uint64_t accepted = 0;
  std::uint64_t refused = 0;  // closed at once, the limit being reached
  std::uint64_t pauses = 0;   // times it waited for descriptors or memory
  std::size_t open = 0;       // connections open now
};

/// The listening sockets of one address on some shards of a group.
class listener {
 public:
  /// Takes one connection, on its shard's thread; an exception out of it is a failure counted.
  using on_accept = std::function<void(shard& on, std::unique_ptr<stream> connection)>;

  /// Sharing a port would let a second process of the same user take part in it unnoticed, so
  /// that the port is first tried without sharing: address_in_use means what it says.
  /// Binds and listens on every shard in `shards` and starts accepting (once the shards run).
  /// errors: the system's, e.g. address_in_use; asio::error::invalid_argument for no address
  [[nodiscard]] static result<std::unique_ptr<listener>> open(std::vector<shard*> shards,
                                                              const listener_options& options,
                                                              on_accept handler);
  /// On every shard of `group`.
  [[nodiscard]] static result<std::unique_ptr<listener>> open(shard_group& group,
                                                              const listener_options& options,
                                                              on_accept handler);
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;
  /// stop(). Connections stay as they are. Before the group's end.
  ~listener();

  /// Stops accepting on all shards: posted to each, so it takes effect soon. Any thread.
  void stop();

  /// Where it listens, the port being the real one. Any thread.
  [[nodiscard]] const boost::asio::ip::tcp::endpoint& endpoint() const noexcept;
  [[nodiscard]] std::uint16_t port() const noexcept { return endpoint().port(); }
  [[nodiscard]] listener_statistics statistics() const noexcept;  // any thread

 private:
  struct state;
  explicit listener(std::shared_ptr<state> s);

  std::shared_ptr<state> state_;
};

}  // namespace diamgw::transport
