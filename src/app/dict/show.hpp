// Everything that a dictionary says of one AVP or command, for people.
#pragma once
#include <string>
#include <string_view>

#include "app/dict/sources.hpp"

namespace diamgw::app {

/// in:  a whole name, letter case ignored ("CCR", "Credit-Control", "CC-Request-Type"), or CODE or
///      CODE/VENDOR
/// out: a paragraph for each AVP and command that is meant; empty where none is
[[nodiscard]] std::string show(const dictionary_set& all, std::string_view word);

}  // namespace diamgw::app
