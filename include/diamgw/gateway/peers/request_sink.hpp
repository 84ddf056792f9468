// What becomes of the requests that peers send.
#pragma once
#include <cstdint>

#include "diamgw/codec/message.hpp"
#include "diamgw/gateway/shard_context.hpp"
#include "diamgw/metrics/recorder.hpp"
#include "diamgw/routing/table.hpp"

namespace diamgw::gateway {

/// Where the answer to a peer's request goes: to the connection that it came by, if that still is.
struct request_origin {
  routing::peer_index peer = routing::no_peer;
  std::uint32_t connection = 0;
};

struct peer_request {
  request_origin from;
  diameter::message message;  // sound as far as check_message goes; others may read its octets
  metrics::command_slot command = metrics::other_command;
};

/// Called on the peer's home shard, for every request but those of the base protocol that concern
/// the connection alone (CER, DWR, DPR). What it is for this node, it is for the sink to judge.
class request_sink {
 public:
  virtual void on_request(shard_context& on, peer_request asked) = 0;

 protected:
  ~request_sink() = default;
};

}  // namespace diamgw::gateway
