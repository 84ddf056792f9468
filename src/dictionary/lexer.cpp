#include "dictionary/lexer.hpp"

#include <charconv>
#include <optional>

#include "diamgw/base/hex.hpp"

namespace diamgw::dictionary {
namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_name_octet(char c) noexcept {
  return is_digit(c) || is_letter(c) || c == '-' || c == '_';
}

/// Whether a name is a number in fact, and whether it fits.
void read_number(token& t) noexcept {
  std::string_view digits = t.text;
  int base = 10;
  if (digits.size() > 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X')) {
    digits.remove_prefix(2);
    base = 16;
  }
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, t.value, base);
  if (stop == end && error == std::errc{}) {
    t.kind = token_kind::number;
  } else if (stop == end && error == std::errc::result_out_of_range) {
    t.kind = token_kind::too_large;
  }
}

}  // namespace

std::string describe(const token& t) {
  switch (t.kind) {
    case token_kind::end:
      return "the end of the file";
    case token_kind::section:
      return "'@" + std::string{t.text} + "'";
    case token_kind::bad:
      if (t.text.front() == '\'') {
        return t.text == "''" ? "an empty quotation" : "a quotation that its line does not end";
      }
      if (t.text.front() < ' ' || t.text.front() > '~') {
        return "the octet 0x" + to_hex(as_bytes(t.text));
      }
      break;
    default:
      break;
  }
  constexpr std::size_t longest = 64;  // of a name that a message repeats
  return "'" + std::string{t.text.substr(0, longest)} + (t.text.size() > longest ? "...'" : "'");
}

void lexer::skip_blanks() noexcept {
  while (offset_ < text_.size()) {
    const char c = text_[offset_];
    if (c == ';') {
      while (offset_ < text_.size() && text_[offset_] != '\n' && text_[offset_] != '\r') {
        ++offset_;
      }
    } else if (c == '\n' || c == '\r') {
      offset_ += c == '\r' && text_.substr(offset_ + 1).starts_with('\n') ? 2 : 1;
      line_start_ = offset_;
      ++line_;
    } else if (c == ' ' || c == '\t' || c == '\f' || c == '\v') {
      ++offset_;
    } else {
      return;
    }
  }
}

token lexer::take(token_kind kind, std::size_t octets) noexcept {
  token t{.kind = kind,
          .text = text_.substr(offset_, octets),
          .at = {line_, static_cast<std::uint32_t>(offset_ - line_start_ + 1)}};
  offset_ += t.text.size();
  return t;
}

token lexer::take_name(token_kind kind, std::size_t start) noexcept {
  std::size_t octets = start;
  while (offset_ + octets < text_.size() && is_name_octet(text_[offset_ + octets])) {
    ++octets;
  }
  return take(kind, octets);
}

token lexer::take_quoted() noexcept {
  const std::size_t end = text_.find_first_of("'\r\n", offset_ + 1);
  if (end == std::string_view::npos || text_[end] != '\'') {
    return take(token_kind::bad, end == std::string_view::npos ? end : end - offset_);
  }
  const std::size_t octets = end + 1 - offset_;
  token t = take(octets == 2 ? token_kind::bad : token_kind::word, octets);
  if (t.kind == token_kind::word) {
    t.text = t.text.substr(1, octets - 2);
  }
  return t;
}

token lexer::next() noexcept {
  skip_blanks();
  if (offset_ == text_.size()) {
    return take(token_kind::end, 0);
  }
  const char c = text_[offset_];
  if (is_letter(c)) {
    return take_name(token_kind::word, 1);
  }
  if (is_digit(c)) {
    token t = take_name(token_kind::word, 1);
    read_number(t);
    return t;
  }
  if (c == '@') {
    token t = take_name(token_kind::section, 1);
    t.text.remove_prefix(1);
    return t;
  }
  if (c == '\'') {
    return take_quoted();
  }
  if (text_.substr(offset_).starts_with("::=")) {
    return take(token_kind::definition, 3);
  }
  const bool symbol = std::string_view{"{}<>[]*:,-"}.find(c) != std::string_view::npos;
  return take(symbol ? token_kind::symbol : token_kind::bad, 1);
}

}  // namespace diamgw::dictionary
