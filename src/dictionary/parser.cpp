// Recursive descent over the sections of parser.hpp. Each `parse_*` answers whether it took a whole
// construct; after a fault the section's loop skips to where the next construct may begin.
#include "diamgw/dictionary/parser.hpp"

#include <array>
#include <unordered_set>
#include <utility>

#include "diamgw/base/letter_case.hpp"
#include "diamgw/base/nearest.hpp"
#include "dictionary/grammar_reader.hpp"

namespace diamgw::dictionary {
namespace {

constexpr std::array<std::string_view, 15> section_names{
    "avp_types", "avp_vendor_id", "codecs",  "custom_types", "define",
    "end",       "enum",          "grouped", "id",           "inherits",
    "messages",  "name",          "prefix",  "refines",      "vendor"};

constexpr std::array<std::string_view, 16> usual_types{
    "OctetString", "Integer32",  "Integer64",    "Unsigned32",   "Unsigned64", "Float32",
    "Float64",     "Grouped",    "Address",      "Time",         "UTF8String", "DiameterIdentity",
    "DiameterURI", "Enumerated", "IPFilterRule", "QoSFilterRule"};

class parser : grammar_reader {
 public:
  parser(std::string_view text, std::string_view path, const parse_options& options)
      : grammar_reader{text, path, options} {
    file_.path = path;
  }

  result<syntax::file, diagnostics> run() {
    while (!done()) {
      if (current().kind == token_kind::section) {
        if (current().text == "end") {
          break;
        }
        parse_section();
      } else {
        fail("a section such as @avp_types");
        skip_to_section();
      }
    }
    check_types();
    if (has_errors()) {
      return take_errors();
    }
    return std::move(file_);
  }

 private:
  struct unknown_type {
    std::string avp;
    token type;
  };

  // Sections

  void parse_section() {
    const token at = advance();
    const std::string_view name = at.text;
    if (name == "avp_types") {
      parse_lines([this] { return parse_avp(); });
    } else if (name == "messages") {
      parse_definitions([this] { return parse_message(file_.messages); });
    } else if (name == "grouped") {
      parse_definitions([this] { return parse_group(file_.groups); });
    } else if (name == "enum" || name == "define") {
      parse_enumeration(name == "define");
    } else if (name == "avp_vendor_id" || name == "inherits" || name == "codecs" ||
               name == "custom_types") {
      parse_selection(name);
    } else if (name == "refines") {
      parse_refines();
    } else if (name == "id" || name == "name" || name == "prefix" || name == "vendor") {
      parse_heading(at);
    } else {
      const std::string_view nearest = find_nearest(name, section_names);
      error(at.at, "expected a section such as @" +
                       std::string{nearest.empty() ? "avp_types" : nearest} + ", found " +
                       describe(at));
      skip_to_section();
    }
  }

  template <class T, class Take>
  void parse_once(std::optional<T>& out, const token& section, Take take) {
    T value{};
    if (!take(value)) {
      skip_to_section();
    } else if (out.has_value()) {
      error(section.at, "a second @" + std::string{section.text} + "; one is allowed");
    } else {
      out = std::move(value);
    }
  }

  void parse_heading(const token& section) {
    if (section.text == "id") {
      parse_once(file_.id, section,
                 [this](syntax::number& n) { return take_number(n, "an application id"); });
    } else if (section.text == "vendor") {
      parse_once(file_.vendor, section, [this](syntax::vendor& v) {
        return take_number(v.id, "a vendor id") && take_name(v.called, "the vendor's name");
      });
    } else {
      parse_once(section.text == "name" ? file_.called : file_.prefix, section,
                 [this](syntax::name& n) { return take_name(n, "a name"); });
    }
  }

  void parse_selection(std::string_view section) {
    syntax::selection s;
    syntax::number vendor;
    const bool by_vendor = section == "avp_vendor_id";
    if (by_vendor ? !take_number(vendor, "a vendor id") : !take_name(s.module, "a name")) {
      skip_to_section();
      return;
    }
    s.vendor = vendor.value;
    while (in_section()) {
      syntax::name avp;
      if (!take_name(avp, "the name of an AVP")) {
        skip_to_section();
        return;
      }
      s.names.push_back(std::move(avp));
    }
    if (by_vendor) {
      file_.vendor_ids.push_back(std::move(s));
    } else if (section == "inherits") {
      file_.inherits.push_back(std::move(s));
    } else {
      for (const syntax::name& avp : s.names) {
        foreign_.insert(avp.text);
      }
      file_.codecs.push_back(std::move(s));
    }
  }

