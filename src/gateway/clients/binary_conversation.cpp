#include "gateway/clients/binary_conversation.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "diamgw/base/stopwatch.hpp"
#include "diamgw/codec/check.hpp"
#include "diamgw/codec/header.hpp"
#include "diamgw/diameter/answers.hpp"
#include "diamgw/diameter/routing_avps.hpp"
#include "diamgw/diameter/unanswered.hpp"

namespace diamgw::gateway {
namespace {

/// What a request needs longer than its turn. A short message is copied, so that it does not keep
/// a slab that many connections read into.
buffer_slice keep(buffer_pool& pool, const buffer_slice& payload) {
  constexpr std::size_t short_octets = 4096;
  if (payload.octets.size() > short_octets) {
    return payload;
  }
  buffer_ref own = pool.allocate(std::max<std::size_t>(payload.octets.size(), 1));
  std::memcpy(own.data(), payload.octets.data(), payload.octets.size());
  const bytes_view octets{own.data(), payload.octets.size()};
  return {std::move(own), octets};
}

/// How a client's answer is none to what it was given. (RFC 6733 §6.2)
diameter::answer_mismatch find_mismatch(const diameter::message_view& answer,
                                        const client_request_note& given) {
  std::optional<std::string_view> session;
  for (const diameter::avp_view avp : diameter::avp_range{given.avps.octets}) {
    if (avp.code == diameter::avps::session_id && avp.vendor == ietf_vendor) {
      session = as_text(avp.data);
      break;
    }
  }
  return diameter::find_mismatch(answer, given.header.command, session);
}

}  // namespace

binary_refusal to_diameter(const refusal& why) noexcept {
  if (!why.sentence.empty() || !why.end) {
    return {why.code, why.sentence};
  }
  // Diameter has no AVP for it, and the code is that of a refusal.
  const bool cut_off = why.end == diameter::unanswered::draining && why.sent;
  return {why.code, cut_off ? "The gateway is about to stop; the request may have been served"
                            : diameter::to_sentence(*why.end)};
}

/// A request while it is served. The client's own ids stand in the message as it came.
class binary_conversation::request_asker final : public asker {
 public:
  explicit request_asker(binary_conversation& owner) : owner_{owner} { owner_.change_in_flight(1); }
  ~request_asker() override { owner_.change_in_flight(-1); }

  [[nodiscard]] exchange_list& exchanges() noexcept override { return owner_.who_.exchanges; }

  [[nodiscard]] log_field name() const override { return {log_key::client, owner_.who_.remote()}; }

  void on_sending(const request& asked, routing::peer_index to) override {
    owner_.with_.on_sending(owner_.who_, asked, to);
  }
  void answered(const request& asked, diameter::message answer) override {
    owner_.with_.clients.on_answered(owner_.who_, asked, answer.view);
    diameter::header header = diameter::header_of(answer.view);
    header.hop_by_hop = asked.message.view.hop_by_hop();
    header.end_to_end = asked.message.view.end_to_end();
    const bytes_view avps = answer.view.avps().octets();
    owner_.send(header, {std::move(answer.buffer), avps});
  }
  void refused(const request& asked, const refusal& why) override {
    const binary_refusal told = to_diameter(why);
    const diameter::error_answer e{
        .code = told.code, .origin = owner_.with_.all.origin_avps, .error_message = told.sentence};
    const diameter::message_view& message = asked.message.view;
    buffer_ref buffer =
        owner_.with_.on.pool().allocate(diameter::max_error_answer_octets(message, e));
    diameter::writer out{buffer.whole()};
    const diameter::message_view answer{diameter::write_error_answer(out, message, e)};
    owner_.send(diameter::header_of(answer), {std::move(buffer), answer.avps().octets()});
  }

 private:
  binary_conversation& owner_;
};

void binary_conversation::change_in_flight(std::int32_t by) {
  in_flight_ += static_cast<std::uint32_t>(by);
  who_.on_requests_changed();
}

void binary_conversation::on_message(const websocket::message& m) {
  if (m.kind != websocket::message_kind::binary) {
    who_.fail(websocket::close_code::unsupported_data,
              "diameter.binary.v1 speaks in binary frames");
    return;
  }
  stopwatch watch;
  const auto checked = diameter::check_message(m.payload.octets);
  if (!checked) {
    with_.on.recorder.malformed_messages.add(metrics::malformed_from::client_binary);
    who_.fail(websocket::close_code::invalid_frame_payload_data,
              diameter::to_sentence(checked.error().code));
    return;
  }
  with_.on.recorder.unmarshalled(metrics::codec_path::diameter_client, watch.lap(),
                                 m.payload.octets.size());
  buffer_slice kept = keep(with_.on.pool(), m.payload);
  const diameter::message_view view{kept.octets};
  if (view.is_request()) {
    on_request({std::move(kept.buffer), view});
  } else {
    on_answer({std::move(kept.buffer), view});
  }
}

void binary_conversation::on_request(diameter::message message) {
  const time_point began = with_.on.shard.now();
  const diameter::message_view view = message.view;
  diameter::header header = diameter::header_of(view);
  header.end_to_end = with_.on.end_to_end.next();
  with_.requests.ask(asker_ptr{new (with_.on.frames()) request_asker{*this}},
                     {.message = std::move(message),
                      .header = header,
                      .avps = diameter::find_routing_avps(view.avps().octets()),
                      .command = with_.all.metrics.find_command(header.application, header.command),
                      .from = {},
                      .began = began,
                      .deadline = began + with_.all.options.requests.timeout});
}

bool binary_conversation::send_request(client_transactions::transaction& t,
                                       const outgoing_request& request) {
  diameter::header header = request.header;
  header.hop_by_hop = t.id();
  return who_.may_send() && send(header, request.avps, request.appended);
}

void binary_conversation::on_answer(diameter::message answer) {
  const hop_by_hop_id id = answer.view.hop_by_hop();
  const auto* const t = with_.clients.pending().find(id);
  if (t == nullptr || t->note.client != who_.key) {
    with_.on.recorder.dropped.add(metrics::drop_reason::client_answer_unknown);
    return;
  }
  const auto given = with_.clients.pending().take(id);
  exchange_result result{.outcome = exchange_outcome::answered};
  switch (find_mismatch(answer.view, given->note)) {
    case diameter::answer_mismatch::none:
      result.answer = std::move(answer);
      break;
    case diameter::answer_mismatch::command:
      result = {.outcome = exchange_outcome::refused,
                .code = diameter::result_code::unable_to_comply,
                .sentence = "the client's answer is for another command"};
      break;
    case diameter::answer_mismatch::session:
      result = {.outcome = exchange_outcome::refused,
                .code = diameter::result_code::unable_to_comply,
                .sentence = "the client's answer has another Session-Id"};
      break;
  }
  tell_exchange(with_.on, given->exchange, given->deadline, std::move(result));
}

bool binary_conversation::send(const diameter::header& header, buffer_slice avps,
                               buffer_slice appended) {
  stopwatch watch;
  const std::size_t octets = diameter::header_octets + avps.octets.size() + appended.octets.size();
  const auto head = header.encode(octets);
  with_.on.recorder.marshalled(metrics::codec_path::diameter_client, watch.lap(), octets);
  std::array<buffer_slice, 2> rest{std::move(avps), std::move(appended)};
  const std::size_t slices = rest[1].octets.empty() ? 1 : 2;
  return who_.send(websocket::message_kind::binary, head, std::span{rest}.first(slices));
}

}  // namespace diamgw::gateway
