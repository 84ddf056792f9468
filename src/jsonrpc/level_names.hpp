// What the AVPs of one level are called in the object form, in whatever order they stand.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "diamgw/codec/avp.hpp"
#include "diamgw/dictionary/dictionary.hpp"

namespace diamgw::jsonrpc {

/// Different AVPs on one level that the object form names; the others are in its "AVP" list.
inline constexpr std::size_t max_json_names = 128;

/// One name of the object form: what stands there first, and how often. No constructor: a level has
/// room for many of them, and most of it stays as it is.
struct named_avps {
  const dictionary::avp_definition* definition;
  const std::byte* first;
  std::uint32_t count;
};

[[nodiscard]] inline bool is_of(const diameter::avp_view& avp,
                                const dictionary::avp_definition& definition) noexcept {
  return definition.code == avp.code && definition.vendor == avp.vendor;
}

/// What of a level has a name. Fixed in size, so that no level is walked more often than that.
class level_names {
 public:
  level_names(diameter::avp_range avps, const dictionary::dictionary& names) noexcept {
    for (const diameter::avp_view avp : avps) {
      // Names are looked for one by one only where another has the same bit.
      const std::uint64_t bit = bit_of(avp);
      if ((bits_ & bit) == 0 || !count_again(avp)) {
        bits_ |= bit;
        add(avp, names.find_avp(avp.code, avp.vendor));
      }
    }
  }
  [[nodiscard]] std::span<const named_avps> all() const noexcept { return {names_.data(), used_}; }
  [[nodiscard]] bool complete() const noexcept { return complete_; }
  [[nodiscard]] bool has(const diameter::avp_view& avp) const noexcept {
    return std::ranges::any_of(all(),
                               [&](const named_avps& n) { return is_of(avp, *n.definition); });
  }

 private:
  [[nodiscard]] static std::uint64_t bit_of(const diameter::avp_view& avp) noexcept {
    return std::uint64_t{1} << (((avp.code.value ^ avp.vendor.value) * 0x9e3779b9U) >> 26U);
  }
  [[nodiscard]] bool count_again(const diameter::avp_view& avp) noexcept {
    for (std::size_t i = used_; i > 0; --i) {  // repeats mostly stand together
      if (is_of(avp, *names_[i - 1].definition)) {
        ++names_[i - 1].count;
        return true;
      }
    }
    return false;
  }
  void add(const diameter::avp_view& avp, const dictionary::avp_definition* definition) noexcept {
    if (definition == nullptr || used_ == names_.size()) {
      complete_ = false;
      return;
    }
    names_[used_++] = {definition, avp.header, 1};
  }

  std::array<named_avps, max_json_names> names_;
  std::uint64_t bits_ = 0;
  std::size_t used_ = 0;
  bool complete_ = true;
};

}  // namespace diamgw::jsonrpc
