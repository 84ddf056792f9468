#include "gateway/clients/json_conversation.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "diamgw/base/printable.hpp"
#include "diamgw/diameter/answers.hpp"
#include "diamgw/diameter/complete_message.hpp"
#include "diamgw/diameter/unanswered.hpp"
#include "diamgw/jsonrpc/encoder.hpp"
#include "diamgw/jsonrpc/known_steps.hpp"
#include "gateway/clients/gateway_methods.hpp"

namespace diamgw::gateway {
namespace {

/// The transaction that a response's id names: the ids of our own calls are its numbers.
std::optional<hop_by_hop_id> transaction_of(std::string_view id) {
  std::uint32_t number = 0;
  const auto parsed = std::from_chars(id.data(), id.data() + id.size(), number);
  if (parsed.ec != std::errc{} || parsed.ptr != id.data() + id.size()) {
    return std::nullopt;
  }
  return hop_by_hop_id{number};
}

/// `"candidates":[{"host":…,"reason":…},…]` of peers that were considered.
std::string candidates_of(const routing::explanation& why) {
  std::string text = "\"candidates\":[";
  for (const auto& c : why.candidates) {
    if (text.back() != '[') {
      text += ',';
    }
    text += "{\"host\":\"" + c.host + "\",\"reason\":\"";
    text += c.phrase();
    text += "\"}";
  }
  return text + ']';
}

/// All AVPs of a request behind each other, as its JSON has them.
buffer_slice all_avps(buffer_pool& pool, const outgoing_request& request) {
  if (request.appended.octets.empty()) {
    return request.avps;
  }
  const bytes_view first = request.avps.octets;
  const bytes_view last = request.appended.octets;
  buffer_ref all = pool.allocate(first.size() + last.size());
  std::ranges::copy(first, all.data());
  std::ranges::copy(last, all.data() + first.size());
  const bytes_view octets = all.whole().first(first.size() + last.size());
  return {std::move(all), octets};
}

metrics::refused_reason counted_as(jsonrpc::error_number number) {
  switch (number) {
    case jsonrpc::error_number::parse_error:
    case jsonrpc::error_number::invalid_request:
      return metrics::refused_reason::invalid_json;
    case jsonrpc::error_number::method_not_found:
      return metrics::refused_reason::unknown_method;
    case jsonrpc::error_number::invalid_params:
      return metrics::refused_reason::invalid_params;
    case jsonrpc::error_number::too_busy:
    case jsonrpc::error_number::too_large:
      return metrics::refused_reason::limit;
    default:
      return metrics::refused_reason::other;
  }
}

}  // namespace

json_refusal to_json(const refusal& why) noexcept {
  using diameter::unanswered;
  using jsonrpc::error_number;
  const auto code = static_cast<std::uint32_t>(why.code);
  if (!why.end) {
    return {why.code == diameter::result_code::command_unsupported
                ? error_number::method_not_found
                : error_number::unable_to_deliver,
            code};
  }
  switch (*why.end) {
    case unanswered::unable_to_deliver:
      return {error_number::unable_to_deliver, code};
    case unanswered::too_busy:
      return {error_number::too_busy, code};
    case unanswered::timed_out:
      return {error_number::timed_out};
    case unanswered::receiver_lost:
      return {error_number::peer_lost};
    case unanswered::malformed_answer:
      return {error_number::malformed_answer};
    case unanswered::too_large:
      return {error_number::too_large};
    case unanswered::cancelled:
      return {error_number::cancelled};
    case unanswered::draining:
      return {error_number::draining};
  }
  return {error_number::internal_error};
}

/// A call while it is served: where its answer goes, in which form, by which dictionary.
class json_conversation::request_asker final : public asker {
 public:
  request_asker(json_conversation& owner, const jsonrpc::request_call& call)
      : owner_{owner},
        part_of_{owner.batch_},
        edition_{owner.with_.edition()},
        form_{call.options.answer_form.value_or(call.params_form)} {
    id_octets_ = static_cast<std::uint8_t>(call.id.copy(id_.data(), id_.size()));
    owner_.change_in_flight(1);
  }
  ~request_asker() override { owner_.change_in_flight(-1); }

