// JSON held against a JSON Schema.
#pragma once
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace diamgw::test {

/// A schema that is read once and asked often: to read a large one takes longer than to use it.
class json_schema {
 public:
  explicit json_schema(const nlohmann::json& text) {
    valijson::SchemaParser parser;
    const valijson::adapters::NlohmannJsonAdapter adapter{text};
    parser.populateSchema(adapter, schema_);
  }

  /// Where and why `document` does not fit; empty where it does.
  [[nodiscard]] std::string find_misfit(const nlohmann::json& document) const {
    valijson::Validator validator;
    valijson::ValidationResults results;
    const valijson::adapters::NlohmannJsonAdapter adapter{document};
    if (validator.validate(schema_, adapter, &results)) {
      return {};
    }
    std::string all;
    for (const valijson::ValidationResults::Error& e : results) {
      for (const std::string& step : e.context) {
        all += step;
      }
      all += ": " + e.description + "\n";
    }
    return all.empty() ? "it does not fit" : all;
  }

 private:
  valijson::Schema schema_;
};

[[nodiscard]] inline std::string find_misfit(const nlohmann::json& schema,
                                             const nlohmann::json& document) {
  return json_schema{schema}.find_misfit(document);
}

/// `schema` with the components of `open_rpc` that it needs, and no others: to look through all of
/// them takes seconds.
inline void add_components(nlohmann::json& whole, const nlohmann::json& open_rpc,
                           const nlohmann::json& schema) {
  if (schema.is_object() && schema.contains("$ref")) {
    const nlohmann::json::json_pointer at{schema["$ref"].get<std::string>().substr(1)};
    if (!whole.contains(at)) {
      whole[at] = open_rpc[at];
      add_components(whole, open_rpc, open_rpc[at]);
    }
  } else if (schema.is_structured()) {
    for (const nlohmann::json& inside : schema) {
      add_components(whole, open_rpc, inside);
    }
  }
}

/// `format` says nothing that must hold (draft 7, §7.2), and valijson 1.0 throws where what it is
/// said of is no text.
inline void drop_formats(nlohmann::json& schema) {
  if (schema.is_object() && schema.contains("format") && schema["format"].is_string()) {
    schema.erase("format");
  }
  if (schema.is_structured()) {
    for (nlohmann::json& inside : schema) {
      drop_formats(inside);
    }
  }
}

/// The schema of a method's result in an OpenRPC document, with all that it refers to.
[[nodiscard]] inline nlohmann::json result_schema_in(const nlohmann::json& open_rpc,
                                                     std::string_view method) {
  for (const nlohmann::json& m : open_rpc["methods"]) {
    if (m["name"] == method) {
      nlohmann::json whole = m["result"]["schema"];
      add_components(whole, open_rpc, m["result"]["schema"]);
      drop_formats(whole);
      return whole;
    }
  }
  throw std::out_of_range{"no method " + std::string{method}};
}

/// Makes the schema refuse members that it does not describe, at every level.
inline void close(nlohmann::json& schema) {
  if (schema.is_object() && schema.contains("properties")) {
    schema["additionalProperties"] = false;
  }
  if (schema.is_structured()) {
    for (nlohmann::json& inside : schema) {
      close(inside);
    }
  }
}

}  // namespace diamgw::test
