#include "diamgw/jsonrpc/errors.hpp"

#include "diamgw/codec/codes.hpp"
#include "diamgw/diameter/unanswered.hpp"

namespace diamgw::jsonrpc {
namespace {

[[nodiscard]] constexpr std::uint32_t number_of(diameter::result_code code) noexcept {
  return static_cast<std::uint32_t>(code);
}

using enum diameter::result_code;
using diameter::to_sentence;
using diameter::unanswered;

constexpr std::array<error_definition, 13> definitions{{
    {error_number::parse_error, "parse_error", "The text is not JSON", 0},
    {error_number::invalid_request, "invalid_request", "The JSON is not a JSON-RPC 2.0 call", 0},
    {error_number::method_not_found, "method_not_found", "There is no such method",
     number_of(command_unsupported)},
    {error_number::invalid_params, "invalid_params", "The params are wrong",
     number_of(invalid_avp_value)},
    {error_number::internal_error, "internal_error", "The gateway failed",
     number_of(unable_to_comply)},
    {error_number::unable_to_deliver, "unable_to_deliver",
     to_sentence(unanswered::unable_to_deliver),
     number_of(diameter::result_code::unable_to_deliver)},
    {error_number::timed_out, "timed_out", to_sentence(unanswered::timed_out),
     number_of(diameter::result_code::unable_to_deliver)},
    {error_number::too_busy, "too_busy", to_sentence(unanswered::too_busy),
     number_of(diameter::result_code::too_busy)},
    {error_number::peer_lost, "peer_lost", to_sentence(unanswered::receiver_lost),
     number_of(diameter::result_code::unable_to_deliver)},
    {error_number::draining, "draining", to_sentence(unanswered::draining),
     number_of(diameter::result_code::too_busy)},
    {error_number::malformed_answer, "malformed_answer", to_sentence(unanswered::malformed_answer),
     number_of(unable_to_comply)},
    {error_number::cancelled, "cancelled", to_sentence(unanswered::cancelled), 0},
    {error_number::too_large, "too_large", to_sentence(unanswered::too_large),
     number_of(resources_exceeded)},
}};

}  // namespace

const std::array<error_definition, 13>& error_definitions() noexcept {
  return definitions;
}

const error_definition& find_error(error_number number) noexcept {
  for (const error_definition& d : definitions) {
    if (d.number == number) {
      return d;
    }
  }
  return definitions[4];  // internal_error: a number from outside the enumeration
}

}  // namespace diamgw::jsonrpc
