// The driver of the simulated OCS: the pure machine behind a Diameter node of one shard.
#include <spdlog/spdlog.h>

#include <future>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "app/commands.hpp"
#include "app/process.hpp"
#include "app/sim/ocs.hpp"
#include "diamgw/base/wall_clock.hpp"
#include "diamgw/diameter/agent.hpp"
#include "diamgw/gateway/build_information.hpp"
#include "diamgw/gateway/command_labels.hpp"
#include "diamgw/gateway/from_options.hpp"
#include "diamgw/gateway/peers/peer_listener.hpp"
#include "diamgw/gateway/peers/peer_table.hpp"
#include "diamgw/gateway/requests/exchange.hpp"
#include "diamgw/gateway/web_origin.hpp"
#include "diamgw/metrics/registry.hpp"
#include "diamgw/transport/address.hpp"
#include "diamgw/transport/deadline.hpp"
#include "diamgw/transport/http_query.hpp"
#include "diamgw/transport/http_server.hpp"

namespace diamgw::app {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

std::uint64_t now_as_seed() {
  return static_cast<std::uint64_t>(wall_clock_now().time_since_epoch().count());
}

transport::host_and_port endpoint_of(const std::string& text) {
  auto decoded = transport::decode_host_and_port(text);
  if (!decoded) {
    throw usage_error{"'" + text + "' is not ADDRESS:PORT"};
  }
  return *decoded;
}

/// Everything but the constructor and `stop` runs on the one shard.
class ocs_server final : private gateway::request_sink {
 public:
  ocs_server(const sim_ocs_arguments& a, spdlog::logger& log);
  ~ocs_server();

  void start();
  void stop();

 private:
  void on_request(gateway::shard_context& on, gateway::peer_request asked) override;
  /// Answers a request that is none for a server of this kind; false where it is one.
  [[nodiscard]] bool refuse(gateway::shard_context& on, gateway::request_origin from,
                            const diameter::message_view& request);
  void expire();
  transport::http_response admin(const transport::http_request& request);
  transport::http_response start_rar(const std::string& session_id);
  gateway::handler_task send_rar(gateway::shard_context& on, std::string session_id);

