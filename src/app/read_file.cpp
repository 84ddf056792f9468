#include "app/read_file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>

namespace diamgw::app {

result<std::string> read_file(const std::string& path) {
  // C's streams: unlike iostreams they tell why, and do not throw on reading a folder.
  const auto failed = [] { return error_code{errno, boost::system::generic_category()}; };
  const bool is_input = path == standard_input_file;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{
      is_input ? stdin : std::fopen(path.c_str(), "rb"),
      is_input ? [](std::FILE*) { return 0; } : &std::fclose};
  if (file == nullptr) {
    return failed();
  }
  std::string text;
  std::array<char, 65536> part;  // NOLINT(*-member-init): written before it is read
  while (const std::size_t got = std::fread(part.data(), 1, part.size(), file.get())) {
    text.append(part.data(), got);
  }
  if (std::ferror(file.get()) != 0) {
    return failed();
  }
  return text;
}

}  // namespace diamgw::app
