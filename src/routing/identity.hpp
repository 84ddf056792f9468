// DiameterIdentities as keys: letter case is ignored (RFC 6733 §4.3.1), in ASCII only.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "diamgw/base/letter_case.hpp"

namespace diamgw::routing {

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
    return same_text(a, b);
  }
};

}  // namespace diamgw::routing
