// The methods that the gateway itself answers: gateway.* and rpc.discover.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "diamgw/gateway/peers/peer_report.hpp"
#include "diamgw/jsonrpc/call.hpp"
#include "diamgw/jsonrpc/errors.hpp"
#include "diamgw/jsonrpc/gateway_methods.hpp"
#include "gateway/clients/conversation_context.hpp"

namespace diamgw::gateway {

/// A peer as gateway.info tells of it.
struct described_peer {
  const peer_report& report;
  std::uint32_t waiting = 0;  // requests
};

/// Immutable; any shard's thread. Its calls are rare: they may allocate.
class gateway_methods {
 public:
  struct reply {
    std::optional<jsonrpc::error_number> error{};
    std::string text;  // the result, as JSON; the sentence of an error
  };
  /// Calls `tell` for each peer that the shard knows, in the order of the configuration.
  using peers_of =
      std::function<void(const shard_context& on, const std::function<void(described_peer)>& tell)>;

  gateway_methods(std::string version, peers_of peers)
      : version_{std::move(version)}, peers_{std::move(peers)} {}

  [[nodiscard]] reply call(conversation_context& with, client& who,
                           const jsonrpc::gateway_call& call) const;

 private:
  [[nodiscard]] reply info(const conversation_context& with) const;

  std::string version_;
  peers_of peers_;
};

}  // namespace diamgw::gateway
