// What comes out when a call has been read to its end.
#include <string>

#include "diamgw/codec/codes.hpp"
#include "jsonrpc/call_reader.hpp"
#include "jsonrpc/scan.hpp"

namespace diamgw::jsonrpc {
namespace {

using dictionary::command_definition;

void append_candidate(std::string& text, const command_definition& command) {
  text.append(text.ends_with(' ') ? "" : ", ")
      .append(std::to_string(command.application.value))
      .append(" (")
      .append(command.source)
      .append(")");
}

}  // namespace

call_reader::outcome call_reader::finish(reader_event& out) {
  out_ = &out;
  if (!is_object_) {
    refuse_envelope("a call is an object");
    return outcome::told;
  }
  if (id_ && id_is_escaped_) {
    id_ = member_value(text_, id_member_);
    if (id_->size() > options_.max_id_octets) {  // escapes are longer than what they stand for
      id_.reset();
      envelope_problem_ = "\"id\" is too long";
    }
  }
  const auto has = [this](slot what) {
    return ((envelope_seen_ >> static_cast<unsigned>(what)) & 1U) != 0;
  };
  if (envelope_problem_.empty() && !has_version_) {
    envelope_problem_ = "\"jsonrpc\" must be \"2.0\"";
  }
  if (envelope_problem_.empty() && has_method_ == (has(slot::result) || has(slot::error))) {
    envelope_problem_ = has_method_ ? "\"method\" and a response's members stand together"
                                    : "\"method\" is missing";
  }
  if (!envelope_problem_.empty()) {
    refuse_envelope(envelope_problem_);
    return outcome::told;
  }
  return has_method_ ? finish_call() : finish_response();
}

call_reader::outcome call_reader::finish_call() {
  const std::string_view id = id_ ? *id_ : std::string_view{};
  if (is_gateway_method(method_)) {
    const bool has_params = ((envelope_seen_ >> static_cast<unsigned>(slot::params)) & 1U) != 0;
    out_->emplace<gateway_call>(
        id, method_, has_params ? member_value(text_, params_member_) : std::string_view{});
    return outcome::told;
  }
  if (!failed_ && writer_.overflowed()) {
    return outcome::needs_more_room;
  }
  auto& call = out_->emplace<request_call>();
  call.id = id;
  call.method = method_;
  call.params_form = body_form_;
  call.options = call_options_;
  const bool body_is_good = finish_body(call.message, call.buffer);
  if (!resolve_command(call)) {
    return outcome::told;
  }
  if (!body_is_good) {
    refuse_body();
    return outcome::told;
  }
  return outcome::told;
}

call_reader::outcome call_reader::finish_response() {
  if (!id_) {
    refuse_envelope("a response has an \"id\"");
    return outcome::told;
  }
  if (!body_is_result_) {
    auto& response = out_->emplace<client_response>();
    response.id = *id_;
    response.error_code = error_code_;
    response.error_message = error_message_;
    response.error_result_code = error_result_code_;
    return outcome::told;
  }
  if (!failed_ && writer_.overflowed()) {
    return outcome::needs_more_room;
  }
  auto& response = out_->emplace<client_response>();
  response.id = *id_;
  if (!finish_body(response.result.emplace(), response.buffer)) {
    refuse_body();
  }
  return outcome::told;
}

void call_reader::refuse_too_large(reader_event& out) {
  out_ = &out;
  failure_number_ = error_number::too_large;
  failure_result_code_ = 0;
  failure_path_.clear();
  failure_detail_.assign("the encoded message is above the size limit");
  refuse_body();
}

/// False where the AVPs were refused; without `params` there are none.
bool call_reader::finish_body(encoded_avps& body, buffer_ref& buffer) {
  if (failed_) {
    return false;
  }
  if (!buffer_) {
    buffer_ = pool_.allocate(room_);
    writer_ = avp_writer{buffer_.whole()};
  }
  buffer = std::move(buffer_);
  body.buffer = buffer.whole();
  body.size = writer_.size();
  diameter::find_routing_avps(body.octets(), body.avps);
  return true;
}

/// Which command and application the method means; false after a refusal.
bool call_reader::resolve_command(request_call& call) {
  const auto found = names_.find_requests(method_);
  std::optional<application_id> wanted = call_options_.application;
  if (const auto named = call.message.avps.application(); !wanted && named) {
    wanted = application_id{*named};
  }
  const command_definition* own = nullptr;  // of the application that was named
  const command_definition* of_base = nullptr;
  const command_definition* of_standard = nullptr;
  std::size_t standard_applications = 0;
  for (const command_definition* command : found) {
    if (wanted == command->application) {
      own = command;
    } else if (command->application == base_application) {
      of_base = command;
    } else if (command->application < first_vendor_application) {
      of_standard = command;
      ++standard_applications;
    }
  }
  // Commands of the base protocol serve all applications, and one grammar also those that the
  // dictionary does not know.
  call.command = own != nullptr               ? own
                 : found.size() == 1          ? found.front()
                 : of_base != nullptr         ? of_base
                 : standard_applications == 1 ? of_standard
                                              : nullptr;
  if (call.command == nullptr) {
    found.empty() ? refuse_method() : refuse_application(found, wanted);
    return false;
  }
  call.application = wanted.value_or(call.command->application);
  return true;
}

void call_reader::refuse_method() {
  std::string& detail = refusal_;
  detail.assign("there is no method \"");
  detail.append(std::string_view{method_}.substr(0, 64)).append("\"");
  if (!names_.find_commands(method_).empty()) {
    detail.append("; it is an answer, and only requests are called");
  } else if (const std::string_view nearest = names_.nearest_command(method_); !nearest.empty()) {
    detail.append("; did you mean \"").append(nearest).append("\"?");
  }
  refuse({.number = error_number::method_not_found, .detail = detail, .path = "method"});
}

void call_reader::refuse_application(std::span<const command_definition* const> found,
                                     std::optional<application_id> wanted) {
  std::string& detail = refusal_;
  detail.clear();
  if (wanted) {
    detail.append("application ")
        .append(std::to_string(wanted->value))
        .append(" has no command of this name; these have it: ");
  } else {
    detail.append(
        "several applications have this command; say by \"$application\" or "
        "Auth-Application-Id which one: ");
  }
  for (const command_definition* command : found) {
    append_candidate(detail, *command);
  }
  refuse({.number = error_number::invalid_params,
          .detail = detail,
          .path = wanted && call_options_.application ? "params.$application" : "params"});
}

void call_reader::refuse(const failure& reason) {
  auto& call = out_->emplace<refused_call>();
  call.kind = id_ ? refused_kind::call : refused_kind::notification;
  call.id = id_ ? *id_ : std::string_view{};
  call.reason = reason;
}

/// What is no call at all is answered under the id as far as there is one (§5.1: else null).
void call_reader::refuse_envelope(std::string_view sentence) {
  auto& call = out_->emplace<refused_call>();
  call.id = id_ && !id_->empty() ? *id_ : std::string_view{"null"};
  call.reason.number = error_number::invalid_request;
  call.reason.detail = sentence;
}

void call_reader::refuse_body() {
  std::string& detail = refusal_;
  detail.assign(failure_path_);
  detail.append(failure_path_.empty() ? "" : ": ").append(failure_detail_);
  const failure reason{.number = failure_number_,
                       .detail = detail,
                       .path = failure_path_,
                       .result_code = failure_result_code_};
  if (!body_is_result_) {
    return refuse(reason);
  }
  auto& response = out_->emplace<refused_call>();
  response.id = *id_;
  response.kind = refused_kind::response;
  response.reason = reason;
}

}  // namespace diamgw::jsonrpc
