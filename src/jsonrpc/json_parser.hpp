// JSON texts (RFC 8259) as events: one pass over a whole text, no tree, no copies.
//
// Rules for editors: the grammar and nothing beside it. No comments, no commas before a closing
// bracket, nothing behind the value, no lone surrogates, no octets that are not UTF-8. What a call
// means is call_reader's.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/short_text.hpp"
#include "jsonrpc/plain_text.hpp"

namespace diamgw::jsonrpc {

/// A JSON value that is no object or array.
struct scalar {
  enum class kind : std::uint8_t { string, integer, real, boolean, null };
  kind what = kind::null;
  std::string_view text;  // of a string: unescaped UTF-8; of a number: the token
  bool truth = false;
};

enum class container : std::uint8_t { object, array };

enum class json_error : std::uint8_t {
  none,
  cut,                // the text ends within the value
  unexpected,         // a character that cannot stand there
  control_character,  // in a string, where it must be escaped (§7)
  escape,             // no such escape
  surrogate,          // half of a pair alone
  utf8,               // a string is not UTF-8 (§8.1)
  too_deep,
  trailing,  // something stands after the value
};

/// A short phrase.
[[nodiscard]] std::string_view to_string(json_error error) noexcept;

/// The tokens of a text, and the stack of open containers.
class json_tokens {
 public:
  explicit json_tokens(std::size_t max_depth) : closing_(max_depth) {}

  [[nodiscard]] json_error error() const noexcept { return error_; }
  /// Octets of the text in front of the fault.
  [[nodiscard]] std::size_t position() const noexcept {
    return static_cast<std::size_t>(at_ - begin_);
  }

 protected:
  // `at` is where the parser stands: a local of its own, so that it stays in a register.

  bool fail(const char* at, json_error error) noexcept {
    at_ = at;
    error_ = error;
    return false;
  }
  [[nodiscard]] const char* skip_space(const char* at) noexcept;
  /// Goes on to the next character that is no space; false at the end.
  [[nodiscard, gnu::always_inline]] bool next(const char*& at) noexcept {
    if (at != end_ && *at > ' ') [[likely]] {
      return true;
    }
    at = skip_space(at);
    return at != end_ || fail(at, json_error::cut);
  }
  /// The same behind a comma or a colon, where most writers put one blank. (25 of them in a CCR
  /// cost 17 instructions less each by this look than by skip_space.)
  [[nodiscard, gnu::always_inline]] bool next_behind_mark(const char*& at) noexcept {
    if (end_ - at > 1 && *at == ' ' && at[1] > ' ') [[likely]] {
      ++at;
      return true;
    }
    return next(at);
  }
  /// From the opening quote. The view is good until the next string.
  [[nodiscard, gnu::always_inline]] bool read_string(const char*& at, std::string_view& s) {
    const char* const first = at + 1;
    at = find_not_plain(first, end_);
    if (at != end_ && *at == '"') [[likely]] {
      s = {first, static_cast<std::size_t>(at - first)};
      ++at;
      return true;
    }
    at = read_rich_string(first, at);
    s = rich_;
    return at != nullptr;
  }
  /// A number of digits alone; false, and nothing is done, for another.
  [[nodiscard]] bool read_digits(const char*& at, scalar& v) const noexcept {
    const char* p = at;
    do {
      ++p;
    } while (p != end_ && *p >= '0' && *p <= '9');
    if (p != end_ && (*p == '.' || *p == 'e' || *p == 'E')) {
      return false;
    }
    v.what = scalar::kind::integer;
    v.text = {at, static_cast<std::size_t>(p - at)};
    at = p;
    return true;
  }
  /// A number or a literal; the end of it, or null at a fault.
  [[nodiscard]] const char* read_bare(const char* at, scalar& v) noexcept;

  const char* begin_ = nullptr;
  const char* end_ = nullptr;
  std::vector<char> closing_;  // the brackets that close the open containers

 private:
  [[nodiscard]] const char* read_rich_string(const char* first, const char* at);
  [[nodiscard]] bool read_escape(const char*& at);
  [[nodiscard]] bool read_unit(const char*& at, unsigned& unit) noexcept;
  [[nodiscard]] bool read_number(const char*& at, scalar& v) noexcept;
  [[nodiscard]] bool skip_digits(const char*& at) noexcept;
  [[nodiscard]] bool take_literal(const char*& at, std::string_view literal) noexcept;

