// Status lines and fields as text.
#pragma once
#include <string>
#include <string_view>

namespace diamgw::transport {

/// "HTTP/1.1 404 Not Found\r\n".
[[nodiscard]] std::string status_line(unsigned status);

/// Appends "name: value\r\n". Control characters in `value` become spaces, so that no value can
/// begin a field of its own.
void append_field(std::string& to, std::string_view name, std::string_view value);

}  // namespace diamgw::transport
