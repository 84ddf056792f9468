// What a client adds to `params` under keys that begin with '$': docs/jsonrpc.md, "Options of a
// call".
#pragma once
#include <string_view>

#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/jsonrpc/call.hpp"
#include "jsonrpc/avp_body.hpp"

namespace diamgw::jsonrpc {

/// True where the key is an option's: in `params` itself, or in an element of its list form. Its
/// value is expected then, or the body has failed.
[[nodiscard]] bool take_option_key(avp_body& body, std::string_view key);

/// Sets one option; empty, or what was expected in place of the value.
[[nodiscard]] std::string_view set_option(call_options& options, next_value which,
                                          const scalar& value, const dictionary::dictionary& names);

}  // namespace diamgw::jsonrpc
