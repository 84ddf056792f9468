// diamgw_dictionary_tool: the build's way from `.dia` files to C++.
//
//   diamgw_dictionary_tool [--embed OUT.cpp] [--messages FOLDER] [--list OUT] FILE.dia...
//
// `--list` writes what the files define as lines, see list.hpp.
// `--messages` writes FOLDER/NAME.hpp, NAME/avps.hpp, NAME/groups.hpp and NAME.cpp for each
// NAME.dia, whose @name must be NAME, and commands.hpp and .cpp, a table of all messages. Faults
// are printed as file:line:column: sentence, all of them; then it exits 1.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "diamgw/dictionary/builder.hpp"
#include "embed.hpp"
#include "list.hpp"
#include "messages.hpp"

namespace {

using namespace diamgw;  // NOLINT(google-build-using-namespace): a program of one file

struct arguments {
  std::filesystem::path embed;
  std::filesystem::path messages;
  std::filesystem::path list;
  std::vector<std::filesystem::path> files;
};

arguments read_arguments(std::span<char*> words) {
  arguments out;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (std::string_view{words[i]} == "--embed" && i + 1 < words.size()) {
      out.embed = words[++i];
    } else if (std::string_view{words[i]} == "--messages" && i + 1 < words.size()) {
      out.messages = words[++i];
    } else if (std::string_view{words[i]} == "--list" && i + 1 < words.size()) {
      out.list = words[++i];
    } else {
      out.files.emplace_back(words[i]);
    }
  }
  std::ranges::sort(out.files);
  return out;
}

std::string read(const std::filesystem::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (!in) {
    throw std::runtime_error{path.string() + ": cannot be read"};
  }
  return text;
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream out{path, std::ios::binary};
  out << text;
  if (!out.flush()) {
    throw std::runtime_error{path.string() + ": cannot be written"};
  }
}

int report(const dictionary::diagnostics& errors) {
  for (const auto& error : errors) {
    std::fprintf(stderr, "%s\n", to_string(error).c_str());
  }
  return 1;
}

/// The file of this number and those that it sees by @inherits. Typed messages come from these
/// alone: a file that refines this one, or adds values to it, has types of its own.
result<dictionary::dictionary, dictionary::diagnostics> closure(
    const std::vector<dictionary::syntax::file>& files, std::size_t first) {
  std::vector<bool> wanted(files.size());
  std::vector<std::size_t> open{first};
  while (!open.empty()) {
    const std::size_t file = open.back();
    open.pop_back();
    if (wanted[file]) {
      continue;
    }
    wanted[file] = true;
    for (const auto& inherited : files[file].inherits) {
      const auto found = std::ranges::find_if(files, [&](const dictionary::syntax::file& f) {
        return f.name() == inherited.module.text;
      });
      open.push_back(static_cast<std::size_t>(found - files.begin()));  // it was built before
    }
  }
  dictionary::dictionary::builder builder;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (wanted[i]) {
      builder.add(files[i]);
    }
  }
  return builder.build();
}

/// Whether it has commands.
bool write_typed(const std::vector<dictionary::syntax::file>& files, std::size_t index,
                 const std::string& stem, const std::filesystem::path& folder) {
  const dictionary::syntax::file& file = files[index];
  if (file.name() != stem) {
    throw std::runtime_error{file.path + ": expected '@name " + stem + "'"};
  }
  const bool error_answer = std::ranges::any_of(
      file.messages, [](const auto& m) { return m.called.text == "answer-message"; });
  const auto names = closure(files, index);
  if (!names) {
    throw std::runtime_error{to_string(names.error().front())};
  }
  const codegen::generated_code code = codegen::write_messages(
      *names, stem, error_answer ? codegen::error_answer::present : codegen::error_answer::absent);
  write(folder / stem / "avps.hpp", code.avps);
  write(folder / stem / "groups.hpp", code.groups);
  write(folder / (stem + ".hpp"), code.header);
  write(folder / (stem + ".cpp"), code.source);
  return code.has_commands;
}

int run(const arguments& args) {
  std::vector<dictionary::syntax::file> files;
  std::vector<codegen::source_file> sources;
  dictionary::dictionary::builder builder;
  dictionary::diagnostics errors;
  for (const auto& path : args.files) {
    sources.push_back({path.filename().string(), read(path)});
    auto parsed = dictionary::parse(sources.back().text, path.string());
    if (parsed) {
      builder.add(*parsed);
      files.push_back(std::move(*parsed));
    } else {
      const dictionary::diagnostics found = parsed.error();  // a copy at each call
      errors.insert(errors.end(), found.begin(), found.end());
    }
  }
  if (!errors.empty()) {
    return report(errors);
  }
  const auto built = builder.build();
  if (!built) {
    return report(built.error());
  }
  if (!args.embed.empty()) {
    write(args.embed, codegen::write_embedded(sources));
  }
  if (!args.list.empty()) {
    write(args.list, codegen::write_list(*built, files));
  }
  if (!args.messages.empty()) {
    std::vector<std::string> with_commands;
    for (std::size_t i = 0; i < files.size(); ++i) {
      const std::string stem = std::filesystem::path{files[i].path}.stem().string();
      if (write_typed(files, i, stem, args.messages)) {
        with_commands.push_back(stem);
      }
    }
    write(args.messages / "commands.hpp", codegen::write_commands_header());
    write(args.messages / "commands.cpp", codegen::write_commands_source(with_commands));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(read_arguments({argv, static_cast<std::size_t>(argc)}));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