  [[nodiscard]] exchange_list& exchanges() noexcept override { return owner_.who_.exchanges; }
  [[nodiscard]] std::string_view label() const noexcept override {
    return {id_.data(), id_octets_};
  }

  [[nodiscard]] log_field name() const override { return {log_key::client, owner_.who_.remote()}; }

  void on_sending(const request& asked, routing::peer_index to) override {
    owner_.with_.on_sending(owner_.who_, asked, to);
  }
  void answered(const request& asked, diameter::message answer) override {
    owner_.answer(
        label(), part_of_.get(), jsonrpc::expected_text_octets(answer.view.octets().size()), true,
        [&](mutable_bytes room) {
          return jsonrpc::encode_result(label(), answer.view, form_, *edition_->dictionary, room);
        });
    owner_.with_.clients.on_answered(owner_.who_, asked, answer.view);
  }
  void refused(const request& /*asked*/, const refusal& why) override {
    const json_refusal told = to_json(why);
    const std::string more =
        why.candidates == nullptr ? std::string{} : candidates_of(*why.candidates);
    owner_.answer_error(label(), part_of_.get(),
                        {.number = told.number,
                         .detail = why.sentence,
                         .result_code = told.result_code,
                         .peer = why.peer,
                         .sent = why.sent,
                         .more_data = more});
  }
  void too_large() {
    owner_.answer_error(label(), part_of_.get(), {.number = jsonrpc::error_number::too_large});
  }

