// From the table to data and back: the only place that knows both JSON and the options' types.
#include "config/option_node.hpp"

#include <concepts>
#include <type_traits>

#include "config/describe.hpp"
#include "diamgw/config/load.hpp"

namespace diamgw::config {
namespace {

/// The names of an enumeration's values, in their order, as its `names_of` beside the table says.
template <class Enum>
constexpr auto choice_names = names_of(Enum{});

// ---- to JSON ------------------------------------------------------------------------------------

template <class T>
[[nodiscard]] json make_json(const T& value);

struct json_maker {
  json& to;
  template <class T>
  void operator()(const option_spec& spec, const T& value) const {
    to[std::string{spec.name}] = make_json(value);
  }
  /// "*" rather than null: an absent application is "any" only in routes.
  void operator()(const option_spec& spec, const std::optional<application_ref>& value) const {
    to[std::string{spec.name}] =
        value || spec.kind != option_kind::any_application ? make_json(value) : json("*");
  }
  /// Octets are written with their unit, counts of the same type do not exist.
  void operator()(const option_spec& spec, std::size_t value) const {
    const std::string text = format_octets(value);
    to[std::string{spec.name}] = text.ends_with('B') ? json(text) : json(value);
  }
};

template <class T>
struct is_optional : std::false_type {};
template <class T>
struct is_optional<std::optional<T>> : std::true_type {};
template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};

template <class T>
json make_json(const T& value) {
  if constexpr (std::same_as<T, milliseconds>) {
    return format_duration(value);
  } else if constexpr (std::same_as<T, application_ref>) {
    return value.name.empty() ? json(value.id) : json(value.name);
  } else if constexpr (std::is_enum_v<T>) {
    return std::string{choice_names<T>.at(static_cast<std::size_t>(value))};
  } else if constexpr (is_optional<T>::value) {
    return value ? make_json(*value) : json(nullptr);
  } else if constexpr (is_vector<T>::value) {
    json list = json::array();
    for (const auto& element : value) {
      list.push_back(make_json(element));
    }
    return list;
  } else if constexpr (std::same_as<T, std::string> || std::is_arithmetic_v<T>) {
    return value;
  } else {
    json object = json::object();
    const json_maker maker{object};
    T copy = value;  // one `describe` serves readers and writers
    describe(maker, copy);
    return object;
  }
}

// ---- from JSON ----------------------------------------------------------------------------------

template <class T>
void take(const json& from, T& to);

struct taker {
  const json& from;
  template <class T>
  void operator()(const option_spec& spec, T& value) const {
    if (const auto found = from.find(std::string{spec.name}); found != from.end()) {
      take(*found, value);
    }
  }
};

template <class T>
void take(const json& from, T& to) {
  if constexpr (std::same_as<T, milliseconds>) {
    to = parse_duration(from.get_ref<const std::string&>()).value_or(to);
  } else if constexpr (std::same_as<T, std::size_t>) {
    to = from.is_string() ? parse_octets(from.get_ref<const std::string&>()).value_or(to)
                          : from.get<std::size_t>();
  } else if constexpr (std::same_as<T, application_ref>) {
    to = from.is_string() ? application_ref{.id = 0, .name = from.get<std::string>()}
                          : application_ref{.id = from.get<std::uint32_t>(), .name = {}};
  } else if constexpr (std::is_enum_v<T>) {
    const auto& names = choice_names<T>;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (names[i] == from.get_ref<const std::string&>()) {
        to = static_cast<T>(i);
      }
    }
  } else if constexpr (is_optional<T>::value) {
    if (from.is_null() || from == "*") {
      to.reset();
    } else {
      take(from, to.emplace());
    }
  } else if constexpr (is_vector<T>::value) {
    to.assign(from.size(), {});
    for (std::size_t i = 0; i < from.size(); ++i) {
      take(from[i], to[i]);
    }
  } else if constexpr (std::same_as<T, std::string> || std::is_arithmetic_v<T>) {
    to = from.get<T>();
  } else {
    const taker members{from};
    describe(members, to);
  }
}

// ---- the tree -----------------------------------------------------------------------------------

/// Adds what the option's type says: names of an enumeration, members, elements.
template <class T>
void complete(option_node& node);

struct tree_maker {
  option_node& parent;

  template <class T>
  void operator()(const option_spec& spec, T& value) const {
    option_node node{
        .spec = spec, .nullable = is_optional<T>::value, .default_value = {}, .children = {}};
    json holder;
    json_maker{holder}(spec, value);
    node.default_value = std::move(holder[std::string{spec.name}]);
    node.nullable = node.nullable && spec.kind != option_kind::any_application;
    complete<T>(node);
    parent.children.push_back(std::move(node));
  }
};

template <class T>
void complete(option_node& node) {
  if constexpr (is_optional<T>::value) {
    complete<typename T::value_type>(node);
  } else if constexpr (is_vector<T>::value) {
    using element = typename T::value_type;
    option_node child{.spec = {}, .nullable = false, .default_value = {}, .children = {}};
    child.spec.kind = node.spec.element;
    complete<element>(child);
    node.children.push_back(std::move(child));
  } else if constexpr (std::is_enum_v<T>) {
    node.choices = choice_names<T>;
  } else if constexpr (std::is_class_v<T> && !std::same_as<T, std::string> &&
                       !std::same_as<T, milliseconds> && !std::same_as<T, application_ref>) {
    T defaults;
    const tree_maker maker{node};
    describe(maker, defaults);
  }
}

}  // namespace

const option_node* option_node::find_child(std::string_view name) const noexcept {
  for (const option_node& child : children) {
    if (child.spec.name == name) {
      return &child;
    }
  }
  return nullptr;
}

const option_node& option_tree() {
  static const option_node tree = [] {
    option_node root{.spec = {}, .nullable = false, .default_value = {}, .children = {}};
    complete<options>(root);
    root.default_value = to_tree(options{});
    return root;
  }();
  return tree;
}

void assign(const json& from, options& to) {
  take(from, to);
}

json to_tree(const options& o) {
  return make_json(o);
}

}  // namespace diamgw::config
