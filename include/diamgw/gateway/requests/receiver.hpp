// Whoever can be given a request: a peer, or the clients with bindings.
#pragma once
#include <array>
#include <span>

#include "diamgw/buffer/pool.hpp"
#include "diamgw/codec/header.hpp"
#include "diamgw/gateway/requests/exchange.hpp"
#include "diamgw/metrics/recorder.hpp"

namespace diamgw::gateway {

/// A request on its way to a receiver: a header by value and the AVPs where they lie. So another
/// header or one more AVP (Route-Record, RFC 6733 §6.1.9) costs no copy of the message and no
/// write into octets that others see. Small enough for a task between shards.
struct outgoing_request {
  diameter::header header;  // the receiver gives the hop-by-hop id
  metrics::command_slot command = metrics::other_command;
  buffer_slice avps;      // as they came
  buffer_slice appended;  // ours, after them; usually none
  exchange_key exchange;
  time_point deadline;

  [[nodiscard]] std::size_t message_octets() const noexcept {
    return diameter::header_octets + avps.octets.size() + appended.octets.size();
  }
};

/// Thread: any shard's. How the request ends is told to its exchange, at once or later, once.
class receiver {
 public:
  /// `from` is the calling shard's.
  virtual void send(shard_context& from, outgoing_request request) = 0;

 protected:
  ~receiver() = default;
};

}  // namespace diamgw::gateway
