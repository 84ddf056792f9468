#include "result_schemas.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "diamgw/base/link_state.hpp"

namespace diamgw::jsonrpc {
namespace {

using boost::json::array;
using boost::json::object;

[[nodiscard]] boost::json::string quoted(std::string_view s) {
  return boost::json::string{s.data(), s.size()};
}

[[nodiscard]] object typed(std::string_view type, std::string_view description = {}) {
  object schema{{"type", quoted(type)}};
  if (!description.empty()) {
    schema["description"] = quoted(description);
  }
  return schema;
}

[[nodiscard]] object number32(std::string_view description) {
  object schema = typed("integer", description);
  schema["minimum"] = 0;
  schema["maximum"] = std::int64_t{UINT32_MAX};
  return schema;
}

[[nodiscard]] object seconds(std::string_view description) {
  object schema = typed("number", description);
  schema["minimum"] = 0;
  return schema;
}

[[nodiscard]] object one_of(std::span<const std::string_view> names, std::string_view description) {
  object schema = typed("string", description);
  array all;
  for (const std::string_view name : names) {
    all.push_back(quoted(name));
  }
  schema["enum"] = std::move(all);
  return schema;
}

[[nodiscard]] object list_of(object items, std::string_view description) {
  object schema = typed("array", description);
  schema["items"] = std::move(items);
  return schema;
}

enum class presence : std::uint8_t { always, where_known };

struct member {
  std::string_view name;
  presence is = presence::always;
  object schema{};
};

[[nodiscard]] object record(std::vector<member> members, std::string_view description) {
  object properties;
  array required;
  for (member& m : members) {
    properties[m.name] = std::move(m.schema);
    if (m.is == presence::always) {
      required.push_back(quoted(m.name));
    }
  }
  object schema = typed("object", description);
  schema["properties"] = std::move(properties);
  schema["required"] = std::move(required);
  return schema;
}

[[nodiscard]] object applications(std::string_view description) {
  using enum presence;
  return list_of(record({{"id", always, number32("Application id")},
                         {"name", where_known, typed("string", "Its name in the dictionary")}},
                        "An application"),
                 description);
}

[[nodiscard]] object last_error() {
  using enum presence;
  return record(
      {{"reason", always,
        one_of(enumerator_names<disconnect_reason>, "Why the connection, attempt or CER failed")},
       {"message", always, typed("string", "A sentence with all that is known")},
       {"seconds_ago", always, seconds("How long ago it was")},
       {"address", where_known, typed("string", "Of the other side")},
       {"result_code", where_known, number32("Result-Code that the peer gave, or that we gave")},
       {"error_message", where_known, typed("string", "Error-Message of the peer")},
       {"disconnect_cause", where_known, number32("Disconnect-Cause of its DPR")},
       {"origin_host", where_known, typed("string", "Origin-Host that it came with")},
       {"origin_realm", where_known, typed("string", "Origin-Realm that it came with")},
       {"applications", where_known, applications("That it offered")},
       {"our_applications", where_known, applications("That we offered")}},
      "Why the last connection, attempt or CER failed");
}

[[nodiscard]] object peer() {
  using enum presence;
  return record(
      {{"host", always, typed("string", "As configured; of an unknown peer, as it named itself")},
       {"realm", always, typed("string", "As configured; of an unknown peer, as it named itself")},
       {"state", always, one_of(enumerator_names<link_state>, "Requests go to open ones alone")},
       {"state_seconds", always, seconds("For how long it has been in this state")},
       {"applications", always, applications("In common; none where it is not connected")},
       {"requests_waiting", always, number32("Requests that it has not answered")},
       {"address", where_known,
        typed("string", "Of the connection, or of the last one or attempt")},
       {"product", where_known, typed("string", "Product-Name of its last CER or CEA")},
       {"origin_realm", where_known, typed("string", "Origin-Realm of its last CER or CEA")},
       {"next_attempt_seconds", where_known, seconds("Until we connect to it again")},
       {"last_error", where_known, last_error()}},
      "A peer that the gateway knows");
}

[[nodiscard]] object info() {
  using enum presence;
  return record(
      {{"product", always, typed("string", "Product-Name of the gateway")},
       {"version", always, typed("string", "Of the program")},
       {"origin_host", always, typed("string", "The gateway's own")},
       {"origin_realm", always, typed("string", "The gateway's own")},
       {"draining", always, typed("boolean", "It takes no new requests: connect elsewhere")},
       {"peers", always, list_of(peer(), "In the order of the configuration")}},
      "The gateway, and the peers that it knows");
}

[[nodiscard]] object document() {
  using enum presence;
  return record({{"openrpc", always, typed("string", "Version of the OpenRPC specification")},
                 {"info", always,
                  record({{"title", always, typed("string")}, {"version", always, typed("string")}},
                         "Of the program")},
                 {"methods", always, list_of(typed("object"), "By OpenRPC's Method Object")},
                 {"components", always,
                  record({{"schemas", always, typed("object", "A schema for each AVP")},
                          {"errors", always, typed("object", "Error codes by name")}},
                         "What methods refer to")}},
                "An OpenRPC document");
}

}  // namespace

std::string result_schema_of(gateway_method method) {
  object schema;
  switch (method) {
    case gateway_method::info:
      schema = info();
      break;
    case gateway_method::bind:
      schema =
          typed("boolean", "True: what the network asks for this session comes to this client");
      break;
    case gateway_method::cancel:
      schema = typed("boolean", "Whether such a call was waiting");
      break;
    case gateway_method::discover:
      schema = document();
      break;
  }
  return boost::json::serialize(schema);
}

}  // namespace diamgw::jsonrpc
