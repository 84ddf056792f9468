#include "diamgw/gateway/service.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>
#include <utility>

#include "client_listener.hpp"
#include "diamgw/base/random_seed.hpp"
#include "diamgw/base/sleep.hpp"
#include "diamgw/base/wall_clock.hpp"
#include "diamgw/gateway/peers/peer_listener.hpp"
#include "diamgw/gateway/peers/peer_table.hpp"
#include "diamgw/gateway/setup.hpp"
#include "diamgw/jsonrpc/openrpc.hpp"
#include "diamgw/metrics/registry.hpp"
#include "diamgw/transport/http_server.hpp"
#include "dispatcher.hpp"

namespace diamgw::gateway {
namespace {

std::size_t shard_count(const config::options& o) {
  return o.shards != 0 ? o.shards : std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

vocabulary make_vocabulary(std::shared_ptr<const dictionary::dictionary> names) {
  auto open_rpc = std::make_shared<const std::string>(jsonrpc::make_openrpc(*names, version()));
  return {std::move(names), std::move(open_rpc)};
}

/// A shard that does not come to it for so long has hung.
constexpr std::chrono::seconds reload_patience{10};

}  // namespace

/// Destroyed from the bottom up: the shards (and with them suspended coroutines) last.
struct service::parts final : request_sink {
  parts(config::options o, std::shared_ptr<const dictionary::dictionary> names,
        spdlog::logger& logger);

  void on_request(shard_context& on, peer_request asked) override;
  transport::http_response admin(const transport::http_request& request);
  void refresh_routes();
  [[nodiscard]] bool ready() const;
  template <class Task>
  void on_each_shard(Task task);
  bool wait_until(time_point limit, const std::function<bool()>& done);
  void close_clients(time_point limit);
  [[nodiscard]] std::uint32_t waiting() const;
  [[nodiscard]] result<void, std::string> use_names(
      std::shared_ptr<const dictionary::dictionary> names);

