// Whoever sent a request, and is told how it ended: a client, or a peer.
#pragma once
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "diamgw/codec/message.hpp"
#include "diamgw/gateway/event_log.hpp"
#include "diamgw/gateway/requests/exchange.hpp"
#include "diamgw/gateway/requests/handler_task.hpp"
#include "diamgw/gateway/requests/refusal.hpp"
#include "diamgw/gateway/requests/request.hpp"

namespace diamgw::gateway {

/// One request's way back to whoever sent it; made for the request, and destroyed once it was
/// told. Exactly one of `answered` and `refused` is called, unless the asker has left: then none.
/// Thread: that of the exchange's shard.
class asker {
 public:
  asker() = default;
  asker(const asker&) = delete;
  asker& operator=(const asker&) = delete;
  virtual ~asker() = default;

  /// The exchanges of the same client or connection, which ends them when it leaves.
  [[nodiscard]] virtual exchange_list& exchanges() noexcept = 0;
  /// The asker's own name for the request, to cancel it by; its octets. Empty: it has none.
  [[nodiscard]] virtual std::string_view label() const noexcept { return {}; }

  /// Who it is, for the log: the client 192.0.2.7:40112, say.
  [[nodiscard]] virtual log_field name() const = 0;

  /// The request is about to be given to a receiver: to this peer, or (no_peer) to a client. Again
  /// for each receiver that it is offered to.
  virtual void on_sending(const request& /*asked*/, routing::peer_index /*to*/) {}
  /// The answer, whatever its Result-Code; its ids are those of the receiver's connection.
  virtual void answered(const request& asked, diameter::message answer) = 0;
  virtual void refused(const request& asked, const refusal& why) = 0;

  // From the shard's pool of frames: one for each request, and no global allocation.
  static void* operator new(std::size_t octets, frame_pool& pool) { return pool.allocate(octets); }
  static void operator delete(void* memory) noexcept { frame_pool::release(memory); }
  static void operator delete(void* memory, frame_pool&) noexcept { frame_pool::release(memory); }
};

using asker_ptr = std::unique_ptr<asker>;

}  // namespace diamgw::gateway
