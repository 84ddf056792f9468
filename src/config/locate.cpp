// Where values stand in a text that is JSON with comments: the library's parser does not tell.
#include <algorithm>

#include "config/stages.hpp"

namespace diamgw::config {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

/// The text was parsed already: what cannot occur is skipped. As deep as `max_document_depth`.
class locator {
 public:
  locator(std::string_view text, const std::string& file_name)
      : text_{text}, file_name_{file_name} {
    if (text_.starts_with(byte_order_mark)) {
      offset_ = line_start_ = byte_order_mark.size();
    }
  }

  [[nodiscard]] std::map<std::string, origin, std::less<>> run() {
    value("");
    return std::move(found_);
  }

 private:
  [[nodiscard]] char current() const { return offset_ < text_.size() ? text_[offset_] : '\0'; }

  void advance_to(std::size_t offset) {
    for (offset = std::min(offset, text_.size()); offset_ < offset; ++offset_) {
      if (text_[offset_] == '\n') {
        ++line_;
        line_start_ = offset_ + 1;
      }
    }
  }

  /// Blanks and comments.
  void skip() {
    for (;;) {
      const std::string_view rest = text_.substr(offset_);
      if (rest.starts_with("//")) {
        advance_to(text_.find('\n', offset_));
      } else if (rest.starts_with("/*")) {
        advance_to(text_.find("*/", offset_ + 2));
        advance_to(offset_ + 2);
      } else if (!rest.empty() &&
                 std::string_view{" \t\r\n"}.find(rest.front()) != std::string_view::npos) {
        advance_to(offset_ + 1);
      } else {
        return;
      }
    }
  }

  void remember(const std::string& pointer) {
    found_.insert_or_assign(
        pointer, origin{.source = file_name_, .line = line_, .column = offset_ - line_start_ + 1});
  }

  [[nodiscard]] std::string_view take_string() {
    std::size_t end = offset_ + 1;
    while (end < text_.size() && text_[end] != '"') {
      end += text_[end] == '\\' ? 2 : 1;
    }
    const std::string_view quoted = text_.substr(offset_, end + 1 - offset_);
    advance_to(end + 1);
    return quoted;
  }

  void value(const std::string& pointer) {
    skip();
    if (pointer.empty()) {
      remember(pointer);
    }
    switch (current()) {
      case '{':
        object(pointer);
        break;
      case '[':
        array(pointer);
        break;
      case '"':
        static_cast<void>(take_string());
        break;
      default:
        advance_to(text_.find_first_of(",]} \t\r\n/", offset_));
    }
  }

  void object(const std::string& pointer) {
    advance_to(offset_ + 1);
    for (skip(); current() == '"'; skip()) {
      const std::size_t line = line_;
      const std::size_t column = offset_ - line_start_ + 1;
      const std::string member =
          descend(pointer, json::parse(take_string()).get_ref<const std::string&>());
      found_.insert_or_assign(member, origin{.source = file_name_, .line = line, .column = column});
      skip();
      advance_to(offset_ + 1);  // the colon
      value(member);
      skip();
      if (current() == ',') {
        advance_to(offset_ + 1);
      }
    }
    advance_to(offset_ + 1);
  }

  void array(const std::string& pointer) {
    advance_to(offset_ + 1);
    std::size_t count = 0;
    for (skip(); offset_ < text_.size() && current() != ']'; skip()) {
      const std::string element = descend(pointer, std::to_string(count++));
      remember(element);
      value(element);
      skip();
      if (current() == ',') {
        advance_to(offset_ + 1);
      }
    }
    advance_to(offset_ + 1);
  }

  std::string_view text_;
  const std::string& file_name_;
  std::size_t offset_ = 0;
  std::size_t line_start_ = 0;
  std::size_t line_ = 1;
  std::map<std::string, origin, std::less<>> found_;
};

}  // namespace

std::map<std::string, origin, std::less<>> locate(std::string_view text,
                                                  const std::string& file_name) {
  return locator{text, file_name}.run();
}

}  // namespace diamgw::config
