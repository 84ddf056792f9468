#include "gateway/peers/peer.hpp"

#include <boost/asio/error.hpp>
#include <utility>

#include "diamgw/base/random_sequence.hpp"
#include "diamgw/diameter/agent.hpp"
#include "diamgw/diameter/answers.hpp"
#include "diamgw/gateway/from_options.hpp"
#include "diamgw/transport/network.hpp"
#include "gateway/peers/encode_message.hpp"
#include "gateway/peers/peer_labels.hpp"

namespace diamgw::gateway {
namespace {

/// The attempt itself ends at the time-out, and knows at which address, or that it was the lookup
/// of the name; the machine only waits a little longer.
constexpr std::chrono::seconds attempt_says_why{1};

diameter::peer_options machine_options(const config::peer_options& o,
                                       const config::diameter_options& d) {
  diameter::peer_options m;
  m.origin_host = o.host;
  m.origin_realm = o.realm;
  m.policy = o.connect ? diameter::connect_policy::initiate : diameter::connect_policy::accept_only;
  m.connect_timeout = d.connect_timeout + attempt_says_why;
  m.capabilities_timeout = d.capabilities_timeout;
  m.disconnect_timeout = d.disconnect_timeout;
  m.reconnect_min = d.reconnect_min;
  m.reconnect_max = d.reconnect_max;
  m.reconnect_after_leave = d.reconnect_after_leave;
  m.watchdog.twinit = o.watchdog_interval.value_or(d.watchdog_interval);
  m.watchdog.twinit_floor = d.watchdog_minimum;
  m.watchdog.reopen_dwas = d.reopen_watchdog_answers;
  m.watchdog.doubt_timeout = d.second_connection_timeout;
  return m;
}

/// 0 where there is none.
std::uint32_t result_code_of(bytes_view avps) {
  for (const diameter::avp_view avp : diameter::avp_range{avps}) {
    if (avp.code == diameter::avps::result_code && avp.vendor == ietf_vendor) {
      return avp.data.size() == 4 ? load_be32(avp.data.data()) : 0;
    }
  }
  return 0;
}

}  // namespace

peer::peer(peer_owner& owner, const node_context& node, shard_context& home, peer_place place,
           config::peer_options options, std::uint64_t seed, time_point now)
    : owner_{owner},
      node_{node},
      home_{home},
      place_{place},
      options_{std::move(options)},
      slot_{node.metrics.register_peer(options_.host)},
      machine_{std::in_place, node.identity, machine_options(options_, node.configuration),
               diameter::peer_seed{.random = seed, .unix_seconds = node.unix_seconds}},
      timer_{home.shard, [this] { perform(machine_->on_timer(home_.shard.now())); }},
      gone_{home.shard, [this] { on_gone(); }},
      pending_{home, home.recorder.requests_in_flight(slot_), node.configuration.max_in_flight,
               random_sequence{seed}.next()},
      log_{home, options_, place.kind, node.configuration.reopen_watchdog_answers} {
  report_ = first_report(now);
}

std::shared_ptr<const peer_report> peer::first_report(time_point now) const {
  peer_report first{.host = options_.host, .realm = options_.realm, .since = now};
  return std::make_shared<const peer_report>(std::move(first));
}

void peer::become(config::peer_options options, std::uint64_t seed) {
  options_ = std::move(options);
  slot_ = node_.metrics.register_peer(options_.host);
  pending_.count_in(home_.recorder.requests_in_flight(slot_));
  machine_.emplace(node_.identity, machine_options(options_, node_.configuration),
                   diameter::peer_seed{.random = seed, .unix_seconds = node_.unix_seconds});
  address_.clear();
  dialled_.clear();
  last_error_ = nullptr;
  log_.begin_anew();
  report_ = first_report(home_.shard.now());
  owner_.on_report(*this, report_);
}

void peer::on_gone() {
  if (machine_->link() != link_state::closed) {
    return;
  }
  if (!owner_.give_back(*this)) {
    gone_.arm_after(place_kept_for);  // somebody is about to hand it a connection
    return;
  }
  // Its series end with it: else every stranger that ever came would have some.
  home_.recorder.forget_peer(slot_);
  node_.metrics.release_peer(std::exchange(slot_, metrics::other_peer));
  pending_.count_in(home_.recorder.requests_in_flight(slot_));
}

peer::~peer() = default;

void peer::start() {
  perform(machine_->on_start(home_.shard.now()));
  if (place_.kind == peer_kind::unknown && machine_->link() == link_state::closed) {
    gone_.arm_after(place_kept_for);  // its connection may never come
  }
}

void peer::stop(diameter::disconnect_cause cause, std::function<void()> on_done) {
  on_stopped_ = std::move(on_done);
  perform(machine_->on_stop(cause, home_.shard.now()));
  if (machine_->state() == diameter::peer_state::closed && on_stopped_) {
    std::exchange(on_stopped_, nullptr)();
  }
}

// ---- the machine's actions

/// One I/O call or one report per action; what follows from what is decided by the machine.
struct peer::performer {
  peer& p;
  const diameter::peer_action& action;
  const diameter::message* current;  // the message that the actions come from, if there is one
  peer_connection* incoming;         // the connection that on_incoming was about

