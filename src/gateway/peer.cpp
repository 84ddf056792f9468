#include "diamgw/gateway/peer.hpp"

#include <spdlog/spdlog.h>

#include <utility>

#include "diamgw/diameter/answers.hpp"
#include "peer_parts.hpp"

namespace diamgw::gateway {
namespace {

diameter::peer_options machine_options(const config::peer_options& o,
                                       const config::diameter_options& d) {
  diameter::peer_options m;
  m.origin_host = o.host;
  m.policy = o.connect ? diameter::connect_policy::initiate : diameter::connect_policy::accept_only;
  m.connect_timeout = d.connect_timeout;
  m.capabilities_timeout = d.capabilities_timeout;
  m.disconnect_timeout = d.disconnect_timeout;
  m.reconnect_min = d.reconnect_min;
  m.reconnect_max = d.reconnect_max;
  m.watchdog.twinit = o.watchdog_interval.value_or(d.watchdog_interval);
  m.watchdog.twinit_floor = d.watchdog_minimum;
  return m;
}

metrics::disconnect_reason reason_of(diameter::close_reason reason) {
  using enum diameter::close_reason;
  switch (reason) {
    case connect_failed:
      return metrics::disconnect_reason::connect_failed;
    case capabilities_timeout:
    case capabilities_refused:
    case capabilities_rejected:
    case unexpected_message:
      return metrics::disconnect_reason::capabilities;
    case peer_disconnected:
      return metrics::disconnect_reason::transport_error;
    case watchdog:
      return metrics::disconnect_reason::watchdog;
    case peer_left:
      return metrics::disconnect_reason::dpr_received;
    case stopped:
      return metrics::disconnect_reason::dpr_sent;
  }
  return metrics::disconnect_reason::other;
}

metrics::peer_state shown_state(const diameter::peer_machine& m) {
  switch (m.state()) {
    case diameter::peer_state::closed:
      return metrics::peer_state::closed;
    case diameter::peer_state::wait_conn_ack:
      return metrics::peer_state::wait_conn_ack;
    case diameter::peer_state::wait_i_cea:
      return metrics::peer_state::wait_i_cea;
    case diameter::peer_state::wait_conn_ack_elect:
      return metrics::peer_state::wait_conn_ack_elect;
    case diameter::peer_state::wait_returns:
      return metrics::peer_state::wait_returns;
    case diameter::peer_state::closing:
      return metrics::peer_state::closing;
    case diameter::peer_state::r_open:
    case diameter::peer_state::i_open:
      break;
  }
  switch (m.watchdog()) {
    case diameter::watchdog_state::suspect:
      return metrics::peer_state::suspect;
    case diameter::watchdog_state::reopen:
      return metrics::peer_state::reopen;
    default:
      return metrics::peer_state::open;
  }
}

}  // namespace

peer::peer(node& owner, shard_context& home, routing::peer_index index,
           config::peer_options options)
    : node_{owner},
      home_{home},
      index_{index},
      options_{std::move(options)},
      slot_{owner.metrics().register_peer(options_.host)},
      max_in_flight_{owner.configuration().max_in_flight},
      machine_{owner.identity(),
               machine_options(options_, owner.configuration()),
               {.random = owner.next_seed(), .unix_seconds = owner.unix_seconds()}},
      timer_{home.shard.context(), [this] { perform(machine_.on_timer(clock::now()), nullptr); }},
      transactions_{{.capacity = owner.configuration().max_in_flight}, owner.next_seed()} {}

peer::~peer() = default;

void peer::start() {
  perform(machine_.on_start(clock::now()), nullptr);
}

void peer::stop(diameter::disconnect_cause cause, std::function<void()> on_done) {
  on_stopped_ = std::move(on_done);
  perform(machine_.on_stop(cause, clock::now()), nullptr);
  if (machine_.state() == diameter::peer_state::closed && on_stopped_) {
    std::exchange(on_stopped_, nullptr)();
  }
}

// ---- the machine's actions

/// One I/O call or one report per action; what follows from what is decided by the machine.
struct peer::performer {
  peer& p;
  const diameter::peer_action& action;
  const diameter::message* current;  // the message that the actions come from, if there is one
  link* incoming;                    // the connection that on_incoming was about

