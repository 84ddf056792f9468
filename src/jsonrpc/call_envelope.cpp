// The members around `params`: JSON-RPC 2.0 §4 and §5.
#include <charconv>

#include "diamgw/base/short_text.hpp"
#include "diamgw/codec/codes.hpp"
#include "jsonrpc/call_reader.hpp"

namespace diamgw::jsonrpc {
namespace {

using kind = scalar::kind;

/// "2s", "1500ms" or a number of milliseconds.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_timeout(const scalar& value) noexcept {
  constexpr std::uint32_t max_milliseconds = 24U * 3600U * 1000U;
  std::uint32_t n = 0;
  const char* const end = value.text.data() + value.text.size();
  const auto [rest, ec] = std::from_chars(value.text.data(), end, n);
  if (ec != std::errc{} || n == 0) {
    return std::nullopt;
  }
  const std::string_view unit{rest, static_cast<std::size_t>(end - rest)};
  if (value.what == kind::string && unit == "s") {
    n = n > max_milliseconds / 1000 ? max_milliseconds + 1 : n * 1000;
  } else if (value.what == kind::string ? unit != "ms" : !unit.empty()) {
    return std::nullopt;
  }
  if (n > max_milliseconds) {
    return std::nullopt;
  }
  return std::chrono::milliseconds{n};
}

}  // namespace

void call_reader::on_envelope_key(std::string_view key) {
  constexpr auto bit = [](slot what) { return 1U << static_cast<unsigned>(what); };
  frame& top = *top_;
  const slot what = same_short_text(key, "jsonrpc")  ? slot::version
                    : same_short_text(key, "id")     ? slot::id
                    : same_short_text(key, "method") ? slot::method
                    : same_short_text(key, "params") ? slot::params
                    : same_short_text(key, "result") ? slot::result
                    : same_short_text(key, "error")  ? slot::error
                                                     : slot::skipped;
  top.next = what;
  if (what == slot::id) {
    id_member_ = top.index;
  } else if (what == slot::params) {
    params_member_ = top.index;
  } else if (what == slot::result) {
    body_is_result_ = true;
  }
  // Others are members of extensions; the specification has none.
  if (what != slot::skipped && (top.seen & bit(what)) != 0) {
    envelope_problem_ = "a member of the call stands in it twice";
    top.next = slot::skipped;
  }
  top.seen |= bit(what);
  constexpr std::uint32_t bodies = bit(slot::params) | bit(slot::result);
  if ((top.seen & bodies) == bodies) {
    envelope_problem_ = "a call has \"params\", a response has \"result\", nothing has both";
    top.next = slot::skipped;
  }
}

void call_reader::on_envelope_scalar(frame& top, const scalar& value) {
  switch (top.next) {
    case slot::version:
      has_version_ = value.what == kind::string && value.text == "2.0";
      if (!has_version_) {
        envelope_problem_ = "\"jsonrpc\" must be \"2.0\"";
      }
      break;
    case slot::method:
      if (value.what != kind::string) {
        envelope_problem_ = "\"method\" must be a string";
        break;
      }
      has_method_ = true;
      method_.assign(value.text);
      break;
    case slot::id:
      on_id(value);
      break;
    case slot::params:
    case slot::result:
      fail_value(value, "expected an object or an array of AVPs", {});
      break;
    case slot::error:
      envelope_problem_ = "\"error\" must be an object";
      break;
    default:
      break;
  }
}

void call_reader::on_id(const scalar& value) {
  switch (value.what) {
    case kind::null:
      id_ = "null";
      return;
    case kind::boolean:
      envelope_problem_ = "\"id\" must be a string, a number or null";
      return;
    case kind::integer:
    case kind::real:
      // A token that the parser put together from pieces is not in the text; it is found later.
      id_is_escaped_ = text_behind(value.text).data() == nullptr;
      id_ = value.text;
      break;
    case kind::string:
      id_is_escaped_ = text_behind(value.text).data() == nullptr;
      id_ = id_is_escaped_ ? std::string_view{}
                           : std::string_view{value.text.data() - 1, value.text.size() + 2};
      break;
  }
  if (value.text.size() + 2 > options_.max_id_octets) {
    id_.reset();
    envelope_problem_ = "\"id\" is too long";
  }
}

void call_reader::on_error_key(frame& top, std::string_view key) {
  if (top.kind == frame_kind::error_data) {
    top.next = key == "result_code" ? slot::error_result_code : slot::skipped;
  } else if (key == "code") {
    top.next = slot::error_code;
  } else if (key == "message") {
    top.next = slot::error_message;
  } else {
    top.next = key == "data" ? slot::error_data : slot::skipped;
  }
}

void call_reader::on_error_scalar(slot what, const scalar& value) {
  const auto parse = [&value](auto& number) {
    std::from_chars(value.text.data(), value.text.data() + value.text.size(), number);
  };
  if (what == slot::error_message && value.what == kind::string) {
    error_message_.assign(value.text);
  } else if (what == slot::error_code && value.what == kind::integer) {
    parse(error_code_);
  } else if (what == slot::error_result_code && value.what == kind::integer) {
    parse(error_result_code_);
  }
}

void call_reader::on_option(slot what, const scalar& value) {
  switch (what) {
    case slot::timeout:
      call_options_.timeout = parse_timeout(value);
      if (!call_options_.timeout) {
        fail_value(value, "expected milliseconds (a number), \"2s\" or \"1500ms\", up to a day",
                   {});
      }
      break;
    case slot::answer_form:
      if (value.what == kind::string && (value.text == "object" || value.text == "list")) {
        call_options_.answer_form = value.text == "list" ? form::list : form::object;
      } else {
        fail_value(value, "expected \"object\" or \"list\"", {});
      }
      break;
    case slot::retransmitted:
      call_options_.retransmitted = value.truth;
      if (value.what != kind::boolean) {
        fail_value(value, "expected true or false", {});
      }
      break;
    default:
      if (!set_application(value)) {
        fail_value(value, "expected an application's number or name", {});
      }
      break;
  }
}

bool call_reader::set_application(const scalar& value) {
  if (value.what == kind::string) {
    const dictionary::application_definition* known = names_.find_application(value.text);
    if (known == nullptr) {
      return false;
    }
    call_options_.application = known->id;
    return true;
  }
  std::uint32_t n = 0;
  const char* const end = value.text.data() + value.text.size();
  const auto [rest, ec] = std::from_chars(value.text.data(), end, n);
  if (value.what != kind::integer || ec != std::errc{} || rest != end) {
    return false;
  }
  call_options_.application = application_id{n};
  return true;
}

}  // namespace diamgw::jsonrpc
