// One call or response, from the JSON parser's events to what comes out of the reader.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "diamgw/buffer/pool.hpp"
#include "diamgw/jsonrpc/reader.hpp"
#include "jsonrpc/avp_body.hpp"
#include "jsonrpc/avp_list_reader.hpp"
#include "jsonrpc/avp_object_reader.hpp"
#include "jsonrpc/command_choice.hpp"
#include "jsonrpc/envelope_reader.hpp"
#include "jsonrpc/json_parser.hpp"

namespace diamgw::jsonrpc {

/// Knows nothing itself but who an event is for: the envelope, or of the body the object form, the
/// list form or an option, by what the innermost container of the body is. Then it makes of what
/// they have read a request, a gateway call, a response or a refusal.
class call_reader {
 public:
  call_reader(const dictionary::dictionary& names, buffer_pool& pool,
              const reader_options& options);

  /// Forgets the last call. `text` is the whole element, `room` the octets that its message may
  /// need.
  void begin(std::string_view text, std::size_t room);

  // ---- json_parser's events

  [[nodiscard, gnu::always_inline]] const std::string* foreseen_key() const {
    return objects_.foreseen_key(body_);
  }
  [[gnu::always_inline]] void on_foreseen_key() { objects_.on_foreseen_key(body_); }
  [[gnu::always_inline]] void on_key(std::string_view key) {
    body_.top().role == container_role::members ? objects_.on_key(body_, key) : on_other_key(key);
  }
  [[gnu::always_inline]] void on_scalar(const scalar& value) {
    const open_container& in = body_.top();
    in.next == next_value::avp ? body_.write(in.place, value) : on_other_scalar(value);
    ++body_.top().index;
  }
  void on_begin(container what);
  void on_end();

  // ---- after the last event of a text that was JSON

  enum class outcome : std::uint8_t { told, needs_more_room };
  [[nodiscard]] outcome finish(reader_event& out);
  /// After `needs_more_room` where there is no more.
  void refuse_too_large(reader_event& out);

 private:
  void on_other_key(std::string_view key);
  void on_other_scalar(const scalar& value);
  void on_option(const scalar& value);
  void on_outer_scalar(const scalar& value);
  void on_outer_begin(container what);
  void begin_body(container what, bool is_result);

  [[nodiscard]] outcome finish_call(reader_event& out);
  void finish_gateway_call(std::string_view id, reader_event& out);
  [[nodiscard]] outcome finish_response(reader_event& out);
  [[nodiscard]] bool needs_more_room() const noexcept {
    return !body_.failed() && body_.writer().overflowed();
  }
  void finish_body(encoded_avps& body, buffer_ref& buffer);
  void refuse(const failure& reason, reader_event& out);
  void refuse_envelope(std::string_view sentence, reader_event& out);
  void refuse_command(reader_event& out, std::optional<application_id> named);
  void refuse_body(reader_event& out);

  const dictionary::dictionary& names_;
  buffer_pool& pool_;
  const reader_options options_;
  std::size_t room_ = 0;

  envelope_reader envelope_;
  avp_body body_;
  avp_object_reader objects_;
  avp_list_reader lists_;
  command_chooser commands_;

  buffer_ref buffer_;  // of the message; none before its body begins
  form form_ = form::object;
  call_options call_options_;
  std::string refusal_;  // what a refused_call says
};

}  // namespace diamgw::jsonrpc
