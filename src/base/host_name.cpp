#include "diamgw/base/host_name.hpp"

#include <algorithm>
#include <cstddef>

namespace diamgw {
namespace {

constexpr std::size_t longest_name = 253;
constexpr std::size_t longest_label = 63;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_hex_digit(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_inner(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

bool is_label(std::string_view label) noexcept {
  return !label.empty() && label.size() <= longest_label && label.front() != '-' &&
         label.back() != '-' && std::ranges::all_of(label, is_inner);
}

bool is_number(std::string_view label) noexcept {
  if (label.starts_with("0x") || label.starts_with("0X")) {
    return std::ranges::all_of(label.substr(2), is_hex_digit);
  }
  return std::ranges::all_of(label, is_digit);
}

}  // namespace

bool is_host_name(std::string_view text) noexcept {
  if (text.ends_with('.')) {
    text.remove_suffix(1);
  }
  if (text.empty() || text.size() > longest_name) {
    return false;
  }
  for (;;) {
    const std::size_t dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    if (!is_label(label)) {
      return false;
    }
    if (dot == std::string_view::npos) {
      return !is_number(label);
    }
    text.remove_prefix(dot + 1);
  }
}

}  // namespace diamgw
