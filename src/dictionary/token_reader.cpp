#include "dictionary/token_reader.hpp"

#include <algorithm>

namespace diamgw::dictionary {

token token_reader::advance() {
  token t = current_;
  current_ = following_;
  following_ = lexer_.next();
  return t;
}

bool token_reader::fail(std::string_view expected) {
  error(current_.at, "expected " + std::string{expected} + ", found " + describe(current_));
  return false;
}

void token_reader::error(position at, std::string message) {
  if (errors_.size() < max_errors_) {
    errors_.push_back({path_, at, std::move(message)});
  }
}

bool token_reader::expect(char symbol, std::string_view expected) {
  if (!current_.is(symbol)) {
    return fail(expected);
  }
  advance();
  return true;
}

bool token_reader::expect_word(std::string_view word) {
  if (!current_.is_word(word)) {
    return fail("'" + std::string{word} + "'");
  }
  advance();
  return true;
}

bool token_reader::take_name(syntax::name& out, std::string_view expected) {
  if (current_.kind != token_kind::word) {
    return fail(expected);
  }
  out = {std::string{current_.text}, current_.at};
  advance();
  return true;
}

bool token_reader::take_number(syntax::number& out, std::string_view expected, std::uint32_t max) {
  if (current_.kind == token_kind::too_large ||
      (current_.kind == token_kind::number && current_.value > max)) {
    return fail(std::string{expected} + " up to " + std::to_string(max));
  }
  if (current_.kind != token_kind::number) {
    return fail(expected);
  }
  out = {current_.value, current_.at};
  advance();
  return true;
}

void token_reader::skip_to_section() {
  while (in_section()) {
    advance();
  }
}

void token_reader::skip_line(std::uint32_t line) {
  while (in_section() && current_.at.line == line) {
    advance();
  }
}

void token_reader::skip_to_definition() {
  while (in_section() && following_.kind != token_kind::definition) {
    advance();
  }
}

diagnostics token_reader::take_errors() {
  std::ranges::sort(errors_, {}, [](const diagnostic& d) {
    return std::pair{d.at, std::string_view{d.message}};
  });
  return std::move(errors_);
}

}  // namespace diamgw::dictionary
