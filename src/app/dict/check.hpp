// Whether `.dia` files are right: with what they inherit, and beside what is built in.
#pragma once
#include <string>
#include <vector>

#include "app/dict/sources.hpp"

namespace diamgw::app {

struct check_request {
  std::vector<std::string> files;
  std::vector<std::string> folders{};   // whose *.dia they may inherit, before the built-in ones
  std::vector<std::string> inherits{};  // as `inherits_changes` has them
  /// Each file by itself, with what it inherits: out of the other files, the folders and the
  /// built-in ones, in this order.
  bool alone = false;
};

struct check_outcome {
  std::vector<dictionary_source> files;  // as they were given
  sentences warnings;
};

/// What a file inherits is found by its @name; a file without one is called after itself.
/// errors: all that is wrong with the files, and with those that they inherit
[[nodiscard]] result<check_outcome, sentences> check_dictionaries(const check_request& request);

}  // namespace diamgw::app