 private:
  json_conversation& owner_;
  std::shared_ptr<batch> part_of_;
  std::shared_ptr<const dictionary_edition> edition_;
  jsonrpc::form form_;
  std::uint8_t id_octets_;    // 0: a notification
  std::array<char, 128> id_;  // NOLINT(*-member-init): the JSON token; jsonrpc refuses longer ones
};

json_conversation::json_conversation(conversation_context& with, client& who)
    : with_{with}, who_{who}, out_{with.on, who} {}

void json_conversation::change_in_flight(std::int32_t by) {
  in_flight_ += static_cast<std::uint32_t>(by);
  who_.on_requests_changed();
}

// ---- what the client says

void json_conversation::on_message(const websocket::message& m) {
  if (m.kind != websocket::message_kind::text) {
    who_.fail(websocket::close_code::unsupported_data, "diameter.jsonrpc.v1 speaks in text frames");
    return;
  }
  jsonrpc::reader& calls = with_.reader();
  calls.begin(as_text(m.payload.octets));
  watch_.restart();
  for (bool is_done = false; !is_done;) {
    jsonrpc::reader_event event = calls.next();
    is_done = std::holds_alternative<jsonrpc::done>(event);
    std::visit([this](auto& e) { on_event(e); }, event);
    if (batch_) {  // another call may follow
      watch_.restart();
    }
  }
}

void json_conversation::on_event(jsonrpc::batch_begin) {
  batch_ = std::make_shared<batch>(out_);
}

void json_conversation::on_event(jsonrpc::batch_end) {
  std::exchange(batch_, nullptr)->done();
}

void json_conversation::on_event(jsonrpc::request_call& call) {
  const config::request_options& limits = with_.all.options.requests;
  const diameter::local_node& identity = with_.all.identity;
  if (batch_) {
    batch_->expect();
  }
  std::array<char, 512> session_room;  // NOLINT(*-member-init): written as far as it is used
  diameter::request_completion completion{.origin_host = identity.origin_host,
                                          .origin_realm = identity.origin_realm,
                                          .destination_realm = identity.origin_realm,
                                          .application = call.application,
                                          .sent = call.options.retransmitted
                                                      ? diameter::transmission::repeated
                                                      : diameter::transmission::first,
                                          .end_to_end = with_.on.end_to_end.next()};
  if (!call.message.avps.session_id) {
    completion.session_id = with_.all.session_ids.next(session_room);
  }
  auto who = std::unique_ptr<request_asker>{new (with_.on.frames()) request_asker{*this, call}};
  const duration reading = watch_.lap();
  const bytes_view octets = diameter::complete_request(call.message, *call.command, completion);
  if (octets.empty()) {
    with_.on.recorder.refused_requests.add(metrics::refused_reason::limit);
    log_refused({.number = jsonrpc::error_number::too_large});
    who->too_large();
    return;
  }
  with_.on.recorder.unmarshalled(metrics::codec_path::json_client, reading, octets.size());
  with_.on.recorder.marshalled(metrics::codec_path::diameter_peer, watch_.lap(), octets.size());
  const time_point began = with_.on.shard.now();
  const diameter::message_view view{octets};
  with_.requests.ask(
      std::move(who),
      {.message = {std::move(call.buffer), view},
       .header = diameter::header_of(view),
       .avps = call.message.avps,
       .command = with_.all.metrics.find_command(call.application, call.command->code),
       .from = {},
       .began = began,
       .deadline = began + std::min<duration>(call.options.timeout.value_or(limits.timeout),
                                              limits.max_timeout)});
}

void json_conversation::on_event(const jsonrpc::gateway_call& call) {
  if (batch_) {
    batch_->expect();
  }
  const gateway_methods::reply reply = with_.all.methods.call(with_, who_, call);
  if (reply.error) {
    answer_error(call.id, batch_.get(), {.number = *reply.error, .detail = reply.text});
  } else {
    answer(call.id, batch_.get(), 1024 + reply.text.size(), false, [&](mutable_bytes room) {
      return jsonrpc::encode_raw_result(call.id, reply.text, room);
    });
  }
}

void json_conversation::on_event(jsonrpc::client_response& response) {
  const auto id = transaction_of(response.id);
  const auto* const t = id ? with_.clients.pending().find(*id) : nullptr;
  if (t == nullptr || t->note.client != who_.key) {
    with_.on.recorder.dropped.add(metrics::drop_reason::client_answer_unknown);
  } else if (!response.result) {
    answer_by_error(*id, response.error_result_code, response.error_message);
  } else if (!response.result->avps.result_code &&
             !response.result->avps.experimental_result_code) {
    end_transaction(*id, diameter::result_code::unable_to_comply,
                    "the client's answer has no Result-Code");
  } else {
    answer_by_result(*id, *response.result, std::move(response.buffer));
  }
}

void json_conversation::on_event(const jsonrpc::refused_call& call) {
  if (call.reason.number == jsonrpc::error_number::parse_error ||
      call.reason.number == jsonrpc::error_number::invalid_request ||
      call.kind == jsonrpc::refused_kind::response) {
    with_.on.recorder.malformed_messages.add(metrics::malformed_from::client_json);
  }
  if (call.kind == jsonrpc::refused_kind::response) {
    // Nothing is answered to the client, and the peer that waits for it is told at once.
    jsonrpc::client_response response;
    response.id = call.id;
    response.error_message = call.reason.detail;
    on_event(response);
    return;
  }
  with_.on.recorder.refused_requests.add(counted_as(call.reason.number));
  log_refused(call.reason);
  if (batch_) {
    batch_->expect();
  }
  answer_error(call.id, batch_.get(), call.reason);
}

// The sentence and the path may hold what the client wrote, and that a subscriber's number.
void json_conversation::log_refused(const jsonrpc::failure& why) {
  if (with_.on.refusals.admit(with_.on.shard.now())) {
    constexpr std::size_t max_place_octets = 255;
    const std::string_view error = jsonrpc::find_error(why.number).name;
    const std::string place =
        jsonrpc::known_steps(why.path, *with_.edition()->dictionary).substr(0, max_place_octets);
    std::vector<log_field> fields{{log_key::client, who_.remote()},
                                  {log_key::reason, to_string(counted_as(why.number))}};
    if (!place.empty()) {
      fields.emplace_back(log_key::place, place);
    }
    with_.on.log.warn(fields, "client {}: a call is refused: {}{}{}", who_.remote(), error,
                      place.empty() ? "" : " at ", place);
  }
}

// ---- what the client is told

// What is too long, and nothing else that fails while the client is there, becomes an error.
void json_conversation::answer(std::string_view id, batch* part_of, std::size_t expected_octets,
                               bool sent, text_encoder encode) {
  const auto too_large = [id, sent](mutable_bytes room) {
    return jsonrpc::encode_error(id, {.number = jsonrpc::error_number::too_large, .sent = sent},
                                 room);
  };
  if (part_of == nullptr) {
    if (!id.empty() && !out_.send(expected_octets, encode) && out_.may_send()) {
      static_cast<void>(out_.send(1024, too_large));
    }
    return;
  }
  if (!id.empty() && !part_of->append(expected_octets, encode)) {
    static_cast<void>(part_of->append(1024, too_large));
  }
  part_of->done();
}

void json_conversation::answer_error(std::string_view id, batch* part_of,
                                     const jsonrpc::failure& reason) {
  answer(id, part_of, 1024, reason.sent,
         [&](mutable_bytes room) { return jsonrpc::encode_error(id, reason, room); });
}

void json_conversation::on_session_taken(std::string_view session_id) {
  static_cast<void>(out_.send(128 + session_id.size(), [session_id](mutable_bytes room) {
    return jsonrpc::encode_session_taken(session_id, room);
  }));
}

// ---- what the network asks the client

bool json_conversation::send_request(client_transactions::transaction& t,
                                     const outgoing_request& request) {
  const dictionary::dictionary& names = *with_.edition()->dictionary;
  const dictionary::command_definition* command =
      names.find_command(request.header.application, request.header.command);
  if (command == nullptr || !who_.may_send()) {
    return false;
  }
  t.note.edition = with_.edition();
  t.note.command = command;
  std::array<char, 12> digits;  // NOLINT(*-member-init): written as far as it is used
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), t.id().value).ptr;
  const std::string_view id{digits.data(), static_cast<std::size_t>(end - digits.data())};
  const buffer_slice avps = all_avps(with_.on.pool(), request);
  return out_.send(
      jsonrpc::expected_text_octets(request.message_octets()), [&](mutable_bytes room) {
        return jsonrpc::encode_request(id, request.header, diameter::avp_range{avps.octets},
                                       *command, jsonrpc::form::object, names, room);
      });
}

