// Writes the `.dia` files into a C++ source that provides dictionary::embedded().
#pragma once
#include <string>
#include <vector>

namespace diamgw::codegen {

struct source_file {
  std::string path;  // as messages name it: "rfc6733.dia"
  std::string text;
};

[[nodiscard]] std::string write_embedded(const std::vector<source_file>& files);

}  // namespace diamgw::codegen
