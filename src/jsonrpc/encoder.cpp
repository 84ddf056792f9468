#include "diamgw/jsonrpc/encoder.hpp"

#include "jsonrpc/avp_json.hpp"
#include "jsonrpc/text_writer.hpp"

namespace diamgw::jsonrpc {
namespace {

using rules_view = std::span<const dictionary::avp_rule>;

void write_frame(text_writer& out, std::string_view id) noexcept {
  out.raw("{\"jsonrpc\":\"2.0\"");
  if (!id.empty()) {
    out.raw(",\"id\":");
    out.raw(id);
  }
}

void write_avps(text_writer& out, diameter::avp_range avps, form how, rules_view rules,
                const dictionary::dictionary& names) noexcept {
  avp_json json{out, names};
  if (how == form::object) {
    json.object(avps, rules);
  } else {
    out.raw('[');
    json.elements(avps, true);
    out.raw(']');
  }
}

void write_method(text_writer& out, const dictionary::command_definition& command) noexcept {
  if (command.short_name.empty()) {
    out.raw(command.name);
  } else {
    out.raw(command.short_name);
    out.raw('R');
  }
}

/// What of the header params say; the rest follows from the method.
void write_header_options(text_writer& out, const diameter::header& request) noexcept {
  out.raw("\"$application\":");
  out.number(request.application.value);
  if ((request.flags & diameter::command_flags::retransmitted) != 0) {
    out.raw(",\"$retransmitted\":true");
  }
}

}  // namespace

std::string_view method_name(const dictionary::command_definition& command,
                             mutable_bytes out) noexcept {
  text_writer text{out};
  write_method(text, command);
  return text.text();
}

std::string_view encode_result(std::string_view id, const diameter::message_view& answer, form how,
                               const dictionary::dictionary& names, mutable_bytes out) noexcept {
  text_writer text{out};
  write_frame(text, id);
  text.raw(",\"result\":");
  const dictionary::command_definition* command =
      how == form::object ? names.find_command(answer.application(), answer.command()) : nullptr;
  write_avps(text, answer.avps(), how,
             command != nullptr ? rules_view{command->answer} : rules_view{}, names);
  text.raw('}');
  return text.text();
}

std::string_view encode_request(std::string_view id, const diameter::header& request,
                                diameter::avp_range avps,
                                const dictionary::command_definition& command, form how,
                                const dictionary::dictionary& names, mutable_bytes out) noexcept {
  text_writer text{out};
  write_frame(text, id);
  text.raw(",\"method\":\"");
  write_method(text, command);
  text.raw("\",\"params\":");
  avp_json json{text, names};
  if (how == form::object) {
    text.raw('{');
    write_header_options(text, request);
    json.members(avps, command.request);
    text.raw("}}");
  } else {
    text.raw("[{");
    write_header_options(text, request);
    text.raw('}');
    json.elements(avps, false);
    text.raw("]}");
  }
  return text.text();
}

std::string_view encode_avps(diameter::avp_range avps, form how,
                             const dictionary::dictionary& names, mutable_bytes out) noexcept {
  text_writer text{out};
  write_avps(text, avps, how, {}, names);
  return text.text();
}

std::string_view encode_error(std::string_view id, const failure& reason,
                              mutable_bytes out) noexcept {
  const error_definition& definition = find_error(reason.number);
  const std::string_view detail = reason.detail.empty() ? definition.sentence : reason.detail;
  const std::uint32_t result_code =
      reason.result_code != 0 ? reason.result_code : definition.result_code;
  text_writer text{out};
  write_frame(text, id.empty() ? "null" : id);
  text.raw(",\"error\":{\"code\":");
  text.number(static_cast<std::int32_t>(definition.number));
  text.raw(",\"message\":");
  text.lossy_string(detail);
  text.raw(",\"data\":{\"name\":");
  text.string(definition.name);
  if (result_code != 0) {
    text.raw(",\"result_code\":");
    text.number(result_code);
  }
  if (!reason.path.empty()) {
    text.raw(",\"path\":");
    text.lossy_string(reason.path);
  }
  text.raw(reason.sent ? ",\"sent\":true" : ",\"sent\":false");
  if (!reason.peer.empty()) {
    text.raw(",\"peer\":");
    text.lossy_string(reason.peer);
  }
  if (!reason.more_data.empty()) {
    text.raw(',');
    text.raw(reason.more_data);
  }
  text.raw("}}}");
  return text.text();
}

std::string_view encode_session_taken(std::string_view session_id, mutable_bytes out) noexcept {
  text_writer text{out};
  text.raw(R"({"jsonrpc":"2.0","method":"gateway.session_taken","params":{"session_id":)");
  text.lossy_string(session_id);
  text.raw("}}");
  return text.text();
}

std::string_view encode_raw_result(std::string_view id, std::string_view result,
                                   mutable_bytes out) noexcept {
  text_writer text{out};
  write_frame(text, id);
  text.raw(",\"result\":");
  text.raw(result);
  text.raw('}');
  return text.text();
}

}  // namespace diamgw::jsonrpc
