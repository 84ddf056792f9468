#include "diamgw/gateway/requests/refusal.hpp"

#include <gtest/gtest.h>

#include <array>

namespace diamgw::gateway {
namespace {

using diameter::unanswered;
using asker_kind = diameter::agent::asked_by;
using diameter::result_code;

struct refusal_row {
  exchange_outcome outcome;
  unanswered end;
  result_code code;  // RFC 6733 §7.1, as a Diameter asker is answered
};

TEST(Refusal, SaysWhatEachOutcomeMeans) {
  constexpr std::array rows{
      refusal_row{exchange_outcome::not_sent, unanswered::unable_to_deliver,
                  result_code::unable_to_deliver},
      refusal_row{exchange_outcome::too_busy, unanswered::too_busy, result_code::too_busy},
      refusal_row{exchange_outcome::receiver_lost, unanswered::receiver_lost,
                  result_code::unable_to_deliver},
      refusal_row{exchange_outcome::malformed_answer, unanswered::malformed_answer,
                  result_code::unable_to_comply},
      refusal_row{exchange_outcome::oversized_answer, unanswered::too_large,
                  result_code::resources_exceeded},
      refusal_row{exchange_outcome::deadline, unanswered::timed_out,
                  result_code::unable_to_deliver},
      refusal_row{exchange_outcome::cancelled, unanswered::cancelled,
                  result_code::unable_to_comply},
      refusal_row{exchange_outcome::draining, unanswered::draining, result_code::too_busy},
  };
  for (const refusal_row& r : rows) {
    const refusal why = refusal_of({.outcome = r.outcome}, asker_kind::client);

    EXPECT_EQ(why.end, r.end) << static_cast<int>(r.outcome);
    EXPECT_EQ(why.code, r.code) << static_cast<int>(r.outcome);
  }
}

TEST(Refusal, PassesTheReceiversOwnWordsOn) {
  const exchange_result unknown{.outcome = exchange_outcome::refused,
                                .code = result_code::unknown_session_id,
                                .sentence = "no client of this gateway has the session"};
  const exchange_result busy{.outcome = exchange_outcome::refused, .code = result_code::too_busy};

  EXPECT_EQ(refusal_of(unknown, asker_kind::peer).code, result_code::unknown_session_id);
  EXPECT_EQ(refusal_of(unknown, asker_kind::peer).sentence, unknown.sentence);
  EXPECT_EQ(refusal_of(busy, asker_kind::peer).end, unanswered::too_busy);
}

TEST(Refusal, TellsAPeerThatItsClientWasSilent) {
  const exchange_result late{.outcome = exchange_outcome::deadline};

  EXPECT_EQ(refusal_of(late, asker_kind::peer).sentence, "no answer came in time");
  EXPECT_TRUE(refusal_of(late, asker_kind::client).sentence.empty());
}

}  // namespace
}  // namespace diamgw::gateway
