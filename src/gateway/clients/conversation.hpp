// What a client says in one subprotocol, and what it is told.
#pragma once
#include <cstdint>
#include <string_view>

#include "diamgw/gateway/requests/receiver.hpp"
#include "diamgw/websocket/reader.hpp"
#include "gateway/clients/client.hpp"

namespace diamgw::gateway {

/// Lives as long as its client. Thread: the client's shard.
class conversation {
 public:
  conversation() = default;
  conversation(const conversation&) = delete;
  conversation& operator=(const conversation&) = delete;
  virtual ~conversation() = default;

  /// A whole message of the client's. Its octets may be another's after the call: what is to be
  /// kept of a short one is copied.
  virtual void on_message(const websocket::message& m) = 0;

  /// What is spoken, by its name in Sec-WebSocket-Protocol; static storage.
  [[nodiscard]] virtual std::string_view subprotocol() const noexcept = 0;

  /// The session is another client's from now on: tells the client, where what it speaks has a
  /// word for that.
  virtual void on_session_taken(std::string_view /*session_id*/) {}

  /// Requests of the client that are not over; by them the connection decides whether to read.
  [[nodiscard]] virtual std::uint32_t requests_in_flight() const noexcept = 0;

  /// Gives the client a request, under the transaction's id; what is needed when it answers goes
  /// into the transaction's note. False where the client cannot take it: it is closing, its queue
  /// is full, or what it speaks has no word for the command.
  [[nodiscard]] virtual bool send_request(client_transactions::transaction& t,
                                          const outgoing_request& request) = 0;
};

}  // namespace diamgw::gateway
