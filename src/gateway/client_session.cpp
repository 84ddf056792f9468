#include "client_session.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <charconv>
#include <cstring>
#include <utility>

#include "diamgw/diameter/answers.hpp"
#include "diamgw/diameter/check.hpp"
#include "diamgw/jsonrpc/complete.hpp"
#include "diamgw/jsonrpc/encoder.hpp"
#include "diamgw/websocket/writer.hpp"
#include "dispatcher.hpp"
#include "gateway_methods.hpp"

namespace diamgw::gateway {
namespace {

/// A text that needs more than this is not sent; the client gets too_large in its place.
constexpr std::size_t max_text_octets = std::size_t{8} << 20U;

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

/// Capabilities, watchdog and disconnection are between two peers (RFC 6733 §5.3 to §5.5): a
/// client's would end or confuse the gateway's own connection.
bool is_between_peers(command_code command) {
  return command == diameter::commands::capabilities_exchange ||
         command == diameter::commands::device_watchdog ||
         command == diameter::commands::disconnect_peer;
}

constexpr request_refusal refusal_by_drain{.counted_as = metrics::refused_reason::draining,
                                           .number = jsonrpc::error_number::draining};
constexpr request_refusal refusal_by_size{.counted_as = metrics::refused_reason::limit,
                                          .number = jsonrpc::error_number::too_large};
constexpr request_refusal refusal_between_peers{
    .counted_as = metrics::refused_reason::command_unsupported,
    .number = jsonrpc::error_number::method_not_found,
    .result_code = static_cast<std::uint32_t>(diameter::result_code::command_unsupported),
    .detail = "CER, DWR and DPR are between the gateway and its peers"};

/// The call that a response's id names: the gateway's own are numbers.
std::optional<std::uint32_t> call_of(std::string_view id) {
  std::uint32_t call = 0;
  const auto parsed = std::from_chars(id.data(), id.data() + id.size(), call);
  if (parsed.ec != std::errc{} || parsed.ptr != id.data() + id.size()) {
    return std::nullopt;
  }
  return call;
}

std::chrono::nanoseconds since(time_point begin) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(clock::now() - begin);
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
      out_{runtime_.shard.context(), *stream_, outbox_options(options_),
           [this] { pause_or_resume(); }},
      closing_{{.role = websocket::role::server, .timeout = options_.close_timeout}},
      keepalive_{{.ping_interval = options_.ping_interval, .pong_timeout = options_.pong_timeout}},
      timer_{runtime_.shard.context(), [this] { on_timer(); }},
      resume_{runtime_.shard.context()} {}

client_session::~client_session() = default;

// ---- the two loops

transport::awaitable<void> client_session::run(std::vector<std::byte> leftover) {
  const std::shared_ptr<client_session> self = shared_from_this();
  key_ = dispatcher_.add_client(*this);
  transport::spawn(runtime_.shard, write_loop(self), "writing to a client");
  perform(keepalive_.on_start(clock::now()));
  if (dispatcher_.draining()) {  // its upgrade was under way when the drain began
    close(websocket::close_code::going_away, "the gateway is shutting down");
  }
  bytes_view early{leftover};
  // Whatever is thrown (out of memory, say), the dispatcher must not keep what it knows of us.
  std::exception_ptr failure;
  try {
    while (!gone_) {
      if (paused_) {
        resume_.expires_at(time_point::max());
        co_await resume_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
      } else if (!early.empty()) {
        early = early.subspan(reader_.feed(early));
      } else {
        const mutable_bytes room = reader_.prepare();
        const transport::io_result got = co_await stream_->read(room);
        if (got.error) {
          break;
        }
        reader_.commit(got.octets);
        keepalive_.on_traffic(clock::now());
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
      perform(closing_.on_close_frame(c->code, clock::now()));
    } else if (auto* bad = std::get_if<websocket::malformed>(&event)) {
      if (!closing_.may_send()) {
        return;  // known already: the stream is read to its end by way of discarding
      }
      runtime_.recorder.malformed_messages.add(metrics::malformed_from::client_frame);
      why_closed_ = metrics::client_close_reason::protocol_error;
      const error_code reason = websocket::make_error_code(bad->reason);
      runtime_.strangers.info("client {}: closed with {}: {}", remote(),
                              static_cast<unsigned>(bad->code), reason.message());
      perform(closing_.on_failure(bad->code, reason.message(), clock::now()));
      return;
    }
  }
}

void client_session::close(websocket::close_code code, std::string_view reason) {
  if (code == websocket::close_code::going_away) {
    why_closed_ = metrics::client_close_reason::draining;
  }
  perform(closing_.on_local_close(code, reason, clock::now()));
}

void client_session::disconnect(metrics::client_close_reason why) {
  why_closed_ = why;
  gone_ = true;
  stream_->close();
  resume_.cancel();
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
              resume_.cancel();
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
    next = std::min(next, clock::now() + options_.slow_reader_timeout);
  }
  if (next == time_point::max() || gone_) {
    timer_.disarm();
  } else {
    timer_.arm(next);
  }
}

void client_session::on_timer() {
  const time_point now = clock::now();
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
    resume_.cancel();
  }
}

// ---- out

bool client_session::push(buffer_slice frame) {
  if (out_.closed()) {
    runtime_.recorder.dropped.add(metrics::drop_reason::client_gone);
    return false;
  }
  if (!out_.push(std::move(frame))) {
    runtime_.recorder.dropped.add(metrics::drop_reason::client_queue_full);
    runtime_.strangers.info("client {}: its output queue is full: disconnected", remote());
    disconnect(metrics::client_close_reason::slow_reader);
    return false;
  }
  if (out_.writing_since() || out_.above_high_mark()) {
    update_timer();
  }
  pause_or_resume();
  return true;
}

template <class Encode>
bool client_session::send_text(std::size_t expected_octets, Encode&& encode) {
  const time_point begin = clock::now();
  for (std::size_t octets = expected_octets; octets <= max_text_octets; octets *= 4) {
    buffer_ref buffer = runtime_.pool().allocate(websocket::max_header_octets + octets);
    const std::string_view text = encode(buffer.whole().subspan(websocket::max_header_octets));
    if (!text.empty()) {
      runtime_.recorder.marshalled(metrics::codec_path::json_client, since(begin), text.size());
      return push(
          websocket::frame_in_place(std::move(buffer), websocket::max_header_octets,
                                    {.opcode = websocket::opcode::text, .length = text.size()}));
    }
  }
  return false;
}

/// To the client at once, or into the batch that the call was part of.
template <class Encode>
void client_session::reply_text(std::string_view id, const std::shared_ptr<batch>& part_of,
                                std::size_t expected_octets, Encode&& encode) {
  if (part_of == nullptr) {
    if (!id.empty() && !send_text(expected_octets, encode) && closing_.may_send() && !gone_) {
      static_cast<void>(send_text(1024, [&](mutable_bytes room) {
        return jsonrpc::encode_error(id, {.number = jsonrpc::error_number::too_large}, room);
      }));
    }
    return;
  }
  if (!id.empty() && !append(*part_of, expected_octets, encode)) {
    static_cast<void>(append(*part_of, 1024, [&](mutable_bytes room) {
      return jsonrpc::encode_error(id, {.number = jsonrpc::error_number::too_large}, room);
    }));
  }
  finish_batch(part_of);
}

/// False where the batch's text has no room for it: each call that still waits is sure of an error.
template <class Encode>
bool client_session::append(batch& b, std::size_t expected_octets, Encode&& encode) {
  constexpr std::size_t error_octets = 512;
  const std::size_t kept = b.text.size() + b.waiting * error_octets;
  for (std::size_t octets = expected_octets; octets <= max_text_octets; octets *= 4) {
    const buffer_ref buffer = runtime_.pool().allocate(octets);
    const std::string_view text = encode(buffer.whole());
    if (!text.empty()) {
      if (text.size() > error_octets && kept + text.size() > max_text_octets) {
        return false;
      }
      if (b.text.size() > 1) {
        b.text += ',';
      }
      b.text += text;
      return true;
    }
  }
  return false;
}

void client_session::finish_batch(const std::shared_ptr<batch>& b) {
  if (--b->waiting > 0) {
    return;
  }
  if (b->text.size() == 1) {
    return;  // only notifications: nothing is answered (JSON-RPC 2.0 §6)
  }
  b->text += ']';
  static_cast<void>(send_text(b->text.size(), [&](mutable_bytes room) -> std::string_view {
    if (room.size() < b->text.size()) {
      return {};
    }
    std::memcpy(room.data(), b->text.data(), b->text.size());
    return {reinterpret_cast<const char*>(room.data()), b->text.size()};
  }));
}

void client_session::reply(const client_request& to, const diameter::message_view& answer) {
  if (protocol_ == client_protocol::binary) {
    static_cast<void>(send_binary(answer, to.own_hop_by_hop, to.own_end_to_end));
    return;
  }
  reply_text(to.id(), to.part_of, jsonrpc::expected_text_octets(answer.octets().size()),
             [&](mutable_bytes room) {
               return jsonrpc::encode_result(to.id(), answer, to.answer_form,
                                             *dispatcher_.shared().names, room);
             });
}

void client_session::reply(const client_request& to, const jsonrpc::failure& reason) {
  if (protocol_ == client_protocol::binary) {
    const auto& definition = jsonrpc::find_error(reason.number);
    const std::uint32_t code =
        reason.result_code != 0 ? reason.result_code
        : definition.result_code != 0
            ? definition.result_code
            : static_cast<std::uint32_t>(diameter::result_code::unable_to_comply);
    const diameter::error_answer e{
        .code = static_cast<diameter::result_code>(code),
        .origin = dispatcher_.shared().node->origin_avps(),
        .error_message = reason.detail.empty() ? definition.sentence : reason.detail};
    // The peer's shard may be about to patch the request's Hop-by-Hop Identifier: it is not read.
    const bytes_view octets = to.message.view.octets();
    const buffer_ref copy = runtime_.pool().allocate(octets.size());
    constexpr std::size_t ids_begin = 12;
    std::memcpy(copy.data(), octets.data(), ids_begin);
    std::memcpy(copy.data() + diameter::header_octets, octets.data() + diameter::header_octets,
                octets.size() - diameter::header_octets);
    store_be32(copy.data() + ids_begin, to.own_hop_by_hop.value);
    store_be32(copy.data() + ids_begin + 4, to.own_end_to_end.value);
    const diameter::message_view request{copy.whole().first(octets.size())};
    const buffer_ref buffer =
        runtime_.pool().allocate(diameter::max_error_answer_octets(request, e));
    diameter::writer out{buffer.whole()};
    reply(to, diameter::message_view{diameter::write_error_answer(out, request, e)});
    return;
  }
  reply_text(to.id(), to.part_of, 1024,
             [&](mutable_bytes room) { return jsonrpc::encode_error(to.id(), reason, room); });
}

/// A copy of `message` with these identifiers.
bool client_session::send_binary(const diameter::message_view& message, hop_by_hop_id hop_by_hop,
                                 end_to_end_id end_to_end) {
  const time_point begin = clock::now();
  const bytes_view octets = message.octets();
  const buffer_slice copy =
      websocket::make_frame(runtime_.pool(), websocket::opcode::binary, octets);
  const mutable_bytes patched{
      const_cast<std::byte*>(copy.octets.data()) + (copy.octets.size() - octets.size()),
      octets.size()};
  diameter::patch_hop_by_hop(patched, hop_by_hop);
  diameter::patch_end_to_end(patched, end_to_end);
  runtime_.recorder.marshalled(metrics::codec_path::diameter_client, since(begin), octets.size());
  return push(copy);
}

void client_session::on_request_done() {
  --in_flight_;
  pause_or_resume();
}

bool client_session::send_request(std::uint32_t call, const diameter::message_view& request,
                                  const dictionary::command_definition& command) {
  if (gone_ || !closing_.may_send()) {
    return false;
  }
  if (protocol_ == client_protocol::binary) {
    return send_binary(request, hop_by_hop_id{call}, request.end_to_end());
  }
  std::array<char, 12> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), call).ptr;
  const std::string_view id{digits.data(), static_cast<std::size_t>(end - digits.data())};
  return send_text(jsonrpc::expected_text_octets(request.octets().size()), [&](mutable_bytes room) {
    return jsonrpc::encode_request(id, request, command, jsonrpc::form::object,
                                   *dispatcher_.shared().names, room);
  });
}

