// Recursive descent over the sections of parser.hpp. Each `parse_*` answers whether it took a whole
// construct; after a fault the section's loop skips to where the next construct may begin.
#include "diamgw/dictionary/parser.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "diamgw/base/nearest.hpp"
#include "dictionary/lexer.hpp"

namespace diamgw::dictionary {
namespace {

constexpr std::array<std::string_view, 14> section_names{
    "avp_types", "avp_vendor_id", "codecs",   "custom_types", "define", "end",   "enum", "grouped",
    "id",        "inherits",      "messages", "name",         "prefix", "vendor"};

constexpr std::array<std::string_view, 16> usual_types{
    "OctetString", "Integer32",  "Integer64",    "Unsigned32",   "Unsigned64", "Float32",
    "Float64",     "Grouped",    "Address",      "Time",         "UTF8String", "DiameterIdentity",
    "DiameterURI", "Enumerated", "IPFilterRule", "QoSFilterRule"};

class parser {
 public:
  parser(std::string_view text, std::string_view path, const parse_options& options)
      : options_{options}, lexer_{text}, current_{lexer_.next()}, following_{lexer_.next()} {
    file_.path = path;
  }

  result<syntax::file, diagnostics> run() {
    while (!done()) {
      if (current_.kind == token_kind::section) {
        if (current_.text == "end") {
          break;
        }
        parse_section();
      } else {
        fail("a section such as @avp_types");
        skip_to_section();
      }
    }
    check_types();
    if (!errors_.empty()) {
      std::ranges::sort(errors_, {}, [](const diagnostic& d) {
        return std::pair{d.at, std::string_view{d.message}};
      });
      return std::move(errors_);
    }
    return std::move(file_);
  }

 private:
  struct unknown_type {
    std::string avp;
    token type;
  };

  // Tokens ---------------------------------------------------------------------------------------

  [[nodiscard]] bool done() const {
    return current_.kind == token_kind::end || errors_.size() >= options_.max_errors;
  }
  [[nodiscard]] bool in_section() const { return !done() && current_.kind != token_kind::section; }

  token advance() {
    token t = current_;
    current_ = following_;
    following_ = lexer_.next();
    return t;
  }

  bool fail(std::string_view expected) {
    error(current_.at, "expected " + std::string{expected} + ", found " + describe(current_));
    return false;
  }
  void error(position at, std::string message) {
    if (errors_.size() < options_.max_errors) {
      errors_.push_back({file_.path, at, std::move(message)});
    }
  }

  bool expect(char symbol, std::string_view expected) {
    if (!current_.is(symbol)) {
      return fail(expected);
    }
    advance();
    return true;
  }
  bool expect_word(std::string_view word) {
    if (!current_.is_word(word)) {
      return fail("'" + std::string{word} + "'");
    }
    advance();
    return true;
  }
  bool take_name(syntax::name& out, std::string_view expected) {
    if (current_.kind != token_kind::word) {
      return fail(expected);
    }
    out = {std::string{current_.text}, current_.at};
    advance();
    return true;
  }
  bool take_number(syntax::number& out, std::string_view expected,
                   std::uint32_t max = 0xffffffffU) {
    if (current_.kind == token_kind::too_large ||
        (current_.kind == token_kind::number && current_.value > max)) {
      return fail(std::string{expected} + " up to " + std::to_string(max));
    }
    if (current_.kind != token_kind::number) {
      return fail(expected);
    }
    out = {current_.value, current_.at};
    advance();
    return true;
  }

  // Where reading goes on after a fault
  // ------------------------------------------------------------

  void skip_to_section() {
    while (in_section()) {
      advance();
    }
  }
  void skip_line(std::uint32_t line) {
    while (in_section() && current_.at.line == line) {
      advance();
    }
  }
  void skip_to_definition() {
    while (in_section() && following_.kind != token_kind::definition) {
      advance();
    }
  }

  // Sections -------------------------------------------------------------------------------------

