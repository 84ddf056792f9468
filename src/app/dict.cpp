// diamgw dict: what the dictionary knows, for people and for programs.
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/dict/export.hpp"
#include "app/process.hpp"

namespace diamgw::app {
namespace {

/// What is wrong with them goes to standard error.
std::optional<dictionary_set> load(const dict_arguments& a) {
  auto loaded = read_dictionaries(a.config, a.dictionaries);
  if (!loaded) {
    print_errors(loaded.error());
    return std::nullopt;
  }
  return std::move(*loaded);
}

}  // namespace

exit_status dict_export(const dict_arguments& a) {
  const auto loaded = load(a);
  if (!loaded) {
    return exit_status::usage;
  }
  std::cout << to_json(*loaded).dump(1) << '\n';
  return exit_status::success;
}

}  // namespace diamgw::app
