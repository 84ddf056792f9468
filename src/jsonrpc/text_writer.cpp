#include "jsonrpc/text_writer.hpp"

#include "diamgw/codec/values.hpp"
#include "jsonrpc/plain_text.hpp"

namespace diamgw::jsonrpc {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

}  // namespace

void text_writer::escaped(char c) noexcept {
  switch (c) {
    case '"':
      return raw("\\\"");
    case '\\':
      return raw("\\\\");
    case '\n':
      return raw("\\n");
    case '\r':
      return raw("\\r");
    case '\t':
      return raw("\\t");
    default:
      break;
  }
  const auto octet = static_cast<unsigned char>(c);
  raw("\\u00");
  raw(digits[octet >> 4U]);
  raw(digits[octet & 0xfU]);
}

void text_writer::string(std::string_view text) noexcept {
  raw('"');
  const char* piece = text.data();
  const char* const end = piece + text.size();
  const char* at = piece;
  while ((at = find_not_plain(at, end)) != end) {
    if (is_special(*at)) {
      raw({piece, at});
      escaped(*at);
      piece = at + 1;
    }
    ++at;
  }
  raw({piece, end});
  raw('"');
}

bool text_writer::checked_string(std::string_view text) noexcept {
  if (is_plain(text)) {
    quoted(text);
    return true;
  }
  if (!diameter::is_utf8(as_bytes(text))) {
    return false;
  }
  string(text);
  return true;
}

void text_writer::lossy_string(std::string_view text) noexcept {
  if (diameter::is_utf8(as_bytes(text))) {
    return string(text);
  }
  raw('"');
  for (const char c : text) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      raw('?');
    } else if (is_special(c)) {
      escaped(c);
    } else {
      raw(c);
    }
  }
  raw('"');
}

void text_writer::hex(bytes_view octets) noexcept {
  if (octets.size() * 2 + 2 > room()) {
    overflowed_ = true;
    return;
  }
  *at_++ = '"';
  for (const std::byte b : octets) {
    const auto v = std::to_integer<unsigned>(b);
    *at_++ = digits[v >> 4U];
    *at_++ = digits[v & 0xfU];
  }
  *at_++ = '"';
}

}  // namespace diamgw::jsonrpc
