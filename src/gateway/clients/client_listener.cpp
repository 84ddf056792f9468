#include "gateway/clients/client_listener.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <utility>

#include "diamgw/gateway/listener_watch.hpp"
#include "diamgw/websocket/handshake.hpp"
#include "gateway/clients/binary_conversation.hpp"
#include "gateway/clients/json_conversation.hpp"

namespace diamgw::gateway {

struct client_listener::subprotocol {
  std::string_view name;
  std::unique_ptr<conversation> (*begin)(conversation_context& with, client& who);
};

namespace {

template <class Conversation>
std::unique_ptr<conversation> begin(conversation_context& with, client& who) {
  return std::make_unique<Conversation>(with, who);
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

client_listener::client_listener(const config::websocket_options& options,
                                 transport::shard_group& group, std::vector<client_shard*> shards)
    : options_{options}, group_{group}, shards_{std::move(shards)} {}

result<void, std::string> client_listener::listen() {
  for (const config::endpoint& where : options_.listen) {
    transport::listen_options o;
    // Twice the clients: those that are still in their upgrade count here, too.
    o.limit_connections = std::size_t{options_.max_clients} * 2;
    o.on_event = watch_listener(metrics::listener_kind::websocket,
                                where.address + ":" + std::to_string(where.port),
                                [this](const transport::shard& on) -> shard_context& {
                                  return shards_[on.index()]->with.on;
                                });
    auto opened = transport::listen(
        group_, {.host = where.address, .port = where.port}, o,
        [this](transport::shard& on, std::unique_ptr<transport::stream> connection) {
          transport::spawn(on, welcome(on, std::move(connection)), "welcoming a client");
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

// RFC 6455 §4.2.2: the first that we know, in the client's order; JSON where it offers none.
const client_listener::subprotocol* client_listener::choose(
    const std::vector<std::string>& offered) {
  static constexpr std::array<subprotocol, 2> known{{
      {"diameter.jsonrpc.v1", &begin<json_conversation>},
      {"diameter.binary.v1", &begin<binary_conversation>},
  }};
  if (offered.empty()) {
    static constexpr subprotocol unnamed{"", &begin<json_conversation>};
    return &unnamed;
  }
  for (const std::string& name : offered) {
    const auto found = std::ranges::find(known, name, &subprotocol::name);
    if (found != known.end()) {
      return &*found;
    }
  }
  return nullptr;
}

// What the gateway refuses although RFC 6455 would let it pass; the first rule that is broken. A
// client that passes is counted in `clients_`.
std::optional<client_listener::refusal> client_listener::check(
    const conversation_context& with, const transport::upgrade_request& asked,
    const subprotocol* chosen) {
  constexpr std::chrono::seconds retry_after{5};
  const auto& origins = options_.allowed_origins;
  if (with.requests.draining()) {
    return refusal{metrics::upgrade_refusal::draining,
                   transport::refuse_unavailable("the gateway is shutting down", retry_after)};
  }
  if (!origins.empty() && std::ranges::find(origins, asked.origin) == origins.end()) {
    return refusal{metrics::upgrade_refusal::forbidden_origin, {403, "this Origin is not allowed"}};
  }
  if (chosen == nullptr) {
    return refusal{metrics::upgrade_refusal::unsupported_subprotocol,
                   {400, "known subprotocols are diameter.jsonrpc.v1 and diameter.binary.v1"}};
  }
  if (clients_.fetch_add(1, std::memory_order_relaxed) >= options_.max_clients) {
    clients_.fetch_sub(1, std::memory_order_relaxed);
    return refusal{
        metrics::upgrade_refusal::too_many_clients,
        transport::refuse_unavailable("the gateway has all the clients it may have", retry_after)};
  }
  return std::nullopt;
}

transport::awaitable<void> client_listener::welcome(transport::shard& on,
                                                    std::unique_ptr<transport::stream> connection) {
  client_shard& here = *shards_[on.index()];
  metrics::recorder& recorder = here.with.on.recorder;
  transport::upgrade_reader reader{{.paths = {options_.path}}};
  transport::upgrade_result asked =
      co_await transport::read_upgrade(on, *connection, reader, options_.upgrade_timeout);
  if (const auto* failed = std::get_if<error_code>(&asked)) {
    if (*failed == boost::asio::error::timed_out) {
      recorder.upgrade_refusals.add(metrics::upgrade_refusal::timeout);
    }
    co_return;
  }
  if (auto* bad = std::get_if<transport::http_refusal>(&asked)) {
    recorder.upgrade_refusals.add(reason_of(bad->status));
    co_await transport::write_refusal(*connection, std::move(*bad));
    co_return;
  }
  const auto& request = std::get<transport::upgrade_request>(asked);
  const subprotocol* const chosen = choose(request.protocols);
  if (auto refused = check(here.with, request, chosen)) {
    recorder.upgrade_refusals.add(refused->counted_as);
    co_await transport::write_refusal(*connection, std::move(refused->answer));
    co_return;
  }
  transport::upgrade_response response;
  response.accept = websocket::accept_key(request.key);
  response.protocol = chosen->name;
  if (co_await transport::write_upgrade(*connection, std::move(response))) {
    clients_.fetch_sub(1, std::memory_order_relaxed);
    co_return;
  }
  const bytes_view leftover = reader.leftover();
  const auto joined = std::make_shared<websocket_connection>(
      here.with.on, here.with.clients, here.reads, options_, std::move(connection),
      [&here, chosen](client& who) { return chosen->begin(here.with, who); });
  here.with.on.log.debug("client {}: connected", joined->remote());
  // By a coroutine of its own, so that nothing of the upgrade is kept for as long as the client.
  transport::spawn(on, joined->run({leftover.begin(), leftover.end()}), "serving a client",
                   [this] { clients_.fetch_sub(1, std::memory_order_relaxed); });
}

}  // namespace diamgw::gateway
