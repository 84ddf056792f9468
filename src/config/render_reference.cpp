// The table of docs/configuration.md.
#include "config/option_node.hpp"
#include "diamgw/config/render.hpp"

namespace diamgw::config {
namespace {

/// Within a cell of a table, `|` ends the cell.
[[nodiscard]] std::string cell(std::string_view text) {
  std::string result;
  for (const char c : text) {
    result += c == '|' ? "\\|" : std::string(1, c);
  }
  return result;
}

[[nodiscard]] std::string default_cell(const option_node& node) {
  if (node.spec.required) {
    return "required";
  }
  if (node.spec.kind == option_kind::object && !node.nullable) {
    return "";
  }
  return "`" + cell(node.default_value.dump()) + "`";
}

void rows(const option_node& node, const std::string& prefix, std::string& out) {
  for (const option_node& child : node.children) {
    const std::string name = prefix + std::string{child.spec.name};
    const bool section = child.spec.kind == option_kind::object && !child.nullable;
    if (section) {
      out += "\n### `" + name + "`\n\n" + std::string{child.spec.help} +
             "\n\n| option | default | allowed | meaning |\n|---|---|---|---|\n";
    } else {
      out += "| `" + name + "` | " + default_cell(child) + " | " + cell(allowed_values(child)) +
             " | " + cell(child.spec.help) + " |\n";
    }
    if (child.spec.kind == option_kind::list) {
      rows(child.element(), name + "[].", out);
    } else {
      rows(child, name + ".", out);
    }
  }
}

}  // namespace

std::string render_reference() {
  // Options outside any section come first.
  option_node plain{.spec = {}, .nullable = false, .default_value = {}, .children = {}};
  option_node sections = plain;
  for (const option_node& child : option_tree().children) {
    (child.spec.kind == option_kind::object ? sections : plain).children.push_back(child);
  }
  std::string out = "| option | default | allowed | meaning |\n|---|---|---|---|\n";
  rows(plain, "", out);
  rows(sections, "", out);
  return out;
}

}  // namespace diamgw::config
