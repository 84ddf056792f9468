#include "names.hpp"

#include <algorithm>
#include <array>

namespace diamgw::codegen {
namespace {

using dictionary::avp_definition;
using dictionary::avp_rule;
using dictionary::avp_type;
using dictionary::placement;

constexpr std::array<std::string_view, 92> keywords{
    "alignas",       "alignof",     "and",
    "and_eq",        "asm",         "auto",
    "bitand",        "bitor",       "bool",
    "break",         "case",        "catch",
    "char",          "char16_t",    "char32_t",
    "char8_t",       "class",       "co_await",
    "co_return",     "co_yield",    "compl",
    "concept",       "const",       "const_cast",
    "consteval",     "constexpr",   "constinit",
    "continue",      "decltype",    "default",
    "delete",        "do",          "double",
    "dynamic_cast",  "else",        "enum",
    "explicit",      "export",      "extern",
    "false",         "float",       "for",
    "friend",        "goto",        "if",
    "inline",        "int",         "long",
    "mutable",       "namespace",   "new",
    "noexcept",      "not",         "not_eq",
    "nullptr",       "operator",    "or",
    "or_eq",         "private",     "protected",
    "public",        "register",    "reinterpret_cast",
    "requires",      "return",      "short",
    "signed",        "sizeof",      "static",
    "static_assert", "static_cast", "struct",
    "switch",        "template",    "this",
    "thread_local",  "throw",       "true",
    "try",           "typedef",     "typeid",
    "typename",      "union",       "unsigned",
    "using",         "virtual",     "void",
    "volatile",      "wchar_t",     "while",
    "xor",           "xor_eq"};

/// Macros of system headers that an enumerator must not meet, once in lower case, are none; what is
/// left are keywords.
bool is_keyword(std::string_view word) {
  return std::ranges::find(keywords, word) != keywords.end();
}

}  // namespace

std::string identifier(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      out += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      out += c;
    } else if (!out.ends_with('_')) {  // "__" is the implementation's
      out += '_';
    }
  }
  if (!out.empty() && out.front() >= '0' && out.front() <= '9') {
    out.insert(out.begin(), '_');
  }
  if (is_keyword(out)) {
    out += '_';
  }
  return out;
}

std::string value_identifier(std::string_view name) {
  constexpr std::string_view prefix = "DIAMETER_";
  if (name.starts_with(prefix)) {
    name.remove_prefix(prefix.size());
  }
  return identifier(name);
}

std::string written_type(const avp_definition& avp) {
  switch (avp.type) {
    case avp_type::octet_string:
      return "bytes_view";
    case avp_type::integer32:
      return "std::int32_t";
    case avp_type::integer64:
      return "std::int64_t";
    case avp_type::unsigned32:
      return "std::uint32_t";
    case avp_type::unsigned64:
      return "std::uint64_t";
    case avp_type::float32:
      return "float";
    case avp_type::float64:
      return "double";
    case avp_type::address:
      return "diameter::address";
    case avp_type::time:
      return "std::chrono::sys_seconds";
    case avp_type::enumerated:
      // Without names there is no type for them.
      return avp.own_values ? identifier(avp.source) + "::" + identifier(avp.name) : "std::int32_t";
    case avp_type::grouped:
      return identifier(avp.grammar_source) + "::" + identifier(avp.name);
    default:
      return "std::string_view";
  }
}

std::string read_type(const avp_definition& avp) {
  return avp.type == avp_type::grouped ? "typed::group_ref<" + written_type(avp) + "_view>"
                                       : written_type(avp);
}

std::string value_kind(const avp_definition& avp) {
  switch (avp.type) {
    case avp_type::octet_string:
      return "octets";
    case avp_type::integer32:
    case avp_type::unsigned32:
    case avp_type::float32:
    case avp_type::enumerated:
      return "bits32";
    case avp_type::integer64:
    case avp_type::unsigned64:
    case avp_type::float64:
      return "bits64";
    case avp_type::address:
      return "address";
    case avp_type::time:
      return "time";
    case avp_type::grouped:
      return "group";
    default:
      return "text";
  }
}

std::string rule_text(const avp_rule& rule) {
  const bool optional = rule.place == placement::optional;
  std::string qualifier;
  if (rule.max != 1 || rule.min != (optional ? 0U : 1U)) {
    qualifier = (optional && rule.min == 0 ? "" : std::to_string(rule.min)) + "*" +
                (rule.max == avp_rule::unbounded ? "" : std::to_string(rule.max));
  }
  constexpr std::size_t column = 4;
  if (qualifier.size() < column) {
    qualifier.insert(0, column - qualifier.size(), ' ');
  }
  const std::string name = rule.avp == nullptr ? "AVP" : rule.avp->name;
  switch (rule.place) {
    case placement::fixed:
      return qualifier + " < " + name + " >";
    case placement::required:
      return qualifier + " { " + name + " }";
    case placement::optional:
      break;
  }
  return qualifier + " [ " + name + " ]";
}

}  // namespace diamgw::codegen