  void parse_refines() {
    syntax::name module;
    if (take_name(module, "the name of a dictionary")) {
      file_.refines.push_back(std::move(module));
    } else {
      skip_to_section();
    }
  }

  template <class Parse>
  void parse_lines(Parse parse_one) {
    while (in_section()) {
      const std::uint32_t line = current().at.line;
      if (!parse_one()) {
        skip_line(line);
      }
    }
  }

  template <class Parse>
  void parse_definitions(Parse parse_one) {
    while (in_section()) {
      const position start = current().at;
      if (!parse_one()) {
        if (current().at == start) {
          advance();
        }
        skip_to_definition();
      }
    }
  }

  // @avp_types

  bool parse_avp() {
    syntax::avp avp;
    syntax::number code;
    if (!take_name(avp.called, "the name of an AVP") || !take_number(code, "an AVP code")) {
      return false;
    }
    avp.code = code.value;
    const token type = current();
    if (type.kind != token_kind::word) {
      return fail("an AVP type such as Unsigned32");
    }
    advance();
    if (const auto known = find_type(type.text)) {
      avp.type = *known;
    } else {
      unknown_types_.push_back({avp.called.text, type});
    }
    if (!parse_flags(avp)) {
      return false;
    }
    file_.avps.push_back(std::move(avp));
    return true;
  }

  bool parse_flags(syntax::avp& avp) {
    constexpr std::string_view expected = "AVP flags (letters of MPV, or -)";
    if (current().is('-')) {
      advance();
      return true;
    }
    if (current().kind != token_kind::word) {
      return fail(expected);
    }
    std::string_view before = current().text.substr(0, 0);
    for (const char c : current().text) {
      if (before.find_first_of(std::array{to_lower(c), to_upper(c), '\0'}.data()) !=
          std::string_view::npos) {
        return fail("each of the flags once");
      }
      before = current().text.substr(0, before.size() + 1);
      switch (c) {
        case 'M':
          avp.mandatory = flag_rule::must;
          break;
        case 'm':
          avp.mandatory = flag_rule::may;
          break;
        case 'P':
          avp.protect = flag_rule::must;
          break;
        case 'p':
          avp.protect = flag_rule::may;
          break;
        case 'V':
          avp.has_vendor = true;
          break;
        default:
          return fail(expected);
      }
    }
    advance();
    return true;
  }

  /// A type of its own is allowed to AVPs that @codecs or @custom_types name; known at the end
  /// only.
  void check_types() {
    for (const auto& [avp, type] : unknown_types_) {
      if (foreign_.contains(avp)) {
        continue;
      }
      const std::string_view nearest = find_nearest(type.text, usual_types);
      error(type.at, "expected an AVP type such as " +
                         std::string{nearest.empty() ? "Unsigned32" : nearest} + ", found " +
                         describe(type));
    }
  }

  // @enum, @define

  void parse_enumeration(bool define) {
    syntax::enumeration e;
    e.define = define;
    if (!take_name(e.called, define ? "a name" : "the name of an Enumerated AVP")) {
      skip_to_section();
      return;
    }
    parse_lines([this, &e] {
      syntax::value value;
      syntax::number number;
      if (!take_name(value.called, "the name of a value")) {
        return false;
      }
      const bool negative = current().is('-');
      if (negative) {
        advance();
      }
      if (!take_number(number, "a value", negative ? 0x80000000U : 0xffffffffU)) {
        return false;
      }
      value.number = negative ? -std::int64_t{number.value} : std::int64_t{number.value};
      e.values.push_back(std::move(value));
      return true;
    });
    file_.enumerations.push_back(std::move(e));
  }

  syntax::file file_;
  std::unordered_set<std::string> foreign_;  // AVPs named by @codecs and @custom_types
  std::vector<unknown_type> unknown_types_;
};

}  // namespace

std::string syntax::file::name() const {
  if (called) {
    return called->text;
  }
  std::string_view text = path;
  text.remove_prefix(text.find_last_of('/') + 1);  // npos + 1: nothing
  if (text.ends_with(".dia")) {
    text.remove_suffix(4);
  }
  return std::string{text};
}

result<syntax::file, diagnostics> parse(std::string_view text, std::string_view path,
                                        const parse_options& options) {
  if (text.size() > options.max_octets) {
    return diagnostics{{std::string{path},
                        {},
                        "expected at most " + std::to_string(options.max_octets) +
                            " octets, found " + std::to_string(text.size())}};
  }
  return parser{text, path, options}.run();
}

}  // namespace diamgw::dictionary