  [[nodiscard]] peer_connection* by(diameter::connection which) const {
    return p.connection_of(which).get();
  }

  void operator()(const diameter::connect&) const { p.begin_connect(); }
  void operator()(const diameter::send_cer&) const {
    p.send_own(by(diameter::connection::initiator), action);
  }
  void operator()(const diameter::send_cea&) const {
    p.send_own(by(diameter::connection::responder), action);
  }
  void operator()(const diameter::send_dwr& a) const {
    p.home_.recorder.watchdog(p.slot_, metrics::watchdog_event::dwr_sent);
    p.send_own(by(a.on), action);
  }
  void operator()(const diameter::send_dwa& a) const {
    p.home_.recorder.watchdog(p.slot_, metrics::watchdog_event::dwa_sent);
    p.send_own(by(a.on), action);
  }
  void operator()(const diameter::send_dpr& a) const { p.send_own(by(a.on), action); }
  void operator()(const diameter::send_dpa& a) const { p.send_own(by(a.on), action); }
  void operator()(const diameter::deliver& a) const {
    const peer_connection* c = by(a.on);
    if (c != nullptr && current != nullptr) {
      p.hand_on(*c, *current);
    }
  }
  void operator()(const diameter::refuse& a) const {
    peer_connection* c = by(a.on);
    if (c == nullptr || current == nullptr) {
      return;
    }
    p.home_.recorder.refused_requests.add(label_of(a.code));
    p.push(*c, encode_message(p.home_, [&](diameter::writer& out) {
      const bytes_view origin = p.node_.origin_avps;
      return a.broken != nullptr
                 ? diameter::write_error_answer(out, current->view, *a.broken, origin)
                 : diameter::write_error_answer(out, current->view,
                                                {.code = a.code, .origin = origin});
    }));
  }
  void operator()(const diameter::accept_incoming&) const {
    p.responder_ = incoming->shared_from_this();
    p.address_ = incoming->remote();
  }
  void operator()(const diameter::reject_incoming& a) const {
    if (incoming != nullptr) {
      diameter::ending why = a.why;
      why.address = incoming->remote();
      p.home_.recorder.peer_disconnected(p.slot_, why.reason);
      p.log_.refused(why);
      p.note_failure(why);
      p.send_own(incoming, action);
      incoming->end();
    }
  }
  void operator()(const diameter::disconnect& a) const {
    if (a.on == diameter::connection::initiator) {
      ++p.attempts_;  // an attempt in progress is given up
    }
    if (const auto c = std::exchange(p.connection_of(a.on), nullptr)) {
      if (a.failed) {
        diameter::ending why = *a.failed;
        why.address = c->remote();
        p.home_.recorder.peer_disconnected(p.slot_, why.reason);
        p.log_.failed_beside(why);
        p.note_failure(why);
      } else if (p.machine_
                     ->is_open()) {  // by the other connection: this one gives way to it (§5.6.4)
        p.home_.recorder.peer_disconnected(p.slot_, disconnect_reason::election_lost);
      }
      c->end();
    }
  }
  void operator()(const diameter::opened& a) const {
    p.address_ = p.address_of(a.on);
    p.home_.recorder.peer_connected(p.slot_);
    p.log_.opened(*p.machine_, p.address_);
    p.log_.compare(*p.machine_, p.node_.identity, p.node_.routed);
  }
  void operator()(const diameter::okay&) const {
    if (std::exchange(p.suspected_, false)) {
      p.home_.recorder.watchdog(p.slot_, metrics::watchdog_event::reopened);
    }
    p.log_.serves();
  }
  void operator()(const diameter::suspect&) const {
    p.suspected_ = true;
    p.home_.recorder.watchdog(p.slot_, metrics::watchdog_event::suspect);
    p.log_.suspect();
  }
  void operator()(const diameter::draining&) const {}  // its new state says it
  void operator()(const diameter::closed& a) const { p.on_closed(a.why); }
};

void peer::perform(const diameter::peer_actions& actions, const diameter::message* current,
                   peer_connection* incoming) {
  for (const diameter::peer_action& action : actions) {
    std::visit(performer{*this, action, current, incoming}, action);
  }
  publish_changes();
  await_deadline();
}

void peer::await_deadline() {
  if (const time_point next = machine_->next_deadline(); next == time_point::max()) {
    timer_.disarm();
  } else {
    timer_.arm(next);
  }
}

void peer::send_own(peer_connection* by, const diameter::peer_action& action) {
  if (by != nullptr) {
    push(*by, encode_message(home_, [&](diameter::writer& out) {
      return diameter::encode(action, node_.identity, by->addresses(), out);
    }));
  }
}

void peer::push(peer_connection& by, buffer_slice message) {
  if (message.octets.empty() || !by.send(std::move(message))) {
    home_.recorder.dropped.add(metrics::drop_reason::peer_queue_full);
  }
}

/// To the owner and the metrics.
void peer::publish_changes() {
  const link_state link = machine_->link();
  if (link == report_->link && address_ == report_->address && last_error_ == report_->last_error &&
      machine_->next_attempt() == report_->next_attempt) {
    return;
  }
  peer_report now{.host = options_.host,
                  .realm = options_.realm,
                  .link = link,
                  .since = link == report_->link ? report_->since : home_.shard.now(),
                  .address = address_,
                  .product = machine_->peer().product_name,
                  .in_realm = machine_->peer().origin_realm,
                  .applications = {},
                  .last_error = last_error_,
                  .next_attempt = machine_->next_attempt()};
  if (machine_->is_open()) {
    now.applications = machine_->common();
  }
  report_ = std::make_shared<const peer_report>(std::move(now));
  node_.metrics.set_peer_state(slot_, link);
  owner_.on_report(*this, report_);
  if (place_.kind == peer_kind::unknown) {
    link == link_state::closed ? gone_.arm_after(place_kept_for) : gone_.disarm();
  }
}

void peer::note_failure(const diameter::ending& why) {
  if (why.reason != disconnect_reason::stopped) {
    last_error_ = std::make_shared<const peer_report::failure>(
        peer_report::failure{.why = why, .at = home_.shard.now()});
  }
}

std::string peer::address_of(diameter::connection which) const {
  if (const auto& c = which == diameter::connection::initiator ? initiator_ : responder_) {
    return c->remote();
  }
  return which == diameter::connection::initiator && !dialled_.empty() ? dialled_ : address_;
}

void peer::on_closed(diameter::ending why) {
  if (why.address.empty()) {
    why.address = address_of(why.on);
  }
  suspected_ = false;
  if (why.reason == disconnect_reason::watchdog) {
    home_.recorder.watchdog(slot_, metrics::watchdog_event::failed);
  }
  home_.recorder.peer_disconnected(slot_, why.reason);
  note_failure(why);
  publish_changes();  // before the askers are told, who look for another peer at once
  log_.closed(machine_->link(), why);
  pending_.end_all(sent_, [this](const pending::ended& lost) {
    tell_exchange(home_, lost.exchange, lost.deadline,
                  {.outcome = exchange_outcome::receiver_lost});
  });
  if (on_stopped_) {
    std::exchange(on_stopped_, nullptr)();
  }
}

// ---- connections

void peer::begin_connect() {
  dialled_ = host_and_port_of(make_address(*options_.connect));
  address_ = dialled_;
  transport::spawn(home_.shard, connect(++attempts_), "connecting to a peer");
}

transport::awaitable<void> peer::connect(std::uint32_t attempt) {
  const transport::address to = make_address(*options_.connect);
  transport::dial_options how;
  how.timeout = node_.configuration.connect_timeout;
  how.tcp.no_delay = node_.configuration.tcp_no_delay;
  auto connected = co_await transport::dial(home_.shard, to, std::move(how));
  if (attempt != attempts_) {
    co_return;  // given up meanwhile: the machine wants to hear nothing of it
  }
  if (!connected) {
    perform(machine_->on_connect_failed(home_.shard.now(), to_sentence(connected.error())));
    co_return;
  }
  initiator_ = make_connection(std::move(*connected), diameter::connection::initiator);
  const std::shared_ptr<peer_connection> fresh = initiator_;
  dialled_ = fresh->remote();  // of a name, the address that was taken
  perform(machine_->on_connected(home_.shard.now()));
  fresh->start();
}

std::shared_ptr<peer_connection> peer::make_connection(std::unique_ptr<transport::stream> stream,
                                                       diameter::connection which) {
  const peer_connection::options o{.which = which,
                                   .number = ++connections_made_,
                                   .max_message_octets = node_.configuration.max_message_octets,
                                   .output_queue_octets = node_.configuration.output_queue_octets};
  peer_connection_owner& owner = *this;
  return std::make_shared<peer_connection>(home_, owner, std::move(stream), o);
}

void peer::accept(std::unique_ptr<transport::stream> connection, const diameter::message& cer,
                  bytes_view rest) {
  const auto fresh = make_connection(std::move(connection), diameter::connection::responder);
  fresh->feed(rest);
  const auto broken = check(cer.view);
  perform(machine_->on_incoming(cer.view, home_.shard.now(), broken ? &*broken : nullptr), &cer,
          fresh.get());
  fresh->start();
}

void peer::on_message(peer_connection& on, diameter::message message, time_point now) {
  if (machine_->delivers(on.which(), message.view, now)) {
    hand_on(on, std::move(message));
    await_deadline();
    return;
  }
  if (message.view.command() == diameter::commands::device_watchdog) {
    home_.recorder.watchdog(slot_, message.view.is_request()
                                       ? metrics::watchdog_event::dwr_received
                                       : metrics::watchdog_event::dwa_received);
  }
  const auto broken = check(message.view);
  const std::uint64_t unmatched = machine_->unmatched_answers();
  perform(machine_->on_message(on.which(), message.view, now, broken ? &*broken : nullptr),
          &message);
  home_.recorder.unknown_answers.add(machine_->unmatched_answers() - unmatched);
}

/// Of the requests that concern the connection alone; the others are judged on their way.
std::optional<diameter::violation> peer::check(const diameter::message_view& message) {
  if (!message.is_request() || !diameter::agent::is_between_peers(message.command())) {
    return std::nullopt;
  }
  diameter::validator* const grammar = owner_.grammar_of(home_);
  return grammar != nullptr ? diameter::agent::check_between_peers(message, *grammar)
                            : std::nullopt;
}

/// An application's message.
void peer::hand_on(const peer_connection& on, diameter::message message) {
  if (message.view.is_request()) {
    owner_.on_request(*this, on.number(), std::move(message));
  } else {
    on_answer(std::move(message));
  }
}

// Its sender is told, and the connection stays (RFC 6733 §7.1.5); before capabilities were
// exchanged there is nothing to keep.
void peer::on_refused_message(peer_connection& on, const diameter::refused_message& m) {
  home_.recorder.malformed_messages.add(metrics::malformed_from::peer);
  if (on.ended()) {
    return;
  }
  if (!goes_on_after_unreadable(on, diameter::to_sentence(m.error.code))) {
    return;
  }
  if (!m.view.is_request()) {
    end_unanswered(m.view.hop_by_hop(), exchange_outcome::malformed_answer);
    return;
  }
  home_.recorder.refused_requests.add(label_of(diameter::to_result_code(m.error.code)));
  push(on, encode_message(home_, [&](diameter::writer& out) {
         return diameter::write_error_answer(out, m.view, m.error, node_.origin_avps,
                                             &owner_.dictionary_of(home_));
       }));
}

bool peer::goes_on_after_unreadable(peer_connection& on, std::string_view what) {
  if (!machine_->has_exchanged()) {
    perform(machine_->on_malformed(on.which(), home_.shard.now(), what));
    return false;
  }
  perform(machine_->on_unreadable(on.which(), home_.shard.now()));
  return !on.ended();
}

void peer::on_oversized(peer_connection& on, const diameter::oversized_message& m) {
  const std::size_t limit = node_.configuration.max_message_octets;
  home_.recorder.malformed_messages.add(metrics::malformed_from::peer);
  home_.strangers.warn(
      {{log_key::peer, options_.host},
       {log_key::address, on.remote()},
       {log_key::octets, m.octets},
       {log_key::command, m.head.command.value}},
      "peer {}: a message of {} octets from {} is passed over: diameter.max_message_octets is {}",
      options_.host, m.octets, on.remote(), limit);
  if (on.ended() || !goes_on_after_unreadable(on, "a message is too long")) {
    return;
  }
  if ((m.head.flags & diameter::command_flags::request) == 0) {
    end_unanswered(m.head.hop_by_hop, exchange_outcome::oversized_answer);
    return;
  }
  constexpr auto code = diameter::result_code::unable_to_comply;  // §7.1.5, for want of a better
  const std::string sentence =
      "messages of more than " + std::to_string(limit) + " octets are not taken here";
  home_.recorder.refused_requests.add(metrics::refused_reason::limit);
  push(on, encode_message(home_, [&](diameter::writer& out) {
         return diameter::write_error_answer(
             out, m.head, diameter::avp_range{},
             {.code = code, .origin = node_.origin_avps, .error_message = sentence});
       }));
}

void peer::on_malformed(peer_connection& on, const diameter::decode_error& why) {
  home_.recorder.malformed_messages.add(metrics::malformed_from::peer);
  if (!on.ended()) {  // else it says nothing of the connection that serves
    perform(machine_->on_malformed(on.which(), home_.shard.now(), diameter::to_sentence(why.code)));
  }
}

void peer::on_ended(peer_connection& on, error_code why) {
  auto& place = connection_of(on.which());
  if (place.get() != &on) {
    return;
  }
  address_ = on.remote();
  place = nullptr;  // its loops hold the connection still
  perform(machine_->on_disconnected(on.which(), home_.shard.now(),
                                    why ? why.message() : std::string{}));
  if (on.which() == diameter::connection::responder &&
      machine_->state() == diameter::peer_state::wait_i_cea) {
    // Our own goes on: the peer has won the election, and ended the one that it had opened.
    home_.recorder.peer_disconnected(slot_, disconnect_reason::election_lost);
  }
}

void peer::on_stream_event(peer_connection& on, const transport::stream_report& report) {
  const std::vector<log_field> fields{{log_key::peer, options_.host},
                                      {log_key::address, on.remote()},
                                      {log_key::path, to_string(report.path)}};
  switch (report.what) {
    case transport::stream_event::path_down:
      home_.log.warn(fields, "peer {}: connection with {}: the path to {} is down", options_.host,
                     on.remote(), to_string(report.path));
      break;
    case transport::stream_event::path_up:
      home_.log.info(fields, "peer {}: connection with {}: the path to {} is up again",
                     options_.host, on.remote(), to_string(report.path));
      break;
    case transport::stream_event::peer_shut_down:
      home_.log.info({{log_key::peer, options_.host}, {log_key::address, on.remote()}},
                     "peer {}: connection with {}: the peer takes no more", options_.host,
                     on.remote());
      break;
  }
}

// ---- requests to the peer, and answers

void peer::send(shard_context& from, outgoing_request request) {
  if (&from == &home_) {
    send_here(std::move(request));
    return;
  }
  const exchange_key exchange = request.exchange;
  const time_point deadline = request.deadline;
  if (!home_.shard.post([this, r = std::move(request)]() mutable { send_here(std::move(r)); })) {
    from.recorder.dropped.add(metrics::drop_reason::shard_queue_full);
    tell_exchange(from, exchange, deadline, {.outcome = exchange_outcome::too_busy});
  }
}

void peer::send_here(outgoing_request request) {
  const auto end = [&](exchange_outcome outcome) {
    tell_exchange(home_, request.exchange, request.deadline, {.outcome = outcome});
  };
  const auto& c = connection_of(machine_->open_connection());
  if (!machine_->is_open() || !c || c->ended()) {
    end(exchange_outcome::not_sent);
    return;
  }
  pending::transaction* t = pending_.add(request, sent_);
  if (t == nullptr) {
    end(exchange_outcome::too_busy);
    return;
  }
  request.header.hop_by_hop = t->id();
  if (!c->send(request.header, std::move(request.avps), std::move(request.appended))) {
    pending_.erase(t->id());
    home_.recorder.dropped.add(metrics::drop_reason::peer_queue_full);
    end(exchange_outcome::too_busy);
    return;
  }
  home_.recorder.request(slot_, request.command, metrics::direction::sent);
}

void peer::on_answer(diameter::message answer) {
  const auto asked = pending_.take(answer.view.hop_by_hop());
  if (!asked) {
    home_.recorder.unknown_answers.add();  // RFC 6733 §6.2: ignored
    return;
  }
  home_.recorder.answer(slot_, asked->command, metrics::direction::received,
                        metrics::class_of(result_code_of(answer.view.avps().octets())));
  home_.recorder.peer_took(slot_, home_.shard.now() - asked->since);
  tell_exchange(home_, asked->exchange, asked->deadline,
                {.outcome = exchange_outcome::answered, .answer = std::move(answer)});
}

/// Its answer came, and is none that can be used.
void peer::end_unanswered(hop_by_hop_id id, exchange_outcome outcome) {
  const auto asked = pending_.take(id);
  if (!asked) {
    home_.recorder.unknown_answers.add();
    return;
  }
  tell_exchange(home_, asked->exchange, asked->deadline, {.outcome = outcome});
}

void peer::send_answer(std::uint32_t connection, const diameter::header& header,
                       buffer_slice avps) {
  const auto& c = connection_of(machine_->open_connection());
  if (!c || c->number() != connection || c->ended()) {
    home_.recorder.dropped.add(metrics::drop_reason::peer_gone);
    return;
  }
  home_.recorder.answer(slot_, node_.metrics.find_command(header.application, header.command),
                        metrics::direction::sent, metrics::class_of(result_code_of(avps.octets)));
  if (!c->send(header, std::move(avps))) {
    home_.recorder.dropped.add(metrics::drop_reason::peer_queue_full);
  }
}

}  // namespace diamgw::gateway
