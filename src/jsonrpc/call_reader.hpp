// One call or response, as the JSON parser's events tell it, into AVPs.
//
// A machine: events in, state forward, nothing else. `frames_` mirrors the open containers of the
// text, the envelope first, above a frame for what is outside; while `skip_depth_` is not 0, that
// one takes the events of the containers that are passed over. The first thing that is wrong inside
// `params` is kept and the rest of `params` passed over, since the `id` under which to say so may
// come later.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/jsonrpc/call.hpp"
#include "diamgw/jsonrpc/reader.hpp"
#include "jsonrpc/json_parser.hpp"
#include "jsonrpc/kept_stack.hpp"
#include "jsonrpc/values.hpp"

namespace diamgw::jsonrpc {

class call_reader {
 public:
  call_reader(const dictionary::dictionary& names, buffer_pool& pool,
              const reader_options& options);
  call_reader(const call_reader&) = delete;
  call_reader& operator=(const call_reader&) = delete;

  /// Forgets the last call. `text` is the whole element, `room` the octets that its message may
  /// need.
  void begin(std::string_view text, std::size_t room);

  /// The AVP that came here the last time: clients keep to an order.
  [[nodiscard, gnu::always_inline]] const std::string* foreseen_key() const {
    const dictionary::avp_definition* const known = followers_[top_->follower];
    return known != nullptr ? &known->name : nullptr;
  }
  [[gnu::always_inline]] void on_foreseen_key() {
    // Where nearly all members come by: it calls nothing but what leaves it.
    frame& top = *top_;
    const dictionary::avp_definition& known = *followers_[top.follower];
    const std::uint64_t key = dictionary::avp_key(known.code, known.vendor);
    const std::uint64_t bit = key_bit(key);
    if ((top.key_bits & bit) != 0 || keys_.full() ||
        keys_.size() - top.first_key >= options_.max_keys) [[unlikely]] {
      return begin_member(top, default_place(known), known.name);
    }
    top.key_bits |= bit;
    keys_.push_in_room() = key;
    expect_value(top, default_place(known));
  }
  [[gnu::always_inline]] void on_key(std::string_view key) {
    top_->kind == frame_kind::members ? on_member_key(key) : on_other_key(key);
  }
  [[gnu::always_inline]] void on_scalar(const scalar& value) {
    top_->next == slot::avp ? write(top_->place, value) : on_other_scalar(value);
    ++top_->index;
  }
  void on_begin(container what);
  void on_end();

  enum class outcome : std::uint8_t { told, needs_more_room };
  /// After the last event of a text that was JSON: tells what it is.
  [[nodiscard]] outcome finish(reader_event& out);
  /// After `needs_more_room` where there is no more.
  void refuse_too_large(reader_event& out);

 private:
  enum class frame_kind : std::uint8_t {
    // AVPs alone
    members,   // by name: params, result, or a group
    repeats,   // values of one
    elements,  // in list form: params, result, a group, or "AVP"
    // others
    envelope,    // the call
    element,     // one AVP in list form
    wrapper,     // {"hex": …} or {"text": …}
    error,       // `error` of a response
    error_data,  // its `data`
    nothing,     // at the bottom: outside of the call, and what is passed over
  };
  /// What the next value is.
  enum class slot : std::uint8_t {
    skipped,
    call,  // all of it
    // envelope
    version,
    method,
    id,
    params,
    result,
    error,
    // keys with '$'
    timeout,
    answer_form,
    retransmitted,
    application,
    // AVPs
    avp,
    avp_list,
    // element
    element,
    code,
    vendor,
    flags,
    name,
    value,
    // wrapper
    text,
    hex,
    // error
    error_code,
    error_message,
    error_data,
    error_result_code,
  };
  static constexpr std::size_t outermost = 2;      // frames_: what is outside, and the call
  static constexpr std::uint32_t no_follower = 0;  // in followers_: always null
  static constexpr std::uint32_t first_in_body = 1025;
  struct element_state {
    std::optional<std::uint32_t> code;
    std::optional<std::uint32_t> vendor;
    std::optional<std::uint32_t> flags;
    const dictionary::avp_definition* named = nullptr;
  };
  struct frame {
    frame_kind kind = frame_kind::nothing;
    slot next = slot::skipped;
    bool is_group = false;    // `mark` is that of a Grouped AVP
    bool has_value = false;   // element, wrapper: the value was there
    std::uint32_t seen = 0;   // a bit for each slot whose key was there
    std::uint32_t index = 0;  // of the current element or member
    std::uint32_t mark = 0;
    std::uint32_t first_key = 0;           // in keys_
    std::uint32_t follower = no_follower;  // members: in followers_, what came here the last time
    std::uint64_t key_bits = 0;            // a bit for each of these, by its hash
    avp_place place{};                     // the AVP whose value comes next
  };
  /// Where the container that an event belongs to stands when the event fails.
  enum class moment : std::uint8_t { inside, opening, closing };

