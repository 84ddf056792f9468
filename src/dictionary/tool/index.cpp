#include "index.hpp"

#include <bit>
#include <random>

namespace diamgw::codegen {
namespace {

bool fill(rule_index& index, const std::vector<std::uint64_t>& ids) {
  std::vector<bool> used(index.numbers.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::uint64_t at = ids[i] * index.multiplier >> index.shift;
    if (used[at]) {
      return false;
    }
    used[at] = true;
    index.numbers[at] = static_cast<std::uint8_t>(i);
  }
  return true;
}

}  // namespace

rule_index make_index(const std::vector<std::uint64_t>& ids) {
  constexpr int tries = 2000;  // of one size, before it is doubled
  std::mt19937_64 random{1};   // the same index each time the generator runs
  rule_index out;
  for (auto bits = static_cast<unsigned>(std::bit_width(ids.size()));; ++bits) {
    out.shift = 64 - bits;
    for (int i = 0; i < tries; ++i) {
      out.multiplier = random() | 1U;
      out.numbers.assign(std::size_t{1} << bits, 0);
      if (fill(out, ids)) {
        return out;
      }
    }
  }
}

}  // namespace diamgw::codegen
