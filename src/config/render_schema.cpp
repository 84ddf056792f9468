// config/diamgw.schema.json, from the table.
#include "config/option_node.hpp"
#include "diamgw/config/render.hpp"

namespace diamgw::config {
namespace {

[[nodiscard]] json schema_of(const option_node& node);

[[nodiscard]] json integer(std::uint64_t min, std::uint64_t max) {
  return {{"type", "integer"}, {"minimum", min}, {"maximum", max}};
}

[[nodiscard]] json text(const char* pattern) {
  return {{"type", "string"}, {"pattern", pattern}};
}

[[nodiscard]] json any_of(json first, json second) {
  json alternatives = json::array();
  alternatives.push_back(std::move(first));
  alternatives.push_back(std::move(second));
  return {{"anyOf", std::move(alternatives)}};
}

[[nodiscard]] json object_schema(const option_node& node) {
  json properties = json::object();
  json required = json::array();
  for (const option_node& child : node.children) {
    properties[std::string{child.spec.name}] = schema_of(child);
    if (child.spec.required) {
      required.push_back(std::string{child.spec.name});
    }
  }
  json schema{{"type", "object"}, {"additionalProperties", false}};
  schema["properties"] = std::move(properties);
  if (!required.empty()) {
    schema["required"] = std::move(required);
  }
  return schema;
}

[[nodiscard]] json plain_schema(const option_node& node) {
  const option_spec& spec = node.spec;
  switch (spec.kind) {
    case option_kind::object:
      return object_schema(node);
    case option_kind::list: {
      json schema{{"type", "array"}, {"minItems", spec.min}, {"maxItems", spec.max}};
      schema["items"] = schema_of(node.element());
      return schema;
    }
    case option_kind::text:
      return {{"type", "string"}, {"minLength", spec.min}, {"maxLength", spec.max}};
    case option_kind::identity:
      return text("^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*$");
    case option_kind::address:
      return text("^[0-9A-Fa-f:.]+$");
    case option_kind::host:
      return text(
          "^([0-9A-Fa-f:.]+|[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?"
          "([.][A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?)*[.]?)$");
    case option_kind::path:
      return text("^/[^?# ]*$");
    case option_kind::file:
      return {{"type", "string"}, {"minLength", 1}};
    case option_kind::origin:
      return text("^([*]|[A-Za-z0-9]+://[^/? ]+)$");
    case option_kind::flag:
      return {{"type", "boolean"}};
    case option_kind::count:
      return integer(spec.min, spec.max);
    case option_kind::octets:
      return any_of(integer(spec.min, spec.max), text("^[0-9]+(B|KiB|MiB|GiB)?$"));
    case option_kind::duration:
      return text("^[0-9]+(ms|s|m|h)$");
    case option_kind::choice: {
      json names = json::array();
      for (const std::string_view name : node.choices) {
        names.push_back(std::string{name});
      }
      return {{"enum", std::move(names)}};
    }
    case option_kind::application:
    case option_kind::any_application:
      return any_of(integer(0, spec.max), json{{"type", "string"}, {"minLength", 1}});
  }
  return {};
}

[[nodiscard]] json schema_of(const option_node& node) {
  json schema = plain_schema(node);
  if (node.nullable) {
    schema = any_of(std::move(schema), json{{"type", "null"}});
  }
  if (!node.spec.help.empty()) {
    schema["description"] = std::string{node.spec.help};
  }
  if (!node.spec.name.empty() && !node.spec.required) {
    schema["default"] = node.default_value;
  }
  return schema;
}

}  // namespace

std::string render_schema() {
  json schema{{"$schema", "http://json-schema.org/draft-07/schema#"},
              {"title", "Configuration of diamgw"}};
  json root = object_schema(option_tree());
  root["properties"]["$schema"] = json{{"type", "string"}};
  schema.update(root);
  return schema.dump(2) + "\n";
}

}  // namespace diamgw::config
