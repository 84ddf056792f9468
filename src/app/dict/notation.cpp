#include "app/dict/notation.hpp"

#include <algorithm>
#include <string_view>

namespace diamgw::app {
namespace {

using dictionary::avp_rule;
using dictionary::placement;

/// "*", "1*", "*3", or nothing where the brackets say it all.
std::string qualifier(const avp_rule& rule) {
  const std::uint32_t usual_min = rule.place == placement::optional ? 0 : 1;
  if (rule.min == usual_min && rule.max == 1) {
    return {};
  }
  return (rule.min == 0 ? std::string{} : std::to_string(rule.min)) + '*' +
         (rule.max == avp_rule::unbounded ? std::string{} : std::to_string(rule.max));
}

std::string bracketed(const avp_rule& rule) {
  const std::string name = rule.avp == nullptr ? "AVP" : rule.avp->name;
  switch (rule.place) {
    case placement::fixed:
      return "< " + name + " >";
    case placement::required:
      return "{ " + name + " }";
    case placement::optional:
      break;
  }
  return "[ " + name + " ]";
}

/// Brackets below each other, qualifiers in front of them.
std::string lines(const std::vector<avp_rule>& rules) {
  constexpr std::size_t column = 8;
  std::string out;
  for (const avp_rule& rule : rules) {
    const std::string before = qualifier(rule);
    out.append(column - std::min(column, before.size() + 1), ' ');
    out += before + ' ' + bracketed(rule) + '\n';
  }
  return out;
}

}  // namespace

std::string to_notation(const avp_rule& rule) {
  const std::string before = qualifier(rule);
  return before.empty() ? bracketed(rule) : before + ' ' + bracketed(rule);
}

std::string to_notation(const dictionary::command_definition& command, message_kind kind) {
  const bool request = kind == message_kind::request;
  std::string out = command.short_name + (request ? "R" : "A") +
                    " ::= < Diameter Header: " + std::to_string(command.code.value);
  out += request ? ", REQ" : "";
  out += command.proxiable ? ", PXY" : "";
  if (command.application != base_application) {
    out += ' ' + std::to_string(command.application.value);
  }
  return out + " >\n" + lines(request ? command.request : command.answer);
}

std::string to_notation(const dictionary::avp_definition& group) {
  std::string out = group.name + " ::= < AVP Header: " + std::to_string(group.code.value);
  if (group.vendor != ietf_vendor) {
    out += ' ' + std::to_string(group.vendor.value);
  }
  return out + " >\n" + lines(group.grammar);
}

}  // namespace diamgw::app
