#include "diamgw/jsonrpc/openrpc.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "diamgw/jsonrpc/encoder.hpp"
#include "diamgw/jsonrpc/errors.hpp"
#include "support/json_schema.hpp"
#include "support/jsonrpc_recorder.hpp"
#include "support/message_builder.hpp"

namespace diamgw::jsonrpc::testing {
namespace {

using diameter::avps::origin_host;
using diameter::avps::origin_realm;
using diameter::avps::result_code;
using diameter::avps::session_id;
using nlohmann::json;
using test::avp_builder;
using test::find_misfit;
using test::message_builder;
using test::result_schema_in;

const json& document() {
  static const json parsed = json::parse(make_openrpc(names(), "1.2.3"));
  return parsed;
}

const json& method(std::string_view name) {
  for (const json& m : document()["methods"]) {
    if (m["name"] == name) {
      return m;
    }
  }
  static const json none;
  return none;
}

const json& parameter(const json& of, std::string_view name) {
  for (const json& p : of["params"]) {
    if (p["name"] == name) {
      return p;
    }
  }
  static const json none;
  return none;
}

TEST(OpenRpc, HasAMethodForEveryRequestOnce) {
  std::set<std::string> found;
  for (const json& m : document()["methods"]) {
    EXPECT_TRUE(found.insert(m["name"]).second) << m["name"];
  }
  for (const char* name : {"CCR", "RAR", "ASR", "STR", "ACR", "DWR", "TTR", "gateway.info",
                           "gateway.bind", "gateway.cancel", "rpc.discover"}) {
    EXPECT_TRUE(found.contains(name)) << name;
  }
  EXPECT_FALSE(found.contains("CCA"));
}

TEST(OpenRpc, HasOneMethodForTheCommandsOfOneName) {
  const auto applications = [](std::string_view name) {
    std::set<std::uint32_t> ids;
    for (const json& a : method(name)["x-applications"]) {
      ids.insert(a["id"].get<std::uint32_t>());
    }
    return ids;
  };
  EXPECT_TRUE(applications("CCR").contains(4));
  EXPECT_TRUE(applications("CCR").contains(16777238));  // Gx
  EXPECT_EQ(applications("ULR"), std::set<std::uint32_t>{16777251});

  // Without an application, CCR is Credit-Control's, RAR the base protocol's, and MAR nobody's.
  EXPECT_EQ(parameter(method("CCR"), "$application")["required"], false);
  EXPECT_EQ(parameter(method("RAR"), "$application")["required"], false);
  EXPECT_EQ(parameter(method("MAR"), "$application")["required"], true);

  // What one of them does not ask for is not required.
  EXPECT_EQ(parameter(method("CCR"), "CC-Request-Type")["required"], true);
  EXPECT_EQ(parameter(method("CCR"), "Service-Context-Id")["required"], false);
}

TEST(OpenRpc, StaysSmallEnoughForOneMessage) {
  EXPECT_LT(make_openrpc(names(), "1.2.3").size(), std::size_t{1} << 20U);
}

TEST(OpenRpc, MakesParamsFromTheGrammar) {
  const json& ccr = method("CCR");
  EXPECT_EQ(ccr["paramStructure"], "by-name");
  EXPECT_EQ(parameter(ccr, "CC-Request-Type")["required"], true);
  EXPECT_EQ(parameter(ccr, "Origin-Host")["required"], false);  // the gateway has one
  EXPECT_EQ(parameter(ccr, "User-Name")["schema"]["$ref"], "#/components/schemas/User-Name");
  EXPECT_EQ(parameter(ccr, "Subscription-Id")["schema"]["anyOf"][1]["type"], "array");
}

TEST(OpenRpc, ResolvesEveryReference) {
  std::vector<const json*> open{&document()};
  while (!open.empty()) {
    const json& at = *open.back();
    open.pop_back();
    for (const auto& [key, value] : at.items()) {
      if (key == "$ref") {
        const std::string path = value.get<std::string>().substr(1);
        EXPECT_TRUE(document().contains(json::json_pointer{path})) << path;
      }
      if (value.is_structured()) {
        open.push_back(&value);
      }
    }
  }
}

// What the OpenRPC specification 1.2.6 says of a document like ours, which has neither servers nor
// examples nor links.
constexpr std::string_view shape = R"({
  "type": "object",
  "required": ["openrpc", "info", "methods"],
  "properties": {
    "openrpc": {"type": "string", "pattern": "^1\\.2\\.[0-9]+$"},
    "info": {
      "type": "object",
      "required": ["title", "version"],
      "properties": {"title": {"type": "string"}, "version": {"type": "string"}},
      "additionalProperties": false
    },
    "methods": {"type": "array", "items": {"$ref": "#/definitions/method"}},
    "components": {
      "type": "object",
      "properties": {
        "schemas": {"type": "object", "additionalProperties": {"$ref": "#/definitions/schema"}},
        "errors": {"type": "object", "additionalProperties": {"$ref": "#/definitions/error"}}
      },
      "additionalProperties": false
    }
  },
  "additionalProperties": false,
  "definitions": {
    "method": {
      "type": "object",
      "required": ["name", "params", "result"],
      "properties": {
        "name": {"type": "string", "minLength": 1},
        "summary": {"type": "string"},
        "description": {"type": "string"},
        "paramStructure": {"enum": ["by-name", "by-position", "either"]},
        "params": {"type": "array", "items": {"$ref": "#/definitions/content"}},
        "result": {"$ref": "#/definitions/content"},
        "errors": {"type": "array", "items": {"$ref": "#/definitions/reference"}}
      },
      "patternProperties": {"^x-": {}},
      "additionalProperties": false
    },
    "content": {
      "type": "object",
      "required": ["name", "schema"],
      "properties": {
        "name": {"type": "string", "minLength": 1},
        "summary": {"type": "string"},
        "description": {"type": "string"},
        "required": {"type": "boolean"},
        "schema": {"$ref": "#/definitions/schema"}
      },
      "additionalProperties": false
    },
    "schema": {
      "type": "object",
      "properties": {
        "$ref": {"type": "string", "pattern": "^#/components/schemas/"},
        "type": {"anyOf": [{"$ref": "#/definitions/type"},
                           {"type": "array", "items": {"$ref": "#/definitions/type"}}]},
        "title": {"type": "string"},
        "description": {"type": "string"},
        "properties": {"type": "object", "additionalProperties": {"$ref": "#/definitions/schema"}},
        "required": {"type": "array", "minItems": 1, "items": {"type": "string"}},
        "items": {"$ref": "#/definitions/schema"},
        "anyOf": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/schema"}},
        "enum": {"type": "array", "minItems": 1},
        "pattern": {"type": "string"},
        "format": {"type": "string"},
        "minimum": {"type": "number"},
        "maximum": {"type": "number"}
      },
      "additionalProperties": false
    },
    "type": {"enum": ["array", "boolean", "integer", "number", "object", "string"]},
    "error": {
      "type": "object",
      "required": ["code", "message"],
      "properties": {"code": {"type": "integer"}, "message": {"type": "string"}, "data": {}},
      "additionalProperties": false
    },
    "reference": {
      "type": "object",
      "required": ["$ref"],
      "properties": {"$ref": {"type": "string", "pattern": "^#/components/errors/"}},
      "additionalProperties": false
    }
  }
})";

