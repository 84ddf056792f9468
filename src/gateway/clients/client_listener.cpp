#include "gateway/clients/client_listener.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "diamgw/gateway/from_options.hpp"
#include "diamgw/gateway/listener_watch.hpp"
#include "diamgw/gateway/web_origin.hpp"
#include "diamgw/websocket/handshake.hpp"
#include "gateway/clients/binary_conversation.hpp"
#include "gateway/clients/json_conversation.hpp"

namespace diamgw::gateway {

namespace {

using make_conversation = std::unique_ptr<conversation> (*)(conversation_context& with,
                                                            client& who);

template <class Conversation>
std::unique_ptr<conversation> begin(conversation_context& with, client& who) {
  return std::make_unique<Conversation>(with, who);
}

constexpr std::array<std::string_view, 2> subprotocols{json_conversation::name,
                                                       binary_conversation::name};
constexpr std::array<make_conversation, 2> conversations{&begin<json_conversation>,
                                                         &begin<binary_conversation>};
constexpr std::chrono::seconds retry_after{5};

metrics::upgrade_refusal reason_of(websocket::opening_fault fault) {
  using websocket::opening_fault;
  switch (fault) {
    case opening_fault::wrong_method:
      return metrics::upgrade_refusal::wrong_method;
    case opening_fault::not_an_upgrade:
      return metrics::upgrade_refusal::not_an_upgrade;
    case opening_fault::unsupported_version:
      return metrics::upgrade_refusal::unsupported_version;
    case opening_fault::bad_request:
      break;
  }
  return metrics::upgrade_refusal::bad_request;
}

websocket::endpoint::options endpoint_options(const config::websocket_options& o) {
  return {.role = websocket::role::server,
          .max_message_octets = o.max_message_octets,
          .close_timeout = o.close_timeout,
          .alive = {.ping_interval = o.ping_interval, .pong_timeout = o.pong_timeout}};
}

transport::http_refusal to_http(const websocket::opening_refusal& why) {
  transport::http_refusal answer{why.status, std::string{why.sentence}, {}};
  for (const auto& [name, value] : why.fields) {
    answer.headers.emplace_back(name, value);
  }
  return answer;
}

void refuse_upgrade(shard_context& on, const transport::stream& from, metrics::upgrade_refusal why,
                    unsigned status) {
  on.recorder.upgrade_refusals.add(why);
  const std::string client = to_string(from.remote());
  on.strangers.info(
      {{log_key::client, client}, {log_key::reason, to_string(why)}, {log_key::status, status}},
      "client {}: its upgrade is refused: {} ({})", client, to_string(why), status);
}

/// It has said too little to be answered.
void give_up_upgrade(shard_context& on, const transport::stream& from) {
  constexpr metrics::upgrade_refusal why = metrics::upgrade_refusal::timeout;
  on.recorder.upgrade_refusals.add(why);
  const std::string client = to_string(from.remote());
  on.strangers.info({{log_key::client, client}, {log_key::reason, to_string(why)}},
                    "client {}: no HTTP request came in time", client);
}

}  // namespace

/// A place among the clients that there may be, let go unless a client keeps it.
class client_listener::held_place {
 public:
  explicit held_place(std::atomic<std::uint32_t>& of) noexcept : of_{&of} {}
  held_place(held_place&& other) noexcept : of_{std::exchange(other.of_, nullptr)} {}
  held_place& operator=(held_place&&) = delete;
  ~held_place() {
    if (of_ != nullptr) {
      of_->fetch_sub(1, std::memory_order_relaxed);
    }
  }
  void keep() noexcept { of_ = nullptr; }

