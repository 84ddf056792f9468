// The error codes of our JSON-RPC: stable, listed in docs/jsonrpc.md.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace diamgw::jsonrpc {

/// `error.code`. The first five are JSON-RPC 2.0 §5.1's; the others are what the gateway itself
/// could not do. A Diameter answer is never an error, whatever its Result-Code.
enum class error_number : std::int32_t {
  parse_error = -32700,        // not JSON
  invalid_request = -32600,    // JSON, but no JSON-RPC 2.0 call
  method_not_found = -32601,   // no such command or gateway method
  invalid_params = -32602,     // an AVP's name or value is wrong
  internal_error = -32603,     // our fault
  unable_to_deliver = -32001,  // no route, or no peer of the route is open
  timed_out = -32002,          // no answer before the deadline
  too_busy = -32003,           // a queue or table is full, or the client is over its limit
  peer_lost = -32004,          // the peer went away before it answered
  draining = -32005,           // the gateway takes no new requests
  malformed_answer = -32006,   // the peer's answer could not be read
  cancelled = -32007,          // by the client's gateway.cancel
  too_large = -32008,          // the request or its answer is above a size limit
};

struct error_definition {
  error_number number{};
  std::string_view name;          // `data.name`, e.g. "unable_to_deliver"
  std::string_view sentence;      // `message` where there is nothing more exact to say
  std::uint32_t result_code = 0;  // `data.result_code` unless the failure has its own; 0: none
};

/// All of them, in the order of the enumeration.
[[nodiscard]] const std::array<error_definition, 13>& error_definitions() noexcept;
[[nodiscard]] const error_definition& find_error(error_number number) noexcept;

/// What an error response says. Views are the maker's; see there how long they live.
struct failure {
  error_number number = error_number::internal_error;
  std::string_view detail{};      // a sentence without a full stop; empty: the code's sentence
  std::string_view path{};        // where in the call, e.g. "params.Subscription-Id[0]"
  std::uint32_t result_code = 0;  // 0: the code's own
  std::string_view peer{};        // Origin-Host of the peer that was chosen; empty: none was
  bool sent = false;              // false: certainly no peer has seen it; true: one may have
  /// More members of `data` as JSON text without braces, e.g. `"tried":["ocs1"]`; or empty.
  std::string_view more_data{};
};

}  // namespace diamgw::jsonrpc
