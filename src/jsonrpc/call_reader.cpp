#include "jsonrpc/call_reader.hpp"

#include <algorithm>

#include "diamgw/base/assert.hpp"
#include "diamgw/codec/codes.hpp"
#include "jsonrpc/scan.hpp"

namespace diamgw::jsonrpc {
namespace {

using kind = scalar::kind;

constexpr std::uint32_t invalid_value =
    static_cast<std::uint32_t>(diameter::result_code::invalid_avp_value);

}  // namespace

bool is_gateway_method(std::string_view method) noexcept {
  return method.starts_with("gateway.") || method.starts_with("rpc.");
}

call_reader::call_reader(const dictionary::dictionary& names, buffer_pool& pool,
                         const reader_options& options)
    : names_{names},
      pool_{pool},
      options_{options},
      frames_{options.max_depth + 1},
      keys_{256},
      elements_{options.max_depth + 1} {
  method_.reserve(64);
}

void call_reader::begin(std::string_view text, std::size_t room) {
  text_ = text;
  room_ = room;
  frames_.clear();
  keys_.clear();
  elements_.clear();
  skip_depth_ = 0;
  push({.kind = frame_kind::nothing, .next = slot::call});
  buffer_ = {};
  writer_ = {};
  body_form_ = form::object;
  is_object_ = has_version_ = has_method_ = false;
  id_.reset();
  envelope_seen_ = 0;
  params_member_ = id_member_ = 0;
  id_is_escaped_ = body_is_result_ = false;
  method_.clear();
  call_options_ = {};
  envelope_problem_ = {};
  error_code_ = 0;
  error_message_.clear();
  error_result_code_ = 0;
  failed_ = false;
}

/// There is room: all but the bottom stand for containers, and the parser limits their depth.
void call_reader::push(frame f) {
  f.first_key = static_cast<std::uint32_t>(keys_.size());
  f.key_bits = 0;
  top_ = &frames_.push_in_room();
  *top_ = f;
}

void call_reader::on_other_key(std::string_view key) {
  frame& top = *top_;
  switch (top.kind) {
    case frame_kind::envelope:
      return on_envelope_key(key);
    case frame_kind::element:
      return on_element_key(key);
    case frame_kind::wrapper:
      return on_wrapper_key(key);
    case frame_kind::error:
    case frame_kind::error_data:
      return on_error_key(top, key);
    case frame_kind::members:
    case frame_kind::repeats:
    case frame_kind::elements:
    case frame_kind::nothing:
      break;
  }
}

void call_reader::on_other_scalar(const scalar& value) {
  frame& top = *top_;
  switch (top.next) {
    case slot::skipped:
    case slot::call:
      break;
    case slot::value:
      top.has_value = true;
      write(top.place, value);
      break;
    case slot::text:
    case slot::hex:
      on_wrapped(top, value);
      break;
    case slot::avp_list:
      fail_value(value, "expected an array of AVPs in list form", {});
      break;
    case slot::element:
      fail_value(value, "expected an AVP in list form (an object)", {});
      break;
    case slot::timeout:
    case slot::answer_form:
    case slot::retransmitted:
    case slot::application:
      on_option(top.next, value);
      break;
    case slot::code:
    case slot::vendor:
    case slot::flags:
    case slot::name:
      on_element_scalar(top, value);
      break;
    case slot::error_code:
    case slot::error_message:
    case slot::error_result_code:
      on_error_scalar(top.next, value);
      break;
    default:
      on_envelope_scalar(top, value);
      break;
  }
}

void call_reader::on_begin(container what) {
  frame& top = *top_;
  switch (top.next) {
    case slot::params:
    case slot::result:
      return begin_body(what);
    case slot::call:
      top.next = slot::skipped;
      is_object_ = what == container::object;
      if (is_object_) {
        return push({.kind = frame_kind::envelope});
      }
      break;
    case slot::avp:
    case slot::value:
      top.has_value = true;
      return what == container::object ? begin_avp_object() : begin_avp_array(top);
    case slot::avp_list:
      if (what == container::object) {
        return fail_container(what, "expected an array of AVPs");
      }
      return push({.kind = frame_kind::elements, .next = slot::element});
    case slot::element:
      if (what == container::array) {
        return fail_container(what, "expected an object");
      }
      unknown_name_.clear();
      elements_.push() = {};
      return push({.kind = frame_kind::element});
    case slot::error:
    case slot::error_data:
      if (what == container::object) {
        return push({.kind = top.next == slot::error ? frame_kind::error : frame_kind::error_data});
      }
      break;
    case slot::version:
      envelope_problem_ = "\"jsonrpc\" must be \"2.0\"";
      break;
    case slot::method:
      envelope_problem_ = "\"method\" must be a string";
      break;
    case slot::id:
      envelope_problem_ = "\"id\" must be a string, a number or null";
      break;
    case slot::error_code:
    case slot::error_message:
    case slot::error_result_code:
    case slot::skipped:
      break;
    default:
      return fail_container(what, "expected a single value");
  }
  pass_over(skip_depth_ + 1);
}

void call_reader::on_end() {
  frame& closed = *top_;
  if (closed.kind > frame_kind::elements && !close_other(closed)) {
    return;
  }
  if (closed.is_group) {
    writer_.end_group(closed.mark);
  }
  keys_.cut(closed.first_key);
  frames_.pop();
  top_ = &frames_.back();
  ++top_->index;
}

/// What holds more than AVPs. False where it is no frame that ends: after a failure, since it lacks
/// its value, and of what is passed over.
bool call_reader::close_other(frame& closed) {
  if (closed.kind == frame_kind::nothing) {
    pass_over(skip_depth_ - 1);
    if (skip_depth_ == 0) {
      ++top_->index;
    }
    return false;
  }
  if (closed.kind == frame_kind::envelope) {
    envelope_seen_ = closed.seen;
  } else if (closed.kind == frame_kind::wrapper && !closed.has_value) {
    fail(moment::closing, invalid_value,
         holder().type == dictionary::avp_type::octet_string
             ? "expected {\"hex\": …} or {\"text\": …}"
             : "expected a single value or {\"hex\": …}");
    return false;
  } else if (closed.kind == frame_kind::element) {
    const element_state& e = elements_.back();
    if (!closed.has_value &&
        (e.code || e.named != nullptr || !unknown_name_.empty() || closed.seen == 0)) {
      closed.next = slot::skipped;  // the AVP is at fault, not its last member
      fail(moment::closing, invalid_value, "an AVP in list form needs a \"value\"");
      return false;
    }
    elements_.pop();
  }
  return true;
}

void call_reader::begin_body(container what) {
  if (top_->next == slot::params && has_method_ && is_gateway_method(method_)) {
    return pass_over(1);  // the gateway reads them itself
  }
  body_form_ = what == container::object ? form::object : form::list;
  buffer_ = pool_.allocate(room_);
  writer_ = avp_writer{buffer_.whole().first(
      std::min(buffer_.capacity() - options_.tail_room, options_.max_message_octets))};
  if (what == container::object) {
    push({.kind = frame_kind::members, .follower = first_in_body});
  } else {
    push({.kind = frame_kind::elements, .next = slot::element});
  }
}

void call_reader::begin_avp_object() {
  const avp_place& at = top_->place;
  if (at.type != dictionary::avp_type::grouped) {
    return push({.kind = frame_kind::wrapper});
  }
  const std::uint32_t mark = writer_.begin_group(at);
  push({.kind = frame_kind::members,
        .is_group = true,
        .mark = mark,
        .follower = slot_within(at.code)});
}

void call_reader::begin_avp_array(frame& top) {
  if (top.kind == frame_kind::members) {
    return push({.kind = frame_kind::repeats, .next = slot::avp, .place = copy_of(top.place)});
  }
  if (top.kind == frame_kind::repeats || top.place.type != dictionary::avp_type::grouped) {
    return fail_container(container::array, "expected a single value");
  }
  const std::uint32_t mark = writer_.begin_group(top.place);
  push({.kind = frame_kind::elements, .next = slot::element, .is_group = true, .mark = mark});
}

void call_reader::on_wrapped(frame& top, const scalar& value) {
  if (value.what != kind::string) {
    return fail_value(value, "expected a string", {});
  }
  top.has_value = true;
  if (top.next == slot::text) {
    write_avp_text(writer_, holder(), value.text);
  } else if (!write_avp_hex(writer_, holder(), value.text)) {
    fail_value(value, "expected pairs of hexadecimal digits", {});
  }
}

bool call_reader::see(frame& top, slot what) {
  const std::uint32_t bit = 1U << static_cast<unsigned>(what);
  const bool first = (top.seen & bit) == 0;
  top.seen |= bit;
  top.next = what;
  return first;
}

}  // namespace diamgw::jsonrpc
