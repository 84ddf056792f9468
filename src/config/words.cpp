// Values, ranges and pointers in the words of the configuration file.
#include <algorithm>
#include <charconv>
#include <cstdio>

#include "config/option_node.hpp"
#include "diamgw/config/load.hpp"

namespace diamgw::config {
namespace {

struct unit {
  std::string_view name;
  std::uint64_t factor;
};
constexpr unit duration_units[]{{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}};
constexpr unit octet_units[]{
    {"", 1}, {"B", 1}, {"KiB", kib}, {"MiB", mib}, {"GiB", std::uint64_t{1024} * mib}};

/// A non-negative integer and one of `units`, nothing else, without overflow.
[[nodiscard]] std::optional<std::uint64_t> parse_with_unit(std::string_view text,
                                                           std::span<const unit> units) noexcept {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) {
    return std::nullopt;
  }
  const std::string_view suffix = text.substr(static_cast<std::size_t>(end - text.data()));
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  for (const unit& u : units) {
    if (suffix == u.name) {
      return number <= most / u.factor ? std::optional{number * u.factor} : std::nullopt;
    }
  }
  return std::nullopt;
}

[[nodiscard]] std::string range(const option_spec& spec) {
  return "from " + format_limit(spec.kind, spec.min) + " to " + format_limit(spec.kind, spec.max);
}

[[nodiscard]] std::string names(std::span<const std::string_view> choices) {
  std::string text;
  for (const std::string_view name : choices) {
    text += text.empty() ? "" : ", ";
    text += '"' + std::string{name} + '"';
  }
  return text;
}

}  // namespace

std::optional<milliseconds> parse_duration(std::string_view text) noexcept {
  const auto value = parse_with_unit(text, duration_units);
  return value ? std::optional{milliseconds{static_cast<std::int64_t>(*value)}} : std::nullopt;
}

std::optional<std::size_t> parse_octets(std::string_view text) noexcept {
  return parse_with_unit(text, octet_units);
}

std::string format_duration(milliseconds value) {
  const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(value.count(), 0));
  if (ms == 0) {
    return "0s";
  }
  for (const unit& u : {duration_units[3], duration_units[2], duration_units[1]}) {
    if (ms % u.factor == 0) {
      return std::to_string(ms / u.factor) + std::string{u.name};
    }
  }
  return std::to_string(ms) + "ms";
}

std::string format_octets(std::size_t value) {
  for (const unit& u : {octet_units[4], octet_units[3], octet_units[2]}) {
    if (value != 0 && value % u.factor == 0) {
      return std::to_string(value / u.factor) + std::string{u.name};
    }
  }
  return std::to_string(value);
}

std::string format_limit(option_kind kind, std::uint64_t value) {
  switch (kind) {
    case option_kind::duration:
      return format_duration(milliseconds{static_cast<std::int64_t>(value)});
    case option_kind::octets:
      return format_octets(value);
    default:
      return std::to_string(value);
  }
}

std::string quote(const json& value) {
  constexpr std::size_t longest = 60;
  std::string text = value.dump(-1, ' ', false, json::error_handler_t::replace);
  if (text.size() > longest) {
    std::size_t cut = longest;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0U) == 0x80U) {
      --cut;  // not in the middle of a character
    }
    text.resize(cut);
    text += "...";
  }
  return text;
}

std::string allowed_values(const option_node& node) {
  const option_spec& spec = node.spec;
  const std::string or_null = node.nullable ? ", or null" : "";
  switch (spec.kind) {
    case option_kind::object:
      return "an object { }" + or_null;
    case option_kind::list:
      return "a list [ ] of " + std::to_string(spec.min) + " to " + std::to_string(spec.max) +
             " elements";
    case option_kind::text:
      return "a text of " + std::to_string(spec.min) + " to " + std::to_string(spec.max) +
             " octets of UTF-8 without control characters";
    case option_kind::identity:
      return "a host or realm name of 1 to 255 letters, digits, '-', '_' and inner dots, such as "
             "\"ocs.example\"";
    case option_kind::address:
      return "an IPv4 or IPv6 address, such as \"192.0.2.1\" or \"::1\"";
    case option_kind::host:
      return "an IPv4 or IPv6 address or a host's name, such as \"192.0.2.1\", \"::1\" or "
             "\"ocs.example\"";
    case option_kind::path:
      return "a path that begins with '/', without '?', '#' and blanks";
    case option_kind::file:
      return "the name of a file";
    case option_kind::origin:
      return "an origin, such as \"https://console.example\" or \"http://localhost:3000\", or "
             "\"*\"";
    case option_kind::flag:
      return "true or false";
    case option_kind::count:
      return "an integer " + range(spec) + or_null;
    case option_kind::octets:
      return "octets " + range(spec) + ", as a number or such as \"64KiB\"";
    case option_kind::duration:
      return "a duration " + range(spec) + ", such as \"30s\" (units: ms, s, m, h)" + or_null;
    case option_kind::choice:
      return "one of " + names(node.choices) + or_null;
    case option_kind::application:
      return "an application's number from 0 to 4294967295, or its name" + or_null;
    case option_kind::any_application:
      return "an application's number from 0 to 4294967295, its name, or \"*\"";
  }
  return {};
}

std::string descend(std::string_view pointer, std::string_view name) {
  std::string result{pointer};
  result += '/';
  for (const char c : name) {
    if (c == '~') {
      result += "~0";
    } else if (c == '/') {
      result += "~1";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      char escaped[7];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
      result += escaped;
    } else {
      result += c;
    }
  }
  return result;
}

std::string element_of(std::string_view list, std::size_t i) {
  return descend(list, std::to_string(i));
}

namespace {

std::string sentence_of(const problem& p, std::string_view gravity) {
  std::string all = p.source;
  if (p.line != 0) {
    all += ":" + std::to_string(p.line) + ":" + std::to_string(p.column);
  }
  all += all.empty() ? "" : ": ";
  all += gravity;
  return all + (p.pointer.empty() ? "" : p.pointer + ": ") + p.text;
}

}  // namespace

std::string problem::sentence() const {
  return sentence_of(*this, gravity == severity::warning ? "warning: " : "");
}

std::string problem::sentence_without_gravity() const {
  return sentence_of(*this, "");
}

}  // namespace diamgw::config
