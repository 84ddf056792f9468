// The service described for machines: what `rpc.discover` answers.
#pragma once
#include <string>

#include "diamgw/dictionary/dictionary.hpp"

namespace diamgw::jsonrpc {

/// An OpenRPC 1.2.6 document: a method for each request command of the dictionary, its params'
/// schema made from the grammar, a component for each AVP that a grammar names, the gateway's own
/// methods, and the error codes. Made once at the start; allocates.
[[nodiscard]] std::string make_openrpc(const dictionary::dictionary& names,
                                       std::string_view version);

}  // namespace diamgw::jsonrpc
