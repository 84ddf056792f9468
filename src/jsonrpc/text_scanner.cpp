#include "jsonrpc/text_scanner.hpp"

#include <functional>

namespace diamgw::jsonrpc {

void text_scanner::skip_space() noexcept {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
    ++at_;
  }
}

bool text_scanner::take(char c) noexcept {
  skip_space();
  if (at_ == text_.size() || text_[at_] != c) {
    return false;
  }
  ++at_;
  return true;
}

void text_scanner::skip_string() noexcept {
  ++at_;  // the opening quote
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (c == '"') {
      return;
    }
    if (c == '\\' && at_ < text_.size()) {
      ++at_;
    }
  }
}

std::string_view text_scanner::value() noexcept {
  skip_space();
  const std::size_t start = at_;
  std::size_t depth = 0;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '"') {
      skip_string();
      if (depth == 0) {
        break;
      }
      continue;
    }
    if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0) {
        break;  // of the container around a number or literal
      }
      if (--depth == 0) {
        ++at_;
        break;
      }
    } else if (depth == 0 &&
               (c == ',' || c == ':' || c == ' ' || c == '\n' || c == '\r' || c == '\t')) {
      break;
    }
    ++at_;
  }
  return text_.substr(start, at_ - start);
}

std::string_view member_value(std::string_view text, std::size_t index) noexcept {
  text_scanner s{text};
  if (!s.take('{')) {
    return {};
  }
  for (std::size_t i = 0;; ++i) {
    static_cast<void>(s.value());
    if (!s.take(':')) {
      return {};
    }
    const std::string_view found = s.value();
    if (i == index) {
      return found;
    }
    if (!s.take(',')) {
      return {};
    }
  }
}

std::string_view text_after(std::string_view text, std::string_view piece) noexcept {
  const std::less_equal<const char*> is_before;
  const char* const end = text.data() + text.size();
  if (piece.data() == nullptr || !is_before(text.data(), piece.data()) ||
      !is_before(piece.data() + piece.size(), end)) {
    return {};
  }
  const char* const after = piece.data() + piece.size();
  return {after, static_cast<std::size_t>(end - after)};
}

std::string_view plain_string(std::string_view token) noexcept {
  if (token.size() < 2 || token.front() != '"' || token.back() != '"' ||
      token.find('\\') != std::string_view::npos) {
    return {};
  }
  return token.substr(1, token.size() - 2);
}

}  // namespace diamgw::jsonrpc
