#include "app/sim/ocs_server.hpp"

#include <future>
#include <stdexcept>
#include <utility>

#include "diamgw/base/wall_clock.hpp"
#include "diamgw/diameter/agent.hpp"
#include "diamgw/diameter/answers.hpp"
#include "diamgw/gateway/build_information.hpp"
#include "diamgw/gateway/command_labels.hpp"
#include "diamgw/gateway/from_options.hpp"
#include "diamgw/gateway/requests/exchange.hpp"

namespace diamgw::sim {
namespace {

using namespace std::chrono_literals;
using diameter::result_code;

constexpr std::size_t max_exchanges = 1024;

std::uint64_t now_as_seed() {
  return static_cast<std::uint64_t>(wall_clock_now().time_since_epoch().count());
}

gateway::peer_table::options peer_options(const ocs_server_options& from, std::uint64_t seed) {
  gateway::peer_table::options o;
  config::node_options identity;
  identity.origin_host = from.ocs.origin_host;
  identity.origin_realm = from.ocs.origin_realm;
  identity.product_name = "diamgw sim ocs";
  o.unix_seconds = static_cast<std::uint32_t>(seed / 1'000'000'000U);
  o.identity = gateway::make_identity(identity, o.unix_seconds);
  o.diameter.listen = {{.address = from.listen.host, .port = from.listen.port}};
  o.diameter.accept_unknown_peers = true;
  o.seed = seed;
  return o;
}

}  // namespace

ocs_server::ocs_server(const ocs_server_options& o, gateway::event_log& log)
    : options_{o},
      log_{log},
      metrics_{{.commands = gateway::make_command_labels(dictionary::embedded()),
                .build = gateway::build_information()}},
      runtime_{group_.at(0),
               metrics_.shard(0),
               log,
               now_as_seed(),
               static_cast<std::uint32_t>(now_as_seed() / 1'000'000'000U),
               max_exchanges},
      ocs_{o.ocs},
      faults_{o.seed},
      peers_{peer_options(o, now_as_seed()),
             {&runtime_},
             metrics_,
             dictionary::share_embedded(),
             *this},
      listener_{peers_, {&runtime_}},
      late_{group_.at(0),
            [this](gateway::request_origin to, diameter::message answer) {
              peers_.send_answer(runtime_, to, std::move(answer));
            }},
      requests_{runtime_, peers_, metrics_, ocs_, o.timeout},
      admin_{ocs_, faults_, requests_, log},
      expiry_{group_.at(0), [this] { expire(); }} {
  for (const auto& [subscriber, balance] : o.accounts) {
    ocs_.accounts().set_balance(subscriber, balance);
  }
  faults_.replace(o.faults);
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
    throw std::runtime_error{listening.error().sentence};
  }
  if (options_.admin) {
    transport::http_server::options o;
    o.at = *options_.admin;
    auto server = transport::http_server::open(
        group_.at(0), o,
        [this](const transport::http_request& request) { return admin_.answer(request); });
    if (!server) {
      throw std::runtime_error{"cannot listen on " + transport::host_and_port_of(o.at) + ": " +
                               server.error().message()};
    }
    http_ = std::move(*server);
  }
  peers_.start();  // first: a connection may be taken as soon as the shard runs
  group_.start();
  const std::string where = diameter_address();
  log_.info({{gateway::log_key::listener, to_string(metrics::listener_kind::diameter)},
             {gateway::log_key::address, where}},
            "{}: Diameter credit control on {}", options_.ocs.origin_host, where);
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

std::string ocs_server::diameter_address() const {
  return transport::host_and_port_of(
      {.host = options_.listen.host, .port = listener_.ports().at(0)});
}

std::string ocs_server::admin_address() const {
  return http_ ? transport::to_string(http_->local()) : std::string{};
}

void ocs_server::on_request(gateway::shard_context& on, gateway::peer_request asked) {
  const diameter::message_view& request = asked.message.view;
  const fault* met = faults_.choose(request.application(), request.command());
  if (met != nullptr && met->no_answer) {
    return;
  }
  const bool is_late = met != nullptr && met->delay.count() != 0;
  if (is_late && late_.full()) {
    peers_.send_error(on, asked.from, request, result_code::too_busy,
                      "too many answers wait for their time");
    return;
  }
  // Served when it comes: of a late answer only the sending is late, as in a slow network.
  diameter::message answer = answer_to(on, asked, met);
  if (is_late) {
    late_.hold(on.shard.now() + met->delay, asked.from, std::move(answer));
  } else {
    peers_.send_answer(on, asked.from, std::move(answer));
  }
}

diameter::message ocs_server::answer_to(gateway::shard_context& on,
                                        const gateway::peer_request& asked, const fault* met) {
  const diameter::message_view& request = asked.message.view;
  const std::uint32_t told = met != nullptr ? met->result_code : 0;
  if (told != 0 && request.command() != diameter::commands::credit_control) {
    return error_answer(on, request, result_code{told}, "as this server was told");
  }
  // Whatever realm or host it names: a simulator serves all that reaches it.
  diameter::routing_avps avps;
  avps.session_id = diameter::find_routing_avps(request.avps().octets()).session_id;
  const auto verdict = diameter::agent::judge(
      request, avps, peers_.identity(), dictionary::embedded(), nullptr, {});  // `ocs` looks closer
  if (const auto* no = std::get_if<diameter::agent::refuse>(&verdict); told == 0 && no != nullptr) {
    return error_answer(on, request, no->code, no->sentence);
  }
  if (request.command() != diameter::commands::credit_control) {
    return error_answer(on, request, result_code::command_unsupported,
                        "this server knows the Credit-Control command only");
  }
  return credit_answer_to(on, asked, told);
}

diameter::message ocs_server::credit_answer_to(gateway::shard_context& on,
                                               const gateway::peer_request& asked,
                                               std::uint32_t told) {
  const diameter::message_view& request = asked.message.view;
  const std::string via = peers_.host(asked.from.peer);
  for (const std::size_t octets : {std::size_t{4096}, std::size_t{65536}, std::size_t{1} << 20U}) {
    buffer_ref buffer = on.pool().allocate(octets);
    diameter::writer out{buffer.whole()};
    const bytes_view answer = told != 0 ? ocs_.refuse_ccr(request, cc_result{told}, out)
                                        : ocs_.on_ccr(request, out, {on.shard.now(), via});
    if (!answer.empty()) {
      return {std::move(buffer), diameter::message_view{answer}};
    }
  }
  return error_answer(on, request, result_code::unable_to_comply, "the answer is too large");
}

diameter::message ocs_server::error_answer(gateway::shard_context& on,
                                           const diameter::message_view& request, result_code code,
                                           std::string_view sentence) {
  const diameter::error_answer e{
      .code = code, .origin = peers_.origin_avps(), .error_message = sentence};
  buffer_ref buffer = on.pool().allocate(diameter::max_error_answer_octets(request, e));
  diameter::writer out{buffer.whole()};
  const bytes_view answer = diameter::write_error_answer(out, request, e);
  return {std::move(buffer), diameter::message_view{answer}};
}

/// Once a second.
void ocs_server::expire() {
  ocs_.on_timer(group_.at(0).now());
  expiry_.arm_after(1s);
}

}  // namespace diamgw::sim
