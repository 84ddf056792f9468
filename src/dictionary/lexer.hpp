// Words of the `.dia` notation. As in Erlang/OTP, whose files are the measure: a name holds
// letters, digits, `-` and `_`, may start with a digit ("3GPP-Charging-Id"), and may be quoted.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "diamgw/dictionary/diagnostic.hpp"

namespace diamgw::dictionary {

enum class token_kind : std::uint8_t {
  word,
  number,      // decimal or 0x...
  too_large,   // a number over 2^32 - 1
  section,     // `@word`; the text is without the `@`
  symbol,      // one of { } < > [ ] * : , -
  definition,  // ::=
  end,
  bad,  // an octet or a quotation that has no meaning
};

struct token {
  token_kind kind = token_kind::end;
  std::string_view text;
  std::uint32_t value = 0;  // of a number
  position at;

  [[nodiscard]] bool is(char symbol) const noexcept {
    return kind == token_kind::symbol && text.front() == symbol;
  }
  [[nodiscard]] bool is_word(std::string_view word) const noexcept {
    return kind == token_kind::word && text == word;
  }
};

/// As an error message names it: "'Unsigned23'", "the end of the file", ...
[[nodiscard]] std::string describe(const token& t);

class lexer {
 public:
  explicit lexer(std::string_view text) noexcept : text_{text} {}

  /// The next token; `end` again and again after the last.
  [[nodiscard]] token next() noexcept;

 private:
  void skip_blanks() noexcept;
  [[nodiscard]] token take(token_kind kind, std::size_t octets) noexcept;
  [[nodiscard]] token take_name(token_kind kind, std::size_t start) noexcept;
  [[nodiscard]] token take_quoted() noexcept;

  std::string_view text_;
  std::size_t offset_ = 0;
  std::size_t line_start_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace diamgw::dictionary
