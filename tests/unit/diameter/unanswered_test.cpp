#include "diamgw/diameter/unanswered.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace diamgw::diameter {
namespace {

TEST(Unanswered, HasAResultCodeForEachEnd) {
  constexpr std::pair<unanswered, std::uint32_t> rows[] = {
      {unanswered::unable_to_deliver, 3002},  // RFC 6733 §7.1.3
      {unanswered::timed_out, 3002},          // §7.1.3
      {unanswered::receiver_lost, 3002},      // §7.1.3
      {unanswered::too_busy, 3004},           // §7.1.3
      {unanswered::malformed_answer, 5012},   // §7.1.5
      {unanswered::too_large, 5006},          // §7.1.5
      {unanswered::cancelled, 5012},          // §7.1.5
      {unanswered::draining, 3004},           // §7.1.3
  };
  for (const auto& [end, code] : rows) {
    EXPECT_EQ(static_cast<std::uint32_t>(to_result_code(end)), code) << static_cast<int>(end);
  }
}

TEST(Unanswered, TakesAClientsNumberWhereItIsAResultCode) {
  constexpr std::pair<std::uint32_t, std::uint32_t> rows[] = {
      {0, 5012},          // said nothing
      {999, 5012},        // below §7.1.1
      {1001, 1001},       // §7.1.1
      {3004, 3004},       // §7.1.3
      {5999, 5999},       // §7.1.5
      {6000, 5012},       // above
      {0xffffffff, 5012}  // far above
  };
  for (const auto& [said, code] : rows) {
    EXPECT_EQ(static_cast<std::uint32_t>(result_code_said(said)), code) << said;
  }
}

}  // namespace
}  // namespace diamgw::diameter
