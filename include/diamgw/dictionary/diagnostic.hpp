// What is wrong in a dictionary file, and where.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace diamgw::dictionary {

/// A place in a file; line and column count from 1, columns in octets.
struct position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;

  friend auto operator<=>(const position&, const position&) = default;
};

/// One fault, in a sentence: what was found, and what was expected or what it clashes with.
struct diagnostic {
  std::string file;
  position at;
  std::string message;

  friend bool operator==(const diagnostic&, const diagnostic&) = default;
};

/// At least one; in the order of the text.
using diagnostics = std::vector<diagnostic>;

/// "base.dia:12:7: expected an AVP type such as Unsigned32, found 'Unsigned23'".
[[nodiscard]] std::string to_string(const diagnostic& d);

}  // namespace diamgw::dictionary
