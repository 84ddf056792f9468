#include "jsonrpc/envelope_reader.hpp"

#include <charconv>
#include <utility>

#include "diamgw/base/short_text.hpp"
#include "jsonrpc/text_scanner.hpp"

namespace diamgw::jsonrpc {
namespace {

using kind = scalar::kind;

constexpr std::string_view bad_version = "\"jsonrpc\" must be \"2.0\"";
constexpr std::string_view bad_id = "\"id\" must be a string, a number or null";
constexpr std::string_view bad_method = "\"method\" must be a string";
constexpr std::string_view long_id = "\"id\" is too long";

}  // namespace

envelope_reader::envelope_reader(std::size_t max_id_octets) : max_id_octets_{max_id_octets} {}

void envelope_reader::begin(std::string_view text) {
  text_ = text;
  level_ = level::outside;
  next_ = member::other;
  problem_ = {};
  seen_ = 0;
  members_ = 0;
  is_object_ = has_version_ = has_method_ = id_is_escaped_ = false;
  id_.reset();
  method_ = {};
  error_code_ = 0;
  error_message_.clear();
  error_result_code_ = 0;
}

bool envelope_reader::is_gateway_call() const noexcept {
  return method_.starts_with("gateway.") || method_.starts_with("rpc.");
}

std::string_view envelope_reader::text_of(member m) const noexcept {
  return member_value(text_, places_[static_cast<unsigned>(m)]);
}

std::string_view envelope_reader::params() const noexcept {
  return has(member::params) ? text_of(member::params) : std::string_view{};
}

void envelope_reader::on_error_key(std::string_view key) {
  if (level_ == level::error_data) {
    next_ = key == "result_code" ? member::error_result_code : member::other;
  } else {
    next_ = key == "code"      ? member::error_code
            : key == "message" ? member::error_message
            : key == "data"    ? member::error_data
                               : member::other;
  }
}

void envelope_reader::on_call_key(std::string_view key) {
  const member m = same_short_text(key, "jsonrpc")  ? member::version
                   : same_short_text(key, "id")     ? member::id
                   : same_short_text(key, "method") ? member::method
                   : same_short_text(key, "params") ? member::params
                   : same_short_text(key, "result") ? member::result
                   : same_short_text(key, "error")  ? member::error
                                                    : member::other;
  next_ = m;
  places_[static_cast<unsigned>(m)] = members_++;
  if (m == member::other) {
    return;
  }
  constexpr std::uint32_t bodies = bit(member::params) | bit(member::result);
  const std::uint32_t before = std::exchange(seen_, seen_ | bit(m));
  if (before == seen_) [[unlikely]] {
    problem_ = "a member of the call stands in it twice";
    next_ = member::other;
  }
  if ((seen_ & bodies) == bodies) [[unlikely]] {
    problem_ = "a call has \"params\", a response has \"result\", nothing has both";
    next_ = member::other;
  }
}

envelope_reader::whose envelope_reader::on_scalar(const scalar& value) {
  switch (next_) {
    case member::version:
      has_version_ = value.what == kind::string && value.text == "2.0";
      problem_ = has_version_ ? problem_ : bad_version;
      break;
    case member::method:
      has_method_ = value.what == kind::string;
      if (has_method_) {
        // A string with escapes is the parser's, until the next one.
        method_ = text_after(text_, value.text).data() != nullptr
                      ? value.text
                      : std::string_view{unescaped_method_.assign(value.text)};
      } else {
        problem_ = bad_method;
      }
      break;
    case member::id:
      on_id(value);
      break;
    case member::params:
      return whose::params;
    case member::result:
      return whose::result;
    case member::error:
      problem_ = "\"error\" must be an object";
      break;
    default:
      on_error_scalar(value);
      break;
  }
  return whose::envelope;
}

void envelope_reader::on_id(const scalar& value) {
  switch (value.what) {
    case kind::null:
      id_ = "null";
      return;
    case kind::boolean:
      problem_ = bad_id;
      return;
    case kind::integer:
    case kind::real:
      id_ = value.text;
      break;
    case kind::string:
      // A string that the parser put together from pieces is not in the text; it is found later.
      id_is_escaped_ = text_after(text_, value.text).data() == nullptr;
      id_ = id_is_escaped_ ? std::string_view{}
                           : std::string_view{value.text.data() - 1, value.text.size() + 2};
      break;
  }
  if (value.text.size() + 2 > max_id_octets_) {
    id_.reset();
    problem_ = long_id;
  }
}

void envelope_reader::find_escaped_id() {
  id_ = text_of(member::id);
  if (id_->size() > max_id_octets_) {  // escapes are longer than what they stand for
    id_.reset();
    problem_ = long_id;
  }
}

void envelope_reader::on_error_scalar(const scalar& value) {
  const auto parse = [&value](auto& number) {
    std::from_chars(value.text.data(), value.text.data() + value.text.size(), number);
  };
  if (next_ == member::error_message && value.what == kind::string) {
    error_message_.assign(value.text);
  } else if (next_ == member::error_code && value.what == kind::integer) {
    parse(error_code_);
  } else if (next_ == member::error_result_code && value.what == kind::integer) {
    parse(error_result_code_);
  }
}

envelope_reader::whose envelope_reader::on_begin(container what) {
  const bool is_object = what == container::object;
  const bool may_enter = level_ == level::outside ||
                         (level_ == level::call && next_ == member::error) ||
                         (level_ == level::error && next_ == member::error_data);
  if (level_ == level::outside) {
    is_object_ = is_object;
  }
  if (is_object && may_enter) {
    level_ = static_cast<level>(static_cast<unsigned>(level_) + 1);
    next_ = member::other;
    return whose::envelope;
  }
  switch (next_) {
    case member::params:
      return whose::params;
    case member::result:
      return whose::result;
    case member::version:
      problem_ = bad_version;
      break;
    case member::method:
      problem_ = bad_method;
      break;
    case member::id:
      problem_ = bad_id;
      break;
    default:
      break;
  }
  return whose::nobody;
}

void envelope_reader::on_end() {
  level_ = static_cast<level>(static_cast<unsigned>(level_) - 1);
}

std::string_view envelope_reader::finish() {
  if (!is_object_) {
    return "a call is an object";
  }
  if (id_ && id_is_escaped_) {
    find_escaped_id();
  }
  const bool is_response = has(member::result) || has(member::error);
  if (!problem_.empty()) {
    return problem_;
  }
  if (!has_version_) {
    return bad_version;
  }
  if (has_method_ == is_response) {
    return has_method_ ? "\"method\" and a response's members stand together"
                       : "\"method\" is missing";
  }
  return is_response && !id_ ? "a response has an \"id\"" : std::string_view{};
}

}  // namespace diamgw::jsonrpc
