// The table of a dictionary's messages; commands.hpp and commands.cpp, that of all of them.
#include "messages.hpp"
#include "text.hpp"

namespace diamgw::codegen {
namespace {

std::string entry(const layout& l, const record& r) {
  const bool request = (r.flags & 0x80U) != 0;
  return join("    {\"" + l.name_space + "\", \"" + r.command->name +
                  (request ? "-Request" : "-Answer") + "\", " + r.name + "::command,",
              "application_id{" + std::to_string(r.command->application.value) + "}, " +
                  (request ? "true" : "false") + ",",
              5) +
         "     typed::recode<" + r.name + "_view>},\n";
}

}  // namespace

std::string write_commands_header() {
  return "// Made by diamgw_dictionary_tool from all dictionaries.\n#pragma once\n"
         "#include <span>\n\n"
         "#include \"diamgw/messages/typed/commands.hpp\"\n\n"
         "namespace diamgw::messages {\n\n"
         "/// Every request and answer of every dictionary, in the order of their files.\n"
         "[[nodiscard]] std::span<const diameter::typed::command_entry> commands();\n\n"
         "}  // namespace diamgw::messages\n";
}

std::string write_commands(const layout& l) {
  std::string entries;
  for (const record& r : l.records) {
    entries += r.message && !r.any_command ? entry(l, r) : "";
  }
  return entries.empty() ? ""
                         : "std::span<const typed::command_entry> commands() noexcept {\n"
                           "  static constexpr typed::command_entry all[]{\n" +
                               entries + "  };\n  return all;\n}\n\n";
}

std::string write_commands_source(const std::vector<std::string>& dictionaries) {
  std::string declared;
  std::string called;
  for (const std::string& one : dictionaries) {
    // Not by its header: all of them together take long to read.
    declared += "namespace " + one +
                " {\nstd::span<const diameter::typed::command_entry> commands() noexcept;\n}\n";
    called += "        " + one + "::commands(),\n";
  }
  return "// Made by diamgw_dictionary_tool from all dictionaries.\n"
         "#include \"diamgw/messages/commands.hpp\"\n\n"
         "#include <vector>\n\n"
         "namespace diamgw::messages {\n" +
         declared +
         "\nstd::span<const diameter::typed::command_entry> commands() {\n"
         "  static const auto all = [] {\n"
         "    std::vector<diameter::typed::command_entry> out;\n"
         "    for (const std::span<const diameter::typed::command_entry> one :\n"
         "         std::initializer_list<std::span<const diameter::typed::command_entry>>{\n" +
         called +
         "         }) {\n"
         "      out.insert(out.end(), one.begin(), one.end());\n"
         "    }\n"
         "    return out;\n  }();\n  return all;\n}\n\n}  // namespace diamgw::messages\n";
}

}  // namespace diamgw::codegen
