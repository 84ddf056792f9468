// From an accepted connection to a client: the HTTP upgrade and what may refuse it.
#pragma once
#include <memory>
#include <vector>

#include "diamgw/base/result.hpp"
#include "diamgw/transport/listener.hpp"
#include "dispatcher.hpp"

namespace diamgw::gateway {

/// Listens for WebSocket clients on all shards. Thread of its functions: the control thread.
class client_listener {
 public:
  client_listener(dispatch_context& shared, transport::shard_group& group);

  /// Binds the configured endpoints; the error names the one that failed.
  [[nodiscard]] result<void, std::string> listen();
  void stop();
  [[nodiscard]] std::vector<std::uint16_t> ports() const;

 private:
  transport::awaitable<void> welcome(transport::shard& on,
                                     std::unique_ptr<transport::stream> connection);

  dispatch_context& shared_;
  transport::shard_group& group_;
  std::vector<std::unique_ptr<transport::listener>> listeners_;
};

}  // namespace diamgw::gateway
