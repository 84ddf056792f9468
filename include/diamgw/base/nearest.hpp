// "Did you mean ...?": the nearest of a set of names.
#pragma once
#include <cstddef>
#include <limits>
#include <string_view>

namespace diamgw {

/// Edits (insert, delete, replace, swap of neighbours) from `a` to `b`, letter case ignored;
/// `limit` + 1 where there are more. No allocation; names over 64 octets count as far.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b,
                                        std::size_t limit) noexcept;

/// The name in `names` (a range of things that convert to string_view) nearest to `wanted`, or an
/// empty view where none is within a third of its length. The view is into `names`.
template <class Range>
[[nodiscard]] std::string_view find_nearest(std::string_view wanted, const Range& names) {
  std::string_view best;
  std::size_t best_distance = wanted.size() / 3 + 1;
  for (const auto& name : names) {
    const std::size_t distance = edit_distance(wanted, name, best_distance - 1);
    if (distance < best_distance) {
      best = name;
      best_distance = distance;
      if (distance == 0) {
        break;
      }
    }
  }
  return best;
}

}  // namespace diamgw
