// The service described for machines: what `rpc.discover` answers.
#pragma once
#include <string>

#include "diamgw/dictionary/dictionary.hpp"

namespace diamgw::jsonrpc {

/// An OpenRPC 1.2.6 document: a method for each name of a request, with the applications that have
/// such a command ("x-applications") and a schema of its params that holds for all of them; a
/// component for each AVP of the dictionary, the gateway's own methods, and the error codes. Made
/// once at the start; allocates.
[[nodiscard]] std::string make_openrpc(const dictionary::dictionary& names,
                                       std::string_view version);

}  // namespace diamgw::jsonrpc
