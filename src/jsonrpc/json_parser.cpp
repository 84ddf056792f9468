#include "jsonrpc/json_parser.hpp"

#include <algorithm>

#include "diamgw/base/hex.hpp"
#include "diamgw/codec/values.hpp"

namespace diamgw::jsonrpc {
namespace {

[[nodiscard]] bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

constexpr unsigned first_high_surrogate = 0xd800;
constexpr unsigned first_low_surrogate = 0xdc00;
constexpr unsigned behind_surrogates = 0xe000;

/// RFC 3629 §3.
void append_utf8(std::string& out, unsigned code_point) {
  const auto tail = [&](unsigned shift) {
    out.push_back(static_cast<char>(0x80U | ((code_point >> shift) & 0x3fU)));
  };
  if (code_point < 0x80) {
    out.push_back(static_cast<char>(code_point));
  } else if (code_point < 0x800) {
    out.push_back(static_cast<char>(0xc0U | (code_point >> 6U)));
    tail(0);
  } else if (code_point < 0x10000) {
    out.push_back(static_cast<char>(0xe0U | (code_point >> 12U)));
    tail(6);
    tail(0);
  } else {
    out.push_back(static_cast<char>(0xf0U | (code_point >> 18U)));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace

std::string_view to_string(json_error error) noexcept {
  switch (error) {
    case json_error::none:
      break;
    case json_error::cut:
      return "the text ends too early";
    case json_error::unexpected:
      return "unexpected character";
    case json_error::control_character:
      return "a control character stands in a string unescaped";
    case json_error::escape:
      return "unknown escape in a string";
    case json_error::surrogate:
      return "half of a surrogate pair stands alone";
    case json_error::utf8:
      return "a string is not UTF-8";
    case json_error::too_deep:
      return "objects and arrays are nested too deeply";
    case json_error::trailing:
      return "something stands after the value";
  }
  return "no error";
}

const char* json_tokens::skip_space(const char* at) noexcept {
  while (at != end_ && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) {
    ++at;
  }
  return at;
}

/// A string with escapes or characters above ASCII: it is looked at piece by piece.
const char* json_tokens::read_rich_string(const char* first, const char* at) {
  const char* piece = first;
  bool escaped = false;
  while (true) {
    at = find_not_plain(at, end_);
    if (at == end_) {
      fail(at, json_error::cut);
      return nullptr;
    }
    if (static_cast<unsigned char>(*at) >= 0x80) {
      ++at;  // judged below, with its string
      continue;
    }
    if (*at == '"') {
      break;
    }
    if (*at != '\\') {
      fail(at, json_error::control_character);
      return nullptr;
    }
    if (!escaped) {
      escaped = true;
      unescaped_.clear();
    }
    unescaped_.append(piece, at);
    if (!read_escape(at)) {
      return nullptr;
    }
    piece = at;
  }
  rich_ = {first, static_cast<std::size_t>(at - first)};
  if (escaped) {
    unescaped_.append(piece, at);
    rich_ = unescaped_;
  }
  if (!diameter::is_utf8(as_bytes(rich_))) {
    fail(at, json_error::utf8);
    return nullptr;
  }
  return at + 1;
}

/// Stands at the backslash.
bool json_tokens::read_escape(const char*& at) {
  if (end_ - at < 2) {
    at = end_;
    return fail(at, json_error::cut);
  }
  constexpr std::string_view letters = "\"\\/bfnrt";
  constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
  const char letter = at[1];
  if (letter != 'u') {
    const std::size_t found = letters.find(letter);
    if (found == std::string_view::npos) {
      return fail(at, json_error::escape);
    }
    unescaped_.push_back(meanings[found]);
    at += 2;
    return true;
  }
  unsigned unit = 0;
  if (!read_unit(at, unit)) {
    return false;
  }
  if (unit >= first_high_surrogate && unit < behind_surrogates) {
    unsigned low = 0;
    if (unit >= first_low_surrogate || end_ - at < 2 || at[0] != '\\' || at[1] != 'u') {
      return fail(at, json_error::surrogate);
    }
    if (!read_unit(at, low)) {
      return false;
    }
    if (low < first_low_surrogate || low >= behind_surrogates) {
      return fail(at, json_error::surrogate);
    }
    unit = 0x10000 + ((unit - first_high_surrogate) << 10U) + (low - first_low_surrogate);
  }
  append_utf8(unescaped_, unit);
  return true;
}

/// The four digits of \uXXXX.
bool json_tokens::read_unit(const char*& at, unsigned& unit) noexcept {
  if (end_ - at < 6) {
    at = end_;
    return fail(at, json_error::cut);
  }
  at += 2;
  for (int i = 0; i < 4; ++i, ++at) {
    const int digit = hex_digit(*at);
    if (digit < 0) {
      return fail(at, json_error::escape);
    }
    unit = unit * 16 + static_cast<unsigned>(digit);
  }
  return true;
}

const char* json_tokens::read_bare(const char* at, scalar& v) noexcept {
  bool good = false;
  switch (*at) {
    case 't':
      v.what = scalar::kind::boolean;
      v.truth = true;
      good = take_literal(at, "true");
      break;
    case 'f':
      v.what = scalar::kind::boolean;
      good = take_literal(at, "false");
      break;
    case 'n':
      good = take_literal(at, "null");
      break;
    default:
      good = read_number(at, v);
      break;
  }
  return good ? at : nullptr;
}

bool json_tokens::take_literal(const char*& at, std::string_view literal) noexcept {
  for (const char c : literal) {
    if (at == end_) {
      return fail(at, json_error::cut);
    }
    if (*at != c) {
      return fail(at, json_error::unexpected);
    }
    ++at;
  }
  return true;
}

/// One digit or more.
bool json_tokens::skip_digits(const char*& at) noexcept {
  if (at == end_) {
    return fail(at, json_error::cut);
  }
  if (!is_digit(*at)) {
    return fail(at, json_error::unexpected);
  }
  do {
    ++at;
  } while (at != end_ && is_digit(*at));
  return true;
}

/// §6: [ minus ] int [ frac ] [ exp ], int without leading zeros.
bool json_tokens::read_number(const char*& at, scalar& v) noexcept {
  const char* const first = at;
  v.what = scalar::kind::integer;
  if (*at == '-') {
    ++at;
  }
  if (at != end_ && *at == '0') {
    ++at;
  } else if (!skip_digits(at)) {
    return false;
  }
  if (at != end_ && *at == '.') {
    v.what = scalar::kind::real;
    ++at;
    if (!skip_digits(at)) {
      return false;
    }
  }
  if (at != end_ && (*at == 'e' || *at == 'E')) {
    v.what = scalar::kind::real;
    ++at;
    if (at != end_ && (*at == '+' || *at == '-')) {
      ++at;
    }
    if (!skip_digits(at)) {
      return false;
    }
  }
  v.text = {first, static_cast<std::size_t>(at - first)};
  return true;
}

}  // namespace diamgw::jsonrpc
