// RFC 6733 §3.
#include "diamgw/diameter/identifiers.hpp"

#include <gtest/gtest.h>

#include <set>

namespace diamgw::diameter {
namespace {

TEST(EndToEndSource, StartsWithTheTimeInItsHighBits) {
  end_to_end_source source{1, 0x12345abcU};

  EXPECT_EQ(source.next().value >> 20U, 0xabcU);
}

TEST(EndToEndSource, DiffersBySeedInItsLowBits) {
  end_to_end_source one{1, 100};
  end_to_end_source two{2, 100};

  EXPECT_NE(one.next(), two.next());
}

TEST(EndToEndSource, NeverMeetsASourceOfAnotherOffset) {
  std::set<end_to_end_id> seen;
  for (std::uint32_t shard = 0; shard < 4; ++shard) {
    end_to_end_source source{7, 100, shard, 4};
    for (int i = 0; i < 1000; ++i) {
      EXPECT_TRUE(seen.insert(source.next()).second);
    }
  }
}

TEST(BaseHopByHopSource, KeepsToItsSlotAndMovesOn) {
  base_hop_by_hop_source source{1};
  std::set<hop_by_hop_id> seen;

  for (int i = 0; i < 4096; ++i) {
    const hop_by_hop_id id = source.next();
    EXPECT_EQ(id.value & 0xfffffU, base_hop_by_hop_source::slot);
    EXPECT_TRUE(seen.insert(id).second);
  }
}

}  // namespace
}  // namespace diamgw::diameter
