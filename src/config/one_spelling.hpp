// Addresses and names of hosts, to be compared as texts.
#pragma once
#include <string>

namespace diamgw::config {

/// What is one host for whoever listens or connects becomes one text: an IPv6 address as in RFC
/// 5952, one that is an IPv4 address mapped into it (RFC 4291 §2.5.5.2) as that, a name in lower
/// case.
[[nodiscard]] std::string one_spelling(const std::string& host);

}  // namespace diamgw::config
