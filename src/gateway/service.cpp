#include "diamgw/gateway/service.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>
#include <utility>

#include "diamgw/base/random_seed.hpp"
#include "diamgw/base/wall_clock.hpp"
#include "diamgw/gateway/build_information.hpp"
#include "diamgw/gateway/command_labels.hpp"
#include "diamgw/gateway/descriptor_plan.hpp"
#include "diamgw/gateway/from_options.hpp"
#include "diamgw/gateway/listener_watch.hpp"
#include "diamgw/gateway/peers/peer_listener.hpp"
#include "diamgw/gateway/peers/peer_table.hpp"
#include "diamgw/jsonrpc/openrpc.hpp"
#include "diamgw/metrics/registry.hpp"
#include "diamgw/transport/descriptors.hpp"
#include "diamgw/transport/http_server.hpp"
#include "gateway/clients/gateway_methods.hpp"
#include "gateway/gateway_shard.hpp"
#include "gateway/operation/admin_api.hpp"
#include "gateway/operation/api_entries.hpp"
#include "gateway/operation/dictionary_reload.hpp"
#include "gateway/operation/drain.hpp"
#include "gateway/operation/health_entries.hpp"

namespace diamgw::gateway {
namespace {

std::size_t shard_count(const config::options& o) {
  return o.shards != 0 ? o.shards : std::max<std::size_t>(1, std::thread::hardware_concurrency());
}

dictionary_edition make_edition(std::shared_ptr<const dictionary::dictionary> names) {
  auto open_rpc = std::make_shared<const std::string>(jsonrpc::make_openrpc(*names, version()));
  return {std::move(names), std::move(open_rpc)};
}

/// Tasks in one ring between two shards.
constexpr std::size_t ring_items = 8192;
/// Exchanges that wait on one shard.
constexpr std::size_t max_exchanges = std::size_t{1} << 19U;

transport::shard_group::options shard_options(const config::options& o, event_log& log) {
  transport::shard_group::options g;
  g.shards = shard_count(o);
  g.queue_items = ring_items;
  g.on_failure = [&log](std::string_view where, std::exception_ptr failure) {
    try {
      std::rethrow_exception(std::move(failure));
    } catch (const std::exception& e) {
      log.error({{log_key::error, e.what()}}, "{}: {}", where, e.what());
    } catch (...) {
      log.error("{}: an exception of no known type", where);
    }
  };
  return g;
}

drain_machine::options drain_options(const config::options& o) {
  return {.timeout = o.drain.timeout,
          .client_spread = o.drain.client_spread,
          .close_timeout = o.websocket.close_timeout,
          .disconnect_timeout = o.diameter.disconnect_timeout};
}

}  // namespace

/// Builds and joins; the work is done elsewhere. Destroyed from the bottom up: the shards (and with
/// them suspended coroutines) last.
struct service::composition final : request_sink, drain_duties {
  composition(config::options o, std::shared_ptr<const dictionary::dictionary> names,
              event_log& logger, std::unique_ptr<transport::shard_group> made);

  // request_sink
  void on_request(shard_context& on, peer_request asked) override {
    shards[on.shard.index()]->from_peers.ask(std::move(asked));
  }

  // drain_duties
  void refuse_requests() override;
  void give_up_requests() override;
  void close_clients(duration spread) override;
  void disconnect_peers() override;
  [[nodiscard]] drain_progress left() const override;

  [[nodiscard]] std::vector<admin_api::entry> admin_entries();
  void use_token(std::string token);
  [[nodiscard]] result<void, start_failure> listen_for_admin();
  void refresh_routes();
  template <class Task>
  void on_each_shard(Task task) {
    group.tell_all([this, task](transport::shard& on) { task(*shards[on.index()]); });
  }

