#include "text.hpp"

#include <array>
#include <cinttypes>
#include <cstdio>

namespace diamgw::codegen {

std::string hex(std::uint64_t value) {
  std::array<char, 20> out{};
  std::snprintf(out.data(), out.size(), "0x%02" PRIx64, value);
  return out.data();
}

std::string join(const std::string& first, const std::string& rest, std::size_t indent) {
  if (first.size() + 1 + rest.size() <= line_width) {
    return first + ' ' + rest + '\n';
  }
  return first + '\n' + std::string(indent, ' ') + rest + '\n';
}

void write_list(std::string& out, const std::vector<std::string>& items, std::size_t indent) {
  std::string line;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string item = items[i] + (i + 1 == items.size() ? "" : ",");
    if (!line.empty() && indent + line.size() + 1 + item.size() > line_width) {
      out += std::string(indent, ' ') + line + '\n';
      line.clear();
    }
    line += (line.empty() ? "" : " ") + item;
  }
  out += std::string(indent, ' ') + line + '\n';
}

std::string number_of(const member& m) {
  return m.name + (m.name.ends_with('_') ? "number_" : "_");
}

std::string made_from(const layout& l) {
  return "// Made by diamgw_dictionary_tool from " + l.name_space +
         ".dia; edit that file instead.\n";
}

}  // namespace diamgw::codegen