  void parse_section() {
    const token at = advance();
    const std::string_view name = at.text;
    if (name == "avp_types") {
      parse_lines([this] { return parse_avp(); });
    } else if (name == "messages") {
      parse_definitions([this] { return parse_message(); });
    } else if (name == "grouped") {
      parse_definitions([this] { return parse_group(); });
    } else if (name == "enum" || name == "define") {
      parse_enumeration(name == "define");
    } else if (name == "avp_vendor_id" || name == "inherits" || name == "codecs" ||
               name == "custom_types") {
      parse_selection(name);
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
      foreign_.insert(foreign_.end(), s.names.begin(), s.names.end());
    }
  }

  template <class Parse>
  void parse_lines(Parse parse_one) {
    while (in_section()) {
      const std::uint32_t line = current_.at.line;
      if (!parse_one()) {
        skip_line(line);
      }
    }
  }

  template <class Parse>
  void parse_definitions(Parse parse_one) {
    while (in_section()) {
      const position start = current_.at;
      if (!parse_one()) {
        if (current_.at == start) {
          advance();
        }
        skip_to_definition();
      }
    }
  }

  // @avp_types
  // -------------------------------------------------------------------------------------

  bool parse_avp() {
    syntax::avp avp;
    syntax::number code;
    if (!take_name(avp.called, "the name of an AVP") || !take_number(code, "an AVP code")) {
      return false;
    }
    avp.code = code.value;
    const token type = current_;
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
    if (current_.is('-')) {
      advance();
      return true;
    }
    if (current_.kind != token_kind::word) {
      return fail(expected);
    }
    for (const char c : current_.text) {
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
      if (std::ranges::find(foreign_, avp, &syntax::name::text) != foreign_.end()) {
        continue;
      }
      const std::string_view nearest = find_nearest(type.text, usual_types);
      error(type.at, "expected an AVP type such as " +
                         std::string{nearest.empty() ? "Unsigned32" : nearest} + ", found " +
                         describe(type));
    }
  }

  // @enum, @define
  // ---------------------------------------------------------------------------------

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
      const bool negative = current_.is('-');
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

  // @messages, @grouped
  // ----------------------------------------------------------------------------

  bool parse_name_and_definition(syntax::name& out, std::string_view expected) {
    if (!take_name(out, expected)) {
      return false;
    }
    if (current_.kind != token_kind::definition) {
      return fail("'::='");
    }
    advance();
    return true;
  }

  bool parse_message() {
    syntax::message m;
    if (!parse_name_and_definition(m.called, "the name of a message") ||
        !parse_header_words("Diameter", "Diameter-Header")) {
      return false;
    }
    const bool error_answer = m.called.text == "answer-message";
    if (error_answer) {
      m.code.at = current_.at;
      if (!expect_word("code")) {
        return false;
      }
    } else if (!take_number(m.code, "a command code", 0xffffffU)) {
      return false;
    }
    while (current_.is(',')) {
      advance();
      if (!parse_bit(m)) {
        return false;
      }
    }
    if (error_answer && current_.is('[')) {  // "[PXY]": as the request has it
      advance();
      if (!expect_word("PXY") || !expect(']', "']'")) {
        return false;
      }
    }
    if (current_.kind == token_kind::number || current_.kind == token_kind::too_large) {
      syntax::number application;
      if (!take_number(application, "an application id")) {
        return false;
      }
      m.application = application;
    }
    if (!expect('>', m.application ? "'>'" : "',' or '>'") || !parse_rules(m.rules)) {
      return false;
    }
    file_.messages.push_back(std::move(m));
    return true;
  }

  bool parse_bit(syntax::message& m) {
    if (current_.is_word("REQ")) {
      m.request = true;
    } else if (current_.is_word("PXY")) {
      m.proxiable = true;
    } else if (current_.is_word("ERR")) {
      m.error = true;
    } else {
      return fail("'REQ', 'PXY' or 'ERR'");
    }
    advance();
    return true;
  }