  config::options options;
  event_log& log;
  std::uint32_t started_seconds;
  std::unique_ptr<transport::shard_group> all_shards;
  transport::shard_group& group;
  metrics::registry metrics;
  std::vector<std::unique_ptr<shard_context>> contexts;
  dictionary_reload dictionaries;
  std::unique_ptr<peer_table> peers;
  std::unique_ptr<peer_listener> peers_listening;
  std::unique_ptr<diameter::session_id_source> session_ids;
  std::unique_ptr<gateway_methods> methods;
  std::unique_ptr<conversation_context::shared> shared;
  bound_clients bound;
  std::vector<std::unique_ptr<gateway_shard>> shards;
  std::unique_ptr<client_listener> clients;
  std::unique_ptr<api_context> api;  // of shard 0, as the next
  std::unique_ptr<const admin_api> admin;
  std::unique_ptr<transport::http_server> admin_server;
  gateway::drain leaving;  // on shard 0
  std::atomic<bool> draining{false};
  std::atomic<std::size_t> shards_refusing{0};  // of the drain: how many have come to it
  std::atomic<bool> peers_connected{true};      // until the drain has left them
};

service::composition::composition(config::options o,
                                  std::shared_ptr<const dictionary::dictionary> names,
                                  event_log& logger, std::unique_ptr<transport::shard_group> made)
    : options{std::move(o)},
      log{logger},
      started_seconds{unix_seconds()},
      all_shards{std::move(made)},
      group{*all_shards},
      metrics{{.shards = group.size(),
               .max_peers = options.metrics.max_peers,
               .max_commands = options.metrics.max_commands,
               .commands = make_command_labels(*names),
               .build = build_information(),
               .log_lines_dropped = [&logger] { return logger.dropped(); }}},
      dictionaries{group, names},
      leaving{group.at(0), drain_options(options), *this, logger} {
  const std::uint64_t seed = random_seed();
  std::vector<shard_context*> contexts_of_shards;
  for (std::size_t i = 0; i < group.size(); ++i) {
    contexts.push_back(std::make_unique<shard_context>(group.at(i), metrics.shard(i), log, seed,
                                                       started_seconds, max_exchanges));
    contexts_of_shards.push_back(contexts.back().get());
    metrics.add_pool(group.at(i).pool());
  }
  peers = std::make_unique<peer_table>(
      peer_table::options{.identity = make_identity(options.node, started_seconds),
                          .diameter = options.diameter,
                          .routed = make_routed_applications(options.routing),
                          .seed = seed ^ 0x5851f42d4c957f2dU,
                          .unix_seconds = started_seconds},
      contexts_of_shards, metrics, names, *this);
  peers_listening = std::make_unique<peer_listener>(*peers, contexts_of_shards);
  peers->on_change = [this](routing::peer_index) { refresh_routes(); };
  session_ids =
      std::make_unique<diameter::session_id_source>(options.node.origin_host, started_seconds);
  methods = std::make_unique<gateway_methods>(
      std::string{version()}, [this](const shard_context& on, const auto& tell) {
        for (std::size_t i = 0; i < peers->size(); ++i) {
          const auto index = static_cast<routing::peer_index>(i);
          if (const auto report = peers->report(on, index)) {
            tell({*report, peers->waiting(index)});
          }
        }
      });
  shared = std::make_unique<conversation_context::shared>(conversation_context::shared{
      options, peers->identity(), peers->origin_avps(), metrics, *session_ids, *methods, bound});
  const auto routes = make_routes(options.routing, *peers);
  const dictionary_edition edition = make_edition(std::move(names));
  std::vector<client_shard*> client_shards;
  for (shard_context* on : contexts_of_shards) {
    shards.push_back(std::make_unique<gateway_shard>(*on, *peers, bound, *shared, edition, routes));
    bound.shards.push_back(&shards.back()->registry);
    client_shards.push_back(&shards.back()->clients);
  }
  clients = std::make_unique<client_listener>(options.websocket, group, std::move(client_shards));
  api = std::make_unique<api_context>(
      api_context{*peers, shards, {.token = {}, .hosts = options.websocket.hosts}});
  admin = std::make_unique<const admin_api>(admin_entries());
}

void service::composition::refuse_requests() {
  draining = true;
  clients->stop();
  on_each_shard([this](gateway_shard& s) {
    s.set_draining();
    shards_refusing.fetch_add(1, std::memory_order_release);
  });
}

void service::composition::give_up_requests() {
  on_each_shard([](gateway_shard& s) { s.registry.end_requests(); });
}

void service::composition::close_clients(duration spread) {
  on_each_shard([spread](gateway_shard& s) { s.registry.close_all(spread); });
}

void service::composition::disconnect_peers() {
  peers_listening->stop();
  peers->stop(diameter::disconnect_cause::rebooting, [this] { peers_connected = false; });
}

drain_progress service::composition::left() const {
  drain_progress p;
  p.refusing = shards_refusing.load(std::memory_order_acquire) == shards.size();
  for (const auto& s : shards) {
    p.requests += s->path.waiting();
  }
  p.clients = static_cast<std::uint64_t>(metrics.clients_connected());
  p.peers_connected = peers_connected;
  return p;
}

// Any shard: a peer that was not configured has come, or is forgotten. Shard 0 makes the routes, so
// that of two changes at once the routes that have both are told last.
void service::composition::refresh_routes() {
  group.at(0).tell([this] {
    const auto routes = make_routes(options.routing, *peers);
    on_each_shard([routes](gateway_shard& s) { s.path.set_routes(routes); });
  });
}

std::vector<admin_api::entry> service::composition::admin_entries() {
  std::vector<admin_api::entry> all =
      make_health_entries({metrics, *peers, *contexts[0], draining, started_seconds});
  for (auto& some : {make_peer_entries(*api), make_client_entries(*api)}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

// Shard 0 is told, or does not run yet.
void service::composition::use_token(std::string token) {
  group.at(0).tell([this, t = std::move(token)]() mutable { api->access.token = std::move(t); });
}

result<void, start_failure> service::composition::listen_for_admin() {
  if (!options.admin.listen) {
    return {};
  }
  transport::http_server::options o;
  o.at = make_address(*options.admin.listen);
  const std::string where = host_and_port_of(o.at);
  o.listen.on_event = watch_listener(
      metrics::listener_kind::admin, where,
      [this](const transport::shard& on) -> shard_context& { return *contexts[on.index()]; });
  auto server = transport::http_server::open(
      group.at(0), o,
      [this](const transport::http_request& request)
          -> transport::awaitable<transport::http_response> {
        auto found = admin->find(request);
        if (auto* refused = std::get_if<transport::http_response>(&found)) {
          co_return std::move(*refused);
        }
        auto& by = std::get<admin_api::found>(found);
        const admin_api::call call{request, std::move(by.names)};
        co_return co_await by.by->answer(call);
      });
  if (!server) {
    return cannot_listen(metrics::listener_kind::admin, where, server.error());
  }
  admin_server = std::move(*server);
  return {};
}

// ----

service::service(config::options o, std::shared_ptr<const dictionary::dictionary> names,
                 event_log& log)
    : runs_shards_{true} {
  auto shards = std::make_unique<transport::shard_group>(shard_options(o, log));
  all_ = std::make_unique<composition>(std::move(o), std::move(names), log, std::move(shards));
}

service::service(config::options o, std::shared_ptr<const dictionary::dictionary> names,
                 event_log& log, std::unique_ptr<transport::shard_group> shards)
    : runs_shards_{false},
      all_{std::make_unique<composition>(std::move(o), std::move(names), log, std::move(shards))} {}

service::~service() {
  all_->group.stop();
  all_->group.join();
  // Handlers that still wait end here: nothing will resume them any more.
  for (auto& on : all_->contexts) {
    on->exchanges.drain(
        [](hop_by_hop_id, exchange* e) { e->finish({.outcome = exchange_outcome::asker_left}); });
  }
  for (std::size_t i = 0; i < all_->group.size(); ++i) {
    all_->metrics.remove_pool(all_->group.at(i).pool());
  }
}

result<void, start_failure> service::start() {
  composition& all = *all_;
  const descriptor_plan plan =
      plan_descriptors(all.options, all.group.size(), transport::descriptor_limit());
  if (const auto shortage = find_shortage(plan)) {
    all.log.warn({{log_key::allowed, plan.allowed}, {log_key::needed, plan.needed}}, "{}",
                 *shortage);
  }
  if (auto listening = all.peers_listening->listen(plan.kept_from_peers); !listening) {
    return listening.error();
  }
  if (auto listening = all.clients->listen(plan.kept_from_clients); !listening) {
    return listening.error();
  }
  if (const auto& file = all.options.admin.token_file) {
    auto read = read_admin_token(*file);
    if (!read) {
      return start_failure{read.error(),
                           {{log_key::source, *file}, {log_key::error, read.error()}}};
    }
    all.use_token(std::move(read->text));
  }
  if (auto listening = all.listen_for_admin(); !listening) {
    return listening.error();
  }
  // A connection that waits already is taken as soon as the shards run, and must find its peer.
  all.peers->start();
  if (runs_shards_) {
    all.group.start();
  }
  return {};
}

bool service::drain() {
  std::promise<bool> whole;
  all_->group.at(0).tell([this, &whole] {
    all_->leaving.start([&whole](bool nothing_cut_off) { whole.set_value(nothing_cut_off); });
  });
  const bool nothing_cut_off = whole.get_future().get();
  if (all_->admin_server) {
    all_->admin_server->stop();
  }
  return nothing_cut_off;
}

result<void, std::string> service::use_dictionary(
    std::shared_ptr<const dictionary::dictionary> names) {
  composition& all = *all_;
  all.metrics.add_commands(make_command_labels(*names));
  const auto edition = std::make_shared<const dictionary_edition>(make_edition(names));
  return all.dictionaries.use(std::move(names), [&all, edition](transport::shard& on) {
    gateway_shard& here = *all.shards[on.index()];
    all.peers->use_names(here.on, edition->dictionary);
    here.use(*edition);
  });
}

void service::retry_peers() {
  all_->peers->retry();
}

void service::use_admin_token(std::string token) {
  all_->use_token(std::move(token));
}

void service::count_reload(metrics::reload_result result) noexcept {
  all_->metrics.count_reload(result);
}

std::vector<service::listening> service::listeners() const {
  using metrics::listener_kind;
  std::vector<listening> all;
  const auto add = [&all](listener_kind kind, const transport::endpoint_address& at) {
    all.push_back({.kind = kind, .address = to_string(at)});
  };
  for (const auto& at : all_->peers_listening->addresses()) {
    add(listener_kind::diameter, at);
  }
  for (const auto& at : all_->clients->addresses()) {
    add(listener_kind::websocket, at);
  }
  if (all_->admin_server) {
    for (const transport::endpoint_address& local : all_->admin_server->locals()) {
      add(listener_kind::admin, local);
    }
  }
  return all;
}

service::endpoints service::ports() const {
  return {.diameter = all_->peers_listening->ports(),
          .websocket = all_->clients->ports(),
          .admin = all_->admin_server ? all_->admin_server->port() : std::uint16_t{0}};
}

}  // namespace diamgw::gateway
