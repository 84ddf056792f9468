// A JSON value into the AVP that it is the value of, by the AVP's type.
#pragma once
#include <cstdint>
#include <string_view>

#include "jsonrpc/avp_writer.hpp"
#include "jsonrpc/json_parser.hpp"

namespace diamgw::jsonrpc {

/// Appends the AVP; empty, or what was expected where the value is not of the AVP's type.
[[nodiscard]] std::string_view write_avp(avp_writer& out, const avp_place& at,
                                         const scalar& value) noexcept;

/// From {"hex": …}: the octets as they are, whatever the type. False where the digits are wrong.
[[nodiscard]] bool write_avp_hex(avp_writer& out, const avp_place& at,
                                 std::string_view digits) noexcept;

/// The whole text as a number; false where it is none of 32 bits.
[[nodiscard]] bool parse_unsigned32(std::string_view text, std::uint32_t& v) noexcept;

}  // namespace diamgw::jsonrpc