  sim_ocs_arguments arguments_;
  spdlog::logger& log_;
  transport::shard_group group_{{.shards = 1}};
  metrics::registry metrics_;
  gateway::shard_context runtime_;
  sim::ocs ocs_;
  gateway::peer_table peers_;
  gateway::peer_listener listener_;
  routing::peer_index last_peer_ = routing::no_peer;  // where a RAR goes: the CCRs came from there
  transport::deadline expiry_;
  std::unique_ptr<transport::http_server> admin_;
};

gateway::peer_table::options peer_options(const sim_ocs_arguments& a, std::uint64_t seed) {
  const auto where = endpoint_of(a.listen);
  gateway::peer_table::options o;
  config::node_options identity;
  identity.origin_host = a.origin_host;
  identity.origin_realm = a.origin_realm;
  identity.product_name = "diamgw sim ocs";
  o.unix_seconds = static_cast<std::uint32_t>(seed / 1'000'000'000U);
  o.identity = gateway::make_identity(identity, o.unix_seconds);
  o.diameter.listen = {{.address = where.host, .port = where.port}};
  o.diameter.accept_unknown_peers = true;
  o.seed = seed;
  return o;
}

sim::ocs_options ocs_options(const sim_ocs_arguments& a) {
  sim::ocs_options o;
  o.origin_host = a.origin_host;
  o.origin_realm = a.origin_realm;
  o.accounts.default_balance = static_cast<sim::credit>(a.balance);
  o.accounts.strict = a.strict;
  o.default_quota.total_octets = a.quota;
  o.validity = a.validity;
  o.session_timeout = a.validity * 2;
  return o;
}

ocs_server::ocs_server(const sim_ocs_arguments& a, spdlog::logger& log)
    : arguments_{a},
      log_{log},
      metrics_{{.commands = gateway::make_command_labels(dictionary::embedded()),
                .build = gateway::build_information()}},
      runtime_{group_.at(0),
               metrics_.shard(0),
               log,
               now_as_seed(),
               static_cast<std::uint32_t>(now_as_seed() / 1'000'000'000U),
               1024},
      ocs_{ocs_options(a)},
      peers_{peer_options(a, now_as_seed()),
             {&runtime_},
             metrics_,
             dictionary::share_embedded(),
             *this},
      listener_{peers_, {&runtime_}},
      expiry_{group_.at(0), [this] { expire(); }} {
  expire();
}

ocs_server::~ocs_server() {
  group_.stop();
  group_.join();
  // A RAR that still waits ends here: nothing will resume its handler any more.
  runtime_.exchanges.drain([](hop_by_hop_id, gateway::exchange* e) {
    e->finish({.outcome = gateway::exchange_outcome::cancelled});
  });
}

void ocs_server::start() {
  if (const auto listening = listener_.listen(); !listening) {
    throw std::runtime_error{listening.error()};
  }
  if (!arguments_.admin.empty()) {
    const auto where = endpoint_of(arguments_.admin);
    transport::http_server::options o;
    o.at = {.host = where.host, .port = where.port};
    auto server = transport::http_server::open(
        group_.at(0), o,
        transport::make_http_handler([this](const auto& request) { return admin(request); }));
    if (!server) {
      throw std::runtime_error{"cannot listen on " + arguments_.admin + ": " +
                               server.error().message()};
    }
    admin_ = std::move(*server);
  }
  peers_.start();  // first: a connection may be taken as soon as the shard runs
  group_.start();
  log_.info("{}: Diameter credit control on port {}", arguments_.origin_host,
            listener_.ports().at(0));
}

void ocs_server::stop() {
  std::promise<void> stopped;
  listener_.stop();
  peers_.stop(diameter::disconnect_cause::rebooting, [&stopped] { stopped.set_value(); });
  if (stopped.get_future().wait_for(10s) != std::future_status::ready) {
    log_.warn("a peer did not let go in time");
    group_.stop();
    group_.join();  // nothing may set the promise after it is gone
  }
}

bool ocs_server::refuse(gateway::shard_context& on, gateway::request_origin from,
                        const diameter::message_view& request) {
  // Whatever realm or host it names: a simulator serves all that reaches it.
  diameter::routing_avps avps;
  avps.session_id = diameter::find_routing_avps(request.avps().octets()).session_id;
  const auto verdict = diameter::agent::judge(
      request, avps, peers_.identity(), dictionary::embedded(), nullptr, {});  // `ocs` looks closer
  const auto* no = std::get_if<diameter::agent::refuse>(&verdict);
  if (no == nullptr) {
    return false;
  }
  peers_.send_error(on, from, request, no->code, no->sentence);
  return true;
}

void ocs_server::on_request(gateway::shard_context& on, gateway::peer_request asked) {
  const gateway::request_origin from = asked.from;
  const diameter::message_view& request = asked.message.view;
  if (refuse(on, from, request)) {
    return;
  }
  if (request.command() != diameter::commands::credit_control) {
    peers_.send_error(on, from, request, diameter::result_code::command_unsupported,
                      "this server knows the Credit-Control command only");
    return;
  }
  last_peer_ = from.peer;
  for (const std::size_t octets : {std::size_t{4096}, std::size_t{65536}, std::size_t{1} << 20U}) {
    buffer_ref buffer = on.pool().allocate(octets);
    diameter::writer out{buffer.whole()};
    const bytes_view answer = ocs_.on_ccr(request, out, on.shard.now());
    if (!answer.empty()) {
      peers_.send_answer(on, from, {std::move(buffer), diameter::message_view{answer}});
      return;
    }
  }
  peers_.send_error(on, from, request, diameter::result_code::unable_to_comply,
                    "the answer is too large");
}

/// Once a second.
void ocs_server::expire() {
  ocs_.on_timer(group_.at(0).now());
  expiry_.arm_after(1s);
}

transport::http_response ocs_server::admin(const transport::http_request& request) {
  if (request.path == "/api/v1/sessions" && request.method == "GET") {
    json sessions = json::array();
    ocs_.for_each_session([&](std::string_view id, std::string_view who, sim::credit reserved) {
      sessions.push_back({{"session_id", id}, {"subscriber", who}, {"reserved", reserved}});
    });
    const auto& counts = ocs_.statistics();
    const json body{{"sessions", std::move(sessions)}, {"initial", counts.initial},
                    {"update", counts.update},         {"termination", counts.termination},
                    {"event", counts.event},           {"limit_reached", counts.limit_reached},
                    {"errors", counts.errors}};
    return {.content_type = "application/json",
            .body = body.dump(-1, ' ', false, json::error_handler_t::replace) + "\n"};
  }
  if (request.path == "/api/v1/rar" && request.method == "POST") {
    const std::vector<std::string> hosts{"localhost"};
    if (auto refused = gateway::refuse_change(request, {{}, hosts})) {
      return *std::move(refused);
    }
    const auto session = transport::find_query_field(request.query, "session");
    if (!session) {
      return {.status = 400, .body = "expected ?session=SESSION-ID\n"};
    }
    const auto id = transport::decode_percent(*session);
    if (!id) {
      return {.status = 400, .body = "two hexadecimal digits follow a '%' in session\n"};
    }
    return start_rar(*id);
  }
  return {.status = 404,
          .body = "known are GET /api/v1/sessions and POST /api/v1/rar?session=SESSION-ID\n"};
}

transport::http_response ocs_server::start_rar(const std::string& session_id) {
  if (last_peer_ == routing::no_peer || !ocs_.has_open_session(session_id)) {
    return {.status = 404, .body = "no such session\n"};
  }
  send_rar(runtime_, session_id);
  return {.body = "sent\n"};
}

gateway::handler_task ocs_server::send_rar(gateway::shard_context& on, std::string session_id) {
  buffer_ref buffer = on.pool().allocate(4096);
  diameter::writer out{buffer.whole()};
  const bytes_view rar = ocs_.make_rar(session_id, hop_by_hop_id{}, on.end_to_end.next(), out);
  if (rar.empty()) {
    co_return;
  }
  const time_point deadline = on.shard.now() + 10s;
  gateway::exchange e{on, deadline};
  if (e.registered()) {
    const diameter::message_view view{rar};
    peers_.at(last_peer_)
        .send(on, {.header = diameter::header_of(view),
                   .command = metrics_.find_command(view.application(), view.command()),
                   .avps = {std::move(buffer), view.avps().octets()},
                   .appended = {},
                   .exchange = e.key(),
                   .deadline = deadline});
  }
  const gateway::exchange_result result = co_await e.wait();
  if (result.outcome == gateway::exchange_outcome::answered) {
    const auto code =
        diameter::find_unsigned32(result.answer.view, diameter::avps::result_code).value_or(0);
    log_.info("RAA for session {}: Result-Code {}", session_id, code);
  } else {
    log_.warn("RAR for session {} was not answered", session_id);
  }
}

}  // namespace

exit_status sim_ocs(const sim_ocs_arguments& a) {
  termination signals;
  const auto log = make_logger({});
  ocs_server server{a, *log};
  server.start();
  signals.wait([&log] { log->warn("SIGHUP: nothing here is read again"); });
  signals.release();
  server.stop();
  return exit_status::success;
}

}  // namespace diamgw::app