// ---- in

void client_session::on_message(const websocket::message& m) {
  if ((m.kind == websocket::message_kind::text) != (protocol_ == client_protocol::json)) {
    why_closed_ = metrics::client_close_reason::protocol_error;
    perform(closing_.on_failure(websocket::close_code::unsupported_data,
                                protocol_ == client_protocol::json
                                    ? "diameter.jsonrpc.v1 speaks in text frames"
                                    : "diameter.binary.v1 speaks in binary frames",
                                clock::now()));
    return;
  }
  if (protocol_ == client_protocol::binary) {
    on_binary(m);
    return;
  }
  text_began_ = clock::now();
  const std::string_view text = as_text(m.payload.octets);
  dispatcher_.decoder().decode(text, *this);
  prepared_ = {};
}

// One Diameter message a frame. What cannot be answered as Diameter costs the connection: without
// a sound header there is nobody to answer to.
void client_session::on_binary(const websocket::message& m) {
  const time_point now = clock::now();
  // The frame's octets are patched on their way, so they must be this message's alone.
  buffer_ref buffer = runtime_.pool().allocate(std::max<std::size_t>(m.payload.octets.size(), 1));
  std::memcpy(buffer.data(), m.payload.octets.data(), m.payload.octets.size());
  const bytes_view octets{buffer.data(), m.payload.octets.size()};
  const auto checked = diameter::check_message(octets);
  if (!checked) {
    runtime_.recorder.malformed_messages.add(metrics::malformed_from::client_binary);
    why_closed_ = metrics::client_close_reason::protocol_error;
    perform(closing_.on_failure(websocket::close_code::invalid_frame_payload_data,
                                diameter::to_sentence(checked.error().code), now));
    return;
  }
  runtime_.recorder.unmarshalled(metrics::codec_path::diameter_client, since(now), octets.size());
  const diameter::message_view& view = *checked;
  if (!view.is_request()) {
    static_cast<void>(
        dispatcher_.answer_call(*this, view.hop_by_hop().value, {std::move(buffer), view}));
    return;
  }
  client_request r;
  r.avps = jsonrpc::find_top_level(view.avps().octets());
  r.application = view.application();
  r.own_hop_by_hop = view.hop_by_hop();
  r.own_end_to_end = view.end_to_end();
  r.began = now;
  r.deadline = now + dispatcher_.shared().options->requests.timeout;
  r.message = {std::move(buffer), view};
  ++in_flight_;
  pause_or_resume();
  if (dispatcher_.draining() || is_between_peers(view.command())) {
    refuse(r, dispatcher_.draining() ? refusal_by_drain : refusal_between_peers);
    return;
  }
  diameter::patch_end_to_end({const_cast<std::byte*>(view.octets().data()), view.octets().size()},
                             runtime_.end_to_end.next());
  dispatcher_.serve(runtime_, *this, std::move(r));
}

