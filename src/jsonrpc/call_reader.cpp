#include "jsonrpc/call_reader.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "jsonrpc/failure_sentence.hpp"
#include "jsonrpc/option_reader.hpp"

namespace diamgw::jsonrpc {

call_reader::call_reader(const dictionary::dictionary& names, buffer_pool& pool,
                         const reader_options& options)
    : names_{names},
      pool_{pool},
      options_{options},
      envelope_{options.max_id_octets},
      body_{options.max_depth},
      objects_{names, options.max_keys},
      lists_{names, options.max_depth},
      commands_{names} {}

void call_reader::begin(std::string_view text, std::size_t room) {
  room_ = room;
  envelope_.begin(text);
  body_.clear();
  objects_.clear();
  lists_.clear(text);
  buffer_ = {};
  form_ = form::object;
  call_options_ = {};
}

void call_reader::on_other_key(std::string_view key) {
  switch (body_.top().role) {
    case container_role::outside:
      if (!body_.passes_over()) {
        envelope_.on_key(key);
      }
      break;
    case container_role::element:
      lists_.on_key(body_, key);
      break;
    case container_role::wrapper:
      objects_.on_wrapper_key(body_, key);
      break;
    case container_role::members:
    case container_role::repeats:
    case container_role::elements:
      break;
  }
}

void call_reader::on_other_scalar(const scalar& value) {
  open_container& in = body_.top();
  switch (in.next) {
    case next_value::none:
      on_outer_scalar(value);
      break;
    case next_value::value:
      in.has_value = true;
      body_.write(in.place, value);
      break;
    case next_value::text:
    case next_value::hex:
      objects_.on_wrapped(body_, value);
      break;
    case next_value::avp_list:
      body_.fail_value(value, "expected an array of AVPs in list form");
      break;
    case next_value::element:
      body_.fail_value(value, "expected an AVP in list form (an object)");
      break;
    case next_value::timeout:
    case next_value::answer_form:
    case next_value::retransmitted:
    case next_value::application:
      on_option(value);
      break;
    case next_value::avp:
      break;  // on_scalar() has those
    case next_value::code:
    case next_value::vendor:
    case next_value::flags:
    case next_value::name:
      lists_.on_scalar(body_, value);
      break;
  }
}

void call_reader::on_option(const scalar& value) {
  const std::string_view expected = set_option(call_options_, body_.top().next, value, names_);
  if (expected.empty()) {
    return;
  }
  std::string sentence = found_instead(expected, value, nullptr);
  if (body_.top().next == next_value::application && value.what == scalar::kind::string) {
    append_nearest(sentence, names_.nearest_application(value.text));
  }
  body_.fail(avp_body::failing_event::inside, diameter::result_code::invalid_avp_value, sentence);
}

void call_reader::on_outer_scalar(const scalar& value) {
  if (body_.passes_over()) {
    return;
  }
  const auto whose = envelope_.on_scalar(value);
  if (whose == envelope_reader::whose::params && value.what == scalar::kind::null) {
    return;  // many clients write it where they have none
  }
  if (whose != envelope_reader::whose::envelope) {
    body_.set_result(whose == envelope_reader::whose::result);
    body_.fail_value(value, "expected an object or an array of AVPs");
  }
}

void call_reader::on_begin(container what) {
  open_container& in = body_.top();
  switch (in.next) {
    case next_value::none:
      return on_outer_begin(what);
    case next_value::avp:
      return what == container::object ? objects_.begin_object(body_) : objects_.begin_array(body_);
    case next_value::value:
      in.has_value = true;
      return what == container::object ? objects_.begin_object(body_) : lists_.begin_group(body_);
    case next_value::avp_list:
      return what == container::array ? lists_.begin_list(body_)
                                      : body_.fail_container(what, "expected an array of AVPs");
    case next_value::element:
      return what == container::object ? lists_.begin_element(body_)
                                       : body_.fail_container(what, "expected an object");
    default:
      return body_.fail_container(what, "expected a single value");
  }
}

void call_reader::on_outer_begin(container what) {
  if (body_.passes_over()) {
    return body_.on_begin_passed_over();
  }
  switch (envelope_.on_begin(what)) {
    case envelope_reader::whose::envelope:
      return;
    case envelope_reader::whose::result:
      return begin_body(what, true);
    case envelope_reader::whose::params:
      if (!envelope_.is_gateway_call()) {  // the gateway reads its own
        return begin_body(what, false);
      }
      break;
    case envelope_reader::whose::nobody:
      break;
  }
  body_.on_begin_passed_over();
}

void call_reader::begin_body(container what, bool is_result) {
  buffer_ = pool_.allocate(room_);
  body_.set_result(is_result);
  body_.set_room(buffer_.whole().first(
      std::min(buffer_.capacity() - options_.tail_room, options_.max_message_octets)));
  form_ = what == container::object ? form::object : form::list;
  what == container::object ? objects_.begin_body(body_) : lists_.begin_list(body_);
}

void call_reader::on_end() {
  const open_container& closed = body_.top();
  switch (closed.role) {
    case container_role::members:
      objects_.end_members(closed);
      break;
    case container_role::repeats:
    case container_role::elements:
      break;
    case container_role::wrapper:
      if (!objects_.end_wrapper(body_)) {
        return;
      }
      break;
    case container_role::element:
      if (!lists_.end_element(body_)) {
        return;
      }
      break;
    case container_role::outside:
      return body_.passes_over() ? body_.on_end_passed_over() : envelope_.on_end();
  }
  body_.close();
}

call_reader::outcome call_reader::finish(reader_event& out) {
  const std::string_view problem = envelope_.finish();
  if (!problem.empty()) {
    refuse_envelope(problem, out);
    return outcome::told;
  }
  return envelope_.has_method() ? finish_call(out) : finish_response(out);
}

call_reader::outcome call_reader::finish_call(reader_event& out) {
  const std::string_view id = envelope_.id().value_or(std::string_view{});
  if (envelope_.is_gateway_call()) {
    finish_gateway_call(id, out);
    return outcome::told;
  }
  if (needs_more_room()) {
    return outcome::needs_more_room;
  }
  auto& call = out.emplace<request_call>();
  call.id = id;
  call.method = envelope_.method();
  call.params_form = form_;
  call.options = call_options_;
  if (!body_.failed()) {
    finish_body(call.message, call.buffer);
  }
  std::optional<application_id> named = call.options.application;
  if (const auto by_avps = call.message.avps.application(); !named && by_avps) {
    named = application_id{*by_avps};
  }
  call.command = commands_.choose(call.method, named);
  if (call.command == nullptr) {
    refuse_command(out, named);
  } else if (body_.failed()) {
    refuse_body(out);
  } else {
    call.application = named.value_or(call.command->application);
  }
  return outcome::told;
}

// The gateway reads what is in it, but what `params` may be (§4.2) is one rule for all.
void call_reader::finish_gateway_call(std::string_view id, reader_event& out) {
  std::string_view params = envelope_.params();
  if (params == "null") {
    params = {};
  }
  if (!params.empty() && params.front() != '{' && params.front() != '[') {
    return refuse({.number = error_number::invalid_params,
                   .detail = "params: expected an object or an array",
                   .path = "params"},
                  out);
  }
  out.emplace<gateway_call>(id, envelope_.method(), params);
}

call_reader::outcome call_reader::finish_response(reader_event& out) {
  if (envelope_.has_result() && needs_more_room()) {
    return outcome::needs_more_room;
  }
  auto& response = out.emplace<client_response>();
  response.id = *envelope_.id();
  if (!envelope_.has_result()) {
    response.error_code = envelope_.error_code();
    response.error_message = envelope_.error_message();
    response.error_result_code = envelope_.error_result_code();
  } else if (body_.failed()) {
    refuse_body(out);
  } else {
    finish_body(response.result.emplace(), response.buffer);
  }
  return outcome::told;
}

/// Without `params` there are no AVPs.
void call_reader::finish_body(encoded_avps& body, buffer_ref& buffer) {
  if (!buffer_) {
    buffer_ = pool_.allocate(room_);
    body_.set_room(buffer_.whole());
  }
  buffer = std::move(buffer_);
  body.buffer = buffer.whole();
  body.size = body_.writer().size();
  diameter::find_routing_avps(body.octets(), body.avps);
}

// ---- refusals

void call_reader::refuse(const failure& reason, reader_event& out) {
  const bool is_response = !envelope_.has_method();
  auto& call = out.emplace<refused_call>();
  call.id = envelope_.id().value_or(std::string_view{});
  call.kind = is_response      ? refused_kind::response
              : envelope_.id() ? refused_kind::call
                               : refused_kind::notification;
  call.reason = reason;
}

/// What is no call at all is answered under the id as far as there is one (§5.1: else null).
void call_reader::refuse_envelope(std::string_view sentence, reader_event& out) {
  auto& call = out.emplace<refused_call>();
  const auto id = envelope_.id();
  call.id = id && !id->empty() ? *id : std::string_view{"null"};
  call.reason.number = error_number::invalid_request;
  call.reason.detail = sentence;
}

void call_reader::refuse_command(reader_event& out, std::optional<application_id> named) {
  const command_candidates found = names_.find_requests(envelope_.method());
  if (found.empty()) {
    refusal_ = unknown_method(envelope_.method(), names_);
    return refuse({.number = error_number::method_not_found, .detail = refusal_, .path = "method"},
                  out);
  }
  refusal_ = ambiguous_method(found, named);
  refuse({.number = error_number::invalid_params,
          .detail = refusal_,
          .path = named && call_options_.application ? "params.$application" : "params"},
         out);
}

void call_reader::refuse_body(reader_event& out) {
  refusal_.assign(body_.path()).append(": ").append(body_.detail());
  refuse({.number = error_number::invalid_params,
          .detail = refusal_,
          .path = body_.path(),
          .result_code = static_cast<std::uint32_t>(body_.code())},
         out);
}

void call_reader::refuse_too_large(reader_event& out) {
  refuse(
      {.number = error_number::too_large, .detail = "the encoded message is above the size limit"},
      out);
}

}  // namespace diamgw::jsonrpc
