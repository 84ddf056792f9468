// The tokens of one text, the faults found in them, and where reading goes on after a fault.
#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "diamgw/dictionary/parser.hpp"
#include "dictionary/lexer.hpp"

namespace diamgw::dictionary {

/// Functions that answer bool take a whole construct or record a fault and answer false.
class token_reader {
 public:
  token_reader(std::string_view text, std::string_view path, const parse_options& options)
      : path_{path},
        max_errors_{std::max<std::size_t>(options.max_errors, 1)},
        lexer_{text},
        current_{lexer_.next()},
        following_{lexer_.next()} {}

 protected:
  [[nodiscard]] const token& current() const noexcept { return current_; }
  [[nodiscard]] const token& following() const noexcept { return following_; }
  token advance();

  [[nodiscard]] bool done() const {
    return current_.kind == token_kind::end || errors_.size() >= max_errors_;
  }
  [[nodiscard]] bool in_section() const { return !done() && current_.kind != token_kind::section; }

  /// "expected ..., found ..." at the current token; always false.
  bool fail(std::string_view expected);
  void error(position at, std::string message);
  /// All faults, in the order of the text.
  [[nodiscard]] diagnostics take_errors();
  [[nodiscard]] bool has_errors() const noexcept { return !errors_.empty(); }

  bool expect(char symbol, std::string_view expected);
  bool expect_word(std::string_view word);
  bool take_name(syntax::name& out, std::string_view expected);
  bool take_number(syntax::number& out, std::string_view expected, std::uint32_t max = 0xffffffffU);

  void skip_to_section();
  void skip_line(std::uint32_t line);
  /// To the next `NAME ::=`.
  void skip_to_definition();

 private:
  std::string path_;
  std::size_t max_errors_;
  lexer lexer_;
  token current_;
  token following_;
  diagnostics errors_;
};

}  // namespace diamgw::dictionary
