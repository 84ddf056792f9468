// The option table as data: what the validator, the example, the schema and the reference walk.
#pragma once
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/config/options.hpp"

namespace diamgw::config {

/// Members in the order of the table, so that the example reads as written there.
using json = nlohmann::ordered_json;

enum class option_kind : std::uint8_t {
  object,
  list,
  text,             // any UTF-8 without control characters
  identity,         // DiameterIdentity: a host or realm name
  address,          // an IPv4 or IPv6 address
  host,             // an address, or the name of a host
  path,             // of an HTTP request
  file,             // a file's name
  origin,           // of a web page: scheme://host[:port], or "*"
  flag,             // true or false
  count,            // an integer
  octets,           // an integer, or text with KiB, MiB, GiB
  duration,         // text with ms, s, m, h
  choice,           // one of a set of names
  application,      // a number or a name
  any_application,  // the same, or "*"
};

/// One row of the table, as describe.hpp writes it.
struct option_spec {
  std::string_view name;
  option_kind kind = option_kind::object;
  option_kind element = option_kind::object;  // of a list: what its elements are
  std::uint64_t min = 0;
  std::uint64_t max = std::numeric_limits<std::uint32_t>::max();  // of a list: elements
  std::string_view help;
  std::string_view sample = {};  // JSON text, where the default shows nothing
  bool live = false;             // a reload applies it
  bool required = false;         // in elements of lists: no default
};

struct option_node {
  option_spec spec;
  bool nullable = false;
  json default_value;
  std::span<const std::string_view> choices = {};  // of an enumeration: the names of its values
  std::vector<option_node> children;  // of an object; of a list: the one of its elements

  [[nodiscard]] const option_node& element() const { return children.front(); }
  [[nodiscard]] const option_node* find_child(std::string_view name) const noexcept;
};

/// The whole table with its defaults; built once.
[[nodiscard]] const option_node& option_tree();

/// Takes what `from` has into `to`; what it lacks stays. Every value was validated.
void assign(const json& from, options& to);

/// Every option of `o`, in the form of the file.
[[nodiscard]] json to_tree(const options& o);

/// `value` in the words of the file, short enough for a message.
[[nodiscard]] std::string quote(const json& value);

/// What a value of this kind may be: "a duration from 1s to 1h, such as \"30s\"".
[[nodiscard]] std::string allowed_values(const option_node& node);

/// `pointer` and one more name, escaped as RFC 6901 §3 has it, control characters as JSON has them.
[[nodiscard]] std::string descend(std::string_view pointer, std::string_view name);

/// The pointer of an element of the list at `list`.
[[nodiscard]] std::string element_of(std::string_view list, std::size_t i);

/// Not a number of octets or ms: the limit in the words of the file.
[[nodiscard]] std::string format_limit(option_kind kind, std::uint64_t value);

}  // namespace diamgw::config
