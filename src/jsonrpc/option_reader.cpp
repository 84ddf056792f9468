#include "jsonrpc/option_reader.hpp"

#include <charconv>

#include "jsonrpc/scalar_to_avp.hpp"

namespace diamgw::jsonrpc {
namespace {

using kind = scalar::kind;

[[nodiscard]] next_value option_of(std::string_view key) noexcept {
  return key == "$timeout"         ? next_value::timeout
         : key == "$form"          ? next_value::answer_form
         : key == "$retransmitted" ? next_value::retransmitted
         : key == "$application"   ? next_value::application
                                   : next_value::none;
}

/// A duration as the configuration has it ("1500ms", "2s", "1m", "1h"), or a number of
/// milliseconds.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_timeout(const scalar& value) noexcept {
  constexpr std::uint32_t max_milliseconds = 24U * 3600U * 1000U;
  std::uint32_t n = 0;
  const char* const end = value.text.data() + value.text.size();
  const auto [rest, ec] = std::from_chars(value.text.data(), end, n);
  if (ec != std::errc{} || n == 0) {
    return std::nullopt;
  }
  const std::string_view unit{rest, static_cast<std::size_t>(end - rest)};
  const std::uint32_t factor = value.what != kind::string ? (unit.empty() ? 1 : 0)
                               : unit == "ms"             ? 1
                               : unit == "s"              ? 1000
                               : unit == "m"              ? 60 * 1000
                               : unit == "h"              ? 3600 * 1000
                                                          : 0;
  if (factor == 0) {
    return std::nullopt;
  }
  n = n > max_milliseconds / factor ? max_milliseconds + 1 : n * factor;
  if (n > max_milliseconds) {
    return std::nullopt;
  }
  return std::chrono::milliseconds{n};
}

[[nodiscard]] std::optional<application_id> parse_application(
    const scalar& value, const dictionary::dictionary& names) noexcept {
  if (value.what == kind::string) {
    return names.find_application_id(value.text);
  }
  std::uint32_t n = 0;
  if (value.what != kind::integer || !parse_unsigned32(value.text, n)) {
    return std::nullopt;
  }
  return application_id{n};
}

}  // namespace

bool take_option_key(avp_body& body, std::string_view key) {
  const std::size_t depth_of_options = body.top().role == container_role::element ? 2 : 1;
  if (!key.starts_with('$') || body.is_result() || body.depth() != depth_of_options) {
    return false;
  }
  const next_value what = option_of(key);
  if (what == next_value::none) {
    body.fail_key("unknown option; there are $timeout, $form, $retransmitted and $application",
                  key);
  } else if (!body.expect(what)) {
    body.fail_key("the key stands here twice", key);
  }
  return true;
}

std::string_view set_option(call_options& options, next_value which, const scalar& value,
                            const dictionary::dictionary& names) {
  switch (which) {
    case next_value::timeout:
      options.timeout = parse_timeout(value);
      return options.timeout
                 ? std::string_view{}
                 : "expected milliseconds (a number), \"2s\" or \"1500ms\", up to a day";
    case next_value::answer_form:
      if (value.what != kind::string || (value.text != "object" && value.text != "list")) {
        return "expected \"object\" or \"list\"";
      }
      options.answer_form = value.text == "list" ? form::list : form::object;
      return {};
    case next_value::retransmitted:
      options.retransmitted = value.truth;
      return value.what == kind::boolean ? std::string_view{} : "expected true or false";
    default:
      options.application = parse_application(value, names);
      return options.application ? std::string_view{} : "expected an application's number or name";
  }
}

}  // namespace diamgw::jsonrpc
