// A hash table that is filled once and then only read: open addressing over one array, so that a
// look-up costs one hash, mostly one cache line, and never an allocation.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "diamgw/base/short_text.hpp"

namespace diamgw::dictionary {

inline std::size_t index_hash(std::uint64_t key) noexcept {
  return static_cast<std::size_t>((key * 0x9e3779b97f4a7c15ULL) >> 32U);
}
inline std::size_t index_hash(std::string_view key) noexcept {
  return hash_short_text(key);
}
inline bool same_key(std::uint64_t a, std::uint64_t b) noexcept {
  return a == b;
}
inline bool same_key(std::string_view a, std::string_view b) noexcept {
  return same_short_text(a, b);
}

/// `Value{}` means "none". Keys that are views must outlive the index.
template <class Key, class Value>
class flat_index {
 public:
  /// Room for `count` keys, at most half full.
  void reserve(std::size_t count) {
    slots_.assign(std::bit_ceil(count * 2 + 2), {});
    mask_ = slots_.size() - 1;
  }

  /// Keeps the first value of a key; false where it is known. `reserve` made room for it.
  bool insert(Key key, Value value) {
    for (std::size_t i = index_hash(key);; ++i) {
      auto& slot = slots_[i & mask_];
      if (slot.second == Value{}) {
        slot = {key, value};
        return true;
      }
      if (same_key(slot.first, key)) {
        return false;
      }
    }
  }

  [[nodiscard]] Value find(Key key) const noexcept {
    for (std::size_t i = index_hash(key);; ++i) {
      const auto& slot = slots_[i & mask_];
      if (slot.second == Value{} || same_key(slot.first, key)) {
        return slot.second;
      }
    }
  }

 private:
  std::vector<std::pair<Key, Value>> slots_ = std::vector<std::pair<Key, Value>>(1);
  std::size_t mask_ = 0;
};

}  // namespace diamgw::dictionary
