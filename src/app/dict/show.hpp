// Everything that a dictionary says of one AVP, command or application, for people.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "app/dict/sources.hpp"

namespace diamgw::app {

/// What a word means; pointers into the dictionary.
struct shown_definitions {
  std::vector<const dictionary::avp_definition*> avps;
  std::vector<const dictionary::command_definition*> commands;
  const dictionary::application_definition* application = nullptr;

  [[nodiscard]] bool empty() const noexcept {
    return avps.empty() && commands.empty() && application == nullptr;
  }
};

/// in: a whole name, letter case ignored ("CCR", "Credit-Control", "CC-Request-Type", "Gx"), or
/// CODE
///     or CODE/VENDOR; an application's number
[[nodiscard]] shown_definitions find_shown(const dictionary_set& all, std::string_view word);

/// A paragraph for each; empty where there is none.
[[nodiscard]] std::string show(const dictionary_set& all, const shown_definitions& what);
[[nodiscard]] std::string show(const dictionary_set& all, std::string_view word);

}  // namespace diamgw::app