mutable_bytes client_session::prepare(std::size_t octets) {
  if (!prepared_ || prepared_.capacity() < octets) {
    prepared_ = runtime_.pool().allocate(octets);
  }
  return prepared_.whole();
}

void client_session::on_batch_begin(std::size_t) {
  batch_ = std::make_shared<batch>();
}

void client_session::on_batch_end() {
  finish_batch(std::exchange(batch_, nullptr));
}

void client_session::on_request(const jsonrpc::request_call& call) {
  jsonrpc::request_call mine = call;
  const auto& shared = dispatcher_.shared();
  const auto& identity = shared.node->identity();
  client_request r;
  r.id_size = call.id.copy(r.id_text.data(), r.id_text.size());
  r.command = call.command;
  r.application = call.application;
  r.answer_form = call.options.answer_form.value_or(call.params_form);
  r.began = text_began_;
  r.deadline = text_began_ +
               std::min<duration>(call.options.timeout.value_or(shared.options->requests.timeout),
                                  shared.options->requests.max_timeout);
  r.part_of = batch_;
  if (batch_) {
    ++batch_->waiting;
  }
  std::array<char, 512> session_room{};
  jsonrpc::request_completion completion;
  if (!mine.message.avps.session_id) {
    completion.session_id = dispatcher_.make_session_id(session_room);
  }
  completion.origin_host = identity.origin_host;
  completion.origin_realm = identity.origin_realm;
  completion.destination_realm = identity.origin_realm;
  completion.end_to_end = runtime_.end_to_end.next();
  const time_point decoded = clock::now();
  const bytes_view octets = jsonrpc::complete_request(mine, completion);
  ++in_flight_;
  pause_or_resume();
  if (octets.empty() || dispatcher_.draining() || is_between_peers(call.command->code)) {
    refuse(r, octets.empty()           ? refusal_by_size
              : dispatcher_.draining() ? refusal_by_drain
                                       : refusal_between_peers);
    return;
  }
  const time_point completed = clock::now();
  runtime_.recorder.unmarshalled(metrics::codec_path::json_client, decoded - text_began_,
                                 octets.size());
  runtime_.recorder.marshalled(metrics::codec_path::diameter_peer, completed - decoded,
                               octets.size());
  text_began_ = completed;  // of the next call in a batch
  r.avps = mine.message.avps;
  r.message = {std::move(prepared_), diameter::message_view{octets}};
  prepared_ = {};
  dispatcher_.serve(runtime_, *this, std::move(r));
}