TEST(OpenRpc, HasTheShapeOfItsSpecification) {
  EXPECT_EQ(find_misfit(json::parse(shape), document()), "");
}

TEST(OpenRpc, HasAShapeThatCanBeMissed) {
  const test::json_schema schema{json::parse(shape)};
  json small = document();
  small["methods"] = json::array({method("CCR")});
  small["components"]["schemas"].clear();
  EXPECT_EQ(schema.find_misfit(small), "");
  for (const auto& [at, wrong] : std::initializer_list<std::pair<const char*, json>>{
           {"/openrpc", "2.0"},
           {"/methods/0/params", nullptr},
           {"/methods/0/result/schema/type", "text"},
           {"/methods/0/result/schema/anyOf/1/$ref", "#/elsewhere"},
           {"/components/errors/timed_out/code", "-32002"}}) {
    json broken = small;
    broken[json::json_pointer{at}] = wrong;
    EXPECT_NE(schema.find_misfit(broken), "") << at;
  }
}

TEST(OpenRpc, PutsRequiredParamsFirstAndNamesEachOnce) {
  for (const json& m : document()["methods"]) {
    std::set<std::string> names;
    bool optional_before = false;
    for (const json& p : m["params"]) {
      EXPECT_TRUE(names.insert(p["name"]).second) << m["name"] << " " << p["name"];
      EXPECT_FALSE(optional_before && p["required"].get<bool>()) << m["name"] << " " << p["name"];
      optional_before = optional_before || !p["required"].get<bool>();
    }
  }
}

