#include "gateway/operation/drain.hpp"

#include <utility>

namespace diamgw::gateway {
namespace {

/// Between two looks at what is left: it is counted on other shards.
constexpr duration look_interval = std::chrono::milliseconds{5};

}  // namespace

drain::drain(transport::shard& on, const drain_machine::options& o, drain_duties& duties,
             event_log& log)
    : on_{on}, duties_{duties}, log_{log}, machine_{o}, tick_{on, [this] { on_tick(); }} {}

void drain::start(std::function<void(bool)> on_done) {
  on_done_ = std::move(on_done);
  const drain_progress left = duties_.left();
  log_.info({{log_key::requests, left.requests}, {log_key::clients, left.clients}},
            "draining: {} requests in flight, {} clients", left.requests, left.clients);
  perform(machine_.on_start(on_.now()));
  on_tick();
}

void drain::on_tick() {
  perform(machine_.on_progress(duties_.left(), on_.now()));
  if (machine_.state() != drain_state::done) {
    tick_.arm_after(look_interval);
  }
}

void drain::perform(const drain_actions& actions) {
  for (const drain_action& action : actions) {
    if (std::holds_alternative<refuse_requests>(action)) {
      duties_.refuse_requests();
    } else if (std::holds_alternative<give_up_requests>(action)) {
      const std::uint64_t requests = duties_.left().requests;
      log_.warn({{log_key::requests, requests}},
                "draining: {} requests were not answered in time, and are given up: they may have "
                "been served",
                requests);
      duties_.give_up_requests();
    } else if (const auto* close = std::get_if<close_clients>(&action)) {
      duties_.close_clients(close->spread);
    } else if (std::holds_alternative<disconnect_peers>(action)) {
      duties_.disconnect_peers();
    } else {
      const bool whole = std::get<drained>(action).whole;
      log_.info("drained{}", whole ? "" : ", but not all in time");
      std::exchange(on_done_, nullptr)(whole);
    }
  }
}

}  // namespace diamgw::gateway
