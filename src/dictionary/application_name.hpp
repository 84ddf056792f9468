// When two texts are one name of an application, as people write them.
#pragma once
#include <array>
#include <string_view>

#include "diamgw/base/letter_case.hpp"

namespace diamgw::dictionary {

/// A name without what does not matter: letter case, separators, and "Diameter" or "3GPP" in front
/// of the rest. "3GPP S6a/S6d" becomes "s6as6d". Of longer names the first octets count.
class application_name {
 public:
  explicit constexpr application_name(std::string_view written) noexcept {
    for (const char c : written) {
      if (c != ' ' && c != '-' && c != '_' && c != '/' && size_ < letters_.size()) {
        letters_[size_++] = to_lower(c);
      }
    }
    for (const std::string_view before : {std::string_view{"diameter"}, std::string_view{"3gpp"}}) {
      if (size_ > before.size() && whole().starts_with(before)) {
        start_ = before.size();
        break;
      }
    }
  }

  /// Lives as long as this.
  [[nodiscard]] constexpr std::string_view letters() const noexcept {
    return whole().substr(start_);
  }

 private:
  [[nodiscard]] constexpr std::string_view whole() const noexcept {
    return {letters_.data(), size_};
  }

  std::array<char, 256> letters_{};
  std::size_t size_ = 0;
  std::size_t start_ = 0;
};

}  // namespace diamgw::dictionary
