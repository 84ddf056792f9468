// Finds pieces of JSON text by position, where the parser's events do not tell where they are.
#pragma once
#include <cstddef>
#include <string_view>

namespace diamgw::jsonrpc {

/// Walks over the tokens of one text. Trusts that the text is JSON as far as it looks; on other
/// text it finds nothing useful but stays inside it.
class text_scanner {
 public:
  explicit text_scanner(std::string_view text) noexcept : text_{text} {}

  void skip_space() noexcept;
  /// True, and past it, where `c` is next after spaces.
  [[nodiscard]] bool take(char c) noexcept;
  /// The next value (or key), whole, or an empty view at the end of the text.
  [[nodiscard]] std::string_view value() noexcept;
  [[nodiscard]] std::size_t position() const noexcept { return at_; }

 private:
  void skip_string() noexcept;

  std::string_view text_;
  std::size_t at_ = 0;
};

/// The value of the member at `index` of the object that `text` is; empty where there is none.
[[nodiscard]] std::string_view member_value(std::string_view text, std::size_t index) noexcept;

/// The rest of the text after a piece of it; null data where it is no piece of the text.
[[nodiscard]] std::string_view text_after(std::string_view text, std::string_view piece) noexcept;

/// Of a JSON string without escapes, what is between the quotes; else empty.
[[nodiscard]] std::string_view plain_string(std::string_view token) noexcept;

}  // namespace diamgw::jsonrpc
