// Rules for editors: see the header.
#include "diamgw/websocket/endpoint.hpp"

#include <cstring>
#include <utility>

#include "diamgw/base/assert.hpp"

namespace diamgw::websocket {
namespace {

opcode opcode_of(message_kind kind) noexcept {
  return kind == message_kind::text ? opcode::text : opcode::binary;
}

reader::options reader_options(const endpoint::options& o) {
  return {.role = o.role, .max_message_octets = o.max_message_octets};
}

}  // namespace

endpoint::endpoint(buffer_pool& pool, const options& o, shared_slab* shared)
    : pool_{&pool},
      role_{o.role},
      reader_{pool, reader_options(o), shared},
      closing_{{.role = o.role, .timeout = o.close_timeout}},
      alive_{o.alive} {}

void endpoint::on_open(time_point now) {
  perform(alive_.on_start(now));
}

void endpoint::commit(std::size_t octets, time_point now) {
  reader_.commit(octets);
  alive_.on_traffic(now);
}

std::size_t endpoint::feed(bytes_view octets, time_point now) {
  alive_.on_traffic(now);
  return reader_.feed(octets);
}

void endpoint::pause() noexcept {
  paused_ = closing_.may_send();
}

void endpoint::close(close_code code, std::string_view reason, time_point now) {
  perform(closing_.on_local_close(code, reason, now));
}

void endpoint::fail(close_code code, std::string_view reason, time_point now) {
  perform(closing_.on_failure(code, reason, now));
}

buffer_slice endpoint::frame_in_place(message_kind kind, buffer_ref buffer, std::size_t octets,
                                      masking_key key) const noexcept {
  return websocket::frame_in_place(
      std::move(buffer), max_header_octets,
      {.opcode = opcode_of(kind), .key = masked_by(key), .length = octets});
}

frame_front endpoint::begin_frame(message_kind kind, bytes_view head,
                                  std::span<const buffer_slice> rest) const noexcept {
  DIAMGW_ASSERT(role_ == role::server && head.size() <= max_frame_head_octets);
  std::size_t length = head.size();
  for (const buffer_slice& slice : rest) {
    length += slice.octets.size();
  }
  const encoded_header header = encode_header({.opcode = opcode_of(kind), .length = length});
  frame_front front;  // NOLINT(*-member-init): filled as far as `size` says
  std::memcpy(front.octets.data(), header.octets.data(), header.size);
  std::memcpy(front.octets.data() + header.size, head.data(), head.size());
  front.size = header.size + head.size();
  return front;
}

void endpoint::on_last_sent() {
  perform(closing_.on_close_sent());
}

void endpoint::on_timer(time_point now) {
  if (paused_) {
    alive_.on_traffic(now);  // it is we who do not read
  }
  if (now >= close_at_) {
    close_at_ = time_point::max();
    perform(closing_.on_timer(now));
  }
  if (now >= ping_at_) {
    ping_at_ = time_point::max();
    perform(alive_.on_timer(now));
  }
}

void endpoint::on_disconnect() {
  perform(closing_.on_disconnect());
  alive_.on_stop();
  close_at_ = ping_at_ = time_point::max();
  close_due_ = disconnect_due_ = drop_due_ = ping_due_ = paused_ = false;
}

void endpoint::begin_close(const send_close& action) {
  alive_.on_stop();
  ping_at_ = time_point::max();
  close_due_ = true;
  ping_due_ = false;
  close_code_ = action.code;
  close_reason_.assign(action.reason);
  paused_ = false;  // what the peer still sends is read, and discarded
}

template <class Actions>
void endpoint::perform(const Actions& actions) {
  for (const auto& action : actions) {
    std::visit(
        [this]<class Action>(const Action& a) {
          if constexpr (std::same_as<Action, send_close>) {
            begin_close(a);
          } else if constexpr (std::same_as<Action, disconnect_tcp>) {
            disconnect_due_ = true;
            manner_ = a.manner;
          } else if constexpr (std::same_as<Action, send_ping>) {
            ping_due_ = true;
          } else if constexpr (std::same_as<Action, drop_peer>) {
            drop_due_ = true;
          } else if constexpr (std::same_as<Actions, close_actions>) {
            close_at_ = a.at;
          } else {
            ping_at_ = a.at;
          }
        },
        action);
  }
}

endpoint_event endpoint::next(time_point now, masking_key key) {
  endpoint_event event;
  while (!take_due(event, key)) {
    if (paused_ || !take_read(event, now, key)) {
      break;
    }
    if (!std::holds_alternative<need_more>(event)) {
      break;
    }
  }
  return event;
}

// §5.3: "The masking key is a 32-bit value chosen at random by the client"; §5.1: "A server MUST
// NOT mask any frames that it sends to the client."
std::optional<masking_key> endpoint::masked_by(masking_key key) const noexcept {
  return role_ == role::client ? std::optional{key} : std::nullopt;
}

// What a machine has said that is to be done.
bool endpoint::take_due(endpoint_event& event, masking_key key) {
  if (std::exchange(close_due_, false)) {
    event = send_frame{make_close(*pool_, close_code_, close_reason_, masked_by(key)), true};
    close_reason_ = {};
    return true;
  }
  if (std::exchange(disconnect_due_, false)) {
    event = disconnect_tcp{manner_};
    return true;
  }
  if (std::exchange(drop_due_, false)) {
    event = drop_peer{};
    return true;
  }
  if (std::exchange(ping_due_, false)) {
    event = send_frame{make_frame(*pool_, opcode::ping, {}, masked_by(key))};
    return true;
  }
  return false;
}

// One event of the reader. False where it has none; true with need_more where it was for us alone.
bool endpoint::take_read(endpoint_event& event, time_point now, masking_key key) {
  reader_event got = reader_.next();
  if (std::holds_alternative<need_more>(got)) {
    return false;
  }
  if (auto* bad = std::get_if<malformed>(&got)) {
    // §7.1.7: after the first fault, or a close, nothing that comes is looked at.
    if (std::exchange(faulted_, true) || !closing_.may_send()) {
      return false;
    }
    perform(closing_.on_failure(bad->code, make_error_code(bad->reason).message(), now));
    event = *bad;
    return true;
  }
  if (auto* c = std::get_if<websocket::close>(&got)) {
    peer_reason_.assign(as_text(c->reason.octets));
    perform(closing_.on_close_frame(c->code, now));
  } else if (!closing_.may_send()) {
    return true;  // §5.5.1: no data frames are sent after a close; nothing could be answered
  } else if (auto* m = std::get_if<message>(&got)) {
    event = std::move(*m);
  } else if (auto* p = std::get_if<ping>(&got)) {
    // §5.5.2: "Upon receipt of a Ping frame, an endpoint MUST send a Pong frame in response".
    event = send_frame{make_frame(*pool_, opcode::pong, p->payload.octets, masked_by(key))};
  }
  return true;
}

}  // namespace diamgw::websocket
