// Where a reader finds the rule of an AVP: a hash without collisions.
#pragma once
#include <cstdint>
#include <vector>

namespace diamgw::codegen {

struct rule_index {
  std::vector<std::uint8_t> numbers;  // of rules, by `id * multiplier >> shift`; 0 where none is
  std::uint64_t multiplier = 0;
  unsigned shift = 0;
};

/// `ids` differ; there are 1 to 256 of them.
[[nodiscard]] rule_index make_index(const std::vector<std::uint64_t>& ids);

}  // namespace diamgw::codegen
