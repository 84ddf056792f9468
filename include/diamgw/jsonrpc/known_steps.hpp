// What a log may show of the place of a failure in a client's call.
#pragma once
#include <string>
#include <string_view>

#include "diamgw/dictionary/dictionary.hpp"

namespace diamgw::jsonrpc {

/// `failure::path` with `?` for every step that is neither a word of ours nor the name of an AVP:
/// a client's own key may be anything, a subscriber's number too.
/// cost: allocates
[[nodiscard]] std::string known_steps(std::string_view path, const dictionary::dictionary& names);

}  // namespace diamgw::jsonrpc
