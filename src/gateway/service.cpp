#include "diamgw/gateway/service.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "diamgw/base/random_seed.hpp"
#include "diamgw/base/sleep.hpp"
#include "diamgw/base/wall_clock.hpp"
#include "diamgw/gateway/listener_watch.hpp"
#include "diamgw/gateway/peers/peer_listener.hpp"
#include "diamgw/gateway/peers/peer_table.hpp"
#include "diamgw/gateway/setup.hpp"
#include "diamgw/jsonrpc/openrpc.hpp"
#include "diamgw/metrics/registry.hpp"
#include "diamgw/transport/http_server.hpp"
#include "gateway/clients/bound_clients.hpp"
#include "gateway/clients/client_listener.hpp"
#include "gateway/clients/client_registry.hpp"
#include "gateway/clients/conversation_context.hpp"
#include "gateway/clients/gateway_methods.hpp"
#include "gateway/peers/peer_asker.hpp"

namespace diamgw::gateway {
namespace {

std::size_t shard_count(const config::options& o) {
  return o.shards != 0 ? o.shards : std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

dictionary_edition make_edition(std::shared_ptr<const dictionary::dictionary> names) {
  auto open_rpc = std::make_shared<const std::string>(jsonrpc::make_openrpc(*names, version()));
  return {std::move(names), std::move(open_rpc)};
}

client_registry::options registry_options(const config::options& o, std::size_t shards) {
  return {.max_bindings = std::max<std::size_t>(o.requests.max_bindings / shards, 1),
          .max_bindings_per_client = o.websocket.max_bindings_per_client};
}

/// What one shard has of the gateway.
struct gateway_shard {
  gateway_shard(shard_context& context, peer_table& peers, bound_clients& bound,
                const conversation_context::shared& all, const dictionary_edition& edition,
                const std::shared_ptr<const routing::table>& routes)
      : on{context},
        // The table of peers has held their requests against the grammar.
        path{
            on,
            {.identity = &all.identity, .check_grammar = false, .peers = &peers, .clients = &bound},
            edition.dictionary,
            routes},
        registry{on, registry_options(all.options, on.shard.group().size())},
        with{all, on, path, registry, edition},
        clients{with, {on.pool(), read_octets}},
        from_peers{on, peers, path, all.options.requests.client_answer_timeout} {}

  static constexpr std::size_t read_octets = 16384;

  shard_context& on;
  request_path path;
  client_registry registry;
  conversation_context with;
  client_shard clients;
  peer_requests from_peers;
};

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
  std::unique_ptr<peer_table> peers;
  std::unique_ptr<peer_listener> peers_listening;
  std::unique_ptr<diameter::session_id_source> session_ids;
  std::unique_ptr<gateway_methods> methods;
  std::unique_ptr<conversation_context::shared> shared;
  bound_clients bound;
  std::vector<std::unique_ptr<gateway_shard>> shards;
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
  std::vector<shard_context*> contexts_of_shards;
  for (std::size_t i = 0; i < group.size(); ++i) {
    contexts.push_back(std::make_unique<shard_context>(group.at(i), metrics.shard(i), log, seed,
                                                       started_seconds, 1U << 19U));
    contexts_of_shards.push_back(contexts.back().get());
    metrics.add_pool(group.at(i).pool());
  }
  peers = std::make_unique<peer_table>(
      peer_table::options{.identity = make_identity(options.node, started_seconds),
                          .diameter = options.diameter,
                          .seed = seed ^ 0x5851f42d4c957f2dU,
                          .unix_seconds = started_seconds},
      contexts_of_shards, metrics, names, *this);
  peers_listening = std::make_unique<peer_listener>(*peers, contexts_of_shards);
  peers->on_new_peer = [this](routing::peer_index) { refresh_routes(); };
  session_ids =
      std::make_unique<diameter::session_id_source>(options.node.origin_host, started_seconds);
  methods = std::make_unique<gateway_methods>(
      std::string{version()}, [this](const shard_context& on, const auto& tell) {
        for (std::size_t i = 0; i < peers->size(); ++i) {
          const auto index = static_cast<routing::peer_index>(i);
          tell({peers->host(index), peers->status(on, index)});
        }
      });
  shared = std::make_unique<conversation_context::shared>(conversation_context::shared{
      options, peers->identity(), peers->origin_avps(), metrics, *session_ids, *methods});
  const auto routes = make_routes(options.routing, *peers);
  const dictionary_edition edition = make_edition(std::move(names));
  dictionaries.push_back(edition.dictionary);
  std::vector<client_shard*> client_shards;
  for (shard_context* on : contexts_of_shards) {
    shards.push_back(std::make_unique<gateway_shard>(*on, *peers, bound, *shared, edition, routes));
    bound.shards.push_back(&shards.back()->registry);
    client_shards.push_back(&shards.back()->clients);
  }
  clients = std::make_unique<client_listener>(options.websocket, group, std::move(client_shards));
}

void service::parts::on_request(shard_context& on, peer_request asked) {
  shards[on.shard.index()]->from_peers.ask(std::move(asked));
}

// Any shard: a peer that was not configured has come.
void service::parts::refresh_routes() {
  const auto routes = make_routes(options.routing, *peers);
  group.tell_all(
      [this, routes](transport::shard& on) { shards[on.index()]->path.set_routes(routes); });
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
  for (auto& s : shards) {
    gateway_shard& one = *s;
    one.on.shard.tell([&one, task] { task(one); });
  }
}

result<void, std::string> service::parts::use_names(
    std::shared_ptr<const dictionary::dictionary> names) {
  metrics.add_commands(make_command_labels(*names));
  const auto edition = std::make_shared<const dictionary_edition>(make_edition(std::move(names)));
  dictionaries.push_back(edition->dictionary);
  const time_point limit = clock::now() + reload_patience;
  const auto reached = std::make_shared<std::atomic<std::size_t>>(0);
  on_each_shard([this, edition, reached](gateway_shard& s) {
    peers->use_names(s.on, edition->dictionary);
    s.path.use_dictionary(edition->dictionary);
    s.with.use(*edition);
    reached->fetch_add(1, std::memory_order_release);
  });
  const auto all = [&] { return reached->load(std::memory_order_acquire) == shards.size(); };
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
  for (const auto& s : shards) {
    all += s->path.waiting();
  }
  return all;
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
    o.at = {.host = where->address, .port = where->port};
    o.listen.on_event = watch_listener(
        metrics::listener_kind::admin, where->address + ":" + std::to_string(where->port),
        [&p](const transport::shard& on) -> shard_context& { return *p.contexts[on.index()]; });
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
  p.on_each_shard([](gateway_shard& s) { s.path.set_draining(); });
  p.log.info("draining: {} requests in flight, {} clients", p.waiting(),
             p.metrics.read_totals().clients_connected);
  // Requests may not use up the time in which clients are told and leave.
  const duration leaving =
      std::min<duration>(p.options.drain.client_spread + p.options.websocket.close_timeout,
                         p.options.drain.timeout / 2);
  bool whole = p.wait_until(limit - leaving, [&] { return p.waiting() == 0; });
  if (!whole) {
    p.log.warn("draining: {} requests were not answered in time, and are given up", p.waiting());
    p.on_each_shard([](gateway_shard& s) { s.registry.end_requests(); });
  }
  const duration spread = std::min<duration>(p.options.drain.client_spread, limit - clock::now());
  p.on_each_shard([spread](gateway_shard& s) { s.registry.close_all(spread); });
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
