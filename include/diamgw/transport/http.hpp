// The HTTP/1.1 exchange that opens a WebSocket connection (RFC 6455 §4), both sides of it.
//
// The readers are cores: octets in, a request or the response's refusal out. The coroutines below
// them join them to a stream. Beast's parser stays in the .cpp.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "diamgw/base/bytes.hpp"
#include "diamgw/transport/stream.hpp"

namespace diamgw::transport {

/// What a server takes as an upgrade.
struct upgrade_rules {
  std::size_t header_octets = 8192;  // request line and fields; above it 431
  std::vector<std::string> paths{};  // without query, compared exactly; empty takes every path
};

/// A request that RFC 6455 §4.2.1 lets be answered by 101. Fields that came several times are
/// joined by ", " (RFC 9110 §5.3), but Host, Origin and the key, of which two are refused.
struct upgrade_request {
  std::string target{};  // as sent: path and query
  std::string path{};
  std::string query{};  // without '?'
  std::string host{};
  std::string origin{};                  // empty where there was none
  std::string key{};                     // Sec-WebSocket-Key: base64 of 16 octets, checked
  std::vector<std::string> protocols{};  // Sec-WebSocket-Protocol, in the client's order
  std::string extensions{};              // Sec-WebSocket-Extensions, not parsed
  std::string forwarded_for{};           // X-Forwarded-For
  std::string authorization{};
  std::string cookie{};
  std::string user_agent{};
};

/// A final response to be sent before closing.
struct http_refusal {
  unsigned status = 400;
  std::string reason{};  // one sentence, the response's body; made of nothing that the client sent
  std::vector<std::pair<std::string, std::string>> headers{};  // e.g. Sec-WebSocket-Version: 13
};

/// 503 with Retry-After: the gateway drains, or has all the clients it may have.
[[nodiscard]] http_refusal refuse_unavailable(std::string reason, std::chrono::seconds retry_after);

struct need_more {};
using upgrade_outcome = std::variant<need_more, upgrade_request, http_refusal>;

/// Reader of one upgrade request. Each octet is looked at a bounded number of times, however few
/// come at once.
/// Refusals: 400 malformed, body, HTTP/1.0, no or two Host, bad or two keys, no version; 404 other
/// path; 405 other method; 426 no Upgrade, or other version (with Sec-WebSocket-Version: 13);
/// 431 header above the limit.
class upgrade_reader {
 public:
  explicit upgrade_reader(upgrade_rules rules);
  upgrade_reader(upgrade_reader&&) noexcept;
  upgrade_reader& operator=(upgrade_reader&&) noexcept;
  ~upgrade_reader();

  /// Room for octets, never empty before next() has given its last answer.
  [[nodiscard]] mutable_bytes prepare();
  void commit(std::size_t octets);
  /// need_more until the header is whole; afterwards what it said, once.
  [[nodiscard]] upgrade_outcome next();
  /// Octets that came after the header: the first frames. Valid while the reader lives.
  [[nodiscard]] bytes_view leftover() const noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// What reading an upgrade ended in: the stream's error (timed_out where the deadline closed it),
/// a request to be answered by write_upgrade, or a refusal to be sent by write_refusal.
using upgrade_result = std::variant<error_code, upgrade_request, http_refusal>;

/// Reads one upgrade request, `timeout` for all of it: a client that sends an octet now and then
/// gains nothing. Leftover octets stay in `reader`. References must outlive it.
[[nodiscard]] awaitable<upgrade_result> read_upgrade(shard& on, stream& from,
                                                     upgrade_reader& reader,
                                                     std::chrono::milliseconds timeout);

struct upgrade_response {
  std::string accept{};      // Sec-WebSocket-Accept, ready made (RFC 6455 §4.2.2)
  std::string protocol{};    // the chosen one; empty: none is named
  std::string extensions{};  // empty: none is named
};

[[nodiscard]] std::string encode_upgrade_response(const upgrade_response& response);
/// With Content-Length and `Connection: close`.
[[nodiscard]] std::string encode_refusal(const http_refusal& refusal);

/// 101 Switching Protocols.
[[nodiscard]] awaitable<error_code> write_upgrade(stream& to, upgrade_response response);
/// The refusal, then the end of our side; the caller reads on or closes.
[[nodiscard]] awaitable<error_code> write_refusal(stream& to, http_refusal refusal);

/// The client's side.
struct upgrade_query {
  std::string host{};  // Host, with the port where it is not the scheme's
  std::string target = "/";
  std::string key{};  // base64 of 16 random octets
  std::vector<std::string> protocols{};
  std::string extensions{};
  std::vector<std::pair<std::string, std::string>> headers{};  // e.g. Authorization
};

struct upgrade_reply {
  unsigned status = 0;                // 101, or the server's refusal
  std::string accept{};               // Sec-WebSocket-Accept: for the caller to compare
  std::string protocol{};             // Sec-WebSocket-Protocol
  std::string extensions{};           // Sec-WebSocket-Extensions
  std::string reason{};               // the refusal's body, what of it came with the header
  std::vector<std::byte> leftover{};  // octets after the header of a 101
};

[[nodiscard]] std::string encode_upgrade_query(const upgrade_query& query);

/// The reply at the front of `octets`; nothing where it is not whole yet.
/// errors: asio::error::invalid_argument where it is not HTTP/1.1
[[nodiscard]] result<std::variant<need_more, upgrade_reply>> decode_upgrade_reply(
    bytes_view octets);

/// Sends the query and reads the reply. A 101 without `Upgrade: websocket` and
/// `Connection: Upgrade` (RFC 6455 §4.1) is connection_refused.
[[nodiscard]] awaitable<result<upgrade_reply>> request_upgrade(shard& on, stream& to,
                                                               upgrade_query query,
                                                               std::chrono::milliseconds timeout);

}  // namespace diamgw::transport
