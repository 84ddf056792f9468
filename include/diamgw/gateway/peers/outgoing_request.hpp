// A request on its way to a peer.
#pragma once
#include "diamgw/codec/message.hpp"
#include "diamgw/gateway/requests/exchange.hpp"
#include "diamgw/metrics/recorder.hpp"

namespace diamgw::gateway {

struct message_to_peer {
  diameter::message message;  // nobody else reads its octets: the header is patched
  exchange_key exchange;
  time_point deadline;
  metrics::command_slot command = metrics::other_command;
};

}  // namespace diamgw::gateway