void json_conversation::end_transaction(hop_by_hop_id id, diameter::result_code code,
                                        std::string_view sentence) {
  if (const auto given = with_.clients.pending().take(id)) {
    tell_exchange(with_.on, given->exchange, given->deadline,
                  {.outcome = exchange_outcome::refused, .code = code, .sentence = sentence});
  }
}

// The client's own words reach the peer as Error-Message, its code where it is a Result-Code.
void json_conversation::answer_by_error(hop_by_hop_id id, std::uint32_t result_code,
                                        std::string_view message) {
  const auto given = with_.clients.pending().take(id);
  const diameter::error_answer e{.code = diameter::result_code_said(result_code),
                                 .origin = with_.all.origin_avps,
                                 .error_message = message.substr(0, 256)};
  with_.on.recorder.refused_requests.add(metrics::refused_reason::unable_to_deliver);
  const diameter::header& header = given->note.header;
  const diameter::avp_range avps{given->note.avps.octets};
  buffer_ref buffer = with_.on.pool().allocate(diameter::max_error_answer_octets(avps, e));
  diameter::writer out{buffer.whole()};
  const diameter::message_view answer{diameter::write_error_answer(out, header, avps, e)};
  tell_exchange(with_.on, given->exchange, given->deadline,
                {.outcome = exchange_outcome::answered, .answer = {std::move(buffer), answer}});
}

void json_conversation::answer_by_result(hop_by_hop_id id, diameter::encoded_avps& result,
                                         buffer_ref buffer) {
  const auto given = with_.clients.pending().take(id);
  const diameter::local_node& identity = with_.all.identity;
  stopwatch watch;
  const bytes_view octets = diameter::complete_answer(
      result, given->note.header, diameter::avp_range{given->note.avps.octets},
      *given->note.command, identity.origin_host, identity.origin_realm);
  if (octets.empty()) {
    tell_exchange(with_.on, given->exchange, given->deadline,
                  {.outcome = exchange_outcome::refused,
                   .code = diameter::result_code::unable_to_comply,
                   .sentence = "the client's answer is too large"});
    return;
  }
  with_.on.recorder.marshalled(metrics::codec_path::diameter_peer, watch.lap(), octets.size());
  tell_exchange(with_.on, given->exchange, given->deadline,
                {.outcome = exchange_outcome::answered,
                 .answer = {std::move(buffer), diameter::message_view{octets}}});
}

}  // namespace diamgw::gateway
