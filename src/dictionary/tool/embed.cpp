#include "embed.hpp"

namespace diamgw::codegen {

std::string write_embedded(const std::vector<source_file>& files) {
  std::string out =
      R"(// Made by diamgw_dictionary_tool from config/dictionary; edit those files instead.
#include <array>
#include <cstdlib>

#include "diamgw/dictionary/builder.hpp"

#pragma clang diagnostic ignored "-Woverlength-strings"

namespace diamgw::dictionary {
namespace {

constexpr std::array<embedded_file, )" +
      std::to_string(files.size()) + "> files{{\n";
  for (const source_file& file : files) {
    // The length is written, too: a compiler counts only so many octets for a constant.
    out += "    {\"" + file.path + "\", {R\"dia(" + file.text + ")dia\", " +
           std::to_string(file.text.size()) + "}},\n";
  }
  out += R"(}};

dictionary build() {
  dictionary::builder builder;
  for (const embedded_file& file : files) {
    auto parsed = parse(file.text, file.path);
    if (!parsed) {
      std::abort();  // the tool that wrote this file parsed it
    }
    builder.add(std::move(*parsed));
  }
  auto built = builder.build();
  if (!built) {
    std::abort();  // and built it
  }
  return std::move(*built);
}

}  // namespace

const dictionary& embedded() {
  static const dictionary instance = build();
  return instance;
}

std::span<const embedded_file> embedded_files() noexcept {
  return files;
}

}  // namespace diamgw::dictionary
)";
  return out;
}

}  // namespace diamgw::codegen
