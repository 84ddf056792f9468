// From a file and the environment to options and the dictionary that they name.
#pragma once
#include <memory>
#include <optional>
#include <string>

#include "diamgw/config/options.hpp"
#include "diamgw/dictionary/dictionary.hpp"

namespace diamgw::app {

struct configuration {
  config::options options;
  /// The embedded dictionaries, with the operator's own files where there are some.
  std::shared_ptr<const dictionary::dictionary> names;
};

/// Reads everything; where something is wrong, prints all of it to standard error, a line each,
/// and gives nothing.
[[nodiscard]] std::optional<configuration> read_configuration(const std::string& file);

}  // namespace diamgw::app
