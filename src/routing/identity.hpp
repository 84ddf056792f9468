// DiameterIdentities as keys: letter case is ignored (RFC 6733 §4.3.1), in ASCII only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace diamgw::routing {

[[nodiscard]] constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] constexpr bool same_identity(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (to_lower(a[i]) != to_lower(b[i])) {
      return false;
    }
  }
  return true;
}

/// FNV-1a over the lower-case octets; `seed` sets several keys of one text apart.
[[nodiscard]] constexpr std::size_t hash_identity(std::string_view text,
                                                  std::uint64_t seed = 0) noexcept {
  std::uint64_t h = 0xcbf29ce484222325U ^ seed;
  for (const char c : text) {
    h = (h ^ static_cast<unsigned char>(to_lower(c))) * 0x100000001b3U;
  }
  return h;
}

/// Transparent, so that a view finds a string without a copy.
struct identity_hash {
  using is_transparent = void;
  [[nodiscard]] std::size_t operator()(std::string_view text) const noexcept {
    return hash_identity(text);
  }
};
struct identity_equal {
  using is_transparent = void;
  [[nodiscard]] bool operator()(std::string_view a, std::string_view b) const noexcept {
    return same_identity(a, b);
  }
};

}  // namespace diamgw::routing
