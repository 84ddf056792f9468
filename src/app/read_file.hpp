// A whole file as text, or all that comes on standard input.
#pragma once
#include <string>
#include <string_view>

#include "diamgw/base/result.hpp"

namespace diamgw::app {

/// The name that means standard input; a file that is called so is "./-".
inline constexpr std::string_view standard_input_file = "-";

/// errors: those of the operating system, e.g. of a folder
[[nodiscard]] result<std::string> read_file(const std::string& path);

}  // namespace diamgw::app
