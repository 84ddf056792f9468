// The part of http.hpp that needs no parser: what is written, and the coroutines.
#include <array>
#include <boost/asio/error.hpp>

#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/http.hpp"
#include "http_text.hpp"

namespace diamgw::transport {

namespace {

/// A reply's header above this is not one that a WebSocket server sends.
constexpr std::size_t reply_limit_octets = 16384;

awaitable<error_code> write_text(stream& to, std::string text) {
  const std::array<bytes_view, 1> views{as_bytes(text)};
  const io_result r = co_await to.write(views);
  co_return r.error;
}

std::string comma_list(const std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values) {
    list.append(list.empty() ? "" : ", ").append(value);
  }
  return list;
}

}  // namespace

void append_field(std::string& to, std::string_view name, std::string_view value) {
  to.append(name).append(": ");
  for (const char c : value) {
    to.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c);
  }
  to.append("\r\n");
}

std::string encode_upgrade_response(const upgrade_response& response) {
  std::string text = status_line(101);
  append_field(text, "Upgrade", "websocket");
  append_field(text, "Connection", "Upgrade");
  append_field(text, "Sec-WebSocket-Accept", response.accept);
  if (!response.protocol.empty()) {
    append_field(text, "Sec-WebSocket-Protocol", response.protocol);
  }
  if (!response.extensions.empty()) {
    append_field(text, "Sec-WebSocket-Extensions", response.extensions);
  }
  return text.append("\r\n");
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

std::string encode_upgrade_query(const upgrade_query& query) {
  std::string text = "GET " + query.target + " HTTP/1.1\r\n";
  append_field(text, "Host", query.host);
  append_field(text, "Upgrade", "websocket");
  append_field(text, "Connection", "Upgrade");
  append_field(text, "Sec-WebSocket-Key", query.key);
  append_field(text, "Sec-WebSocket-Version", "13");
  if (!query.protocols.empty()) {
    append_field(text, "Sec-WebSocket-Protocol", comma_list(query.protocols));
  }
  if (!query.extensions.empty()) {
    append_field(text, "Sec-WebSocket-Extensions", query.extensions);
  }
  for (const auto& [name, value] : query.headers) {
    append_field(text, name, value);
  }
  return text.append("\r\n");
}

awaitable<upgrade_result> read_upgrade(shard& on, stream& from, upgrade_reader& reader,
                                       std::chrono::milliseconds timeout) {
  deadline limit{on, [&from] { from.close(); }};
  limit.arm_after(timeout);
  for (;;) {
    upgrade_outcome outcome = reader.next();
    if (auto* request = std::get_if<upgrade_request>(&outcome)) {
      co_return std::move(*request);
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

awaitable<error_code> write_upgrade(stream& to, upgrade_response response) {
  return write_text(to, encode_upgrade_response(response));
}

awaitable<error_code> write_refusal(stream& to, http_refusal refusal) {
  const error_code ec = co_await write_text(to, encode_refusal(refusal));
  if (!ec) {
    to.shutdown_send();
  }
  co_return ec;
}

awaitable<result<upgrade_reply>> request_upgrade(shard& on, stream& to, upgrade_query query,
                                                 std::chrono::milliseconds timeout) {
  deadline limit{on, [&to] { to.close(); }};
  limit.arm_after(timeout);
  error_code ec = co_await write_text(to, encode_upgrade_query(query));
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
    auto reply = decode_upgrade_reply(bytes_view{received}.first(filled));
    if (!reply) {
      co_return reply.error();
    }
    if (auto* whole = std::get_if<upgrade_reply>(&*reply)) {
      co_return std::move(*whole);
    }
  }
  co_return limit.expired() ? error_code{boost::asio::error::timed_out} : ec;
}

}  // namespace diamgw::transport
