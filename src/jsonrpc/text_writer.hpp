// Appends JSON text to octets that the caller provides.
#pragma once
#include <charconv>
#include <cstring>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/base/short_copy.hpp"

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
  /// `"NAME":`, behind a comma unless it is the first member; a name needs no escapes. `opening`
  /// follows: a bracket or two.
  void key(std::string_view name, bool first, std::string_view opening = {}) noexcept {
    if (name.size() + 6 > room()) {
      overflowed_ = true;
      return;
    }
    char* p = put_key(at_, name, first);
    for (const char c : opening) {
      *p++ = c;
    }
    at_ = p;
  }
  /// Where `octets` may be written, and how far it was: what writes several things at once keeps
  /// the place in a register meanwhile. Null where there is no room for them all.
  [[nodiscard]] char* claim(std::size_t octets) const noexcept {
    return octets > room() ? nullptr : at_;
  }
  void commit(char* end) noexcept { at_ = end; }
  [[nodiscard]] static char* put_key(char* p, std::string_view name, bool first) noexcept {
    *p = ',';
    p = put_quoted(first ? p : p + 1, name);
    *p = ':';
    return p + 1;
  }
  [[nodiscard]] static char* put_quoted(char* p, std::string_view plain) noexcept {
    *p = '"';
    copy_short(p + 1, plain.data(), plain.size());
    p += plain.size() + 1;
    *p = '"';
    return p + 1;
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
  void escaped(char c) noexcept;

  char* begin_;
  char* at_;
  char* end_;
  bool overflowed_ = false;
};

}  // namespace diamgw::jsonrpc
