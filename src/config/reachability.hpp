// Which addresses mean the same place, as far as the texts of a configuration tell: all of them in
// one spelling.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/letter_case.hpp"
#include "diamgw/config/options.hpp"

namespace diamgw::config {

/// All addresses of this host, of IPv4 or of both: our listeners on :: take IPv4, too.
[[nodiscard]] inline bool is_wildcard(std::string_view address) noexcept {
  return address == "0.0.0.0" || address == "::";
}

/// RFC 6761 §6.3.
[[nodiscard]] inline bool is_localhost(std::string_view address) noexcept {
  return same_text(address, "localhost");
}

[[nodiscard]] inline bool is_loopback(std::string_view address) noexcept {
  return address.starts_with("127.") || address == "::1" || is_localhost(address);
}

/// One name or address twice, or localhost and what it usually stands for.
[[nodiscard]] inline bool is_same_place(std::string_view a, std::string_view b) noexcept {
  const auto usual = [](std::string_view text) { return text == "127.0.0.1" || text == "::1"; };
  return same_text(a, b) || (is_localhost(a) && usual(b)) || (is_localhost(b) && usual(a));
}

/// Whether a listener on `wildcard` takes what comes to `address`.
[[nodiscard]] inline bool covers(std::string_view wildcard, std::string_view address) noexcept {
  return wildcard == "::" || (wildcard == "0.0.0.0" && address.find(':') == std::string_view::npos);
}

/// Two listeners that are not written alike, and have some address in common: the system gives a
/// port of one to the first alone.
[[nodiscard]] inline bool overlap(const endpoint& a, const endpoint& b) noexcept {
  return a.port == b.port && a.port != 0 && !same_text(a.address, b.address) &&
         (is_same_place(a.address, b.address) || covers(a.address, b.address) ||
          covers(b.address, a.address));
}

/// Who connects to `to` reaches our own `listener`. `own` are addresses and names that we know to
/// be ours.
[[nodiscard]] inline bool reaches(const endpoint& to, const endpoint& listener,
                                  const std::vector<std::string>& own) {
  if (to.port != listener.port) {
    return false;
  }
  const bool ours =
      is_loopback(to.address) || is_wildcard(to.address) ||
      std::ranges::any_of(own, [&](const std::string& one) { return same_text(one, to.address); });
  return is_same_place(to.address, listener.address) ||
         (ours && covers(listener.address, to.address));
}

}  // namespace diamgw::config
