#include "jsonrpc/data_to_json.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "diamgw/codec/values.hpp"

namespace diamgw::jsonrpc {
namespace {

using dictionary::avp_type;

/// JSON has no NaN: one NaN has a name, the others keep their bits as hex.
template <class Float, class Bits>
[[nodiscard]] bool write_float(text_writer& out, Bits bits) noexcept {
  const auto v = std::bit_cast<Float>(bits);
  if (std::isnan(v)) {
    if (bits != std::bit_cast<Bits>(std::numeric_limits<Float>::quiet_NaN())) {
      return false;
    }
    out.raw("\"NaN\"");
  } else if (std::isinf(v)) {
    out.raw(v > 0 ? "\"Infinity\"" : "\"-Infinity\"");
  } else {
    out.number(v);
  }
  return true;
}

template <class Integer>
void write_quoted(text_writer& out, Integer v) noexcept {
  out.raw('"');
  out.number(v);
  out.raw('"');
}

void write_enumerated(text_writer& out, const dictionary::avp_definition& definition,
                      std::int32_t v) noexcept {
  const dictionary::enum_value* named = definition.find_value(v);
  if (named != nullptr) {
    out.quoted(named->name);
  } else {
    out.number(v);
  }
}

[[nodiscard]] bool write_time(text_writer& out, bytes_view data) noexcept {
  const auto when = diameter::decode_time(data);
  if (!when) {
    return false;
  }
  const std::array<char, 20> text = diameter::format_time(*when);
  out.quoted({text.data(), text.size()});
  return true;
}

[[nodiscard]] bool write_address(text_writer& out, bytes_view data) noexcept {
  // As many octets as write_avp reads back; longer ones are hex.
  std::array<char, 512> text;
  const auto address = diameter::decode_address(data);
  if (!address || diameter::max_address_text(*address) > text.size()) {
    return false;
  }
  const std::string_view formatted = diameter::format_address(*address, text);
  if (formatted.empty()) {
    return false;
  }
  out.string(formatted);
  return true;
}

/// The types of four octets.
void write_32(text_writer& out, const dictionary::avp_definition& definition,
              std::uint32_t v) noexcept {
  switch (definition.type) {
    case avp_type::unsigned32:
      return out.number(v);
    case avp_type::enumerated:
      return write_enumerated(out, definition, static_cast<std::int32_t>(v));
    default:
      return out.number(static_cast<std::int32_t>(v));
  }
}

/// False, with nothing written, where the data is not of the type.
[[nodiscard]] bool write_typed(text_writer& out, const dictionary::avp_definition& definition,
                               bytes_view data) noexcept {
  switch (definition.type) {
    case avp_type::octet_string:
      out.hex(data);
      return true;
    case avp_type::integer32:
    case avp_type::unsigned32:
    case avp_type::enumerated:
      if (data.size() != 4) {
        return false;
      }
      write_32(out, definition, load_be32(data.data()));
      return true;
    case avp_type::integer64:
    case avp_type::unsigned64:
      if (data.size() != 8) {
        return false;
      }
      definition.type == avp_type::unsigned64
          ? write_quoted(out, load_be64(data.data()))
          : write_quoted(out, static_cast<std::int64_t>(load_be64(data.data())));
      return true;
    case avp_type::float32:
      return data.size() == 4 && write_float<float>(out, load_be32(data.data()));
    case avp_type::float64:
      return data.size() == 8 && write_float<double>(out, load_be64(data.data()));
    case avp_type::time:
      return write_time(out, data);
    case avp_type::address:
      return write_address(out, data);
    case avp_type::grouped:
      return false;
    case avp_type::utf8_string:
      return out.checked_string(as_text(data));
    case avp_type::diameter_identity:
      if (!diameter::is_diameter_identity(as_text(data))) {
        return false;
      }
      out.quoted(as_text(data));  // letters, digits, dots, '-' and '_'
      return true;
    default:
      // Text too; the rules' checks do not promise UTF-8.
      return !diameter::check_value(definition.type, data).has_value() &&
             out.checked_string(as_text(data));
  }
}

}  // namespace

void write_raw_json(text_writer& out, bytes_view data) noexcept {
  out.raw("{\"hex\":");
  out.hex(data);
  out.raw('}');
}

void write_json(text_writer& out, const dictionary::avp_definition* definition,
                bytes_view data) noexcept {
  if (definition == nullptr) {
    out.hex(data);
  } else if (!write_typed(out, *definition, data)) {
    write_raw_json(out, data);
  }
}

}  // namespace diamgw::jsonrpc
