// Heads of HTTP/1.1 messages, for connections that begin in HTTP and go on as something else.
//
// The readers are cores: octets in, a head or the refusal of it out. The coroutines below them join
// them to a stream. What a head means is for others to judge. Beast's parser stays in the .cpp.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "diamgw/base/bytes.hpp"
#include "diamgw/transport/stream.hpp"

namespace diamgw::transport {

/// Fields in their order: names in lower case, values without spaces around them.
using http_fields = std::vector<std::pair<std::string, std::string>>;

struct http_request_head {
  std::string method{};   // as sent
  unsigned version = 11;  // 10: HTTP/1.0
  std::string path{};     // of a target "/path?query" or "http://host/path?query" (RFC 9112 §3.2)
  std::string query{};    // without '?'
  http_fields fields{};   // `host` is the target's own where that has one (§3.2.2)
  bool has_body = false;
};

/// A final response to be sent before closing.
struct http_refusal {
  unsigned status = 400;
  std::string reason{};   // one sentence, the response's body; made of nothing that the client sent
  http_fields headers{};  // e.g. Allow: GET
};

/// 503 with Retry-After: the gateway drains, or has all the clients it may have.
[[nodiscard]] http_refusal refuse_unavailable(std::string reason, std::chrono::seconds retry_after);

struct need_more {};
using http_head_outcome = std::variant<need_more, http_request_head, http_refusal>;

/// Reader of one request's head; empty lines before it are passed over (RFC 9112 §2.2). Each octet
/// is looked at a bounded number of times, however few come at once. Refusals: 400 malformed, or a
/// target that is no path; 431 head above the limit.
class http_head_reader {
 public:
  /// `limit_octets`: request line and fields.
  explicit http_head_reader(std::size_t limit_octets = 8192);
  http_head_reader(http_head_reader&&) noexcept;
  http_head_reader& operator=(http_head_reader&&) noexcept;
  ~http_head_reader();

  /// Room for octets, never empty before next() has given its last answer.
  [[nodiscard]] mutable_bytes prepare();
  void commit(std::size_t octets);
  /// need_more until the head is whole; afterwards what it said, once.
  [[nodiscard]] http_head_outcome next();
  /// Octets that came after the head. Valid while the reader lives.
  [[nodiscard]] bytes_view leftover() const noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// What reading a head ended in: the stream's error (timed_out where the deadline closed it), the
/// head, or a refusal to be sent by write_refusal.
using http_head_result = std::variant<error_code, http_request_head, http_refusal>;

/// Reads one request's head, `timeout` for all of it: a client that sends an octet now and then
/// gains nothing. Leftover octets stay in `reader`. References must outlive it.
[[nodiscard]] awaitable<http_head_result> read_head(shard& on, stream& from,
                                                    http_head_reader& reader,
                                                    std::chrono::milliseconds timeout);

/// With Content-Length and `Connection: close`.
[[nodiscard]] std::string encode_refusal(const http_refusal& refusal);

/// A head that somebody else has written out.
[[nodiscard]] awaitable<error_code> write_head(stream& to, std::string head);
/// The refusal, then the end of our side; the caller reads on or closes.
[[nodiscard]] awaitable<error_code> write_refusal(stream& to, http_refusal refusal);

// ---- the client's side

struct http_response_head {
  unsigned status = 0;
  http_fields fields{};
  std::vector<std::byte> leftover{};  // what came with it: of the body, or of what follows a 101
};

/// The head at the front of `octets`; need_more where it is not whole yet.
/// errors: asio::error::invalid_argument where it is not HTTP/1.1
[[nodiscard]] result<std::variant<need_more, http_response_head>> decode_response_head(
    bytes_view octets);

/// Sends a request's head and reads that of the response.
/// errors: the stream's; timed_out; message_size above 16 KiB; as decode_response_head
[[nodiscard]] awaitable<result<http_response_head>> exchange_heads(
    shard& on, stream& to, std::string request, std::chrono::milliseconds timeout);

}  // namespace diamgw::transport
