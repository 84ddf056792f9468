#include "app/dict/export.hpp"

#include <map>
#include <nlohmann/json.hpp>

#include "diamgw/gateway/build_information.hpp"

namespace diamgw::app {
namespace {

using dictionary::avp_definition;
using dictionary::avp_rule;
using dictionary::avp_type;
using dictionary::command_definition;
using dictionary::flag_rule;
using dictionary::placement;
using nlohmann::ordered_json;

std::string_view name_of(flag_rule rule) {
  switch (rule) {
    case flag_rule::must:
      return "must";
    case flag_rule::may:
      return "may";
    case flag_rule::must_not:
      break;
  }
  return "must_not";
}

std::string_view name_of(placement place) {
  switch (place) {
    case placement::fixed:
      return "fixed";
    case placement::required:
      return "required";
    case placement::optional:
      break;
  }
  return "optional";
}

ordered_json to_json(const std::vector<avp_rule>& grammar) {
  ordered_json out = ordered_json::array();
  for (const avp_rule& rule : grammar) {
    out.push_back(
        {{"avp", rule.avp == nullptr ? ordered_json{} : ordered_json(rule.avp->name)},
         {"placement", name_of(rule.place)},
         {"min", rule.min},
         {"max", rule.max == avp_rule::unbounded ? ordered_json{} : ordered_json(rule.max)}});
  }
  return out;
}

ordered_json to_json(const dictionary_source& source) {
  ordered_json inherits = ordered_json::array();
  for (const auto& selection : source.parsed.inherits) {
    inherits.push_back(selection.module.text);
  }
  return {
      {"name", source.name()},
      {"document", source.document},
      {"path", source.path},
      {"built_in", source.built_in},
      {"application", source.parsed.id ? ordered_json(source.parsed.id->value) : ordered_json{}},
      {"inherits", std::move(inherits)}};
}

ordered_json vendors_of(const dictionary_set& all) {
  std::map<std::uint32_t, std::string_view> known;
  for (const avp_definition* avp : all.names->avps()) {
    known.try_emplace(avp->vendor.value, all.vendor_name(avp->vendor));
  }
  ordered_json out = ordered_json::array();
  for (const auto& [id, name] : known) {
    out.push_back({{"id", id}, {"name", name}});
  }
  return out;
}

template <class Range, class Convert>
ordered_json list_of(const Range& range, Convert convert) {
  ordered_json out = ordered_json::array();
  for (const auto& element : range) {
    out.push_back(convert(element));
  }
  return out;
}

}  // namespace

ordered_json to_json(const avp_definition& avp) {
  ordered_json values = ordered_json::array();
  for (const dictionary::enum_value& v : avp.values) {
    values.push_back({{"name", v.name},
                      {"value", avp.type == avp_type::unsigned32
                                    ? ordered_json(static_cast<std::uint32_t>(v.value))
                                    : ordered_json(v.value)}});
  }
  return {{"name", avp.name},
          {"code", avp.code.value},
          {"vendor", avp.vendor.value},
          {"type", to_string(avp.type)},
          {"flags", {{"M", name_of(avp.mandatory)}, {"P", name_of(avp.protect)}}},
          {"values", std::move(values)},
          {"grammar", to_json(avp.grammar)},
          {"source", avp.source},
          {"grammar_source",
           avp.grammar_source.empty() ? ordered_json{} : ordered_json(avp.grammar_source)}};
}

ordered_json to_json(const command_definition& command) {
  return {{"name", command.name},
          {"request_name", command.short_name + "R"},
          {"answer_name", command.short_name + "A"},
          {"code", command.code.value},
          {"application", command.application.value},
          {"proxiable", command.proxiable},
          {"request", to_json(command.request)},
          {"answer", to_json(command.answer)},
          {"source", command.source},
          {"request_source", command.request_source},
          {"answer_source", command.answer_source}};
}

ordered_json to_json(const dictionary::application_definition& application) {
  return {{"id", application.id.value},
          {"name", application.name},
          {"aliases", application.aliases},
          {"vendor", application.vendor.value},
          {"source", application.source}};
}

ordered_json to_json(const dictionary_set& all) {
  const dictionary::dictionary& names = *all.names;
  const auto error_answer = names.error_answer();
  return {
      {"format", export_format},
      {"version", gateway::version()},
      {"dictionaries", list_of(all.sources, [](const auto& source) { return to_json(source); })},
      {"vendors", vendors_of(all)},
      {"applications", list_of(names.applications(), [](const auto& a) { return to_json(a); })},
      {"avps", list_of(names.avps(), [](const auto* avp) { return to_json(*avp); })},
      {"commands",
       list_of(names.commands(), [](const auto* command) { return to_json(*command); })},
      {"error_answer", to_json({error_answer.begin(), error_answer.end()})}};
}

}  // namespace diamgw::app
