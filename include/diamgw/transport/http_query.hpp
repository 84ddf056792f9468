// What a request target says after '?'.
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace diamgw::transport {

/// The octets that "%20" and the like stand for (RFC 3986 §2.1); '+' is itself. Nothing where two
/// hexadecimal digits do not follow a '%'. Any thread.
[[nodiscard]] std::optional<std::string> decode_percent(std::string_view text);

/// The value of `name=value` among fields that '&' separates, not decoded; the first of several.
/// Nothing where there is none. `query` without '?'; what is returned refers to it. Any thread.
[[nodiscard]] std::optional<std::string_view> find_query_field(std::string_view query,
                                                               std::string_view name) noexcept;

}  // namespace diamgw::transport
