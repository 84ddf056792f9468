// What was expected, what was found, and what may have been meant.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "diamgw/dictionary/types.hpp"
#include "jsonrpc/json_parser.hpp"

namespace diamgw::jsonrpc {

/// Of a client's text, as much is repeated to it.
inline constexpr std::size_t max_quoted_octets = 64;

/// `expected`, ", found …", and the nearest name that the definition (or null) has for its values.
[[nodiscard]] std::string found_instead(std::string_view expected, const scalar& value,
                                        const dictionary::avp_definition* definition);
[[nodiscard]] std::string found_instead(std::string_view expected, container what);

/// `; did you mean "NEAREST"?`, or nothing where there is none.
void append_nearest(std::string& sentence, std::string_view nearest);

}  // namespace diamgw::jsonrpc
