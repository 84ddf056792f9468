// The methods that the gateway itself answers, as rpc.discover describes them.
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace diamgw::jsonrpc {

enum class gateway_method : std::uint8_t { info, bind, cancel, discover };

struct gateway_method_definition {
  gateway_method method{};
  std::string_view name;
  std::string_view summary;
  std::string_view param;         // the one that it must have; empty: none
  std::string_view param_schema;  // JSON
};

/// All of them, in the order of the enumeration: what can be called and what is described is this.
inline constexpr std::array<gateway_method_definition, 4> gateway_method_definitions{{
    {gateway_method::info, "gateway.info", "The gateway, and the peers that it knows", "", ""},
    {gateway_method::bind, "gateway.bind",
     "Requests from the network for this session come to this client", "session_id",
     R"({"type":"string"})"},
    {gateway_method::cancel, "gateway.cancel", "Ends a call that waits; its late answer is dropped",
     "id", R"({"type":["string","number"]})"},
    {gateway_method::discover, "rpc.discover", "This document", "", ""},
}};

}  // namespace diamgw::jsonrpc
