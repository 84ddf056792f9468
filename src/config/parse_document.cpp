// Our own SAX handler over the library's parser: it alone sees names that occur twice.
#include <vector>

#include "config/stages.hpp"

namespace diamgw::config {
namespace {

class document_builder {
 public:
  using number_integer_t = json::number_integer_t;
  using number_unsigned_t = json::number_unsigned_t;
  using number_float_t = json::number_float_t;
  using string_t = json::string_t;
  using binary_t = json::binary_t;

  document_builder(std::string base, load_context& context)
      : base_{std::move(base)}, context_{context} {}

  bool null() { return put(nullptr); }
  bool boolean(bool value) { return put(value); }
  bool number_integer(number_integer_t value) { return put(value); }
  bool number_unsigned(number_unsigned_t value) { return put(value); }
  bool number_float(number_float_t value, const string_t& /*text*/) { return put(value); }
  bool string(string_t& value) { return put(std::move(value)); }
  bool binary(binary_t& /*value*/) { return false; }  // not in JSON texts
  bool start_object(std::size_t /*elements*/) { return open(json::object()); }
  bool start_array(std::size_t /*elements*/) { return open(json::array()); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool key(string_t& name) {
    level& top = levels_.back();
    if (top.value.size() == max_object_members) {
      return refuse("more than " + std::to_string(max_object_members) + " members");
    }
    top.name = std::move(name);
    if (top.value.contains(top.name)) {
      twice.push_back(pointer());
    }
    return true;
  }

  template <class Exception>
  bool parse_error(std::size_t position, const std::string& /*token*/, const Exception& error) {
    error_position = position;
    error_text = error.what();
    return false;
  }

  /// Ends all that is open.
  void end_here() {
    while (!levels_.empty()) {
      close();
    }
  }

  json document = json::object();
  std::size_t error_position = 0;
  std::string error_text;
  bool refused = false;            // at a limit, which is said already
  std::vector<std::string> twice;  // members whose name occurs more than once

 private:
  struct level {
    json value;
    std::string name;  // of the member that comes next
  };

  [[nodiscard]] std::string pointer() const {
    std::string text = base_;
    for (const level& l : levels_) {
      text = descend(text, l.value.is_array() ? std::to_string(l.value.size()) : l.name);
    }
    return text;
  }

  bool refuse(std::string text) {
    context_.add(base_, std::move(text));
    refused = true;
    return false;
  }

  bool put(json value) {
    if (levels_.empty()) {
      document = std::move(value);
    } else if (level& top = levels_.back(); top.value.is_array()) {
      top.value.push_back(std::move(value));
    } else {
      top.value[top.name] = std::move(value);
    }
    return true;
  }

  bool open(json container) {
    if (levels_.size() == max_document_depth) {
      return refuse("nested deeper than " + std::to_string(max_document_depth) + " levels");
    }
    levels_.push_back({.value = std::move(container), .name = {}});
    return true;
  }

  bool close() {
    json value = std::move(levels_.back().value);
    levels_.pop_back();
    return put(std::move(value));
  }

  std::string base_;
  load_context& context_;
  std::vector<level> levels_;
};

/// The octet at `position`, counted from 1, as line and column.
void locate_octet(std::string_view text, std::size_t position, problem& p) {
  const std::string_view before = text.substr(0, position == 0 ? 0 : position - 1);
  p.line = 1;
  p.column = 1;
  for (const char c : before) {
    p.line += c == '\n' ? 1 : 0;
    p.column = c == '\n' ? 1 : p.column + 1;
  }
}

/// The library's text from its reason on, e.g. "invalid literal; last read: 'tru}'", as ASCII.
[[nodiscard]] std::string syntax_text(std::string_view what) {
  constexpr std::string_view before_reason = " - ";
  constexpr std::size_t longest = 200;
  const std::size_t reason = what.find(before_reason);
  if (reason != std::string_view::npos) {
    what.remove_prefix(reason + before_reason.size());
  }
  std::string text = "not JSON: ";
  for (const char c : what.substr(0, longest)) {
    text += c >= 0x20 && c < 0x7f ? c : '?';
  }
  return text;
}

}  // namespace

std::optional<json> parse_document(std::string_view text, const std::string& base,
                                   load_context& context) {
  document_builder builder{base, context};
  if (json::sax_parse(text, &builder, json::input_format_t::json, true, true)) {
    if (base.empty()) {
      context.from.in_file = locate(text, context.from.file_name);
    }
    for (const std::string& pointer : builder.twice) {
      context.add(pointer, "occurs twice; give it once");
    }
    return std::move(builder.document);
  }
  if (!builder.refused) {
    problem p{.source = context.from.file_name, .pointer = base, .text = {}};
    p.text = syntax_text(builder.error_text);
    locate_octet(text, builder.error_position, p);
    context.found.push_back(std::move(p));
  }
  return std::nullopt;
}

json parse_beginning(std::string_view text) {
  load_context context;
  document_builder builder{"", context};
  if (!json::sax_parse(text, &builder, json::input_format_t::json, true, true)) {
    builder.end_here();
  }
  return std::move(builder.document);
}

}  // namespace diamgw::config
