// The JSON of values of the most usual types, written at once.
#pragma once
#include <array>
#include <charconv>
#include <string_view>

#include "diamgw/base/bytes.hpp"
#include "diamgw/codec/values.hpp"
#include "diamgw/dictionary/types.hpp"
#include "jsonrpc/plain_text.hpp"
#include "jsonrpc/text_writer.hpp"

namespace diamgw::jsonrpc {

/// Text that needs no escapes, in quotes; null for other text.
[[nodiscard]] inline char* put_plain(char* p, std::string_view text) noexcept {
  if (!copy_plain(p + 1, text)) {
    return nullptr;
  }
  *p = '"';
  p += text.size() + 1;
  *p = '"';
  return p + 1;
}

/// Values of the most usual types: without it a CCA's JSON costs 2,683 instructions, with it 2,096
/// (callgrind, `scripts/bench instructions`, as all such figures of this layer). Null for other
/// types, for data that is not of its type, and where there might not be room.
[[nodiscard, gnu::always_inline]] inline char* put_usual(
    char* p, const char* end, const dictionary::avp_definition& definition,
    bytes_view data) noexcept {
  constexpr std::size_t most_digits = 20;
  constexpr std::size_t quotes = 2;
  const std::string_view text = as_text(data);
  const auto room = static_cast<std::size_t>(end - p);
  if (text.size() + most_digits + quotes > room) {
    return nullptr;
  }
  switch (definition.type) {
    case dictionary::avp_type::diameter_identity:
      return diameter::is_diameter_identity(text) ? text_writer::put_quoted(p, text) : nullptr;
    case dictionary::avp_type::utf8_string:
      return put_plain(p, text);
    case dictionary::avp_type::unsigned32:
      return data.size() == 4 ? std::to_chars(p, p + most_digits, load_be32(data.data())).ptr
                              : nullptr;
    case dictionary::avp_type::unsigned64:
      if (data.size() != 8) {
        return nullptr;
      }
      *p++ = '"';
      p = std::to_chars(p, p + most_digits, load_be64(data.data())).ptr;
      *p++ = '"';
      return p;
    case dictionary::avp_type::enumerated: {
      const auto* const named =
          data.size() == 4
              ? definition.find_value(static_cast<std::int32_t>(load_be32(data.data())))
              : nullptr;
      const bool fits = named != nullptr && named->name.size() + quotes <= room;
      return fits ? text_writer::put_quoted(p, named->name) : nullptr;
    }
    case dictionary::avp_type::time: {
      const auto when = diameter::decode_time(data);
      if (!when) {
        return nullptr;
      }
      const std::array<char, 20> shown = diameter::format_time(*when);
      return text_writer::put_quoted(p, {shown.data(), shown.size()});
    }
    default:
      return nullptr;
  }
}

}  // namespace diamgw::jsonrpc
