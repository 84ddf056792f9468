// The connections of a peer: made, read, written, ended.
#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "diamgw/diameter/answers.hpp"
#include "diamgw/transport/connector.hpp"
#include "peer_parts.hpp"

namespace diamgw::gateway {
namespace {

/// How long an ended connection may take to be closed by the other side.
constexpr duration linger = std::chrono::seconds{2};

}  // namespace

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
    return diameter::write_error_answer(out, m.view, m.error, node_.origin_avps(),
                                        &node_.names(home_));
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

}  // namespace diamgw::gateway
