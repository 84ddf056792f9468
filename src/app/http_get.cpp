#include "app/http_get.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

#include "app/commands.hpp"
#include "app/lone_shard.hpp"
#include "app/read_file.hpp"
#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/http.hpp"
#include "diamgw/transport/network.hpp"

namespace diamgw::app {
namespace {

/// What a listener of ours may answer at most.
constexpr std::size_t max_body_octets = std::size_t{1} << 24U;

std::string request_of(const http_question& q) {
  std::string text = "GET " + q.target + " HTTP/1.1\r\nHost: " + q.authority +
                     "\r\nConnection: close\r\nAccept: application/json\r\n";
  if (!q.token_file.empty()) {
    auto token = read_file(q.token_file);
    if (!token) {
      throw std::runtime_error{q.token_file + ": " + token.error().message()};
    }
    token->erase(
        std::find_if(token->begin(), token->end(), [](char c) { return c == '\r' || c == '\n'; }),
        token->end());
    text += "Authorization: Bearer " + *token + "\r\n";
  }
  return text + "\r\n";
}

std::size_t length_of(const transport::http_response_head& head) {
  const auto field =
      std::ranges::find(head.fields, "content-length", &transport::http_fields::value_type::first);
  std::size_t length = 0;
  if (field != head.fields.end()) {
    std::from_chars(field->second.data(), field->second.data() + field->second.size(), length);
  }
  return std::min(length, max_body_octets);
}

transport::awaitable<void> get(transport::shard& on, const http_question& q, std::string request,
                               std::string& body) {
  const auto where = transport::decode_host_and_port(q.authority);
  transport::dial_options options;
  options.timeout = q.timeout;
  auto connected =
      co_await transport::dial(on, {.host = where->host, .port = where->port}, std::move(options));
  if (!connected) {
    throw std::runtime_error{"cannot connect to " + q.authority + ": " +
                             to_sentence(connected.error())};
  }
  transport::stream& stream = **connected;
  auto head = co_await transport::exchange_heads(on, stream, std::move(request), q.timeout);
  if (!head) {
    throw std::runtime_error{"no HTTP at " + q.authority + ": " + head.error().message()};
  }
  transport::deadline limit{on, [&stream] { stream.close(); }};
  limit.arm_after(q.timeout);
  body = as_text(head->leftover);
  const std::size_t length = length_of(*head);
  std::array<std::byte, 16384> room;  // NOLINT(*-member-init): read as far as it is written
  while (body.size() < length) {
    const transport::io_result got = co_await stream.read(room);
    if (got.error) {
      throw std::runtime_error{q.authority + ": the response broke off: " + got.error.message()};
    }
    body += as_text(bytes_view{room}.first(got.octets));
  }
  if (head->status != 200) {
    throw std::runtime_error{q.authority + " answers " + std::to_string(head->status) + ": " +
                             body.substr(0, body.find('\n'))};
  }
}

}  // namespace

std::string http_get(const http_question& q) {
  if (const auto where = transport::decode_host_and_port(q.authority); !where || where->port == 0) {
    throw usage_error{"'" + q.authority + "' is not HOST:PORT"};
  }
  std::string body;
  lone_shard alone;
  alone.run(get(alone.on(), q, request_of(q), body), "asking");
  return body;
}

}  // namespace diamgw::app
