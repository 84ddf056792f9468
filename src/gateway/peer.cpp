#include "diamgw/gateway/peer.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "diamgw/diameter/answers.hpp"
#include "diamgw/gateway/node.hpp"
#include "diamgw/transport/connector.hpp"

namespace diamgw::gateway {
namespace {

using namespace std::chrono_literals;

/// How long the transaction of an exchange that has ended is kept, to know its late answer.
constexpr duration late_answer_grace = 5s;
/// How long an ended connection may take to be closed by the other side.
constexpr duration linger = 2s;

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

/// A message of ours in a slab of the pool; `write(writer)` gives the whole message or nothing.
template <class Write>
buffer_slice make_message(runtime& on, Write&& write) {
  const time_point begin = clock::now();
  for (const std::size_t octets : pool_tier_octets) {
    buffer_ref buffer = on.pool().allocate(octets);
    diameter::writer out{buffer.whole()};
    if (const bytes_view whole = write(out); !whole.empty()) {
      on.recorder.marshalled(metrics::codec_path::diameter_peer, clock::now() - begin,
                             whole.size());
      return {std::move(buffer), whole};
    }
  }
  return {};
}

}  // namespace

/// One connection, for as long as one of its two loops runs.
struct peer::link {
  link(peer& owner, std::unique_ptr<transport::stream> s, diameter::connection w,
       std::uint32_t number, const transport::outbox::options& o,
       const diameter::frame_reader::options& r)
      : stream{std::move(s)},
        addresses{local_addresses(*stream)},
        which{w},
        serial{number},
        reader{owner.home_.pool(), r},
        out{owner.home_.shard.context(), *stream, o},
        force_close{owner.home_.shard.context(), [this] { stream->close(); }} {}

  std::unique_ptr<transport::stream> stream;
  std::vector<diameter::host_address> addresses;
  diameter::connection which;
  std::uint32_t serial;
  bool ended = false;  // the machine knows no more of it
  diameter::frame_reader reader;
  transport::outbox out;
  transport::deadline force_close;
};

/// A request that waits for its answer at this peer.
struct peer::transaction final : runtime::timeout {
  peer* owner = nullptr;
  asker who;
  hop_by_hop_id id;
  metrics::command_slot command = metrics::other_command;

