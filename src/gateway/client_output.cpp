// What a client is sent: answers, errors, batches, and the network's requests.
#include <charconv>
#include <cstring>
#include <utility>

#include "client_session.hpp"
#include "diamgw/diameter/answers.hpp"
#include "diamgw/jsonrpc/encoder.hpp"
#include "diamgw/websocket/writer.hpp"
#include "dispatcher.hpp"

namespace diamgw::gateway {
namespace {

/// A text that needs more than this is not sent; the client gets too_large in its place.
constexpr std::size_t max_text_octets = std::size_t{8} << 20U;

std::chrono::nanoseconds since(time_point begin) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(clock::now() - begin);
}

}  // namespace

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
               return jsonrpc::encode_result(to.id(), answer, to.answer_form, *to.words->names,
                                             room);
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
  reply_error(to.id(), to.part_of, reason);
}

void client_session::reply_error(std::string_view id, const std::shared_ptr<batch>& part_of,
                                 const jsonrpc::failure& reason) {
  reply_text(id, part_of, 1024,
             [&](mutable_bytes room) { return jsonrpc::encode_error(id, reason, room); });
}

void client_session::reply_raw(std::string_view id, const std::shared_ptr<batch>& part_of,
                               std::string_view result) {
  reply_text(id, part_of, 1024 + result.size(),
             [&](mutable_bytes room) { return jsonrpc::encode_raw_result(id, result, room); });
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
                                  const dictionary::command_definition& command,
                                  const dictionary::dictionary& names) {
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
    return jsonrpc::encode_request(id, request, command, jsonrpc::form::object, names, room);
  });
}

}  // namespace diamgw::gateway
