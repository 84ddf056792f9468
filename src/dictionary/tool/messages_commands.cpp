// commands.hpp and commands.cpp: the table of all messages.
#include "messages.hpp"
#include "text.hpp"

namespace diamgw::codegen {
namespace {

std::string entry(const layout& l, const record& r) {
  const std::string full = l.name_space + "::" + r.name;
  const bool request = (r.flags & 0x80U) != 0;
  return join("    {\"" + l.name_space + "\", \"" + r.command->name +
                  (request ? "-Request" : "-Answer") + "\", " + full + "::command,",
              "application_id{" + std::to_string(r.command->application.value) + "}, " +
                  (request ? "true" : "false") + ",",
              5) +
         "     typed::recode<" + full + ", " + full + "_view>},\n";
}

}  // namespace

std::string write_commands_header() {
  return "// Made by diamgw_dictionary_tool from all dictionaries.\n#pragma once\n"
         "#include <span>\n\n"
         "#include \"diamgw/messages/typed/commands.hpp\"\n\n"
         "namespace diamgw::messages {\n\n"
         "/// Every request and answer of every dictionary, in the order of their files.\n"
         "[[nodiscard]] std::span<const diameter::typed::command_entry> commands() noexcept;\n\n"
         "}  // namespace diamgw::messages\n";
}

std::string write_commands(const layout& l) {
  std::string out;
  for (const record& r : l.records) {
    out += r.message && !r.any_command ? entry(l, r) : "";
  }
  return out;
}

std::string write_commands_source(const std::vector<named_commands>& all) {
  std::string includes;
  std::string entries;
  for (const named_commands& one : all) {
    if (!one.entries.empty()) {
      includes += "#include \"diamgw/messages/" + one.dictionary + ".hpp\"\n";
      entries += one.entries;
    }
  }
  return "// Made by diamgw_dictionary_tool from all dictionaries.\n"
         "#include \"diamgw/messages/commands.hpp\"\n\n" +
         includes +
         "\nnamespace diamgw::messages {\n\n"
         "std::span<const diameter::typed::command_entry> commands() noexcept {\n" +
         (entries.empty() ? "  return {};\n"
                          : "  static constexpr typed::command_entry all[]{\n" + entries +
                                "  };\n  return all;\n") +
         "}\n\n}  // namespace diamgw::messages\n";
}

}  // namespace diamgw::codegen
