// Holds a document against the option table, value by value.
#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "config/stages.hpp"
#include "diamgw/base/host_name.hpp"
#include "diamgw/base/nearest.hpp"

namespace diamgw::config {
namespace {

/// What editors put at the top of a JSON file; no option, but no mistake either.
constexpr std::string_view schema_member = "$schema";

[[nodiscard]] bool is_text(const std::string& text, std::uint64_t min, std::uint64_t max) {
  if (text.size() < min || text.size() > max || std::any_of(text.begin(), text.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
      })) {
    return false;
  }
  try {
    static_cast<void>(json(text).dump());  // throws where it is not UTF-8
    return true;
  } catch (const json::exception&) {
    return false;
  }
}

[[nodiscard]] bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// RFC 6733 §4.3.1: an FQDN; underscores are common in operators' networks and harm nobody.
[[nodiscard]] bool is_identity(const std::string& text) {
  constexpr std::size_t longest = 255;
  return !text.empty() && text.size() <= longest && text.front() != '.' && text.back() != '.' &&
         text.find("..") == std::string::npos && std::all_of(text.begin(), text.end(), [](char c) {
           return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.';
         });
}

[[nodiscard]] bool is_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> octets{};
  return text.find('\0') == std::string::npos &&
         (inet_pton(AF_INET, text.c_str(), octets.data()) == 1 ||
          inet_pton(AF_INET6, text.c_str(), octets.data()) == 1);
}

[[nodiscard]] bool is_path(const std::string& text) {
  constexpr std::size_t longest = 1024;
  return text.starts_with('/') && text.size() <= longest &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c > 0x20 && c < 0x7f && c != '?' && c != '#'; });
}

/// RFC 6454 §6.2: scheme "://" host [ ":" port ], nothing behind it; or all of them.
[[nodiscard]] bool is_origin(const std::string& text) {
  if (text == "*") {
    return true;
  }
  const std::size_t scheme = text.find("://");
  return scheme != std::string::npos && scheme != 0 && scheme + 3 < text.size() &&
         std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(scheme),
                     is_letter_or_digit) &&
         std::all_of(text.begin() + static_cast<std::ptrdiff_t>(scheme) + 3, text.end(),
                     [](char c) { return c > 0x20 && c < 0x7f && c != '/' && c != '?'; });
}

[[nodiscard]] bool in_range(std::uint64_t value, const option_spec& spec) {
  return value >= spec.min && value <= spec.max;
}

[[nodiscard]] bool is_count(const json& value, const option_spec& spec) {
  return value.is_number_unsigned() && in_range(value.get<std::uint64_t>(), spec);
}

[[nodiscard]] bool is_application(const json& value) {
  constexpr std::size_t longest = 255;
  return value.is_string()
             ? is_text(value.get<std::string>(), 1, longest)
             : value.is_number_unsigned() && value.get<std::uint64_t>() <= 0xffffffffU;
}

/// A text of one of the kinds that are texts only.
[[nodiscard]] bool is_text_of_kind(const std::string& text, const option_node& node) {
  const option_spec& spec = node.spec;
  constexpr std::size_t longest_file = 4096;
  switch (spec.kind) {
    case option_kind::text:
      return is_text(text, spec.min, spec.max);
    case option_kind::identity:
      return is_identity(text);
    case option_kind::address:
      return is_address(text);
    case option_kind::host:
      return is_address(text) || is_host_name(text);
    case option_kind::path:
      return is_path(text);
    case option_kind::file:
      return is_text(text, 1, longest_file);
    case option_kind::origin:
      return is_origin(text);
    case option_kind::choice:
      return std::find(node.choices.begin(), node.choices.end(), text) != node.choices.end();
    case option_kind::duration: {
      const auto value = parse_duration(text);
      return value && in_range(static_cast<std::uint64_t>(value->count()), spec);
    }
    case option_kind::octets: {
      const auto value = parse_octets(text);
      return value && in_range(*value, spec);
    }
    default:
      return false;
  }
}

