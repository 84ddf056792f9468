#include "diamgw/jsonrpc/openrpc.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "diamgw/jsonrpc/errors.hpp"
#include "support/jsonrpc_recorder.hpp"

namespace diamgw::jsonrpc::testing {
namespace {

using nlohmann::json;

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

TEST(OpenRpc, ListsTheErrorCodes) {
  EXPECT_EQ(document()["components"]["errors"].size(), error_definitions().size());
  EXPECT_EQ(document()["components"]["errors"]["timed_out"]["code"], -32002);
  EXPECT_EQ(document()["info"]["version"], "1.2.3");
}

}  // namespace
}  // namespace diamgw::jsonrpc::testing
