#include "diamgw/base/nearest.hpp"
#include "diamgw/base/letter_case.hpp"

#include <algorithm>
#include <array>

namespace diamgw {
namespace {

constexpr std::size_t max_name_octets = 64;

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) noexcept {
  const std::size_t gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (gap > limit || a.size() > max_name_octets || b.size() > max_name_octets) {
    return limit + 1;
  }
  using row = std::array<std::size_t, max_name_octets + 1>;
  row before_last{};
  row last{};
  row current{};
  for (std::size_t j = 0; j <= b.size(); ++j) {
    last[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    std::size_t smallest = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const char x = to_lower(a[i - 1]);
      const char y = to_lower(b[j - 1]);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, last[j - 1] + (x == y ? 0U : 1U)});
      if (i > 1 && j > 1 && x == to_lower(b[j - 2]) && to_lower(a[i - 2]) == y) {
        current[j] = std::min(current[j], before_last[j - 2] + 1);
      }
      smallest = std::min(smallest, current[j]);
    }
    if (smallest > limit) {
      return limit + 1;
    }
    before_last = last;
    last = current;
  }
  return std::min(last[b.size()], limit + 1);
}

}  // namespace diamgw