[[nodiscard]] bool is_good(const json& value, const option_node& node) {
  const option_spec& spec = node.spec;
  switch (spec.kind) {
    case option_kind::object:
      return value.is_object();
    case option_kind::list:
      return value.is_array() && in_range(value.size(), spec);
    case option_kind::flag:
      return value.is_boolean();
    case option_kind::count:
      return is_count(value, spec);
    case option_kind::octets:
      if (!value.is_string()) {
        return is_count(value, spec);
      }
      break;
    case option_kind::application:
    case option_kind::any_application:
      return is_application(value);
    default:
      break;
  }
  return value.is_string() && is_text_of_kind(value.get<std::string>(), node);
}

[[nodiscard]] bool is_text_kind(option_kind kind) {
  return kind != option_kind::object && kind != option_kind::list && kind != option_kind::flag &&
         kind != option_kind::count && kind != option_kind::octets &&
         kind != option_kind::application && kind != option_kind::any_application;
}

class validator {
 public:
  explicit validator(load_context& context) : context_{context} {}

  /// True where the value may stay.
  [[nodiscard]] bool value(json& given, const option_node& node, const std::string& pointer) {
    if (given.is_null() && node.nullable) {
      return true;
    }
    // 5 in the environment is JSON, but may be meant for a text.
    if (is_text_kind(node.spec.kind) && !given.is_string()) {
      if (const auto raw = context_.raw_texts.find(pointer); raw != context_.raw_texts.end()) {
        given = raw->second;
      }
    }
    if (!is_good(given, node)) {
      report(pointer, quote(given) + " is not allowed; give " + allowed_values(node));
      return false;
    }
    if (node.spec.kind == option_kind::object) {
      members(given, node, pointer);
    } else if (node.spec.kind == option_kind::list) {
      elements(given, node, pointer);
    }
    return true;
  }

 private:
  void report(const std::string& pointer, std::string text) {
    context_.add(pointer, std::move(text));
    context_.wrong.insert(pointer);
  }

  void members(json& given, const option_node& node, const std::string& pointer) {
    for (const option_node& child : node.children) {
      const std::string name{child.spec.name};
      const std::string at = descend(pointer, name);
      const auto found = given.find(name);
      if (found == given.end()) {
        if (child.spec.required) {
          report(at, "is required; give " + allowed_values(child));
        }
      } else if (!value(*found, child, at)) {
        given.erase(name);
      }
    }
    std::vector<std::string> unknown;
    for (const auto& [name, ignored] : given.items()) {
      if (node.find_child(name) == nullptr && !(pointer.empty() && name == schema_member)) {
        unknown.push_back(name);
      }
    }
    for (const std::string& name : unknown) {
      context_.add(descend(pointer, name), unknown_text(name, node));
      given.erase(name);
    }
  }

  void elements(json& given, const option_node& node, const std::string& pointer) {
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (!value(given[i], node.element(), descend(pointer, std::to_string(i)))) {
        given[i] = node.element().spec.kind == option_kind::object ? json::object() : json("");
      }
    }
  }

  [[nodiscard]] static std::string unknown_text(const std::string& name, const option_node& node) {
    std::vector<std::string_view> known;
    std::string all;
    for (const option_node& child : node.children) {
      known.push_back(child.spec.name);
      all += (all.empty() ? "" : ", ") + std::string{child.spec.name};
    }
    const std::string_view nearest = find_nearest(name, known);
    return nearest.empty()
               ? "there is no such option; there are " + all
               : "there is no such option; did you mean \"" + std::string{nearest} + "\"?";
  }

  load_context& context_;
};

}  // namespace

void validate(json& document, load_context& context) {
  if (!validator{context}.value(document, option_tree(), "")) {
    document = json::object();
  }
}

}  // namespace diamgw::config
