#include "diamgw/gateway/requests/refusal.hpp"

namespace diamgw::gateway {
namespace {

using diameter::unanswered;

unanswered end_of(exchange_outcome outcome) noexcept {
  switch (outcome) {
    case exchange_outcome::too_busy:
      return unanswered::too_busy;
    case exchange_outcome::receiver_lost:
      return unanswered::receiver_lost;
    case exchange_outcome::malformed_answer:
      return unanswered::malformed_answer;
    case exchange_outcome::oversized_answer:
      return unanswered::too_large;
    case exchange_outcome::deadline:
      return unanswered::timed_out;
    case exchange_outcome::cancelled:
      return unanswered::cancelled;
    case exchange_outcome::draining:
      return unanswered::draining;
    case exchange_outcome::not_sent:
    case exchange_outcome::refused:
    case exchange_outcome::answered:
    case exchange_outcome::asker_left:
      break;
  }
  return unanswered::unable_to_deliver;
}

}  // namespace

bool may_have_been_sent(const exchange_result& ended) noexcept {
  switch (ended.outcome) {
    case exchange_outcome::not_sent:
    case exchange_outcome::too_busy:
      return false;
    case exchange_outcome::refused:
      return ended.code != diameter::result_code::unknown_session_id &&
             ended.code != diameter::result_code::too_busy;
    default:
      return true;
  }
}

refusal refusal_of(const exchange_result& ended, diameter::agent::asked_by from) noexcept {
  refusal why{
      .end = end_of(ended.outcome), .sentence = ended.sentence, .sent = may_have_been_sent(ended)};
  why.code = diameter::to_result_code(*why.end);
  if (ended.outcome == exchange_outcome::refused) {
    why.code = ended.code;
    if (ended.code == diameter::result_code::too_busy) {
      why.end = unanswered::too_busy;
    }
  } else if (ended.outcome == exchange_outcome::oversized_answer) {
    why.sentence = "the answer is above diameter.max_message_octets";
  } else if (ended.outcome == exchange_outcome::deadline &&
             from == diameter::agent::asked_by::peer) {
    why.sentence = "no answer came in time";
  }
  return why;
}

}  // namespace diamgw::gateway
