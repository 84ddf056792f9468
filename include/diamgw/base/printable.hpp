// Octets of others in a text for people.
#pragma once
#include <string>
#include <string_view>

namespace diamgw {

/// What others sent, for a log line: at most `most` octets of it, and `?` for each that is not
/// printable ASCII, so that it neither ends the line nor reaches a terminal as a control.
[[nodiscard]] inline std::string printable(std::string_view text, std::size_t most = 128) {
  std::string shown{text.substr(0, most)};
  for (char& c : shown) {
    c = c >= ' ' && c <= '~' ? c : '?';
  }
  return shown;
}

}  // namespace diamgw
