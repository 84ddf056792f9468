// Which command of which application a method means: docs/jsonrpc.md, "Methods".
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "diamgw/dictionary/dictionary.hpp"

namespace diamgw::jsonrpc {

/// The requests that a name has, one for each application that has such a command.
using command_candidates = std::span<const dictionary::command_definition* const>;

/// The command of the application that is named, by an option or an AVP; else the only one there
/// is; else the base protocol's, which serves all applications; else the only one that is no
/// vendor's. One grammar serves applications that the dictionary does not know, too. Null where
/// that leaves none.
[[nodiscard]] const dictionary::command_definition* choose_command(
    command_candidates found, std::optional<application_id> named) noexcept;

/// Chooses, and remembers the last choice: clients mostly call one method again and again, and a
/// comparison of a few octets spares the look-up and the walk over the candidates (some 200
/// instructions of the 5,000 of a small CCR). The dictionary outlives it.
class command_chooser {
 public:
  explicit command_chooser(const dictionary::dictionary& names) noexcept : names_{names} {}

  [[nodiscard]] const dictionary::command_definition* choose(std::string_view method,
                                                             std::optional<application_id> named);

 private:
  const dictionary::dictionary& names_;
  std::string method_;
  std::optional<application_id> named_;
  const dictionary::command_definition* chosen_ = nullptr;  // by these; null: nothing yet
};

/// Why there is none: the method is unknown.
[[nodiscard]] std::string unknown_method(std::string_view method,
                                         const dictionary::dictionary& names);
/// Why there is none: several have the name.
[[nodiscard]] std::string ambiguous_method(command_candidates found,
                                           std::optional<application_id> named);

}  // namespace diamgw::jsonrpc
