// Writes the typed C++ of one dictionary: a struct per command and group for writing, a view for
// reading, an enum per Enumerated.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/dictionary/dictionary.hpp"
#include "layout.hpp"

namespace diamgw::codegen {

enum class error_answer : bool { absent, present };

struct generated_code {
  std::string avps;    // <name>/avps.hpp: keys and named values
  std::string groups;  // <name>/groups.hpp, which includes it
  std::string header;  // <name>.hpp: messages, and all of these
  std::string source;  // <name>.cpp, which includes that
  bool has_commands = false;
};

/// The commands and groups whose `source` is `name`; `answer` says whether that dictionary is the
/// one that defines the grammar of answers with the E bit.
[[nodiscard]] generated_code write_messages(const dictionary::dictionary& names,
                                            std::string_view name, error_answer answer);

/// commands.hpp and commands.cpp: a table of the messages of those dictionaries, made of theirs.
[[nodiscard]] std::string write_commands_header();
[[nodiscard]] std::string write_commands_source(const std::vector<std::string>& dictionaries);

/// The table of one dictionary's messages: a function of its source. Empty where it has none.
[[nodiscard]] std::string write_commands(const layout& l);

[[nodiscard]] std::string write_avps_header(const layout& l);
[[nodiscard]] std::string write_groups_header(const layout& l);
[[nodiscard]] std::string write_header(const layout& l);
[[nodiscard]] std::string write_source(const layout& l);

}  // namespace diamgw::codegen
