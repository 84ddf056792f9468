#include "diamgw/diameter/unanswered.hpp"

namespace diamgw::diameter {

result_code to_result_code(unanswered end) noexcept {
  switch (end) {
    case unanswered::unable_to_deliver:
    case unanswered::timed_out:
    case unanswered::receiver_lost:
      // §7.1.3: "either because no host within the realm supporting the required application was
      // available to process the request or because the Destination-Host AVP was given without the
      // associated Destination-Realm AVP"; for want of a code that says more.
      return result_code::unable_to_deliver;
    case unanswered::too_busy:
    case unanswered::draining:
      return result_code::too_busy;  // §7.1.3: the sender "SHOULD" try another
    case unanswered::too_large:
      return result_code::resources_exceeded;  // §7.1.5
    case unanswered::malformed_answer:
    case unanswered::cancelled:
      break;
  }
  return result_code::unable_to_comply;  // §7.1.5: "for unspecified reasons"
}

result_code result_code_said(std::uint32_t number) noexcept {
  constexpr std::uint32_t first = 1000;  // informational (§7.1.1)
  constexpr std::uint32_t end = 6000;    // after the permanent failures (§7.1.5)
  return number >= first && number < end ? static_cast<result_code>(number)
                                         : result_code::unable_to_comply;
}

}  // namespace diamgw::diameter
