// DIAMGW_DIAMETER__PEERS__0__HOST=ocs.example: a variable is a pointer, its text a value.
#include <algorithm>

#include "config/stages.hpp"
#include "diamgw/base/letter_case.hpp"
#include "diamgw/base/nearest.hpp"

namespace diamgw::config {
namespace {

struct override_value {
  std::string variable;
  std::string text;
  std::vector<std::string> names;
};

[[nodiscard]] bool is_index(std::string_view name) {
  return !name.empty() && name.size() <= 5 &&
         std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The rest of the variable's name, lower-case, cut at "__".
[[nodiscard]] std::vector<std::string> split(std::string_view rest) {
  std::vector<std::string> names(1);
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest.substr(i).starts_with("__")) {
      names.emplace_back();
      ++i;
    } else {
      names.back() += to_lower(rest[i]);
    }
  }
  return names;
}

/// The end of a name that Kubernetes gives a variable of a service's port: `_PORT_8080_TCP`, and
/// that with `_PROTO`, `_PORT` or `_ADDR`.
[[nodiscard]] bool ends_as_port(std::string_view name) {
  for (const std::string_view ending : {"_proto", "_port", "_addr"}) {
    if (name.ends_with(ending)) {
      name.remove_suffix(ending.size());
      break;
    }
  }
  for (const std::string_view protocol : {"_tcp", "_udp", "_sctp"}) {
    if (name.ends_with(protocol)) {
      name.remove_suffix(protocol.size());
      const std::size_t digits = name.find_last_not_of("0123456789");
      return digits != std::string_view::npos && digits + 1 < name.size() &&
             name.substr(0, digits + 1).ends_with("port_");
    }
  }
  return false;
}

/// Kubernetes sets such variables for every service whose name begins like our prefix:
/// DIAMGW_SERVICE_HOST, DIAMGW_SERVICE_PORT_WS, DIAMGW_PORT, DIAMGW_PORT_8080_TCP_ADDR. No option
/// is called so.
[[nodiscard]] bool is_service_variable(const std::vector<std::string>& names) {
  const std::string& last = names.back();
  const auto ends = [&last](std::string_view word) {
    return last == word || last.ends_with('_' + std::string{word});
  };
  return ends("service_host") || ends("service_port") || ends_as_port('_' + last) ||
         ('_' + last).find("_service_port_") != std::string::npos ||
         (names.size() == 1 && ends("port"));
}

/// Others call their variables so as well: images, scripts, shells.
void warn_of_stranger(const override_value& value, load_context& context) {
  std::vector<std::string_view> known;
  for (const option_node& child : option_tree().children) {
    known.push_back(child.spec.name);
  }
  std::string nearest{find_nearest(value.names.front(), known)};
  std::transform(nearest.begin(), nearest.end(), nearest.begin(),
                 [](char c) { return to_upper(c); });
  context.warnings.push_back(
      {.source = value.variable,
       .pointer = {},
       .text =
           "names no option, and is ignored" +
           (nearest.empty() ? std::string{}
                            : "; did you mean " + std::string{environment_prefix} + nearest + "?"),
       .gravity = severity::warning});
}

/// A list's elements by number, and what holds a value before that value.
[[nodiscard]] bool name_before(const std::string& a, const std::string& b) {
  if (is_index(a) && is_index(b) && std::stoul(a) != std::stoul(b)) {
    return std::stoul(a) < std::stoul(b);
  }
  return is_index(a) == is_index(b) ? a < b : is_index(a);
}

[[nodiscard]] bool comes_before(const override_value& a, const override_value& b) {
  return std::lexicographical_compare(a.names.begin(), a.names.end(), b.names.begin(),
                                      b.names.end(), name_before);
}

/// What stands at the place of the walk: the document's value, or a copy of the default where a
/// variable reaches into something that the document does not have.
class walk {
 public:
  walk(json& document, const override_value& value, load_context& context)
      : at_{&document}, default_{&option_tree().default_value}, value_{value}, context_{context} {}

  [[nodiscard]] bool descend_into(const std::string& name, bool last) {
    const std::string next = descend(pointer_, name);
    if (at_->is_null()) {
      *at_ = is_index(name) ? json::array() : json::object();
      context_.from.variables.insert_or_assign(pointer_, value_.variable);
    }
    const bool found = at_->is_array() ? element(name, next) : member(name, next);
    if (!found) {
      return false;
    }
    pointer_ = next;
    if (!last && at_->is_null() && default_ != nullptr && default_->is_structured()) {
      *at_ = *default_;
    }
    return true;
  }