  void on_timeout() override {
    owner->transactions_.erase(id);
    owner->release(*this);
  }
};

peer::peer(node& owner, runtime& home, routing::peer_index index, config::peer_options options)
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

void peer::perform(const diameter::peer_actions& actions, const diameter::message* current,
                   link* incoming) {
  for (const diameter::peer_action& action : actions) {
    using namespace diameter;
    if (std::holds_alternative<diameter::connect>(action)) {
      begin_connect();
    } else if (std::holds_alternative<send_cer>(action)) {
      send(connection::initiator, action);
    } else if (std::holds_alternative<send_cea>(action)) {
      send(connection::responder, action);
    } else if (const auto* dwr = std::get_if<send_dwr>(&action)) {
      home_.recorder.watchdog(slot_, metrics::watchdog_event::dwr_sent);
      send(dwr->on, action);
    } else if (const auto* dwa = std::get_if<send_dwa>(&action)) {
      home_.recorder.watchdog(slot_, metrics::watchdog_event::dwr_received);
      home_.recorder.watchdog(slot_, metrics::watchdog_event::dwa_sent);
      send(dwa->on, action);
    } else if (const auto* dpr = std::get_if<send_dpr>(&action)) {
      send(dpr->on, action);
    } else if (const auto* dpa = std::get_if<send_dpa>(&action)) {
      send(dpa->on, action);
    } else if (const auto* up = std::get_if<deliver>(&action)) {
      if (const auto& l = link_of(up->on); l && current != nullptr) {
        if (current->view.is_request()) {
          node_.deliver_request(*this, {index_, l->serial}, *current);
        } else {
          on_answer(*current, exchange_outcome::answered);
        }
      }
    } else if (const auto* no = std::get_if<diameter::refuse>(&action)) {
      if (const auto& l = link_of(no->on); l && current != nullptr) {
        refuse(*l, *current, no->code);
      }
    } else if (std::holds_alternative<reject_incoming>(action)) {
      if (incoming != nullptr) {
        home_.strangers.warn("peer {}: connection from {} refused: {}", options_.host,
                             incoming->stream->remote_endpoint(),
                             std::get<reject_incoming>(action).fault.reason);
        send(connection::responder, action, incoming);
        end_link(*incoming);
      }
    } else if (const auto* off = std::get_if<disconnect>(&action)) {
      if (off->on == connection::initiator) {
        ++attempts_;  // an attempt in progress is given up
        connecting_ = false;
      }
      if (auto l = std::exchange(link_of(off->on), nullptr)) {
        end_link(*l);
      }
    } else if (const auto* open = std::get_if<opened>(&action)) {
      const auto& l = link_of(open->on);
      home_.recorder.peer_connected(slot_);
      home_.log.info("peer {}: open with {} ({}), {} common applications", options_.host,
                     l ? l->stream->remote_endpoint() : std::string{"?"},
                     printable(machine_.peer().product_name), machine_.common().size());
    } else if (std::holds_alternative<okay>(action)) {
      if (std::exchange(suspected_, false)) {
        home_.recorder.watchdog(slot_, metrics::watchdog_event::reopened);
      }
      publish(routing::link_state::open);
    } else if (std::holds_alternative<diameter::suspect>(action)) {
      suspected_ = true;
      home_.recorder.watchdog(slot_, metrics::watchdog_event::suspect);
      home_.log.warn("peer {}: suspect: a watchdog interval passed without any message",
                     options_.host);
      publish(routing::link_state::suspect);
    } else if (std::holds_alternative<diameter::draining>(action)) {
      publish(routing::link_state::closed);
    } else if (const auto* end = std::get_if<diameter::closed>(&action)) {
      on_closed(end->reason);
    }
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

// ---- connections

void peer::begin_connect() {
  connecting_ = true;
  transport::spawn(home_.shard, connect(++attempts_), "connecting to a peer");
}

transport::awaitable<void> peer::connect(std::uint32_t attempt) {
  transport::connect_options to;
  to.host = options_.connect->address;
  to.port = options_.connect->port;
  to.timeout = node_.configuration().connect_timeout;
  to.tcp.no_delay = node_.configuration().tcp_no_delay;
  auto connected = co_await transport::connect(home_.shard, std::move(to));
  if (attempt != attempts_) {
    co_return;  // given up meanwhile: the machine wants to hear nothing of it
  }
  connecting_ = false;
  if (!connected) {
    home_.log.warn("peer {}: cannot connect to {}:{}: {}", options_.host, options_.connect->address,
                   options_.connect->port, connected.error().message());
    perform(machine_.on_connect_failed(clock::now()), nullptr);
    co_return;
  }
  initiator_ = make_link(std::move(*connected), diameter::connection::initiator);
  const std::shared_ptr<link> l = initiator_;
  perform(machine_.on_connected(clock::now()), nullptr);
  run(l);
}

std::shared_ptr<peer::link> peer::make_link(std::unique_ptr<transport::stream> connection,
                                            diameter::connection which) {
  const config::diameter_options& d = node_.configuration();
  transport::outbox::options o;
  o.limit_octets = d.output_queue_octets;
  o.high_mark_octets = d.output_queue_octets / 2;
  diameter::frame_reader::options r;
  r.max_message_octets = d.max_message_octets;
  return std::make_shared<link>(*this, std::move(connection), which, ++links_made_, o, r);
}

void peer::run(const std::shared_ptr<link>& l) {
  transport::spawn(home_.shard, write_loop(l), "writing to a peer");
  transport::spawn(home_.shard, read_loop(l), "reading from a peer");
}

void peer::accept(std::unique_ptr<transport::stream> connection, std::vector<std::byte> octets) {
  const std::shared_ptr<link> l = make_link(std::move(connection), diameter::connection::responder);
  std::optional<diameter::message> cer;
  for (std::span<const std::byte> rest{octets}; !rest.empty();) {
    const mutable_bytes room = l->reader.prepare();
    const std::size_t n = std::min(room.size(), rest.size());
    std::copy_n(rest.begin(), n, room.begin());
    l->reader.commit(n);
    rest = rest.subspan(n);
  }
  auto first = l->reader.next();
  if (auto* m = std::get_if<diameter::message>(&first)) {
    cer = std::move(*m);
  }
  if (DIAMGW_BUG(!cer)) {
    return;  // the listener's shard checked that it is a whole CER
  }
  // The machine may answer by way of the responder connection, so it must be there before.
  const std::shared_ptr<link> before = std::exchange(responder_, l);
  const auto actions = machine_.on_incoming(cer->view, clock::now());
  const bool rejected = std::any_of(actions.begin(), actions.end(), [](const auto& a) {
    return std::holds_alternative<diameter::reject_incoming>(a);
  });
  if (rejected) {
    responder_ = before;
  }
  perform(actions, &*cer, l.get());
  run(l);
}

transport::awaitable<void> peer::write_loop(std::shared_ptr<link> l) {
  const error_code failed = co_await l->out.run();
  if (failed) {
    l->stream->close();  // the reader ends by it and tells the machine
    co_return;
  }
  // Everything was written. The other side closes after our end of stream; else we do.
  l->stream->shutdown_send();
  l->force_close.arm_after(linger);
}

transport::awaitable<void> peer::read_loop(std::shared_ptr<link> l) {
  // Whatever is thrown (out of memory, say), the machine must learn that the connection ends.
  std::exception_ptr failure;
  try {
    // What came along with the CER is in the reader already.
    bool going_on = take_messages(*l);
    while (going_on) {
      const mutable_bytes room = l->reader.prepare();
      const transport::io_result got = co_await l->stream->read(room);
      if (got.error) {
        break;
      }
      l->reader.commit(got.octets);
      going_on = take_messages(*l);
    }
  } catch (...) {
    failure = std::current_exception();
  }
  on_link_lost(*l);
  l->out.close_now();
  if (failure) {
    std::rethrow_exception(failure);  // to whoever spawned the loop: it is logged and counted
  }
}

bool peer::take_messages(link& l) {
  const time_point now = clock::now();
  time_point begin = now;
  while (true) {
    const std::size_t before = l.reader.buffered();
    auto outcome = l.reader.next();
    if (std::holds_alternative<diameter::need_more>(outcome)) {
      return true;
    }
    if (const auto* bad = std::get_if<diameter::malformed>(&outcome)) {
      home_.recorder.malformed_messages.add(metrics::malformed_from::peer);
      home_.strangers.warn("peer {}: {} sends what cannot be cut into messages: {}", options_.host,
                           l.stream->remote_endpoint(), diameter::to_sentence(bad->error.code));
      if (!l.ended) {  // else it says nothing of the connection that serves
        last_reason_ = metrics::disconnect_reason::malformed_message;
      }
      return false;
    }
    const time_point cut = clock::now();
    home_.recorder.unmarshalled(metrics::codec_path::diameter_peer,
                                std::chrono::duration_cast<std::chrono::nanoseconds>(cut - begin),
                                before - l.reader.buffered());
    if (auto* m = std::get_if<diameter::message>(&outcome)) {
      on_frame(l, std::move(*m), now);
    } else {
      on_refused(l, std::get<diameter::refused_message>(outcome));
    }
    begin = clock::now();
  }
}

void peer::on_frame(link& l, diameter::message m, time_point now) {
  if (l.ended) {
    return;  // read on only to see the other side's end
  }
  if (!m.view.is_request() && m.view.command() == diameter::commands::device_watchdog) {
    home_.recorder.watchdog(slot_, metrics::watchdog_event::dwa_received);
  }
  perform(machine_.on_message(l.which, m.view, now), &m);
}

// A frame with good length and bad content: its sender is told, the connection stays
// (RFC 6733 §7.1.5); before it is open there is nothing to keep.
void peer::on_refused(link& l, const diameter::refused_message& m) {
  home_.recorder.malformed_messages.add(metrics::malformed_from::peer);
  if (l.ended) {
    return;
  }
  if (!machine_.is_open()) {
    last_reason_ = metrics::disconnect_reason::malformed_message;
    l.stream->close();
    return;
  }
  if (!m.view.is_request()) {
    on_answer({m.buffer, m.view}, exchange_outcome::malformed_answer);
    return;
  }
  buffer_slice octets = make_message(home_, [&](diameter::writer& out) {
    return diameter::write_error_answer(out, m.view, m.error, node_.origin_avps(), &node_.names());
  });
  if (octets.octets.empty() || !l.out.push(std::move(octets))) {
    home_.recorder.dropped.add(metrics::drop_reason::peer_queue_full);
  }
}

/// Flushes what is queued, then ends the connection; nothing of it reaches the machine any more.
void peer::end_link(link& l) {
  l.ended = true;
  l.out.close_when_empty();
  l.force_close.arm_after(linger);
}

void peer::on_link_lost(link& l) {
  if (l.ended) {
    return;
  }
  l.ended = true;
  auto& place = link_of(l.which);
  if (place.get() == &l) {
    place = nullptr;  // the loops hold the link still
    perform(machine_.on_disconnected(l.which, clock::now()), nullptr);
  }
}

// ---- requests and answers

void peer::send_request(outgoing_request request) {
  const asker who{request.exchange, request.deadline};
  const auto& l = link_of(machine_.open_connection());
  transaction* t = nullptr;
  if (!machine_.is_open() || !l || l->ended) {
    finish(who, exchange_outcome::not_sent, {});
    return;
  }
  if (spare_transactions_.empty()) {
    t = &transaction_pool_.emplace_back();
    t->owner = this;
    spare_transactions_.reserve(transaction_pool_.size());
  } else {
    t = spare_transactions_.back();
    spare_transactions_.pop_back();
  }
  t->who = who;
  t->command = request.command;
  transaction* value = t;
  const auto id = transactions_.insert(std::move(value));
  if (!id) {
    spare_transactions_.push_back(t);
    finish(who, exchange_outcome::too_busy, {});
    return;
  }
  t->id = *id;
  const bytes_view octets = request.message.view.octets();
  diameter::patch_hop_by_hop({const_cast<std::byte*>(octets.data()), octets.size()}, *id);
  if (!l->out.push({std::move(request.message.buffer), octets})) {
    transactions_.erase(*id);
    spare_transactions_.push_back(t);
    home_.recorder.dropped.add(metrics::drop_reason::peer_queue_full);
    finish(who, exchange_outcome::too_busy, {});
    return;
  }
  home_.schedule(*t, request.deadline + late_answer_grace);
  in_flight_.fetch_add(1, std::memory_order_relaxed);
  home_.recorder.transactions_in_flight.add(1);
  home_.recorder.request(slot_, t->command, metrics::direction::sent);
}

void peer::on_answer(diameter::message answer, exchange_outcome outcome) {
  const auto waiting = transactions_.take(answer.view.hop_by_hop());
  if (!waiting) {
    home_.recorder.unknown_answers.add();  // RFC 6733 §6.2: ignored
    return;
  }
  transaction& t = **waiting;
  const asker who = t.who;
  if (outcome == exchange_outcome::answered) {
    const auto code =
        diameter::find_unsigned32(answer.view, diameter::avps::result_code).value_or(0);
    home_.recorder.answer(slot_, t.command, metrics::direction::received, metrics::class_of(code));
  }
  release(t);
  finish(who, outcome, std::move(answer));
}

// To the shard where the handler waits. Whether it still does shows there.
void peer::finish(const asker& who, exchange_outcome outcome, diameter::message answer) {
  runtime& asking = node_.shard(who.exchange.shard);
  const auto tell = [&asking, who, outcome](diameter::message&& m) {
    if (!finish_exchange(asking, who.exchange, outcome, std::move(m)) &&
        outcome == exchange_outcome::answered) {
      asking.recorder.late_answers.add(clock::now() >= who.deadline
                                           ? metrics::late_reason::deadline
                                           : metrics::late_reason::client_left);
    }
  };
  if (&asking == &home_) {
    tell(std::move(answer));
    return;
  }
  if (!asking.shard.post([tell, m = std::move(answer)]() mutable { tell(std::move(m)); })) {
    // Its handler ends at the deadline.
    home_.recorder.dropped.add(metrics::drop_reason::shard_queue_full);
  }
}

void peer::release(transaction& t) {
  t.unlink();
  spare_transactions_.push_back(&t);
  in_flight_.fetch_sub(1, std::memory_order_relaxed);
  home_.recorder.transactions_in_flight.add(-1);
}

void peer::send_answer(std::uint32_t connection, buffer_slice answer) {
  const auto& l = link_of(machine_.open_connection());
  if (!l || l->serial != connection || l->ended) {
    home_.recorder.dropped.add(metrics::drop_reason::peer_gone);
    return;
  }
  const diameter::message_view view{answer.octets};
  const auto code = diameter::find_unsigned32(view, diameter::avps::result_code).value_or(0);
  home_.recorder.answer(slot_, node_.metrics().find_command(view.application(), view.command()),
                        metrics::direction::sent, metrics::class_of(code));
  if (!l->out.push(std::move(answer))) {
    home_.recorder.dropped.add(metrics::drop_reason::peer_queue_full);
  }
}

}  // namespace diamgw::gateway
