// One client, as its conversation and its shard know it: its connection, what it waits for, and
// what waits for it.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "diamgw/base/clock.hpp"
#include "diamgw/buffer/pool.hpp"
#include "diamgw/codec/header.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/gateway/requests/exchange.hpp"
#include "diamgw/gateway/requests/pending_requests.hpp"
#include "diamgw/routing/bindings.hpp"
#include "diamgw/websocket/endpoint.hpp"
#include "gateway/clients/dictionary_edition.hpp"

namespace diamgw::gateway {

class conversation;

/// A client as an operator sees it.
struct client_report {
  std::string address;
  std::string_view protocol;  // the subprotocol; static storage
  time_point since;           // of the end of its upgrade
  std::uint32_t in_flight = 0;
  std::size_t queued_octets = 0;  // towards it
};

/// What is remembered of a request that a client was given, until it answers.
struct client_request_note {
  routing::client_key client;
  diameter::header header;  // of the request
  buffer_slice avps;        // its AVPs
  // Of a client that speaks JSON: by what its answer is read and completed.
  std::shared_ptr<const dictionary_edition> edition;
  const dictionary::command_definition* command = nullptr;
};
using client_transactions = pending_requests<client_request_note>;

/// Thread: its shard's.
class client {
 public:
  client() = default;
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  routing::client_key key;                 // given by the registry
  exchange_list exchanges;                 // of the requests that it sent
  client_transactions::list transactions;  // of the requests that it was given

  [[nodiscard]] virtual conversation& speaks() noexcept = 0;
  /// Its address, "192.0.2.7:40112".
  [[nodiscard]] virtual std::string remote() const = 0;
  [[nodiscard]] virtual client_report report() const = 0;

  /// False once nothing can reach it: it is closing, or gone.
  [[nodiscard]] virtual bool may_send() const noexcept = 0;
  /// Queues a message: a head of at most websocket::max_frame_head_octets, which is copied, and
  /// what follows it, which is moved from. False where the client is gone, or its queue is full,
  /// which disconnects it.
  virtual bool send(websocket::message_kind kind, bytes_view head,
                    std::span<buffer_slice> rest) = 0;
  /// Queues a message of `octets` that begin websocket::max_header_octets into `slab`, which
  /// nobody else reads.
  virtual bool send(websocket::message_kind kind, buffer_ref slab, std::size_t octets) = 0;
  /// It broke a rule of what is spoken: says so, and ends without waiting for its close frame.
  virtual void fail(websocket::close_code code, std::string_view reason) = 0;
  /// Begins the closing handshake; `why` is what its end is counted as.
  virtual void close(metrics::client_close_reason why, websocket::close_code code,
                     std::string_view reason) = 0;
  /// The number of its unanswered requests has changed: it may be time to read on, or to stop.
  virtual void on_requests_changed() = 0;

 protected:
  ~client() = default;
};

}  // namespace diamgw::gateway
