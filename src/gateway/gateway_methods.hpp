// The methods that the gateway itself answers: gateway.* and rpc.discover.
#pragma once
#include <string>

#include "client_session.hpp"
#include "diamgw/jsonrpc/call.hpp"

namespace diamgw::gateway {

struct gateway_reply {
  bool failed = false;
  std::string text{};         // the result, as JSON
  std::string detail{};       // of a failure
  jsonrpc::failure reason{};  // without its detail
};

/// gateway.info, gateway.bind {"session_id"}, gateway.cancel {"id"}, rpc.discover. These are rare:
/// they may allocate. Thread: the client's shard.
[[nodiscard]] gateway_reply call_gateway_method(dispatcher& on, client_session& client,
                                                const jsonrpc::gateway_call& call);

}  // namespace diamgw::gateway