/// Answers a request that was counted as in flight and goes nowhere.
void client_session::refuse(const client_request& r, const request_refusal& why) {
  runtime_.recorder.refused_requests.add(why.counted_as);
  reply(r, {.number = why.number, .detail = why.detail, .result_code = why.result_code});
  on_request_done();
}

void client_session::on_gateway_call(const jsonrpc::gateway_call& call) {
  if (batch_) {
    ++batch_->waiting;
  }
  gateway_reply answer = call_gateway_method(dispatcher_, *this, call);
  answer.reason.detail = answer.detail;
  reply_text(call.id, batch_, 1024 + answer.text.size(), [&](mutable_bytes room) {
    return answer.failed ? jsonrpc::encode_error(call.id, answer.reason, room)
                         : jsonrpc::encode_raw_result(call.id, answer.text, room);
  });
}

void client_session::on_response(const jsonrpc::client_response& response) {
  const auto call = call_of(response.id);
  if (!call) {
    runtime_.recorder.dropped.add(metrics::drop_reason::client_answer_unknown);
    return;
  }
  static_cast<void>(dispatcher_.answer_call(*this, *call, response, std::move(prepared_)));
  prepared_ = {};
}

/// A response that cannot be read: nothing is answered to the client, and the peer that waits for
/// it is told at once.
void client_session::on_bad_response(const jsonrpc::refused_call& bad) {
  runtime_.recorder.malformed_messages.add(metrics::malformed_from::client_json);
  jsonrpc::client_response response;
  response.id = bad.id;
  response.error_message = bad.reason.detail;
  on_response(response);
}

void client_session::on_refused(const jsonrpc::refused_call& call) {
  using jsonrpc::error_number;
  metrics::refused_reason why = metrics::refused_reason::other;
  switch (call.reason.number) {
    case error_number::parse_error:
    case error_number::invalid_request:
      why = metrics::refused_reason::invalid_json;
      runtime_.recorder.malformed_messages.add(metrics::malformed_from::client_json);
      break;
    case error_number::method_not_found:
      why = metrics::refused_reason::unknown_method;
      break;
    case error_number::invalid_params:
      why = metrics::refused_reason::invalid_params;
      break;
    case error_number::too_busy:
    case error_number::too_large:
      why = metrics::refused_reason::limit;
      break;
    default:
      break;
  }
  if (call.kind == jsonrpc::refused_kind::response) {
    on_bad_response(call);
    return;
  }
  runtime_.recorder.refused_requests.add(why);
  if (batch_) {
    ++batch_->waiting;
  }
  reply_text(call.id, batch_, 1024,
             [&](mutable_bytes room) { return jsonrpc::encode_error(call.id, call.reason, room); });
}

}  // namespace diamgw::gateway
