// What the name of a host may look like, before anybody is asked for its addresses.
#pragma once
#include <string_view>

namespace diamgw {

/// RFC 1123 §2.1: labels of 1 to 63 letters, digits and inner '-', 253 octets with their dots; one
/// dot may end it, so that no search list is tried. The last label is no number, in any notation
/// that inet_aton takes: "192.0.2" and "0x7f.1" are no names, and not meant for addresses either.
/// deviates: '_' is a letter here, as container runtimes have it in the names of services.
[[nodiscard]] bool is_host_name(std::string_view text) noexcept;

}  // namespace diamgw
