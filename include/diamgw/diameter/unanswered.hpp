// How a request ends that no answer came for, and what its sender is told by a Result-Code (RFC
// 6733 §7.1).
#pragma once
#include <cstdint>
#include <string_view>

#include "diamgw/codec/codes.hpp"

namespace diamgw::diameter {

enum class unanswered : std::uint8_t {
  unable_to_deliver,  // nobody could be given the request
  timed_out,          // no answer in time
  receiver_lost,      // whoever had the request went away before it answered
  too_busy,           // a queue or table was full
  malformed_answer,   // it came, and cannot be used
  too_large,          // the request or its answer is above a size limit
  cancelled,          // by its sender
  draining,           // this node is leaving
};

/// The one table: no other place maps an end without an answer to a Result-Code.
[[nodiscard]] result_code to_result_code(unanswered end) noexcept;

/// What is said of it where there is nothing more exact to say.
[[nodiscard]] constexpr std::string_view to_sentence(unanswered end) noexcept {
  switch (end) {
    case unanswered::unable_to_deliver:
      return "No open peer serves this request";
    case unanswered::timed_out:
      return "No answer came before the deadline";
    case unanswered::receiver_lost:
      return "The peer went away before it answered";
    case unanswered::too_busy:
      return "A queue is full; try again later";
    case unanswered::malformed_answer:
      return "The answer could not be read";
    case unanswered::too_large:
      return "The message is above a size limit";
    case unanswered::cancelled:
      return "The call was cancelled";
    case unanswered::draining:
      return "The gateway is about to stop";
  }
  return {};
}

/// The Result-Code that answers a peer's request when a client of ours said by an error of its own
/// that it will not: the number that it gave, where that is one (§7.1: 1xxx to 5xxx), else 5012.
/// in: 0 where the client gave none
[[nodiscard]] result_code result_code_said(std::uint32_t number) noexcept;

}  // namespace diamgw::diameter
