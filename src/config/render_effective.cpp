// The whole configuration as it will be, with where each value is from.
#include "config/option_node.hpp"
#include "diamgw/config/render.hpp"

namespace diamgw::config {
namespace {

class effective_writer {
 public:
  explicit effective_writer(const origins& from) : from_{from} {}

  [[nodiscard]] std::string write(const json& tree) {
    value(tree, "", "");
    return std::move(out_);
  }

 private:
  void value(const json& given, const std::string& pointer, std::string_view comma) {
    if (given.is_structured() && !given.empty()) {
      nested(given, pointer, comma);
    } else {
      out_ += given.dump(-1, ' ', false, json::error_handler_t::replace);
      out_ += comma;
      out_ += "  // " + say(from_.find(pointer)) + "\n";
    }
  }

  void nested(const json& given, const std::string& pointer, std::string_view comma) {
    out_ += given.is_object() ? "{\n" : "[\n";
    indent_ += "  ";
    std::size_t left = given.size();
    std::size_t index = 0;
    for (const auto& [name, member] : given.items()) {
      out_ += indent_;
      if (given.is_object()) {
        out_ += json(name).dump() + ": ";
      }
      value(member, descend(pointer, given.is_object() ? name : std::to_string(index++)),
            --left == 0 ? "" : ",");
    }
    indent_.resize(indent_.size() - 2);
    out_ += indent_ + (given.is_object() ? "}" : "]");
    out_ += comma;
    out_ += '\n';
  }

  [[nodiscard]] static std::string say(const origin& where) {
    if (where.source.empty()) {
      return "default";
    }
    return where.line == 0 ? where.source
                           : where.source + ":" + std::to_string(where.line) + ":" +
                                 std::to_string(where.column);
  }

  const origins& from_;
  std::string out_;
  std::string indent_;
};

}  // namespace

std::string render_effective(const loaded_options& o) {
  return effective_writer{o.from}.write(to_tree(o));
}

}  // namespace diamgw::config