  const char* at_ = nullptr;  // of the fault
  std::string_view rich_;     // what read_rich_string has read
  std::string unescaped_;
  json_error error_ = json_error::none;
};

/// Handler: on_begin(container), on_end(), on_key(string_view), on_scalar(const scalar&), in the
/// order of the text; views are good during the call. Its foreseen_key() is a key without escapes
/// that is likely to come now, or null: where it does and its colon is directly behind it,
/// on_foreseen_key() is told in place of on_key. Allocates only while its stack of pieces grows. Of
/// a text with a fault, the events in front of the fault were told.
template <class Handler>
class json_parser : public json_tokens {
 public:
  json_parser(std::size_t max_depth, Handler& handler)
      : json_tokens{max_depth}, handler_{handler} {}

  /// False where the text is not JSON: see error() and position().
  [[nodiscard]] bool parse(std::string_view text) {
    const char* at = begin_ = text.data();
    end_ = at + text.size();
    std::size_t depth = 0;
    bool key_is_next = false;
    if (!next(at)) {
      return false;
    }
    while (true) {
      if (key_is_next && !(read_key(at) && next_behind_mark(at))) {
        return false;
      }
      const char c = *at;
      if (c == '"') {
        if (!read_text(at)) {
          return false;
        }
      } else if (c == '{' || c == '[') {
        if (!open(at, depth)) {
          return false;
        }
        if (*at != closing_[depth - 1]) {
          key_is_next = c == '{';
          continue;
        }
      } else if (!read_bare_scalar(at, c)) {
        return false;
      }
      if (!go_on(at, depth, key_is_next)) {
        return false;
      }
      if (depth == 0) {
        at = skip_space(at);
        return at == end_ || fail(at, json_error::trailing);
      }
    }
  }

 private:
  /// A container, up to its first member, its first element, or its end.
  [[nodiscard, gnu::always_inline]] bool open(const char*& at, std::size_t& depth) {
    if (depth == closing_.size()) {
      return fail(at, json_error::too_deep);
    }
    const char bracket = *at++;
    closing_[depth++] = static_cast<char>(bracket + 2);  // '{' and '}', '[' and ']' in ASCII
    handler_.on_begin(bracket == '{' ? container::object : container::array);
    return next(at);
  }

  /// What stands here ends, and what it stands in, until a comma leads to the next value; or all.
  [[nodiscard, gnu::always_inline]] bool go_on(const char*& at, std::size_t& depth,
                                               bool& key_is_next) {
    while (depth != 0) {
      if (!next(at)) {
        return false;
      }
      const char closing = closing_[depth - 1];
      if (*at == ',') {
        ++at;
        key_is_next = closing == '}';
        return next_behind_mark(at);
      }
      if (*at != closing) {
        return fail(at, json_error::unexpected);
      }
      ++at;
      --depth;
      handler_.on_end();
    }
    return true;
  }

  [[nodiscard, gnu::always_inline]] bool read_text(const char*& at) {
    std::string_view text;
    if (!read_string(at, text)) {
      return false;
    }
    handler_.on_scalar({.what = scalar::kind::string, .text = text});
    return true;
  }

  [[nodiscard, gnu::always_inline]] bool read_bare_scalar(const char*& at, char first) {
    scalar v;
    if (first >= '1' && first <= '9' && read_digits(at, v)) {
      // nearly every number
    } else if (at = read_bare(at, v); at == nullptr) {
      return false;
    }
    handler_.on_scalar(v);
    return true;
  }

  /// A key and its colon.
  [[nodiscard, gnu::always_inline]] bool read_key(const char*& at) {
    if (take_foreseen_key(at)) {
      return true;
    }
    std::string_view key;
    if (*at != '"') {
      return fail(at, json_error::unexpected);
    }
    if (!read_string(at, key)) {
      return false;
    }
    handler_.on_key(key);
    if (!next(at)) {
      return false;
    }
    if (*at != ':') {
      return fail(at, json_error::unexpected);
    }
    ++at;
    return true;
  }

  /// Where the handler's next key and a colon directly behind it come now.
  [[nodiscard, gnu::always_inline]] bool take_foreseen_key(const char*& at) {
    const std::string* const foreseen = handler_.foreseen_key();
    if (foreseen == nullptr) {
      return false;
    }
    const std::size_t n = foreseen->size();
    if (static_cast<std::size_t>(end_ - at) < n + 3 || *at != '"' || at[n + 1] != '"' ||
        at[n + 2] != ':' || !same_short_text({at + 1, n}, *foreseen)) {
      return false;
    }
    at += n + 3;
    handler_.on_foreseen_key();
    return true;
  }

  Handler& handler_;
};

}  // namespace diamgw::jsonrpc
