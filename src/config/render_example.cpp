// config/diamgw.example.json, from the table.
#include "config/option_node.hpp"
#include "diamgw/config/render.hpp"

namespace diamgw::config {
namespace {

constexpr std::size_t page_width = 100;

constexpr std::string_view introduction =
    "Every option of diamgw. The values are the defaults: what you leave out stays as it is here. "
    "Comments like this one are allowed. Durations are texts with ms, s, m or h; sizes are numbers "
    "of octets, or texts with KiB, MiB or GiB. Each option can be overridden by an environment "
    "variable, e.g. DIAMGW_DIAMETER__WATCHDOG_INTERVAL=10s or "
    "DIAMGW_DIAMETER__LISTEN__0__PORT=3869. "
    "Check a file with `diamgw check-config --config FILE`.";

class example_writer {
 public:
  [[nodiscard]] std::string write() {
    comment(introduction);
    out_ += "{\n";
    indent_ = "  ";
    members(option_tree(), option_tree().default_value);
    out_ += "}\n";
    return std::move(out_);
  }

 private:
  /// `text` as `//` lines, broken between words.
  void comment(std::string_view text) {
    std::string line = indent_ + "//";
    while (!text.empty()) {
      const std::string_view word = text.substr(0, text.find(' '));
      text.remove_prefix(std::min(word.size() + 1, text.size()));
      if (line.size() + 1 + word.size() > page_width) {
        out_ += line + "\n";
        line = indent_ + "//";
      }
      line += ' ';
      line += word;
    }
    out_ += line + "\n";
  }

  [[nodiscard]] static std::string about(const option_node& node) {
    const option_kind kind = node.spec.kind;
    std::string text{node.spec.help};
    if (kind == option_kind::duration || kind == option_kind::octets ||
        kind == option_kind::count) {
      text += " (" + format_limit(kind, node.spec.min) + " to " +
              format_limit(kind, node.spec.max) + ")";
    } else if (kind == option_kind::choice) {
      text += " (" + allowed_values(node) + ")";
    } else if (kind == option_kind::list && !node.spec.sample.empty()) {
      text += " E.g. " + std::string{node.spec.sample} + ".";
    }
    if (node.spec.required) {
      text += " [required]";
    }
    return text;
  }

  void members(const option_node& node, const json& values) {
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const option_node& child = node.children[i];
      const bool last = i + 1 == node.children.size();
      comment(about(child));
      out_ += indent_ + '"' + std::string{child.spec.name} + "\": ";
      value(child, values.at(std::string{child.spec.name}));
      out_ += last ? "\n" : ",\n";
      if (indent_ == "  " && !last) {
        out_ += "\n";
      }
    }
  }

  void value(const option_node& node, const json& given) {
    if (node.spec.kind == option_kind::object && given.is_object()) {
      nested("{", node, given, "}");
    } else if (node.spec.kind == option_kind::list &&
               node.element().spec.kind == option_kind::object) {
      objects(node, given);
    } else {
      out_ += given.dump();
    }
  }

  /// A list of objects: its default elements; before them, as a comment, an element with every
  /// option of it.
  void objects(const option_node& node, const json& given) {
    out_ += "[\n";
    const std::string outer = indent_;
    indent_ += "  // ";
    out_ += indent_;
    nested("{", node.element(), sample_of(node.element()), "}");
    out_ += "\n";
    indent_ = outer + "  ";
    for (std::size_t i = 0; i < given.size(); ++i) {
      out_ += indent_ + given[i].dump() + (i + 1 == given.size() ? "\n" : ",\n");
    }
    indent_ = outer;
    out_ += indent_ + "]";
  }

  void nested(const char* open, const option_node& node, const json& given, const char* close) {
    out_ += std::string{open} + "\n";
    indent_ += "  ";
    members(node, given);
    indent_.resize(indent_.size() - 2);
    out_ += indent_ + close;
  }

  [[nodiscard]] static json sample_of(const option_node& node) {
    if (node.spec.kind == option_kind::object) {
      json object = json::object();
      for (const option_node& child : node.children) {
        object[std::string{child.spec.name}] = sample_of(child);
      }
      return object;
    }
    return node.spec.sample.empty() ? node.default_value : json::parse(node.spec.sample);
  }

  std::string out_;
  std::string indent_;
};

}  // namespace

std::string render_example() {
  return example_writer{}.write();
}

std::string to_json(const options& o) {
  return to_tree(o).dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace diamgw::config