TEST(OpenRpc, SaysOfEveryResultWhatIsInIt) {
  for (const json& m : document()["methods"]) {
    const json& schema = m["result"]["schema"];
    if (schema.contains("anyOf")) {  // by the grammar, by that of errors, or as a list
      EXPECT_EQ(schema["anyOf"].size(), 3U) << m["name"];
      EXPECT_FALSE(schema["anyOf"][0]["properties"].empty()) << m["name"];
    } else {
      EXPECT_TRUE(schema["type"] == "boolean" || schema.contains("properties")) << m["name"];
    }
  }
}

TEST(OpenRpc, IsWhatItSaysOfItself) {
  EXPECT_EQ(find_misfit(result_schema_in(document(), "rpc.discover"), document()), "");
}

message_builder answer_of(std::uint32_t code) {
  return message_builder{diameter::commands::credit_control, application_id{4}, 0}
      .avp(session_id, "s;1")
      .avp(result_code, code)
      .avp(origin_host, "ocs.example")
      .avp(origin_realm, "example");
}

json result_of(const test::octets& answer, form how) {
  std::array<std::byte, 8192> room{};
  const auto text = encode_result("1", diameter::message_view{answer}, how, names(), room);
  return json::parse(text)["result"];
}

TEST(OpenRpc, TypesTheResultsThatCommandsHave) {
  constexpr avp_code cc_request_type{416};
  constexpr avp_code cc_request_number{415};
  constexpr avp_code mscc{456};
  constexpr avp_code rating_group{432};
  const auto whole = [&] {
    return answer_of(2001)
        .avp(diameter::avps::auth_application_id, 4)
        .avp(cc_request_type, 1)
        .avp(cc_request_number, 0);
  };
  const avp_builder service = avp_builder{}.avp(result_code, 4012).avp(rating_group, 1);
  const test::json_schema schema{result_schema_in(document(), "CCR")};
  struct row {
    const char* what;
    test::octets answer;
    bool fits = true;
  };
  const std::vector<row> rows{
      {"a grant (RFC 8506 §3.2)", whole().build()},
      {"groups", whole().group(mscc, service).group(mscc, service).build()},
      {"one group where there may be several", whole().group(mscc, service).build()},
      {"an AVP that nobody knows", whole().avp(avp_code{70000}, 1).build()},
      {"an AVP that its group's grammar does not name",
       whole().group(mscc, avp_builder{}.avp(origin_host, "a")).build()},
      {"a value that is not of its type", whole().avp(avp_code{55}, "now").build()},
      {"an error (RFC 6733 §7.2)", answer_of(3004).build()},
      {"no Result-Code",
       message_builder{diameter::commands::credit_control, application_id{4}, 0}
           .avp(session_id, "s;1")
           .build(),
       false},
  };
  for (const row& r : rows) {
    const json result = result_of(r.answer, form::object);
    EXPECT_EQ(schema.find_misfit(result).empty(), r.fits)
        << r.what << ": " << result << schema.find_misfit(result);
    EXPECT_EQ(schema.find_misfit(result_of(r.answer, form::list)), "") << r.what;
  }
  for (const json& wrong : {json{{"Result-Code", 2001}}, json(true), json("2001"), json(nullptr)}) {
    EXPECT_NE(schema.find_misfit(wrong), "") << wrong;
  }
}

TEST(OpenRpc, ListsTheErrorCodes) {
  EXPECT_EQ(document()["components"]["errors"].size(), error_definitions().size());
  EXPECT_EQ(document()["components"]["errors"]["timed_out"]["code"], -32002);
  EXPECT_EQ(document()["info"]["version"], "1.2.3");
}

}  // namespace
}  // namespace diamgw::jsonrpc::testing
