// The part of http.hpp that needs no parser: what is written, and the coroutines.
#include <array>
#include <boost/asio/error.hpp>

#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/http.hpp"
#include "http_text.hpp"

namespace diamgw::transport {

namespace {

/// A response's head above this is not one that belongs to our requests.
constexpr std::size_t reply_limit_octets = 16384;

}  // namespace

void append_field(std::string& to, std::string_view name, std::string_view value) {
  to.append(name).append(": ");
  for (const char c : value) {
    to.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c);
  }
  to.append("\r\n");
}

std::string encode_refusal(const http_refusal& refusal) {
  const std::string body = refusal.reason.empty() ? "" : refusal.reason + "\n";
  std::string text = status_line(refusal.status);
  bool upgrade = false;
  for (const auto& [name, value] : refusal.headers) {
    append_field(text, name, value);
    upgrade = upgrade || name == "Upgrade";
  }
  append_field(text, "Content-Type", "text/plain; charset=utf-8");
  append_field(text, "Content-Length", std::to_string(body.size()));
  // RFC 9110 §7.8: who sends Upgrade names it in Connection.
  append_field(text, "Connection", upgrade ? "close, Upgrade" : "close");
  return text.append("\r\n").append(body);
}

awaitable<http_head_result> read_head(shard& on, stream& from, http_head_reader& reader,
                                      std::chrono::milliseconds timeout) {
  deadline limit{on, [&from] { from.close(); }};
  limit.arm_after(timeout);
  for (;;) {
    http_head_outcome outcome = reader.next();
    if (auto* head = std::get_if<http_request_head>(&outcome)) {
      co_return std::move(*head);
    }
    if (auto* refusal = std::get_if<http_refusal>(&outcome)) {
      co_return std::move(*refusal);
    }
    const mutable_bytes room = reader.prepare();
    const io_result r = co_await from.read(room);
    if (r.error) {
      co_return limit.expired() ? error_code{boost::asio::error::timed_out} : r.error;
    }
    reader.commit(r.octets);
  }
}

awaitable<error_code> write_head(stream& to, std::string head) {
  const std::array<bytes_view, 1> views{as_bytes(head)};
  const io_result r = co_await to.write(views);
  co_return r.error;
}

awaitable<error_code> write_refusal(stream& to, http_refusal refusal) {
  const error_code ec = co_await write_head(to, encode_refusal(refusal));
  if (!ec) {
    to.shutdown_send();
  }
  co_return ec;
}

awaitable<result<http_response_head>> exchange_heads(shard& on, stream& to, std::string request,
                                                     std::chrono::milliseconds timeout) {
  deadline limit{on, [&to] { to.close(); }};
  limit.arm_after(timeout);
  error_code ec = co_await write_head(to, std::move(request));
  std::vector<std::byte> received(reply_limit_octets);
  std::size_t filled = 0;
  while (!ec) {
    if (filled == received.size()) {
      co_return error_code{boost::asio::error::message_size};
    }
    const mutable_bytes room = mutable_bytes{received}.subspan(filled);
    const io_result r = co_await to.read(room);
    ec = r.error;
    filled += r.octets;
    auto reply = decode_response_head(bytes_view{received}.first(filled));
    if (!reply) {
      co_return reply.error();
    }
    if (auto* whole = std::get_if<http_response_head>(&*reply)) {
      co_return std::move(*whole);
    }
  }
  co_return limit.expired() ? error_code{boost::asio::error::timed_out} : ec;
}

}  // namespace diamgw::transport
