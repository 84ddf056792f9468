// The clients of this gateway as one receiver: a request goes to the client that it is for.
#pragma once
#include <vector>

#include "diamgw/gateway/requests/receiver.hpp"
#include "gateway/clients/client_registry.hpp"

namespace diamgw::gateway {

/// Each shard knows its own clients, so a request is looked at by one shard after the other, its
/// own first, and goes to the client that used the session last: that is rare beside the requests
/// of clients. Refused with 5002 where it is for no
/// client of this gateway; 3004 where too many wait already, or the way to the next shard is full;
/// 3002 where the client cannot take it, or leaves before it answers. Thread: any shard's.
class bound_clients final : public receiver {
 public:
  /// `shards`: what each shard knows, by index; filled before the first request.
  std::vector<client_registry*> shards;

  void send(shard_context& from, outgoing_request request) override;

  /// A client of `here` has used the session at `used`: clients of other shards that have not since
  /// lose it, and are told. Where the way to them is full they keep it, and get no requests for it
  /// all the same.
  void release_elsewhere(shard_context& here, std::string_view session_id, time_point used);
};

}  // namespace diamgw::gateway