  [[nodiscard]] json& place() const { return *at_; }
  [[nodiscard]] const std::string& pointer() const { return pointer_; }

 private:
  [[nodiscard]] bool element(const std::string& name, const std::string& next) {
    const std::size_t size = at_->size();
    if (!is_index(name) || std::stoul(name) > size) {
      context_.from.variables.insert_or_assign(next, value_.variable);
      context_.add(next, "no such element: the list has " + std::to_string(size) +
                             ", so that 0 to " + std::to_string(size) + " can be set");
      return false;
    }
    if (std::stoul(name) == size) {
      at_->push_back(nullptr);
      context_.from.variables.insert_or_assign(next, value_.variable);
    }
    at_ = &(*at_)[std::stoul(name)];
    default_ = nullptr;
    return true;
  }

  [[nodiscard]] bool member(const std::string& name, const std::string& next) {
    if (!at_->is_object()) {
      context_.from.variables.insert_or_assign(next, value_.variable);
      context_.add(next, "there is nothing inside " + (pointer_.empty() ? "it" : pointer_) +
                             ", which is " + quote(*at_));
      return false;
    }
    if (default_ != nullptr && default_->is_object() && default_->contains(name)) {
      default_ = &(*default_)[name];
    } else {
      default_ = nullptr;
    }
    at_ = &(*at_)[name];
    return true;
  }

  json* at_;
  const json* default_;  // of the place, null where the table has none
  std::string pointer_;
  const override_value& value_;
  load_context& context_;
};

/// JSON where it is JSON, else the text itself.
[[nodiscard]] json parse_value(const override_value& value, const std::string& pointer,
                               load_context& context) {
  load_context trial;
  trial.from.file_name = value.variable;
  auto parsed = parse_document(value.text, pointer, trial);
  if (!parsed) {
    return value.text;
  }
  for (problem& p : trial.found) {
    context.found.push_back(std::move(p));
  }
  return std::move(*parsed);
}

/// What a value holds is no longer from where it was.
template <class Map>
void forget_below(const std::string& pointer, Map& places) {
  const std::string first = pointer + '/';
  auto at = places.lower_bound(first);
  while (at != places.end() && at->first.starts_with(first)) {
    at = places.erase(at);
  }
}

/// A value, and all in it, is from a variable.
void remember(const json& value, const std::string& pointer, const std::string& variable,
              origins& from) {
  from.variables.insert_or_assign(pointer, variable);
  std::size_t index = 0;
  for (const auto& [name, inner] : value.items()) {
    if (value.is_structured()) {
      remember(inner, descend(pointer, value.is_object() ? name : std::to_string(index++)),
               variable, from);
    }
  }
}

void apply(const override_value& value, json& document, load_context& context) {
  walk place{document, value, context};
  for (std::size_t i = 0; i < value.names.size(); ++i) {
    if (value.names[i].empty()) {
      context.found.push_back({.source = value.variable,
                               .pointer = {},
                               .text = "an empty name; write " + std::string{environment_prefix} +
                                       "SECTION__OPTION=value"});
      return;
    }
    if (!place.descend_into(value.names[i], i + 1 == value.names.size())) {
      return;
    }
  }
  place.place() = parse_value(value, place.pointer(), context);
  forget_below(place.pointer(), context.from.in_file);
  forget_below(place.pointer(), context.from.variables);
  remember(place.place(), place.pointer(), value.variable, context.from);
  context.raw_texts.insert_or_assign(place.pointer(), value.text);
}

}  // namespace

void apply_environment(const environment& variables, json& document, load_context& context) {
  std::vector<override_value> overrides;
  for (const auto& [name, text] : variables) {
    if (name.starts_with(environment_prefix) && name != environment_file) {
      overrides.push_back(
          {.variable = name,
           .text = text,
           .names = split(std::string_view{name}.substr(environment_prefix.size()))});
    }
  }
  std::sort(overrides.begin(), overrides.end(), comes_before);
  for (const override_value& value : overrides) {
    if (is_service_variable(value.names)) {
      continue;
    }
    if (value.names.size() == 1 && option_tree().find_child(value.names.front()) == nullptr) {
      warn_of_stranger(value, context);
    } else {
      apply(value, document, context);
    }
  }
}

}  // namespace diamgw::config
