// Built once as a tree of Boost.JSON: nothing here is on the path of a message.
#include "diamgw/jsonrpc/openrpc.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "diamgw/codec/codes.hpp"
#include "diamgw/jsonrpc/encoder.hpp"
#include "diamgw/jsonrpc/errors.hpp"
#include "diamgw/jsonrpc/gateway_methods.hpp"
#include "result_schemas.hpp"

namespace diamgw::jsonrpc {
namespace {

using boost::json::array;
using boost::json::object;
using dictionary::avp_definition;
using dictionary::avp_rule;
using dictionary::avp_type;
using dictionary::command_definition;

[[nodiscard]] boost::json::string text(std::string_view s) {
  return boost::json::string{s.data(), s.size()};
}

[[nodiscard]] object reference(std::string_view section, std::string_view name) {
  return {{"$ref", text("#/components/" + std::string{section} + "/" + std::string{name})}};
}

[[nodiscard]] object hex_wrapper() {
  return reference("schemas", "hex");
}

[[nodiscard]] object any_of(std::initializer_list<boost::json::value_ref> schemas) {
  return {{"anyOf", array(schemas)}};
}

[[nodiscard]] object integer(std::int64_t least, std::int64_t most) {
  return {{"type", "integer"}, {"minimum", least}, {"maximum", most}};
}

[[nodiscard]] object string_schema(std::string_view format = {}) {
  object schema{{"type", "string"}};
  if (!format.empty()) {
    schema["format"] = text(format);
  }
  return schema;
}

[[nodiscard]] object pattern(std::string_view expression) {
  return {{"type", "string"}, {"pattern", text(expression)}};
}

[[nodiscard]] object named_values(const avp_definition& avp) {
  array names;
  for (const dictionary::enum_value& v : avp.values) {
    names.push_back(text(v.name));
  }
  return {{"type", "string"}, {"enum", std::move(names)}};
}

[[nodiscard]] bool may_repeat(const avp_rule& rule) noexcept {
  return rule.max > 1;
}

/// One AVP where it may stand once, or an array of it where it may stand more often.
[[nodiscard]] object placed(const avp_rule& rule) {
  object one = reference("schemas", rule.avp->name);
  if (!may_repeat(rule)) {
    return one;
  }
  return any_of({one, object{{"type", "array"}, {"items", one}}});
}

[[nodiscard]] bool is_filled_in(const avp_definition& avp) noexcept {
  namespace avps = diameter::avps;
  constexpr std::array filled{avps::session_id,          avps::origin_host,
                              avps::origin_realm,        avps::destination_realm,
                              avps::auth_application_id, avps::acct_application_id};
  return avp.vendor == ietf_vendor && std::ranges::find(filled, avp.code) != filled.end();
}

/// Never closed: the gateway does not hold what passes it against its grammar, so that more may
/// come, and be sent, than the grammar names.
[[nodiscard]] object by_grammar(std::span<const avp_rule> rules) {
  object properties;
  array required;
  for (const avp_rule& rule : rules) {
    if (rule.avp == nullptr) {
      continue;
    }
    properties[rule.avp->name] = placed(rule);
    if (rule.min > 0) {
      required.push_back(text(rule.avp->name));
    }
  }
  object schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) {
    schema["required"] = std::move(required);
  }
  return schema;
}

[[nodiscard]] object scalar_schema(const avp_definition& avp) {
  constexpr std::int64_t int32_min = -2147483648LL;
  constexpr std::int64_t int32_max = 2147483647LL;
  switch (avp.type) {
    case avp_type::octet_string:
      return any_of(
          {pattern("^([0-9a-fA-F]{2})*$"), object{{"type", "object"},
                                                  {"properties", object{{"text", string_schema()}}},
                                                  {"required", array{"text"}}}});
    case avp_type::integer32:
      return integer(int32_min, int32_max);
    case avp_type::unsigned32: {
      const object number = integer(0, 4294967295LL);
      return avp.values.empty() ? number : any_of({number, named_values(avp)});
    }
    case avp_type::integer64:
      return any_of({pattern("^-?[0-9]{1,19}$"), object{{"type", "integer"}}});
    case avp_type::unsigned64:
      return any_of({pattern("^[0-9]{1,20}$"), object{{"type", "integer"}, {"minimum", 0}}});
    case avp_type::float32:
    case avp_type::float64:
      return any_of(
          {object{{"type", "number"}}, object{{"enum", array{"NaN", "Infinity", "-Infinity"}}}});
    case avp_type::enumerated:
      return avp.values.empty() ? integer(int32_min, int32_max)
                                : any_of({named_values(avp), integer(int32_min, int32_max)});
    case avp_type::time:
      return string_schema("date-time");
    default:
      return string_schema();
  }
}

[[nodiscard]] object avp_schema(const avp_definition& avp) {
  object typed = avp.type == avp_type::grouped ? by_grammar(avp.grammar) : scalar_schema(avp);
  object schema = any_of({typed, hex_wrapper()});
  schema["title"] = text(avp.name);
  schema["description"] = text(
      std::string{dictionary::to_string(avp.type)} + ", AVP " + std::to_string(avp.code.value) +
      (avp.vendor == ietf_vendor ? "" : " of vendor " + std::to_string(avp.vendor.value)) + ", " +
      avp.source);
  return schema;
}

[[nodiscard]] object parameter(std::string_view name, bool required, object schema) {
  return {{"name", text(name)}, {"required", required}, {"schema", std::move(schema)}};
}

[[nodiscard]] array errors_of_calls() {
  array errors;
  for (const error_definition& e : error_definitions()) {
    if (static_cast<std::int32_t>(e.number) > -32600) {
      errors.push_back(reference("errors", e.name));
    }
  }
  return errors;
}

using commands_view = std::span<const command_definition* const>;
using grammar_of = std::vector<avp_rule> command_definition::*;

/// What holds for all grammars of a command: an AVP may stand there where one of them has it, and
/// must where all of them do.
[[nodiscard]] std::vector<avp_rule> common_grammar(commands_view commands, grammar_of which) {
  std::vector<avp_rule> rules;
  std::map<const avp_definition*, std::size_t> places;
  std::vector<std::size_t> demanding;  // grammars that want the AVP, beside `rules`
  for (const command_definition* command : commands) {
    for (const avp_rule& rule : command->*which) {
      const auto [found, added] = places.try_emplace(rule.avp, rules.size());
      if (added) {
        rules.push_back(rule);
        demanding.push_back(0);
      }
      avp_rule& known = rules[found->second];
      known.max = std::max(known.max, rule.max);
      demanding[found->second] += rule.min > 0 ? 1U : 0U;
    }
  }
  for (std::size_t i = 0; i < rules.size(); ++i) {
    rules[i].min = demanding[i] == commands.size() ? 1 : 0;
  }
  return rules;
}

/// As a call without an application is understood (docs/jsonrpc.md): the base protocol's command,
/// else the only one that is no vendor's.
[[nodiscard]] bool needs_application(commands_view commands) {
  const auto of_base = [](const command_definition* c) {
    return c->application == base_application;
  };
  const auto of_standard = [](const command_definition* c) {
    return c->application < first_vendor_application;
  };
  return commands.size() > 1 && std::ranges::none_of(commands, of_base) &&
         std::ranges::count_if(commands, of_standard) != 1;
}

[[nodiscard]] array applications_of(commands_view commands) {
  array applications;
  for (const command_definition* command : commands) {
    applications.push_back(
        object{{"id", command->application.value}, {"name", text(command->source)}});
  }
  return applications;
}

/// OpenRPC wants it so.
[[nodiscard]] array required_first(const array& params) {
  array sorted;
  for (const bool required : {true, false}) {
    for (const boost::json::value& p : params) {
      if (p.as_object().at("required").as_bool() == required) {
        sorted.push_back(p);
      }
    }
  }
  return sorted;
}

[[nodiscard]] object method_of(commands_view commands, std::string_view name) {
  const command_definition& command = *commands.front();
  array params;
  for (const avp_rule& rule : common_grammar(commands, &command_definition::request)) {
    if (rule.avp != nullptr) {
      params.push_back(
          parameter(rule.avp->name, rule.min > 0 && !is_filled_in(*rule.avp), placed(rule)));
    }
  }
  params.push_back(parameter("AVP", false, reference("schemas", "list")));
  params.push_back(parameter("$timeout", false,
                             any_of({object{{"type", "integer"}}, pattern("^[0-9]+(ms|s|m|h)$")})));
  params.push_back(parameter("$form", false, object{{"enum", array{"object", "list"}}}));
  params.push_back(parameter("$retransmitted", false, object{{"type", "boolean"}}));
  params.push_back(parameter("$application", needs_application(commands),
                             object{{"type", array{"integer", "string"}}}));
  return {
      {"name", text(name)},
      {"summary", text(command.name + "-Request, command " + std::to_string(command.code.value))},
      {"x-applications", applications_of(commands)},
      {"paramStructure", "by-name"},
      {"params", required_first(params)},
      {"result",
       object{{"name", text(command.name + "-Answer")},
              {"schema",
               any_of({by_grammar(common_grammar(commands, &command_definition::answer)),
                       reference("schemas", "error_answer"), reference("schemas", "list")})}}},
      {"errors", errors_of_calls()}};
}

[[nodiscard]] object own_method(std::string_view name, std::string_view summary, array params,
                                object result) {
  return {{"name", text(name)},
          {"summary", text(summary)},
          {"paramStructure", "by-name"},
          {"params", std::move(params)},
          {"result", object{{"name", "result"}, {"schema", std::move(result)}}}};
}

void add_own_methods(array& methods) {
  const auto schema = [](std::string_view json) {
    return boost::json::parse(boost::json::string_view{json.data(), json.size()}).as_object();
  };
  for (const gateway_method_definition& m : gateway_method_definitions) {
    array params;
    if (!m.param.empty()) {
      params.push_back(parameter(m.param, true, schema(m.param_schema)));
    }
    methods.push_back(
        own_method(m.name, m.summary, std::move(params), schema(result_schema_of(m.method))));
  }
}

[[nodiscard]] object list_schema() {
  object properties{{"code", integer(0, 4294967295LL)},
                    {"vendor", integer(0, 4294967295LL)},
                    {"flags", integer(0, 255)},
                    {"name", string_schema()},
                    {"value", object{}}};
  return {{"type", "array"},
          {"description", "AVPs bit for bit, in their order"},
          {"items", object{{"type", "object"}, {"properties", std::move(properties)}}}};
}

/// What any command may be answered with where it was not served.
[[nodiscard]] object error_answer_schema(const dictionary::dictionary& names) {
  object schema = by_grammar(names.error_answer());
  schema["description"] = "An answer with the E bit, of Result-Code 3xxx (RFC 6733 section 7.2)";
  return schema;
}

[[nodiscard]] object make_components(const dictionary::dictionary& names) {
  object schemas{{"hex", object{{"type", "object"},
                                {"description", "The octets of the data as they are"},
                                {"properties", object{{"hex", pattern("^([0-9a-fA-F]{2})*$")}}},
                                {"required", array{"hex"}}}},
                 {"list", list_schema()},
                 {"error_answer", error_answer_schema(names)}};
  for (const avp_definition* avp : names.avps()) {
    schemas[avp->name] = avp_schema(*avp);
  }
  object errors;
  for (const error_definition& e : error_definitions()) {
    errors[text(e.name)] =
        object{{"code", static_cast<std::int32_t>(e.number)}, {"message", text(e.sentence)}};
  }
  return {{"schemas", std::move(schemas)}, {"errors", std::move(errors)}};
}

}  // namespace

std::string make_openrpc(const dictionary::dictionary& names, std::string_view version) {
  std::map<std::string, std::vector<const command_definition*>> by_name;
  std::array<std::byte, 256> room;
  for (const command_definition* command : names.commands()) {
    if (const std::string_view name = method_name(*command, room); !name.empty()) {
      by_name[std::string{name}].push_back(command);
    }
  }
  array methods;
  for (const auto& [name, commands] : by_name) {
    methods.push_back(method_of(commands, name));
  }
  add_own_methods(methods);
  const object document{{"openrpc", "1.2.6"},
                        {"info", object{{"title", "diamgw"}, {"version", text(version)}}},
                        {"methods", std::move(methods)},
                        {"components", make_components(names)}};
  return boost::json::serialize(document);
}

}  // namespace diamgw::jsonrpc