 private:
  std::atomic<std::uint32_t>* of_;
};

/// A request that the gateway takes, and what it is answered.
struct client_listener::acceptance {
  held_place place;
  std::string response;
  websocket::endpoint::options agreed;
  make_conversation speaks = nullptr;
};

client_listener::client_listener(const config::websocket_options& options,
                                 transport::shard_group& group, std::vector<client_shard*> shards)
    : options_{options}, group_{group}, shards_{std::move(shards)} {}

result<void, start_failure> client_listener::listen(std::size_t keep_descriptors) {
  for (const config::endpoint& configured : options_.listen) {
    const transport::address at = make_address(configured);
    const std::string where = host_and_port_of(at);
    transport::listen_options o;
    // Twice the clients: those that are still in their upgrade count here, too.
    o.limit_connections = std::size_t{options_.max_clients} * 2;
    o.keep_descriptors = keep_descriptors;
    o.on_event = watch_listener(metrics::listener_kind::websocket, where,
                                [this](const transport::shard& on) -> shard_context& {
                                  return shards_[on.index()]->with.on;
                                });
    auto opened = transport::listen(
        group_, at, o, [this](transport::shard& on, std::unique_ptr<transport::stream> connection) {
          transport::spawn(on, welcome(on, std::move(connection)), "welcoming a client");
        });
    if (!opened) {
      return cannot_listen(metrics::listener_kind::websocket, where, opened.error());
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

std::vector<transport::endpoint_address> client_listener::addresses() const {
  std::vector<transport::endpoint_address> all;
  for (const auto& l : listeners_) {
    all.insert(all.end(), l->locals().begin(), l->locals().end());
  }
  return all;
}

std::vector<std::uint16_t> client_listener::ports() const {
  std::vector<std::uint16_t> ports;
  for (const auto& l : listeners_) {
    ports.push_back(l->port());
  }
  return ports;
}

std::variant<client_listener::acceptance, client_listener::refusal> client_listener::judge(
    const conversation_context& with, const transport::http_request_head& asked) {
  using metrics::upgrade_refusal;
  if (asked.path != options_.path) {
    return refusal{upgrade_refusal::not_found,
                   {404, "There is no WebSocket service at this path.", {}}};
  }
  const auto judged = websocket::judge_opening({.method = asked.method,
                                                .http_version = asked.version,
                                                .has_body = asked.has_body,
                                                .fields = asked.fields});
  if (const auto* bad = std::get_if<websocket::opening_refusal>(&judged)) {
    return refusal{reason_of(bad->fault), to_http(*bad)};
  }
  const auto& opening = std::get<websocket::opening>(judged);
  if (auto refused = check_policy(with, asked, opening)) {
    return std::move(*refused);
  }
  // JSON where the client offers nothing.
  const bool offers = !opening.protocols.empty();
  const auto chosen = websocket::choose_subprotocol(opening.protocols, subprotocols);
  if (offers && !chosen) {
    return refusal{upgrade_refusal::unsupported_subprotocol,
                   {400, "known subprotocols are diameter.jsonrpc.v1 and diameter.binary.v1", {}}};
  }
  if (clients_.fetch_add(1, std::memory_order_relaxed) >= options_.max_clients) {
    clients_.fetch_sub(1, std::memory_order_relaxed);
    return refusal{
        upgrade_refusal::too_many_clients,
        transport::refuse_unavailable("the gateway has all the clients it may have", retry_after)};
  }
  return acceptance{
      held_place{clients_},
      websocket::encode_acceptance(opening.key, chosen ? subprotocols.at(*chosen) : ""),
      endpoint_options(options_), conversations.at(chosen.value_or(0))};
}

// What the gateway refuses although RFC 6455 would let it pass.
std::optional<client_listener::refusal> client_listener::check_policy(
    const conversation_context& with, const transport::http_request_head& asked,
    const websocket::opening& opening) const {
  if (with.requests.draining()) {
    return refusal{metrics::upgrade_refusal::draining,
                   transport::refuse_unavailable("the gateway is shutting down", retry_after)};
  }
  // judge_opening has seen that there is one.
  const auto host =
      std::ranges::find(asked.fields, "host", &transport::http_fields::value_type::first);
  if (!may_connect(opening.origin, host->second, {options_.allowed_origins, options_.hosts})) {
    return refusal{metrics::upgrade_refusal::forbidden_origin,
                   {403, "this Origin is not allowed", {}}};
  }
  return std::nullopt;
}

transport::awaitable<void> client_listener::welcome(transport::shard& on,
                                                    std::unique_ptr<transport::stream> connection) {
  client_shard& here = *shards_[on.index()];
  transport::http_head_reader reader;
  transport::http_head_result read =
      co_await transport::read_head(on, *connection, reader, options_.upgrade_timeout);
  if (const auto* failed = std::get_if<error_code>(&read)) {
    if (*failed == boost::asio::error::timed_out) {
      give_up_upgrade(here.with.on, *connection);
    }
    co_return;
  }
  if (auto* bad = std::get_if<transport::http_refusal>(&read)) {
    constexpr unsigned header_fields_too_large = 431;
    refuse_upgrade(here.with.on, *connection,
                   bad->status == header_fields_too_large ? metrics::upgrade_refusal::too_large
                                                          : metrics::upgrade_refusal::bad_request,
                   bad->status);
    co_await transport::write_refusal(*connection, std::move(*bad));
    co_return;
  }
  auto judged = judge(here.with, std::get<transport::http_request_head>(read));
  if (auto* refused = std::get_if<refusal>(&judged)) {
    refuse_upgrade(here.with.on, *connection, refused->counted_as, refused->answer.status);
    co_await transport::write_refusal(*connection, std::move(refused->answer));
    co_return;
  }
  acceptance& accepted = std::get<acceptance>(judged);
  if (co_await transport::write_head(*connection, std::move(accepted.response))) {
    co_return;
  }
  const auto joined = std::make_shared<websocket_connection>(
      here.with.on, here.with.clients, here.reads, options_, accepted.agreed, std::move(connection),
      [&here, begin = accepted.speaks](client& who) { return begin(here.with, who); });
  here.with.on.log.debug({{log_key::client, joined->remote()}}, "client {}: connected",
                         joined->remote());
  // Not from here on: nothing of the upgrade is kept for as long as the client.
  joined->start(reader.leftover(), [this] { clients_.fetch_sub(1, std::memory_order_relaxed); });
  accepted.place.keep();
}

}  // namespace diamgw::gateway