  void operator()(const diameter::connect&) const { p.begin_connect(); }
  void operator()(const diameter::send_cer&) const {
    p.send(diameter::connection::initiator, action);
  }
  void operator()(const diameter::send_cea&) const {
    p.send(diameter::connection::responder, action);
  }
  void operator()(const diameter::send_dwr& a) const {
    p.home_.recorder.watchdog(p.slot_, metrics::watchdog_event::dwr_sent);
    p.send(a.on, action);
  }
  void operator()(const diameter::send_dwa& a) const {
    p.home_.recorder.watchdog(p.slot_, metrics::watchdog_event::dwr_received);
    p.home_.recorder.watchdog(p.slot_, metrics::watchdog_event::dwa_sent);
    p.send(a.on, action);
  }
  void operator()(const diameter::send_dpr& a) const { p.send(a.on, action); }
  void operator()(const diameter::send_dpa& a) const { p.send(a.on, action); }
  void operator()(const diameter::deliver& a) const {
    const auto& l = p.link_of(a.on);
    if (!l || current == nullptr) {
      return;
    }
    if (current->view.is_request()) {
      p.node_.deliver_request(p, {p.index_, l->serial}, *current);
    } else {
      p.on_answer(*current, exchange_outcome::answered);
    }
  }
  void operator()(const diameter::refuse& a) const {
    if (const auto& l = p.link_of(a.on); l && current != nullptr) {
      p.refuse(*l, *current, a.code);
    }
  }
  void operator()(const diameter::reject_incoming& a) const {
    if (incoming != nullptr) {
      p.home_.strangers.warn("peer {}: connection from {} refused: {}", p.host(),
                             incoming->stream->remote_endpoint(), a.fault.reason);
      p.send(diameter::connection::responder, action, incoming);
      p.end_link(*incoming);
    }
  }
  void operator()(const diameter::disconnect& a) const {
    if (a.on == diameter::connection::initiator) {
      ++p.attempts_;  // an attempt in progress is given up
      p.connecting_ = false;
    }
    if (const auto l = std::exchange(p.link_of(a.on), nullptr)) {
      p.end_link(*l);
    }
  }
  void operator()(const diameter::opened& a) const {
    const auto& l = p.link_of(a.on);
    p.home_.recorder.peer_connected(p.slot_);
    p.home_.log.info("peer {}: open with {} ({}), {} common applications", p.host(),
                     l ? l->stream->remote_endpoint() : std::string{"?"},
                     printable(p.machine_.peer().product_name), p.machine_.common().size());
  }
  void operator()(const diameter::okay&) const {
    if (std::exchange(p.suspected_, false)) {
      p.home_.recorder.watchdog(p.slot_, metrics::watchdog_event::reopened);
    }
    p.publish(routing::link_state::open);
  }
  void operator()(const diameter::suspect&) const {
    p.suspected_ = true;
    p.home_.recorder.watchdog(p.slot_, metrics::watchdog_event::suspect);
    p.home_.log.warn("peer {}: suspect: a watchdog interval passed without any message", p.host());
    p.publish(routing::link_state::suspect);
  }
  void operator()(const diameter::draining&) const { p.publish(routing::link_state::closed); }
  void operator()(const diameter::closed& a) const { p.on_closed(a.reason); }
};

void peer::perform(const diameter::peer_actions& actions, const diameter::message* current,
                   link* incoming) {
  for (const diameter::peer_action& action : actions) {
    std::visit(performer{*this, action, current, incoming}, action);
  }
  update_state();
}

void peer::update_state() {
  node_.metrics().set_peer_state(slot_, shown_state(machine_));
  if (const time_point next = machine_.next_deadline(); next == time_point::max()) {
    timer_.disarm();
  } else {
    timer_.arm(next);
  }
}

void peer::send(diameter::connection on, const diameter::peer_action& action, link* by) {
  link* l = by != nullptr ? by : link_of(on).get();
  if (l == nullptr) {
    return;
  }
  buffer_slice octets = make_message(home_, [&](diameter::writer& out) {
    return diameter::encode(action, node_.identity(), l->addresses, out);
  });
  if (octets.octets.empty() || !l->out.push(std::move(octets))) {
    home_.recorder.dropped.add(metrics::drop_reason::peer_queue_full);
  }
}

void peer::refuse(link& l, const diameter::message& request, diameter::result_code code) {
  buffer_slice octets = make_message(home_, [&](diameter::writer& out) {
    return diameter::write_error_answer(out, request.view,
                                        {.code = code, .origin = node_.origin_avps()});
  });
  if (octets.octets.empty() || !l.out.push(std::move(octets))) {
    home_.recorder.dropped.add(metrics::drop_reason::peer_queue_full);
  }
}

void peer::publish(routing::link_state state) {
  node_.publish(
      *this, index_, state,
      state == routing::link_state::closed ? std::vector<application_id>{} : machine_.common());
}

void peer::on_closed(diameter::close_reason reason) {
  publish(routing::link_state::closed);
  suspected_ = false;
  if (reason == diameter::close_reason::watchdog) {
    home_.recorder.watchdog(slot_, metrics::watchdog_event::failed);
  }
  home_.recorder.peer_disconnected(
      slot_, last_reason_ != metrics::disconnect_reason::other ? last_reason_ : reason_of(reason));
  last_reason_ = metrics::disconnect_reason::other;
  home_.log.log(
      reason == diameter::close_reason::stopped ? spdlog::level::info : spdlog::level::warn,
      "peer {}: closed: {}{}{}", options_.host, diameter::to_string(reason),
      machine_.last_fault().reason.empty() ? "" : ": ", machine_.last_fault().reason);
  transactions_.drain([this](hop_by_hop_id, transaction* t) {
    const asker who = t->who;
    release(*t);
    finish(who, exchange_outcome::peer_lost, {});
  });
  if (on_stopped_) {
    std::exchange(on_stopped_, nullptr)();
  }
}

}  // namespace diamgw::gateway
