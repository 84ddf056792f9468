// A configuration and variables from the wire of a fuzzer: whatever loads must be written and read
// back to the same options; whatever does not must say why.
//
// Input: the file's text; after a NUL octet, lines of NAME=value.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "diamgw/config/diff.hpp"
#include "diamgw/config/find_doubts.hpp"
#include "diamgw/config/load.hpp"
#include "diamgw/config/render.hpp"

namespace {

using namespace diamgw::config;

environment read_variables(std::string_view lines) {
  environment variables;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos) {
      variables.insert_or_assign("DIAMGW_" + std::string{line.substr(0, equals)},
                                 std::string{line.substr(equals + 1)});
    }
  }
  return variables;
}

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  const std::string_view text = input.substr(0, input.find('\0'));
  const environment variables =
      text.size() < input.size() ? read_variables(input.substr(text.size() + 1)) : environment{};

  const auto loaded = load(text, "fuzz", variables);
  if (loaded.has_error()) {
    require(!loaded.error().empty());
    for (const problem& p : loaded.error()) {
      require(!p.sentence().empty() && !p.text.empty());
    }
    return 0;
  }
  for (const std::string& written : {to_json(*loaded), render_effective(*loaded)}) {
    const auto again = load(written, "fuzz");
    require(again.has_value());
    require(*again == *loaded);
  }
  for (const problem& p : find_doubts(*loaded, {})) {
    require(!p.sentence().empty() && p.gravity == severity::warning);
  }
  const auto again = load(to_json(*loaded), "fuzz");
  require(diff(*loaded, *again).empty());
  return 0;
}
