#include "client_listener.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "diamgw/transport/http.hpp"
#include "diamgw/websocket/handshake.hpp"

namespace diamgw::gateway {
namespace {

constexpr std::string_view json_protocol = "diameter.jsonrpc.v1";
constexpr std::string_view binary_protocol = "diameter.binary.v1";

struct chosen_protocol {
  client_protocol protocol = client_protocol::json;
  std::string name;  // empty: the client offered none, and gets JSON
};

/// The first that we know, in the client's order (RFC 6455 §4.2.2).
std::optional<chosen_protocol> choose(const std::vector<std::string>& offered) {
  if (offered.empty()) {
    return chosen_protocol{};
  }
  for (const std::string& name : offered) {
    if (name == json_protocol) {
      return chosen_protocol{client_protocol::json, name};
    }
    if (name == binary_protocol) {
      return chosen_protocol{client_protocol::binary, name};
    }
  }
  return std::nullopt;
}

metrics::upgrade_refusal reason_of(unsigned status) {
  switch (status) {
    case 404:
      return metrics::upgrade_refusal::not_found;
    case 405:
      return metrics::upgrade_refusal::wrong_method;
    case 426:
      return metrics::upgrade_refusal::unsupported_version;
    case 431:
      return metrics::upgrade_refusal::too_large;
    default:
      return metrics::upgrade_refusal::bad_request;
  }
}

}  // namespace

client_listener::client_listener(dispatch_context& shared, transport::shard_group& group)
    : shared_{shared}, group_{group} {}

result<void, std::string> client_listener::listen() {
  for (const config::endpoint& where : shared_.options->websocket.listen) {
    transport::listener_options o;
    o.address = where.address;
    o.port = where.port;
    // Twice the clients: those that are still in their upgrade count here, too.
    o.limit_connections = std::size_t{shared_.options->websocket.max_clients} * 2;
    auto opened = transport::listener::open(
        group_, o, [this](transport::shard& on, std::unique_ptr<transport::stream> connection) {
          transport::spawn(on, welcome(on, std::move(connection)), "serving a client");
        });
    if (!opened) {
      return "cannot listen for WebSocket clients on " + where.address + ":" +
             std::to_string(where.port) + ": " + opened.error().message();
    }
    listeners_.push_back(std::move(*opened));
  }
  return {};
}

void client_listener::stop() {
  for (auto& l : listeners_) {
    l->stop();
  }
}

std::vector<std::uint16_t> client_listener::ports() const {
  std::vector<std::uint16_t> ports;
  for (const auto& l : listeners_) {
    ports.push_back(l->port());
  }
  return ports;
}

transport::awaitable<void> client_listener::welcome(transport::shard& on,
                                                    std::unique_ptr<transport::stream> connection) {
  dispatcher& here = *shared_.shards[on.index()];
  shard_context& on_shard = here.on();
  const config::websocket_options& options = shared_.options->websocket;
  transport::upgrade_reader reader{{.paths = {options.path}}};
  transport::upgrade_result asked =
      co_await transport::read_upgrade(on, *connection, reader, options.upgrade_timeout);
  if (const auto* failed = std::get_if<error_code>(&asked)) {
    if (*failed == boost::asio::error::timed_out) {
      on_shard.recorder.upgrade_refusals.add(metrics::upgrade_refusal::timeout);
    }
    co_return;
  }
  std::optional<transport::http_refusal> refusal;
  std::optional<chosen_protocol> protocol;
  if (auto* bad = std::get_if<transport::http_refusal>(&asked)) {
    on_shard.recorder.upgrade_refusals.add(reason_of(bad->status));
    refusal = std::move(*bad);
  } else {
    const auto& request = std::get<transport::upgrade_request>(asked);
    const auto& origins = options.allowed_origins;
    protocol = choose(request.protocols);
    if (here.draining()) {
      on_shard.recorder.upgrade_refusals.add(metrics::upgrade_refusal::draining);
      refusal =
          transport::refuse_unavailable("the gateway is shutting down", std::chrono::seconds{5});
    } else if (!origins.empty() &&
               std::find(origins.begin(), origins.end(), request.origin) == origins.end()) {
      on_shard.recorder.upgrade_refusals.add(metrics::upgrade_refusal::forbidden_origin);
      refusal = transport::http_refusal{403, "this Origin is not allowed"};
    } else if (!protocol) {
      on_shard.recorder.upgrade_refusals.add(metrics::upgrade_refusal::unsupported_subprotocol);
      refusal = transport::http_refusal{
          400, "known subprotocols are diameter.jsonrpc.v1 and diameter.binary.v1"};
    } else if (shared_.clients.fetch_add(1, std::memory_order_relaxed) >= options.max_clients) {
      shared_.clients.fetch_sub(1, std::memory_order_relaxed);
      on_shard.recorder.upgrade_refusals.add(metrics::upgrade_refusal::too_many_clients);
      refusal = transport::refuse_unavailable("the gateway has all the clients it may have",
                                              std::chrono::seconds{5});
    }
  }
  if (refusal) {
    co_await transport::write_refusal(*connection, std::move(*refusal));
    co_return;
  }
  const auto& request = std::get<transport::upgrade_request>(asked);
  transport::upgrade_response response;
  response.accept = websocket::accept_key(request.key);
  response.protocol = protocol->name;
  if (co_await transport::write_upgrade(*connection, std::move(response))) {
    shared_.clients.fetch_sub(1, std::memory_order_relaxed);
    co_return;
  }
  const bytes_view leftover = reader.leftover();
  std::vector<std::byte> early{leftover.begin(), leftover.end()};
  const auto session =
      std::make_shared<client_session>(here, std::move(connection), protocol->protocol);
  on_shard.log.debug("client {}: connected", session->remote());
  co_await session->run(std::move(early));
}

}  // namespace diamgw::gateway
