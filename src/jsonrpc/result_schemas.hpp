// What the gateway's own methods result in, as JSON Schema (draft 7): `rpc.discover` publishes it.
#pragma once
#include <string>

#include "diamgw/jsonrpc/gateway_methods.hpp"

namespace diamgw::jsonrpc {

/// A JSON text. Whoever adds a member to a result adds it here: a test holds the results to it.
[[nodiscard]] std::string result_schema_of(gateway_method method);

}  // namespace diamgw::jsonrpc
