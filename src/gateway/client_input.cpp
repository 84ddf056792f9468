// What a client sends: calls, responses and raw Diameter messages, on their way to the dispatcher.
#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <utility>

#include "client_session.hpp"
#include "diamgw/codec/check.hpp"
#include "diamgw/diameter/complete_message.hpp"
#include "dispatcher.hpp"
#include "gateway_methods.hpp"

namespace diamgw::gateway {
namespace {

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

void client_session::on_message(const websocket::message& m) {
  if ((m.kind == websocket::message_kind::text) != (protocol_ == client_protocol::json)) {
    fail(websocket::close_code::unsupported_data,
         protocol_ == client_protocol::json ? "diameter.jsonrpc.v1 speaks in text frames"
                                            : "diameter.binary.v1 speaks in binary frames");
    return;
  }
  if (protocol_ == client_protocol::binary) {
    on_binary(m);
    return;
  }
  text_began_ = clock::now();
  jsonrpc::reader& calls = dispatcher_.reader();
  calls.begin(as_text(m.payload.octets));
  for (bool is_done = false; !is_done;) {
    jsonrpc::reader_event event = calls.next();
    is_done = std::holds_alternative<jsonrpc::done>(event);
    std::visit([this](auto& e) { on_event(e); }, event);
  }
}

// One Diameter message a frame. What cannot be answered as Diameter costs the connection: without
// a sound header there is nobody to answer to.
void client_session::on_binary(const websocket::message& m) {
  const time_point began = clock::now();
  // The frame's octets are patched on their way, so they must be this message's alone.
  buffer_ref buffer = runtime_.pool().allocate(std::max<std::size_t>(m.payload.octets.size(), 1));
  std::memcpy(buffer.data(), m.payload.octets.data(), m.payload.octets.size());
  const bytes_view octets{buffer.data(), m.payload.octets.size()};
  const auto checked = diameter::check_message(octets);
  if (!checked) {
    runtime_.recorder.malformed_messages.add(metrics::malformed_from::client_binary);
    fail(websocket::close_code::invalid_frame_payload_data,
         diameter::to_sentence(checked.error().code));
    return;
  }
  runtime_.recorder.unmarshalled(metrics::codec_path::diameter_client, since(began), octets.size());
  const diameter::message_view& view = *checked;
  if (!view.is_request()) {
    static_cast<void>(
        dispatcher_.answer_call(*this, view.hop_by_hop().value, {std::move(buffer), view}));
    return;
  }
  client_request r;
  r.avps = diameter::find_routing_avps(view.avps().octets());
  r.application = view.application();
  r.own_hop_by_hop = view.hop_by_hop();
  r.own_end_to_end = view.end_to_end();
  r.began = runtime_.shard.now();
  r.deadline = r.began + dispatcher_.shared().options->requests.timeout;
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

void client_session::on_event(jsonrpc::batch_begin) {
  batch_ = std::make_shared<batch>();
}

void client_session::on_event(jsonrpc::batch_end) {
  finish_batch(std::exchange(batch_, nullptr));
}

void client_session::on_event(jsonrpc::request_call& call) {
  const auto& shared = dispatcher_.shared();
  const auto& identity = shared.node->identity();
  client_request r;
  r.id_size = call.id.copy(r.id_text.data(), r.id_text.size());
  r.words = dispatcher_.words();
  r.application = call.application;
  r.answer_form = call.options.answer_form.value_or(call.params_form);
  r.began = runtime_.shard.now();
  r.deadline =
      r.began + std::min<duration>(call.options.timeout.value_or(shared.options->requests.timeout),
                                   shared.options->requests.max_timeout);
  r.part_of = batch_;
  if (batch_) {
    ++batch_->waiting;
  }
  std::array<char, 512> session_room{};
  diameter::request_completion completion;
  if (!call.message.avps.session_id) {
    completion.session_id = dispatcher_.make_session_id(session_room);
  }
  completion.origin_host = identity.origin_host;
  completion.origin_realm = identity.origin_realm;
  completion.destination_realm = identity.origin_realm;
  completion.application = call.application;
  completion.sent =
      call.options.retransmitted ? diameter::transmission::repeated : diameter::transmission::first;
  completion.end_to_end = runtime_.end_to_end.next();
  const time_point decoded = clock::now();
  const bytes_view octets = diameter::complete_request(call.message, *call.command, completion);
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
  r.avps = call.message.avps;
  r.message = {std::move(call.buffer), diameter::message_view{octets}};
  dispatcher_.serve(runtime_, *this, std::move(r));
}

/// Answers a request that was counted as in flight and goes nowhere.
void client_session::refuse(const client_request& r, const request_refusal& why) {
  runtime_.recorder.refused_requests.add(why.counted_as);
  reply(r, {.number = why.number, .detail = why.detail, .result_code = why.result_code});
  on_request_done();
}

void client_session::on_event(const jsonrpc::gateway_call& call) {
  if (batch_) {
    ++batch_->waiting;
  }
  gateway_reply answer = call_gateway_method(dispatcher_, *this, call);
  if (answer.failed) {
    answer.reason.detail = answer.detail;
    reply_error(call.id, batch_, answer.reason);
  } else {
    reply_raw(call.id, batch_, answer.text);
  }
}

void client_session::on_event(jsonrpc::client_response& response) {
  const auto call = call_of(response.id);
  if (!call) {
    runtime_.recorder.dropped.add(metrics::drop_reason::client_answer_unknown);
    return;
  }
  static_cast<void>(dispatcher_.answer_call(*this, *call, response));
}

/// A response that cannot be read: nothing is answered to the client, and the peer that waits for
/// it is told at once.
void client_session::on_bad_response(const jsonrpc::refused_call& bad) {
  runtime_.recorder.malformed_messages.add(metrics::malformed_from::client_json);
  jsonrpc::client_response response;
  response.id = bad.id;
  response.error_message = bad.reason.detail;
  on_event(response);
}

void client_session::on_event(const jsonrpc::refused_call& call) {
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
  reply_error(call.id, batch_, call.reason);
}

}  // namespace diamgw::gateway
