// A whole file as text.
#pragma once
#include <string>

#include "diamgw/base/result.hpp"

namespace diamgw::app {

/// errors: those of the operating system, e.g. of a folder
[[nodiscard]] result<std::string> read_file(const std::string& path);

}  // namespace diamgw::app
