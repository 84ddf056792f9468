// Appends JSON text to octets that the caller provides.
#pragma once
#include <charconv>
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
    copy_short(at_, text.data(), text.size());
    at_ += text.size();
  }
  void raw(char c) noexcept {
    if (at_ == end_) {
      overflowed_ = true;
      return;
    }
    *at_++ = c;
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

  // What writes many short things keeps the place in a register: these take where to write and
  // return where that ends, null after an overflow. `commit` makes it the writer's own again.

  [[nodiscard]] char* place() const noexcept { return overflowed_ ? nullptr : at_; }
  [[nodiscard]] const char* end() const noexcept { return end_; }
  /// Stays where it is after an overflow.
  void commit(char* p) noexcept { at_ = p != nullptr ? p : at_; }
  [[nodiscard]] char* put(char* p, std::string_view text) noexcept {
    if (text.size() > room_at(p)) {
      overflowed_ = true;
      return nullptr;
    }
    copy_short(p, text.data(), text.size());
    return p + text.size();
  }
  /// What stands around the key of a member.
  struct brackets {
    bool array_ends;    // in front
    bool array_begins;  // behind
  };
  [[nodiscard]] char* put_key(char* p, std::string_view key, brackets around) noexcept {
    const std::size_t more = (around.array_ends ? 1U : 0U) + (around.array_begins ? 1U : 0U);
    if (key.size() + more > room_at(p)) {
      overflowed_ = true;
      return nullptr;
    }
    if (around.array_ends) {
      *p++ = ']';
    }
    copy_short(p, key.data(), key.size());
    p += key.size();
    if (around.array_begins) {
      *p++ = '[';
    }
    return p;
  }
  /// For text that needs no escapes, where there is room.
  [[nodiscard]] static char* put_quoted(char* p, std::string_view plain) noexcept {
    *p = '"';
    copy_short(p + 1, plain.data(), plain.size());
    p += plain.size() + 1;
    *p = '"';
    return p + 1;
  }

  [[nodiscard]] bool overflowed() const noexcept { return overflowed_; }
  /// The text so far; empty after an overflow.
  [[nodiscard]] std::string_view text() const noexcept {
    return overflowed_ ? std::string_view{}
                       : std::string_view{begin_, static_cast<std::size_t>(at_ - begin_)};
  }

 private:
  [[nodiscard]] std::size_t room() const noexcept { return room_at(at_); }
  [[nodiscard]] std::size_t room_at(const char* p) const noexcept {
    return static_cast<std::size_t>(end_ - p);
  }
  void escaped(char c) noexcept;

  char* begin_;
  char* at_;
  char* end_;
  bool overflowed_ = false;
};

}  // namespace diamgw::jsonrpc
