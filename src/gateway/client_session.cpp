#include "client_session.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "diamgw/websocket/writer.hpp"
#include "dispatcher.hpp"

namespace diamgw::gateway {
namespace {

websocket::reader::options reader_options(const config::websocket_options& o) {
  websocket::reader::options r;
  r.role = websocket::role::server;
  r.max_message_octets = o.max_message_octets;
  return r;
}

transport::outbox::options outbox_options(const config::websocket_options& o) {
  transport::outbox::options x;
  x.limit_octets = o.output_queue_octets;
  x.high_mark_octets = o.output_queue_octets / 2;
  return x;
}

}  // namespace

client_session::client_session(dispatcher& owner, std::unique_ptr<transport::stream> connection,
                               client_protocol protocol)
    : dispatcher_{owner},
      runtime_{owner.on()},
      options_{owner.shared().options->websocket},
      stream_{std::move(connection)},
      protocol_{protocol},
      reader_{runtime_.pool(), reader_options(options_)},
      out_{runtime_.shard, *stream_, outbox_options(options_), [this] { pause_or_resume(); }},
      closing_{{.role = websocket::role::server, .timeout = options_.close_timeout}},
      keepalive_{{.ping_interval = options_.ping_interval, .pong_timeout = options_.pong_timeout}},
      timer_{runtime_.shard, [this] { on_timer(); }},
      resume_{runtime_.shard} {}

client_session::~client_session() = default;

// ---- the two loops

transport::awaitable<void> client_session::run(std::vector<std::byte> leftover) {
  const std::shared_ptr<client_session> self = shared_from_this();
  key_ = dispatcher_.add_client(*this);
  transport::spawn(runtime_.shard, write_loop(self), "writing to a client");
  perform(keepalive_.on_start(runtime_.shard.now()));
  if (dispatcher_.draining()) {  // its upgrade was under way when the drain began
    close(websocket::close_code::going_away, "the gateway is shutting down");
  }
  bytes_view early{leftover};
  // Whatever is thrown (out of memory, say), the dispatcher must not keep what it knows of us.
  std::exception_ptr failure;
  try {
    while (!gone_) {
      if (paused_) {
        co_await resume_.wait();
      } else if (!early.empty()) {
        early = early.subspan(reader_.feed(early));
      } else {
        const mutable_bytes room = reader_.prepare();
        const transport::io_result got = co_await stream_->read(room);
        if (got.error) {
          break;
        }
        reader_.commit(got.octets);
        keepalive_.on_traffic(runtime_.shard.now());
      }
      take_events();
    }
  } catch (...) {
    failure = std::current_exception();
    why_closed_ = metrics::client_close_reason::other;
  }
  end();
  if (failure) {
    std::rethrow_exception(failure);  // to whoever spawned the session: it is logged and counted
  }
}

/// Nothing is read any more: tells everybody who knows the client.
void client_session::end() {
  gone_ = true;
  perform(closing_.on_disconnect());
  keepalive_.on_stop();
  timer_.disarm();
  if (closing_.status().clean && why_closed_ == metrics::client_close_reason::connection_lost) {
    why_closed_ = metrics::client_close_reason::closed_by_client;
  }
  runtime_.recorder.client_disconnects.add(why_closed_);
  dispatcher_.remove_client(*this);
  out_.close_now();
}

transport::awaitable<void> client_session::write_loop(std::shared_ptr<client_session> self) {
  const error_code failed = co_await out_.run();
  if (failed) {
    if (!gone_) {
      disconnect(why_closed_);  // wakes the reader too where it is paused
    }
  } else if (!gone_) {
    perform(closing_.on_close_sent());
  }
  static_cast<void>(self);
}

/// Takes what is whole out of the reader, as long as the client is to be read.
void client_session::take_events() {
  while (!paused_ && !gone_) {
    websocket::reader_event event = reader_.next();
    if (std::holds_alternative<websocket::need_more>(event)) {
      return;
    }
    if (auto* m = std::get_if<websocket::message>(&event)) {
      if (closing_.may_send()) {
        on_message(*m);
      }
    } else if (auto* p = std::get_if<websocket::ping>(&event)) {
      // RFC 6455 §5.5.2; a close that is under way goes first (§5.5.1).
      if (closing_.may_send()) {
        static_cast<void>(push(
            websocket::make_frame(runtime_.pool(), websocket::opcode::pong, p->payload.octets)));
      }
    } else if (auto* c = std::get_if<websocket::close>(&event)) {
      perform(closing_.on_close_frame(c->code, runtime_.shard.now()));
    } else if (auto* bad = std::get_if<websocket::malformed>(&event)) {
      if (!closing_.may_send()) {
        return;  // known already: the stream is read to its end by way of discarding
      }
      runtime_.recorder.malformed_messages.add(metrics::malformed_from::client_frame);
      const error_code reason = websocket::make_error_code(bad->reason);
      runtime_.strangers.info("client {}: closed with {}: {}", remote(),
                              static_cast<unsigned>(bad->code), reason.message());
      fail(bad->code, reason.message());
      return;
    }
  }
}

void client_session::close(websocket::close_code code, std::string_view reason) {
  if (code == websocket::close_code::going_away) {
    why_closed_ = metrics::client_close_reason::draining;
  }
  perform(closing_.on_local_close(code, reason, runtime_.shard.now()));
}

/// The client broke a rule of its protocol: says so, and ends without waiting for its close frame.
void client_session::fail(websocket::close_code code, std::string_view reason) {
  why_closed_ = metrics::client_close_reason::protocol_error;
  perform(closing_.on_failure(code, reason, runtime_.shard.now()));
}

void client_session::disconnect(metrics::client_close_reason why) {
  why_closed_ = why;
  gone_ = true;
  stream_->close();
  resume_.notify();
}

template <class Actions>
void client_session::perform(const Actions& actions) {
  for (const auto& action : actions) {
    std::visit(
        [this]<class Action>(const Action& a) {
          if constexpr (std::same_as<Action, websocket::send_close>) {
            keepalive_.on_stop();
            keepalive_deadline_ = time_point::max();
            static_cast<void>(out_.push(websocket::make_close(runtime_.pool(), a.code, a.reason)));
            out_.close_when_empty();
            if (paused_) {  // what the client still sends is read, and discarded
              paused_ = false;
              resume_.notify();
            }
          } else if constexpr (std::same_as<Action, websocket::disconnect_tcp>) {
            if (a.manner == websocket::disconnect_manner::orderly) {
              stream_->shutdown_send();
            } else {
              stream_->close();
            }
          } else if constexpr (std::same_as<Action, websocket::set_timer>) {
            if constexpr (std::same_as<Actions, websocket::close_actions>) {
              close_deadline_ = a.at;
            } else {
              keepalive_deadline_ = a.at;
            }
          } else if constexpr (std::same_as<Action, websocket::send_ping>) {
            static_cast<void>(
                push(websocket::make_frame(runtime_.pool(), websocket::opcode::ping, {})));
          } else {
            static_assert(std::same_as<Action, websocket::drop_peer>);
            disconnect(metrics::client_close_reason::pong_timeout);
          }
        },
        action);
  }
  update_timer();
}

void client_session::update_timer() {
  time_point next = std::min(close_deadline_, keepalive_deadline_);
  if (const auto writing = out_.writing_since()) {
    next = std::min(next, *writing + options_.slow_reader_timeout);
  } else if (out_.above_high_mark()) {
    // The write begins at the end of this turn; nothing may come after it that looks at it again.
    next = std::min(next, runtime_.shard.now() + options_.slow_reader_timeout);
  }
  if (next == time_point::max() || gone_) {
    timer_.disarm();
  } else {
    timer_.arm(next);
  }
}

void client_session::on_timer() {
  const time_point now = runtime_.shard.now();
  const auto writing = out_.writing_since();
  if (writing && now - *writing >= options_.slow_reader_timeout) {
    runtime_.strangers.info("client {}: takes nothing since {} ms: disconnected", remote(),
                            options_.slow_reader_timeout.count());
    runtime_.recorder.dropped.add(metrics::drop_reason::slow_reader);
    disconnect(metrics::client_close_reason::slow_reader);
    return;
  }
  if (paused_) {
    keepalive_.on_traffic(now);  // it is we who do not read
  }
  if (now >= close_deadline_) {
    close_deadline_ = time_point::max();
    perform(closing_.on_timer(now));
  }
  if (now >= keepalive_deadline_) {
    keepalive_deadline_ = time_point::max();
    perform(keepalive_.on_timer(now));
  }
  update_timer();
}

void client_session::pause_or_resume() {
  if (!closing_.may_send()) {
    return;
  }
  if (!paused_) {
    paused_ = in_flight_ >= options_.max_requests_in_flight || out_.above_high_mark();
  } else if (in_flight_ <= options_.max_requests_in_flight / 2 && !out_.above_high_mark()) {
    paused_ = false;
    resume_.notify();
  }
}

}  // namespace diamgw::gateway
