#include "gateway/peers/peer_asker.hpp"

#include <utility>

#include "diamgw/codec/header.hpp"

namespace diamgw::gateway {

log_field peer_asker::name() const {
  return {log_key::peer, peers_.host(from_.peer)};
}

void peer_asker::answered(const request& asked, diameter::message answer) {
  constexpr std::uint8_t kept = diameter::command_flags::proxiable;
  diameter::header header = diameter::header_of(asked.message.view);
  header.flags = static_cast<std::uint8_t>((header.flags & kept) |
                                           (answer.view.flags() & diameter::command_flags::error));
  const bytes_view avps = answer.view.avps().octets();
  peers_.send_answer(on_, from_, header, {std::move(answer.buffer), avps});
}

void peer_asker::refused(const request& asked, const refusal& why) {
  if (why.violation != nullptr) {
    peers_.send_error(on_, from_, asked.message.view, *why.violation);
  } else {
    peers_.send_error(on_, from_, asked.message.view, why.code, why.sentence);
  }
}

void peer_requests::ask(peer_request asked) {
  const time_point now = on_.shard.now();
  const diameter::message_view view = asked.message.view;
  request r{.message = std::move(asked.message),
            .header = diameter::header_of(view),
            .avps = diameter::find_routing_avps(view.avps().octets()),
            .command = asked.command,
            .from = {diameter::agent::asked_by::peer, asked.from.peer},
            .began = now,
            .deadline = now + patience_};
  asker_ptr who{new (on_.frames()) peer_asker{peers_, on_, asked_, asked.from}};
  path_.ask(std::move(who), std::move(r));
}

}  // namespace diamgw::gateway
