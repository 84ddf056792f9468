// Definitions as the `.dia` notation writes them, which is that of the RFCs (RFC 6733 §3.2, §4.4).
#pragma once
#include <string>

#include "diamgw/dictionary/types.hpp"

namespace diamgw::app {

enum class message_kind : std::uint8_t { request, answer };

/// "* [ Subscription-Id ]", "{ Origin-Host }", "1*2 < AVP >".
[[nodiscard]] std::string to_notation(const dictionary::avp_rule& rule);

/// "CCR ::= < Diameter Header: 272, REQ, PXY 4 >" and a line for each rule, each with its newline.
[[nodiscard]] std::string to_notation(const dictionary::command_definition& command,
                                      message_kind kind);

/// "Subscription-Id ::= < AVP Header: 443 >" and so on, of a Grouped.
[[nodiscard]] std::string to_notation(const dictionary::avp_definition& group);

}  // namespace diamgw::app
