// Why a request got no answer, as its asker is told.
#pragma once
#include <optional>
#include <string_view>

#include "diamgw/codec/codes.hpp"
#include "diamgw/codec/validation.hpp"
#include "diamgw/diameter/agent.hpp"
#include "diamgw/diameter/unanswered.hpp"
#include "diamgw/gateway/requests/exchange.hpp"
#include "diamgw/routing/table.hpp"

namespace diamgw::gateway {

/// Views live during the call in which the asker is told.
struct refusal {
  /// How it ended, or did not begin; nothing: it is refused for what it is (RFC 6733 §6.1).
  std::optional<diameter::unanswered> end;
  diameter::result_code code = diameter::result_code::unable_to_deliver;
  std::string_view reason{};                         // in a word, that of the metrics
  std::string_view sentence{};                       // for a person; empty: there is nothing to add
  const diameter::violation* violation = nullptr;    // the rule of the grammar, where it was one
  const routing::explanation* candidates = nullptr;  // who was considered, where nobody took it
  std::string_view peer{};                           // Origin-Host of whom it was given to, if any
  bool sent = false;  // false: certainly nobody has seen it; true: it may have been served
};

/// Whether a receiver that was given the request may have seen it, where it ended so: then to
/// repeat it may charge twice.
[[nodiscard]] bool may_have_been_sent(const exchange_result& ended) noexcept;

/// What an outcome without an answer, and not `asker_left`, means to an asker of this kind.
[[nodiscard]] refusal refusal_of(const exchange_result& ended,
                                 diameter::agent::asked_by from) noexcept;

}  // namespace diamgw::gateway
