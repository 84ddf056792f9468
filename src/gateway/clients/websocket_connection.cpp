#include "gateway/clients/websocket_connection.hpp"

#include <algorithm>
#include <exception>
#include <utility>
#include <variant>

namespace diamgw::gateway {
namespace {

transport::outbox::options outbox_options(const config::websocket_options& o) {
  transport::outbox::options x;
  x.limit_octets = o.output_queue_octets;
  x.high_mark_octets = o.output_queue_octets / 2;
  return x;
}

/// True while it lives, whatever is thrown.
class set_meanwhile {
 public:
  explicit set_meanwhile(bool& flag) noexcept : flag_{flag} { flag_ = true; }
  set_meanwhile(const set_meanwhile&) = delete;
  set_meanwhile& operator=(const set_meanwhile&) = delete;
  ~set_meanwhile() { flag_ = false; }

 private:
  bool& flag_;
};

}  // namespace

websocket_connection::websocket_connection(shard_context& on, client_registry& registry,
                                           shared_slab& reads,
                                           const config::websocket_options& options,
                                           const websocket::endpoint::options& agreed,
                                           std::unique_ptr<transport::stream> stream,
                                           const make_conversation& speaks)
    : on_{on},
      registry_{registry},
      options_{options},
      stream_{std::move(stream)},
      endpoint_{on.pool(), agreed, &reads},
      out_{on.shard, *stream_, *this, outbox_options(options)},
      timer_{on.shard, [this] { on_timer(); }},
      resume_{on.shard},
      since_{on.shard.now()},
      conversation_{speaks(*this)} {}

websocket_connection::~websocket_connection() = default;

// ---- reading and writing

void websocket_connection::start(bytes_view early, std::function<void()> on_gone) {
  on_gone_ = std::move(on_gone);
  registry_.add(*this);
  serve([this, early] {
    endpoint_.on_open(on_.shard.now());
    if (registry_.closing()) {  // its upgrade was under way when the drain began
      close(metrics::client_close_reason::draining, websocket::close_code::going_away,
            "the gateway is shutting down");
    }
    take_events();
    for (bytes_view rest = early; !rest.empty() && !gone_;) {
      rest = rest.subspan(endpoint_.feed(rest, on_.shard.now()));
      take_events();
    }
  });
}

client_report websocket_connection::report() const {
  return {.address = remote(),
          .protocol = conversation_->subprotocol(),
          .since = since_,
          .in_flight = conversation_->requests_in_flight(),
          .queued_octets = out_.queued_octets()};
}

void websocket_connection::on_readable(error_code failed) {
  serve([this, failed] {
    if (failed || !read()) {
      gone_ = true;
    } else {
      take_events();
    }
  });
}

/// One step of reading, and what comes after it. Whatever is thrown (out of memory, say), the
/// registry must not keep what it knows of us. The caller holds a reference to us.
template <class Step>
void websocket_connection::serve(Step step) {
  try {
    step();
    if (!gone_) {
      wait();
    }
  } catch (...) {
    gone_ = true;
    note_closing(metrics::client_close_reason::other);
    on_.shard.report_failure("serving a client", std::current_exception());
  }
  if (gone_) {
    end();
  }
}

/// Who waits holds us: there is nobody else.
void websocket_connection::wait() {
  if (endpoint_.paused()) {
    resume_.wait_then([self = shared_from_this()] { self->serve([&] { self->take_events(); }); });
  } else {
    stream_->wait_readable({shared_from_this(), this});
  }
}

/// False where the connection has ended.
bool websocket_connection::read() {
  const mutable_bytes room = endpoint_.prepare();
  const transport::io_result got = stream_->read_now(room);
  if (got.octets != 0) {
    endpoint_.commit(got.octets, on_.shard.now());
  }
  return !got.error;
}

void websocket_connection::on_blocked() {
  update_timer();  // nothing may come after it that looks at it
  transport::spawn(on_.shard, write_the_rest(shared_from_this()), "writing to a client");
}

transport::awaitable<void> websocket_connection::write_the_rest(
    std::shared_ptr<websocket_connection> self) {
  co_await out_.write_the_rest();
  static_cast<void>(self);
}

void websocket_connection::on_all_written(error_code failed) {
  if (gone_) {
    return;
  }
  if (failed) {
    give_up();  // wakes the reader, too, where it is paused
  } else {
    endpoint_.on_last_sent();
    take_events();
  }
}

/// Nothing is read any more: tells everybody who knows the client.
void websocket_connection::end() {
  gone_ = true;
  endpoint_.on_disconnect();
  endpoint_.let_go();
  timer_.disarm();
  on_.recorder.client_disconnects.add(why_closed_.value_or(
      endpoint_.status().clean ? metrics::client_close_reason::closed_by_client
                               : metrics::client_close_reason::connection_lost));
  registry_.remove(*this);
  out_.close_now();
  if (on_gone_) {
    on_gone_();
  }
}

/// Does what the endpoint says, as long as it has something to say. What is left of the octets
/// lies in a slab of our own afterwards.
void websocket_connection::take_events() {
  if (taking_) {
    return;  // called by what an event led to: the loop below goes on with it
  }
  {
    const set_meanwhile taking{taking_};
    while (!gone_) {
      websocket::endpoint_event event = endpoint_.next(on_.shard.now());
      if (std::holds_alternative<websocket::need_more>(event)) {
        break;
      }
      std::visit([this](auto& e) { on_event(e); }, event);
    }
  }
  endpoint_.let_go();
  if (!endpoint_.paused()) {
    resume_.notify();
  }
  update_timer();
}

void websocket_connection::on_event(const websocket::message& m) {
  conversation_->on_message(m);
}

void websocket_connection::on_event(websocket::send_frame& frame) {
  if (frame.last) {
    static_cast<void>(out_.push(std::move(frame.octets)));
    out_.close_when_empty();
  } else {
    static_cast<void>(admit() && queued(out_.push(std::move(frame.octets))));
  }
}

void websocket_connection::on_event(const websocket::malformed& bad) {
  note_closing(metrics::client_close_reason::protocol_error);
  on_.recorder.malformed_messages.add(metrics::malformed_from::client_frame);
  tell_of_fault(bad.code, websocket::make_error_code(bad.reason).message());
}

void websocket_connection::on_event(const websocket::disconnect_tcp& how) {
  if (how.manner == websocket::disconnect_manner::orderly) {
    stream_->shutdown_send();
  } else {
    stream_->close();
  }
}

void websocket_connection::on_event(websocket::drop_peer) {
  constexpr auto why = metrics::client_close_reason::pong_timeout;
  on_.strangers.info({{log_key::client, remote()}, {log_key::reason, to_string(why)}},
                     "client {}: no pong came in time: disconnected", remote());
  disconnect(why);
}

// ---- what others say to the client

bool websocket_connection::send(websocket::message_kind kind, bytes_view head,
                                std::span<buffer_slice> rest) {
  return admit() && queued(out_.push(endpoint_.begin_frame(kind, head, rest).view(), rest));
}

bool websocket_connection::send(websocket::message_kind kind, buffer_ref slab, std::size_t octets) {
  return admit() && queued(out_.push(endpoint_.frame_in_place(kind, std::move(slab), octets)));
}

bool websocket_connection::admit() {
  if (out_.closed()) {
    on_.recorder.dropped.add(metrics::drop_reason::client_gone);
    return false;
  }
  return true;
}

bool websocket_connection::queued(bool accepted) {
  if (!accepted) {
    on_.recorder.dropped.add(metrics::drop_reason::client_queue_full);
    on_.strangers.info(slow_reader_fields(), "client {}: its output queue is full: disconnected",
                       remote());
    disconnect(metrics::client_close_reason::slow_reader);
    return false;
  }
  pause_or_resume();
  return true;
}

void websocket_connection::close(metrics::client_close_reason why, websocket::close_code code,
                                 std::string_view reason) {
  note_closing(why);
  endpoint_.close(code, reason, on_.shard.now());
  take_events();
}

void websocket_connection::fail(websocket::close_code code, std::string_view reason) {
  note_closing(metrics::client_close_reason::protocol_error);
  tell_of_fault(code, reason);
  endpoint_.fail(code, reason, on_.shard.now());
  take_events();
}

/// `sentence` has nothing of what the client sent.
void websocket_connection::tell_of_fault(websocket::close_code code, std::string_view sentence) {
  const auto number = static_cast<unsigned>(code);
  on_.strangers.info({{log_key::client, remote()},
                      {log_key::reason, to_string(metrics::client_close_reason::protocol_error)},
                      {log_key::code, number}},
                     "client {}: closed with {}: {}", remote(), number, sentence);
}

/// What ended the conversation, not what came of that.
void websocket_connection::note_closing(metrics::client_close_reason why) {
  if (!why_closed_) {
    why_closed_ = why;
  }
}

void websocket_connection::disconnect(metrics::client_close_reason why) {
  note_closing(why);
  give_up();
}

void websocket_connection::give_up() {
  gone_ = true;
  stream_->close();
  resume_.notify();
}

// ---- time and pressure

std::vector<log_field> websocket_connection::slow_reader_fields() const {
  return {{log_key::client, remote()},
          {log_key::reason, to_string(metrics::client_close_reason::slow_reader)}};
}

void websocket_connection::update_timer() {
  time_point next = endpoint_.next_deadline();
  if (const auto writing = out_.writing_since()) {
    next = std::min(next, *writing + options_.slow_reader_timeout);
  }
  if (gone_) {
    timer_.disarm();
  } else {
    timer_.arm(next);
  }
}

void websocket_connection::on_timer() {
  const time_point now = on_.shard.now();
  const auto writing = out_.writing_since();
  if (writing && now - *writing >= options_.slow_reader_timeout) {
    on_.strangers.info(slow_reader_fields(), "client {}: takes nothing since {} ms: disconnected",
                       remote(), options_.slow_reader_timeout.count());
    on_.recorder.dropped.add(metrics::drop_reason::slow_reader);
    disconnect(metrics::client_close_reason::slow_reader);
    return;
  }
  endpoint_.on_timer(now);
  take_events();
}

void websocket_connection::pause_or_resume() {
  const std::uint32_t limit = options_.max_requests_in_flight;
  const std::uint32_t waiting = conversation_ ? conversation_->requests_in_flight() : 0;
  if (!endpoint_.paused()) {
    if (waiting >= limit || out_.above_high_mark()) {
      endpoint_.pause();
    }
  } else if (waiting <= limit / 2 && !out_.above_high_mark()) {
    endpoint_.resume();
    resume_.notify();
  }
}

}  // namespace diamgw::gateway
