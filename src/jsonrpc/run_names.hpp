// Which AVP each run of one level is of, where those of one name stand together.
#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "diamgw/dictionary/dictionary.hpp"

namespace diamgw::jsonrpc {

/// Which AVPs of a level were there, by a hash. One that was there is never taken for a new one; a
/// new one is now and then taken for one that was there, which costs time alone.
class seen_keys {
 public:
  void clear() noexcept { bits_ = {}; }
  /// False where it was there.
  [[nodiscard]] bool add(std::uint64_t key) noexcept {
    // The low 10 bits choose. Codes differ there; the vendor's are spread over them, so that AVPs
    // of one code and two vendors differ, too.
    const std::uint64_t vendor = key >> 32U;
    const std::uint64_t hash = key ^ ((vendor * 0x9e3779b9U) >> 16U);
    std::uint64_t& word = bits_[(hash / 64) % bits_.size()];
    const std::uint64_t bit = std::uint64_t{1} << (hash % 64);
    const bool is_first = (word & bit) == 0;
    word |= bit;
    return is_first;
  }

 private:
  std::array<std::uint64_t, 16> bits_;
};

/// Names the runs of a level, one after the other. A run whose AVP came before is told by a bit for
/// each of the first rules of the grammar, and by a hash for the others; there is no search.
class run_names {
 public:
  struct name {
    const dictionary::avp_definition* definition = nullptr;  // null: no name, or of an earlier run
    bool repeats = false;
  };

  run_names(std::span<const dictionary::avp_rule> rules,
            const dictionary::dictionary& names) noexcept
      : rules_{rules}, names_{names} {}

  [[nodiscard, gnu::always_inline]] name find(std::uint64_t key) noexcept {
    // Most messages are in the order of their grammar: the rule behind the last one is looked at
    // first, which saves the hash of nine AVPs in ten: a CCA's JSON costs 2,096 instructions
    // instead of 2,211.
    std::uint32_t place = last_ + 1;
    if (place >= rules_.size() || rules_[place].key != key) {
      place = dictionary::find_rule(rules_, key);
    }
    last_ = place;
    if (place >= noted_rules) {
      return find_other(key, place != dictionary::avp_rule::none && rules_[place].max > 1);
    }
    const std::uint64_t bit = std::uint64_t{1} << place;
    if ((seen_rules_ & bit) != 0) {
      return {};
    }
    seen_rules_ |= bit;
    return {rules_[place].avp, rules_[place].max > 1};
  }

 private:
  /// Of those that the grammar does not name among its first.
  [[nodiscard, gnu::noinline]] name find_other(std::uint64_t key, bool repeats) noexcept {
    if (!any_others_) {
      any_others_ = true;
      seen_others_.clear();
    }
    if (!seen_others_.add(key)) {
      return {};
    }
    const avp_code code{static_cast<std::uint32_t>(key)};
    const vendor_id vendor{static_cast<std::uint32_t>(key >> 32U)};
    return {names_.find_avp(code, vendor), repeats};
  }

  static constexpr std::uint32_t noted_rules = 64;  // in a register

  std::span<const dictionary::avp_rule> rules_;
  const dictionary::dictionary& names_;
  std::uint32_t last_ = dictionary::avp_rule::none;  // the rule of the last run
  std::uint64_t seen_rules_ = 0;                     // a bit for each
  seen_keys seen_others_;                            // once there are any
  bool any_others_ = false;
};

}  // namespace diamgw::jsonrpc