  config::options options;
  spdlog::logger& log;
  std::uint32_t started_seconds;
  transport::shard_group group;
  metrics::registry metrics;
  std::vector<std::unique_ptr<shard_context>> contexts;
  /// The dictionary in use is the last; those before it may have requests in flight still.
  std::vector<std::shared_ptr<const dictionary::dictionary>> dictionaries;
  dispatch_context shared;
  std::unique_ptr<peer_table> peers;
  std::unique_ptr<peer_listener> peers_listening;
  std::vector<std::unique_ptr<dispatcher>> dispatchers;
  std::unique_ptr<client_listener> clients;
  std::unique_ptr<transport::http_server> admin_server;
  std::atomic<bool> draining{false};
  bool started = false;
  bool ended = false;
};

service::parts::parts(config::options o, std::shared_ptr<const dictionary::dictionary> names,
                      spdlog::logger& logger)
    : options{std::move(o)},
      log{logger},
      started_seconds{unix_seconds()},
      group{{.shards = shard_count(options),
             .queue_items = 8192,
             .on_failure =
                 [&logger](std::string_view where, std::exception_ptr failure) {
                   try {
                     std::rethrow_exception(failure);
                   } catch (const std::exception& e) {
                     logger.error("{}: {}", where, e.what());
                   } catch (...) {
                     logger.error("{}: an exception of no known type", where);
                   }
                 }}},
      metrics{{.shards = group.size(),
               .max_peers = options.metrics.max_peers,
               .max_commands = options.metrics.max_commands,
               .commands = make_command_labels(*names),
               .build = build_information(),
               .started = clock::now()}} {
  const std::uint64_t seed = random_seed();
  std::vector<shard_context*> shards;
  for (std::size_t i = 0; i < group.size(); ++i) {
    contexts.push_back(std::make_unique<shard_context>(group.at(i), metrics.shard(i), log, seed,
                                                       started_seconds, 1U << 19U));
    shards.push_back(contexts.back().get());
    metrics.add_pool(group.at(i).pool());
  }
  peers = std::make_unique<peer_table>(
      peer_table::options{.identity = make_identity(options.node, started_seconds),
                          .diameter = options.diameter,
                          .seed = seed ^ 0x5851f42d4c957f2dU,
                          .unix_seconds = started_seconds},
      shards, metrics, names, *this);
  peers_listening = std::make_unique<peer_listener>(*peers, shards);
  peers->on_new_peer = [this](routing::peer_index) { refresh_routes(); };
  shared.options = &options;
  shared.node = peers.get();
  shared.metrics = &metrics;
  shared.session_id_prefix = options.node.origin_host + ";" + std::to_string(started_seconds) + ";";
  shared.shard_count = group.size();
  const auto routes = make_routes(options.routing, *peers);
  const vocabulary words = make_vocabulary(std::move(names));
  dictionaries.push_back(words.names);
  for (shard_context* on : shards) {
    dispatchers.push_back(std::make_unique<dispatcher>(shared, *on, words));
    dispatchers.back()->set_routes(routes);
    shared.shards.push_back(dispatchers.back().get());
  }
  clients = std::make_unique<client_listener>(shared, group);
}

void service::parts::on_request(shard_context& on, peer_request asked) {
  dispatcher& here = *dispatchers[on.shard.index()];
  const request_origin from = asked.from;
  const diameter::message_view& view = asked.message.view;
  // Relaying to other hosts and realms: this node serves its own clients only (RFC 6733 §6.1.4).
  const auto host = view.find(diameter::avps::destination_host);
  if (host && !diameter::same_identity(as_text(host->data), options.node.origin_host)) {
    on.recorder.refused_requests.add(metrics::refused_reason::unable_to_deliver);
    peers->send_error(on, from, view, diameter::result_code::unable_to_deliver,
                      "Destination-Host is not this node, which does not relay");
    return;
  }
  const auto realm = view.find(diameter::avps::destination_realm);
  if (!host && realm && !diameter::same_identity(as_text(realm->data), options.node.origin_realm)) {
    on.recorder.refused_requests.add(metrics::refused_reason::realm_not_served);
    peers->send_error(on, from, view, diameter::result_code::realm_not_served,
                      "Destination-Realm is not this node's, which does not relay");
    return;
  }
  if (!view.find(diameter::avps::session_id)) {
    on.recorder.refused_requests.add(metrics::refused_reason::unable_to_deliver);
    peers->send_error(on, from, view, diameter::result_code::unable_to_deliver,
                      "no client serves the request");
    return;
  }
  here.find_client(from, std::move(asked.message), group.size() - 1);
}

// Any shard: a peer that was not configured has come.
void service::parts::refresh_routes() {
  const auto routes = make_routes(options.routing, *peers);
  group.tell_all(
      [this, routes](transport::shard& on) { dispatchers[on.index()]->set_routes(routes); });
}

bool service::parts::ready() const {
  return !draining && (peers->size() == 0 || metrics.read_totals().peers_open > 0);
}

transport::http_response service::parts::admin(const transport::http_request& request) {
  if (request.path == "/metrics") {
    return {.content_type = std::string{metrics::scrape_content_type},
            .body = metrics.scrape(clock::now())};
  }
  if (request.path == "/healthz") {
    return {.body = "ok\n"};
  }
  if (request.path == "/readyz") {
    if (ready()) {
      return {.body = "ok\n"};
    }
    return {.status = 503, .body = draining ? "draining\n" : "no peer is open\n"};
  }
  return {.status = 404, .body = "known are /metrics, /healthz and /readyz\n"};
}

template <class Task>
void service::parts::on_each_shard(Task task) {
  for (auto& d : dispatchers) {
    dispatcher& one = *d;
    one.on().shard.tell([&one, task] { task(one); });
  }
}

result<void, std::string> service::parts::use_names(
    std::shared_ptr<const dictionary::dictionary> names) {
  metrics.add_commands(make_command_labels(*names));
  const auto words = std::make_shared<const vocabulary>(make_vocabulary(std::move(names)));
  dictionaries.push_back(words->names);
  const time_point limit = clock::now() + reload_patience;
  const auto reached = std::make_shared<std::atomic<std::size_t>>(0);
  for (auto& d : dispatchers) {
    d->on().shard.tell([this, &on = *d, words, reached] {
      peers->use_names(on.on(), words->names);
      on.use_words(*words);
      reached->fetch_add(1, std::memory_order_release);
    });
  }
  const auto all = [&] { return reached->load(std::memory_order_acquire) == dispatchers.size(); };
  if (!wait_until(limit, all)) {
    return std::string{"not every shard has taken the new dictionary yet"};
  }
  // Nobody else lets go of a dictionary last, and nobody can take up one that only this list has.
  std::erase_if(dictionaries, [](const auto& d) { return d.use_count() <= 1; });
  return {};
}

bool service::parts::wait_until(time_point limit, const std::function<bool()>& done) {
  while (!done()) {
    if (clock::now() >= limit) {
      return false;
    }
    sleep_until(clock::now() + std::chrono::milliseconds{5});
  }
  return true;
}

std::uint32_t service::parts::waiting() const {
  std::uint32_t all = 0;
  for (const auto& d : dispatchers) {
    all += d->waiting();
  }
  return all;
}

// One after the other over `client_spread`, so that they do not come back all at once elsewhere.
void service::parts::close_clients(time_point limit) {
  // A shard may come to it after we have stopped waiting. And a client is its shard's alone: here
  // nobody may hold the last reference to it.
  struct census {
    std::mutex guard;
    std::vector<std::pair<dispatcher*, std::weak_ptr<client_session>>> all;
    std::size_t asked = 0;
  };
  const auto count = std::make_shared<census>();
  on_each_shard([count](dispatcher& d) {
    const std::lock_guard lock{count->guard};
    for (const auto& c : d.clients()) {
      count->all.emplace_back(&d, c);
    }
    ++count->asked;
  });
  static_cast<void>(wait_until(limit, [&] {
    const std::lock_guard lock{count->guard};
    return count->asked == dispatchers.size();
  }));
  decltype(census::all) all;
  {
    const std::lock_guard lock{count->guard};
    all.swap(count->all);
  }
  const time_point begin = clock::now();
  const duration spread = std::min<duration>(options.drain.client_spread, limit - begin);
  for (std::size_t i = 0; i < all.size(); ++i) {
    sleep_until(begin +
                spread * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(all.size()));
    auto& [d, client] = all[i];
    d->on().shard.tell([w = std::move(client)] {
      if (const auto c = w.lock()) {
        c->close(websocket::close_code::going_away, "the gateway is shutting down");
      }
    });
  }
}

// ----

service::service(config::options o, std::shared_ptr<const dictionary::dictionary> names,
                 spdlog::logger& log)
    : parts_{std::make_unique<parts>(std::move(o), std::move(names), log)} {}

service::~service() {
  if (parts_->started) {
    parts_->group.stop();
    parts_->group.join();
  }
  // Handlers that still wait end here: nothing will resume them any more.
  for (auto& r : parts_->contexts) {
    r->exchanges.drain(
        [](hop_by_hop_id, exchange* e) { e->finish({.outcome = exchange_outcome::asker_left}); });
  }
  for (std::size_t i = 0; i < parts_->group.size(); ++i) {
    parts_->metrics.remove_pool(parts_->group.at(i).pool());
  }
}

result<void, std::string> service::start() {
  parts& p = *parts_;
  if (auto listening = p.peers_listening->listen(); !listening) {
    return listening.error();
  }
  if (auto listening = p.clients->listen(); !listening) {
    return listening.error();
  }
  if (const auto& where = p.options.admin.listen) {
    transport::http_server::options o;
    o.listen.address = where->address;
    o.listen.port = where->port;
    auto server = transport::http_server::open(
        p.group.at(0), o,
        transport::make_http_handler([&p](const auto& request) { return p.admin(request); }));
    if (!server) {
      return "cannot listen for administration on " + where->address + ":" +
             std::to_string(where->port) + ": " + server.error().message();
    }
    p.admin_server = std::move(*server);
  }
  p.started = true;
  p.group.start();
  p.peers->start();
  return {};
}

bool service::drain() {
  parts& p = *parts_;
  const time_point limit = clock::now() + p.options.drain.timeout;
  p.draining = true;
  p.clients->stop();
  p.on_each_shard([](dispatcher& d) { d.set_draining(); });
  p.log.info("draining: {} requests in flight, {} clients", p.waiting(),
             p.metrics.read_totals().clients_connected);
  // Requests may not use up the time in which clients are told and leave.
  const duration leaving =
      std::min<duration>(p.options.drain.client_spread + p.options.websocket.close_timeout,
                         p.options.drain.timeout / 2);
  bool whole = p.wait_until(limit - leaving, [&] { return p.waiting() == 0; });
  if (!whole) {
    p.log.warn("draining: {} requests were not answered in time, and are given up", p.waiting());
    p.on_each_shard([](dispatcher& d) { d.end_requests(); });
  }
  p.close_clients(limit);
  whole &= p.wait_until(limit, [&] { return p.metrics.read_totals().clients_connected == 0; });
  auto left = std::make_shared<std::atomic<bool>>(false);
  p.peers_listening->stop();
  p.peers->stop(diameter::disconnect_cause::rebooting, [left] { *left = true; });
  whole &= p.wait_until(std::max(limit, clock::now() + p.options.diameter.disconnect_timeout),
                        [&] { return left->load(); });
  if (p.admin_server) {
    p.admin_server->stop();
  }
  p.log.info("drained{}", whole ? "" : ", but not all in time");
  return whole;
}

result<void, std::string> service::use_names(std::shared_ptr<const dictionary::dictionary> names) {
  return parts_->use_names(std::move(names));
}

void service::count_reload(metrics::reload_result result) noexcept {
  parts_->metrics.count_reload(result);
}

service::endpoints service::ports() const {
  const parts& p = *parts_;
  return {.diameter = p.peers_listening->ports(),
          .websocket = p.clients->ports(),
          .admin = p.admin_server ? p.admin_server->port() : std::uint16_t{0}};
}

}  // namespace diamgw::gateway
