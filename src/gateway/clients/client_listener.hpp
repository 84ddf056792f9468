// From an accepted connection to a client: the HTTP upgrade, and what may refuse it.
#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "diamgw/base/result.hpp"
#include "diamgw/buffer/shared_slab.hpp"
#include "diamgw/config/options.hpp"
#include "diamgw/gateway/start_failure.hpp"
#include "diamgw/transport/http.hpp"
#include "diamgw/transport/network.hpp"
#include "diamgw/websocket/handshake.hpp"
#include "gateway/clients/conversation_context.hpp"
#include "gateway/clients/websocket_connection.hpp"

namespace diamgw::gateway {

/// What the clients of one shard have in common. Thread: the shard's.
struct client_shard {
  conversation_context& with;
  shared_slab reads;  // that connections read into by turns
};

/// Listens for WebSocket clients on all shards. Bounds: `websocket.max_clients`, then 503; twice as
/// many connections, upgrades in progress included, then the listener closes them at once;
/// `websocket.upgrade_timeout` for an upgrade. Thread of its functions: the control thread, but for
/// `welcome`.
class client_listener {
 public:
  /// `shards` by index; the references outlive it.
  client_listener(const config::websocket_options& options, transport::shard_group& group,
                  std::vector<client_shard*> shards);
  client_listener(const client_listener&) = delete;
  client_listener& operator=(const client_listener&) = delete;

  /// Binds the configured endpoints; the error names the one that failed.
  [[nodiscard]] result<void, start_failure> listen(std::size_t keep_descriptors = 0);
  void stop();
  [[nodiscard]] std::vector<std::uint16_t> ports() const;
  /// Where it listens, the ports being the real ones. After listen.
  [[nodiscard]] std::vector<transport::endpoint_address> addresses() const;

  /// A connection that was accepted on this shard, by its thread: until it is a client, or ends.
  [[nodiscard]] transport::awaitable<void> welcome(transport::shard& on,
                                                   std::unique_ptr<transport::stream> connection);

 private:
  struct refusal {
    metrics::upgrade_refusal counted_as{};
    transport::http_refusal answer;
  };
  class held_place;
  struct acceptance;

  /// RFC 6455 first, then what is ours to decide. A client that passes is counted in `clients_`.
  [[nodiscard]] std::variant<acceptance, refusal> judge(const conversation_context& with,
                                                        const transport::http_request_head& asked);
  [[nodiscard]] std::optional<refusal> check_policy(const conversation_context& with,
                                                    const transport::http_request_head& asked,
                                                    const websocket::opening& opening) const;

  const config::websocket_options& options_;
  transport::shard_group& group_;
  std::vector<client_shard*> shards_;
  std::atomic<std::uint32_t> clients_{0};  // of all shards
  std::vector<std::unique_ptr<transport::listener>> listeners_;
};

}  // namespace diamgw::gateway
