// RFC 6733 §5.6.4.
#include "diamgw/diameter/election.hpp"

#include <gtest/gtest.h>

namespace diamgw::diameter {
namespace {

TEST(Elect, ComparesOctetsWithoutTheCaseOfLetters) {
  const struct {
    std::string_view local;
    std::string_view peer;
    election_result result;
  } rows[] = {
      {"b.example", "a.example", election_result::won},
      {"a.example", "b.example", election_result::lost},
      {"B.EXAMPLE", "a.example", election_result::won},
      {"b.example", "A.EXAMPLE", election_result::won},
      {"A.EXAMPLE", "b.example", election_result::lost},
      {"a.example", "B.EXAMPLE", election_result::lost},
      {"a.example", "a.example", election_result::lost},
      {"a.example", "A.EXAMPLE", election_result::lost},
      {"aa", "a", election_result::won},  // of equal beginnings the longer succeeds
      {"a", "aa", election_result::lost},
      {"a", "", election_result::won},
      {"", "", election_result::lost},
      {"a_b", "aZb", election_result::won},  // letters compare as capitals, below '_'
      {"a_b", "azb", election_result::won},
      {"a-b", "aab", election_result::lost},
      {"\xc3\xa9", "z", election_result::won},  // octets are unsigned
  };
  for (const auto& row : rows) {
    EXPECT_EQ(elect(row.local, row.peer), row.result) << row.local << " against " << row.peer;
  }
}

TEST(Elect, HasOneWinner) {
  const std::string_view hosts[] = {"a", "B", "ab", "a.b", "z9", "Z", "", "\xff"};
  for (const std::string_view one : hosts) {
    for (const std::string_view other : hosts) {
      const bool both_won =
          elect(one, other) == election_result::won && elect(other, one) == election_result::won;
      EXPECT_FALSE(both_won) << one << " and " << other;
    }
  }
}

}  // namespace
}  // namespace diamgw::diameter
