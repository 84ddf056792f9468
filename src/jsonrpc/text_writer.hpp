// Appends JSON text to octets that the caller provides.
#pragma once
#include <charconv>
#include <cstring>
#include <string_view>

#include "diamgw/base/bytes.hpp"

namespace diamgw::jsonrpc {

/// Never writes past the end: what does not fit sets `overflowed()`, and the text is then
/// worthless. No allocation.
class text_writer {
 public:
  explicit text_writer(mutable_bytes out) noexcept
      : begin_{reinterpret_cast<char*>(out.data())}, at_{begin_}, end_{begin_ + out.size()} {}

  void raw(std::string_view text) noexcept {
    if (text.size() > room()) {
      overflowed_ = true;
      return;
    }
    if (!text.empty()) {
      std::memcpy(at_, text.data(), text.size());
      at_ += text.size();
    }
  }
  void raw(char c) noexcept {
    if (at_ == end_) {
      overflowed_ = true;
      return;
    }
    *at_++ = c;
  }
  /// `"NAME":`, behind a comma unless it is the first member; a name needs no escapes.
  void key(std::string_view name, bool first) noexcept {
    if (name.size() + 4 > room()) {
      overflowed_ = true;
      return;
    }
    char* p = at_;
    *p = ',';
    p = put_quoted(first ? p : p + 1, name);
    *p = ':';
    at_ = p + 1;
  }
  /// Quoted text that needs no escapes.
  void quoted(std::string_view plain) noexcept {
    if (plain.size() + 2 > room()) {
      overflowed_ = true;
      return;
    }
    at_ = put_quoted(at_, plain);
  }
  /// Integers and floating-point numbers, shortest form that reads back the same.
  template <class Number>
  void number(Number v) noexcept {
    const auto [end, ec] = std::to_chars(at_, end_, v);
    if (ec != std::errc{}) {
      overflowed_ = true;
      return;
    }
    at_ = end;
  }
  /// Quoted and escaped; `text` is valid UTF-8.
  void string(std::string_view text) noexcept;
  /// The same for text of any origin: octets above ASCII become '?' where it is not UTF-8.
  void lossy_string(std::string_view text) noexcept;
  /// The same where it is UTF-8; else false, and nothing is written.
  [[nodiscard]] bool checked_string(std::string_view text) noexcept;
  /// Quoted lower-case hexadecimal digits.
  void hex(bytes_view octets) noexcept;

  /// Octets so far, and back to so many.
  [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - begin_); }
  void rewind(std::size_t size) noexcept { at_ = begin_ + size; }
  [[nodiscard]] bool overflowed() const noexcept { return overflowed_; }
  /// The text so far; empty after an overflow.
  [[nodiscard]] std::string_view text() const noexcept {
    return overflowed_ ? std::string_view{}
                       : std::string_view{begin_, static_cast<std::size_t>(at_ - begin_)};
  }

 private:
  [[nodiscard]] std::size_t room() const noexcept { return static_cast<std::size_t>(end_ - at_); }
  /// The end of it.
  [[nodiscard]] static char* put_quoted(char* p, std::string_view plain) noexcept {
    *p++ = '"';
    if (!plain.empty()) {
      std::memcpy(p, plain.data(), plain.size());
      p += plain.size();
    }
    *p++ = '"';
    return p;
  }
  void escaped(char c) noexcept;

  char* begin_;
  char* at_;
  char* end_;
  bool overflowed_ = false;
};

}  // namespace diamgw::jsonrpc