  bool parse_group() {
    syntax::group g;
    if (!parse_name_and_definition(g.called, "the name of a Grouped AVP") ||
        !parse_header_words("AVP", "AVP-Header") || !take_number(g.code, "an AVP code")) {
      return false;
    }
    if (!current_.is('>')) {
      syntax::number vendor;
      if (!take_number(vendor, "a vendor id or '>'")) {
        return false;
      }
      g.vendor = vendor;
    }
    if (!expect('>', "'>'") || !parse_rules(g.rules)) {
      return false;
    }
    file_.groups.push_back(std::move(g));
    return true;
  }

  /// `< Diameter Header:`, or as RFC 3588 once misspelt it, `< Diameter-Header:`.
  bool parse_header_words(std::string_view first, std::string_view joined) {
    const std::string expected = "'" + std::string{first} + " Header'";
    if (!expect('<', "'<'")) {
      return false;
    }
    if (current_.is_word(joined)) {
      advance();
    } else if (!current_.is_word(first)) {
      return fail(expected);
    } else {
      advance();
      if (!expect_word("Header")) {
        return false;
      }
    }
    return expect(':', "':'");
  }

  bool parse_rules(std::vector<syntax::rule>& rules) {
    while (in_section() && following_.kind != token_kind::definition) {
      syntax::rule rule;
      if (!parse_rule(rule)) {
        return false;
      }
      rules.push_back(std::move(rule));
    }
    return true;
  }

  bool parse_rule(syntax::rule& rule) {
    const position start = current_.at;
    std::optional<std::uint32_t> min;
    std::optional<std::uint32_t> max;
    bool qualified = false;
    if (!parse_qualifier(min, max, qualified)) {
      return false;
    }
    char close = '>';
    if (current_.is('<')) {
      rule.place = placement::fixed;
    } else if (current_.is('{')) {
      rule.place = placement::required;
      close = '}';
    } else if (current_.is('[')) {
      rule.place = placement::optional;
      close = ']';
    } else {
      return fail(qualified ? "'<', '{' or '['" : "an AVP in <>, {} or [], or a new definition");
    }
    advance();
    if (!take_name(rule.avp, "the name of an AVP") ||
        !expect(close, std::string{'\''} + close + '\'')) {
      return false;
    }
    return set_limits(rule, start, min, max, qualified);
  }

  bool parse_qualifier(std::optional<std::uint32_t>& min, std::optional<std::uint32_t>& max,
                       bool& qualified) {
    if (current_.kind == token_kind::number) {
      min = advance().value;
      if (!current_.is('*')) {
        return fail("'*'");
      }
    }
    if (current_.is('*')) {
      advance();
      qualified = true;
      if (current_.kind == token_kind::number) {
        max = advance().value;
      }
    }
    return true;
  }

  /// RFC 6733 §3.2: "If a fixed or required rule has no qualifier, then exactly one such AVP MUST
  /// be present"; optional: 0 or 1. With one, min is 0 by default, 1 for required rules; max
  /// infinity.
  bool set_limits(syntax::rule& rule, position start, std::optional<std::uint32_t> min,
                  std::optional<std::uint32_t> max, bool qualified) {
    if (!qualified) {
      rule.min = rule.place == placement::optional ? 0 : 1;
      rule.max = 1;
      return true;
    }
    rule.min = min.value_or(rule.place == placement::required ? 1 : 0);
    rule.max = max.value_or(avp_rule::unbounded);
    if (rule.place == placement::optional && rule.min != 0) {
      error(start, "expected a minimum of 0 for the optional '" + rule.avp.text + "', found " +
                       std::to_string(rule.min));
    } else if (rule.place == placement::required && rule.min == 0) {
      error(start,
            "expected a minimum of at least 1 for the required '" + rule.avp.text + "', found 0");
    } else if (rule.max < rule.min) {
      error(start, "expected a maximum of at least " + std::to_string(rule.min) + " for '" +
                       rule.avp.text + "', found " + std::to_string(rule.max));
    }
    return true;  // the construct is whole: nothing is skipped
  }

  parse_options options_;
  lexer lexer_;
  token current_;
  token following_;
  syntax::file file_;
  std::vector<syntax::name> foreign_;  // AVPs named by @codecs and @custom_types
  std::vector<unknown_type> unknown_types_;
  diagnostics errors_;
};

}  // namespace

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