  // call_reader.cpp: containers and the envelope
  void on_other_key(std::string_view key);
  void on_other_scalar(const scalar& value);
  void push(frame f);
  /// So many of the open containers, and what is in them.
  void pass_over(std::size_t depth) noexcept {
    skip_depth_ = depth;
    top_ = depth != 0 ? &frames_[0] : &frames_.back();
  }
  /// The AVP that the topmost container is the value of.
  [[nodiscard]] const avp_place& holder() noexcept { return frames_[frames_.size() - 2].place; }
  void begin_body(container what);
  void begin_avp_object();
  void begin_avp_array(frame& top);
  void on_envelope_key(std::string_view key);
  void on_envelope_scalar(frame& top, const scalar& value);
  void on_error_key(frame& top, std::string_view key);
  void on_error_scalar(slot what, const scalar& value);
  void on_id(const scalar& value);
  void on_option(slot what, const scalar& value);
  [[nodiscard]] bool set_application(const scalar& value);
  void write(const avp_place& at, const scalar& value) {
    if (at.type == dictionary::avp_type::utf8_string && value.what == scalar::kind::string) {
      return writer_.octets(at, as_bytes(value.text));  // the parser gives UTF-8
    }
    const std::string_view expected = write_avp(writer_, at, value);
    if (!expected.empty()) [[unlikely]] {
      fail_value(value, expected, at);
    }
  }
  [[nodiscard]] bool close_other(frame& closed);
  void on_wrapped(frame& top, const scalar& value);
  [[nodiscard]] bool see(frame& top, slot what);

  // call_keys.cpp: names of AVPs, and the list form
  void on_member_key(std::string_view key);
  /// Differs in its upper bits, also of codes near one another.
  [[nodiscard]] static std::uint32_t hash_of(std::uint32_t code) noexcept {
    return code * 0x85ebca6bU;
  }
  /// One of 64: a frame that has no key with this bit has not the key.
  [[nodiscard]] static std::uint64_t key_bit(std::uint64_t key) noexcept {
    return std::uint64_t{1} << (hash_of(static_cast<std::uint32_t>(key)) >> 26U);
  }
  /// Which of `followers_` comes behind this AVP, or first in this group.
  [[nodiscard]] static std::uint32_t slot_behind(avp_code code) noexcept {
    return (hash_of(code.value) >> 22U) | 1U;
  }
  [[nodiscard]] static std::uint32_t slot_within(avp_code code) noexcept {
    return slot_behind(code) + 1;
  }
  void expect_value(frame& top, const avp_place& at) {
    top.place = at;
    top.follower = slot_behind(at.code);
    top.next = slot::avp;
  }
  void on_other_member_key(std::string_view key);
  void on_wrapper_key(std::string_view key);
  void on_element_key(std::string_view key);
  void on_element_scalar(frame& top, const scalar& value);
  [[nodiscard]] bool take_option_key(frame& top, std::string_view key);
  void begin_member(frame& top, const avp_place& at, std::string_view key);
  [[nodiscard]] bool parse_numbered_key(std::string_view key, avp_place& at);
  [[nodiscard]] bool add_key(frame& top, std::uint64_t key);
  void resolve_element(frame& top, std::string_view key);
  void look_ahead(element_state& e, std::string_view key);
  [[nodiscard]] std::string_view text_behind(std::string_view piece) const noexcept;

  // call_failures.cpp: what went wrong, and where
  void fail(moment when, std::uint32_t result_code, std::string_view detail,
            std::string_view key = {});
  void fail_value(const scalar& value, std::string_view expected, const avp_place& at);
  void fail_container(container what, std::string_view expected);
  void write_path(std::string_view key);
  void write_step(const frame& f);
  [[nodiscard]] static std::string_view step_of(slot s) noexcept;

  // call_result.cpp: what comes out
  [[nodiscard]] outcome finish_call();
  [[nodiscard]] outcome finish_response();
  [[nodiscard]] bool finish_body(encoded_avps& body, buffer_ref& buffer);
  [[nodiscard]] bool resolve_command(request_call& call);
  void refuse_method();
  void refuse_application(std::span<const dictionary::command_definition* const> found,
                          std::optional<application_id> wanted);
  void refuse(const failure& reason);
  void refuse_envelope(std::string_view sentence);
  void refuse_body();

  const dictionary::dictionary& names_;
  buffer_pool& pool_;
  const reader_options options_;
  reader_event* out_ = nullptr;
  std::string_view text_;
  std::size_t room_ = 0;

  kept_stack<frame> frames_;
  kept_stack<std::uint64_t> keys_;      // of all open `members` frames
  kept_stack<element_state> elements_;  // of all open `element` frames
  // Where events go: the top of frames_, or its bottom while something is passed over.
  frame* top_ = nullptr;
  // What came behind an AVP the last time, or first in a group, by the hash of that.
  std::array<const dictionary::avp_definition*, first_in_body + 1> followers_{};
  std::size_t skip_depth_ = 0;

  buffer_ref buffer_;
  avp_writer writer_;
  form body_form_ = form::object;

  bool is_object_ = false;
  bool has_version_ = false;
  std::optional<std::string_view> id_;
  std::uint32_t envelope_seen_ = 0;  // a bit for each slot, once the envelope is closed
  std::size_t params_member_ = 0;    // its place among the envelope's members
  std::size_t id_member_ = 0;
  bool id_is_escaped_ = false;
  bool body_is_result_ = false;
  bool has_method_ = false;
  std::string method_;
  call_options call_options_;
  std::string_view envelope_problem_;  // static storage
  std::int64_t error_code_ = 0;
  std::string error_message_;
  std::uint32_t error_result_code_ = 0;

  bool failed_ = false;
  error_number failure_number_ = error_number::invalid_params;
  std::uint32_t failure_result_code_ = 0;
  std::string failure_path_;
  std::string failure_detail_;
  std::string refusal_;       // what a refused_call says
  std::string unknown_name_;  // of the element at hand
};

/// True for the gateway's own methods.
[[nodiscard]] bool is_gateway_method(std::string_view method) noexcept;

}  // namespace diamgw::jsonrpc
