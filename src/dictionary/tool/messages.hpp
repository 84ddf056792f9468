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
  std::string header;    // <name>.hpp
  std::string source;    // <name>.cpp, which includes it
  std::string commands;  // entries of the table of all messages
};

/// The commands and groups whose `source` is `name`; `answer` says whether that dictionary is the
/// one that defines the grammar of answers with the E bit.
[[nodiscard]] generated_code write_messages(const dictionary::dictionary& names,
                                            std::string_view name, error_answer answer);

/// commands.hpp and commands.cpp: a table of all messages of all dictionaries.
[[nodiscard]] std::string write_commands_header();
struct named_commands {
  std::string dictionary;
  std::string entries;  // generated_code::commands
};
[[nodiscard]] std::string write_commands_source(const std::vector<named_commands>& all);
[[nodiscard]] std::string write_commands(const layout& l);

[[nodiscard]] std::string write_header(const layout& l);
[[nodiscard]] std::string write_source(const layout& l);

}  // namespace diamgw::codegen
