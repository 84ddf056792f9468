// Requests of one HTTP/1.1 connection, one after the other: a core.
#pragma once
#include <cstddef>
#include <memory>
#include <variant>

#include "diamgw/transport/http.hpp"
#include "diamgw/transport/http_server.hpp"

namespace diamgw::transport {

/// A whole request, and what the response must know of it.
struct received_request {
  http_request request;
  bool head = false;        // its answer's body is left out
  bool keep_alive = false;  // another request may follow (RFC 9112 §9.3)
};
/// The client waits for "100 Continue" before it sends the body (RFC 9110 §10.1.1).
struct send_continue {};
using request_outcome = std::variant<need_more, received_request, send_continue, http_refusal>;

/// Refusals as http_server lists them; after one no further octet is looked at.
class http_request_reader {
 public:
  http_request_reader(std::size_t header_octets, std::size_t body_octets);
  http_request_reader(http_request_reader&&) noexcept;
  ~http_request_reader();

  [[nodiscard]] mutable_bytes prepare();
  void commit(std::size_t octets);
  [[nodiscard]] request_outcome next();
  /// True where nothing of a next request has come.
  [[nodiscard]] bool idle() const noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace diamgw::transport
