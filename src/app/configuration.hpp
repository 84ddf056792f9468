// From a file and the environment to options and the dictionary that they name.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/dict/sources.hpp"
#include "diamgw/config/options.hpp"

namespace diamgw::app {

struct configuration {
  config::options options;
  /// The built-in dictionaries, with the operator's own where there are some.
  std::shared_ptr<const dictionary::dictionary> names;
};

/// Reads everything, the dictionaries too, or says all that is wrong.
[[nodiscard]] result<configuration, sentences> read_configuration(const std::string& file);

/// The dictionaries alone: those of a configuration file (no name: of none) and of more paths.
[[nodiscard]] result<dictionary_set, sentences> read_dictionaries(
    const std::string& file, const std::vector<std::string>& more);

}  // namespace diamgw::app
