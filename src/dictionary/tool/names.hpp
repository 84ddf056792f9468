// C++ spellings of the dictionary's names.
#pragma once
#include <string>
#include <string_view>

#include "diamgw/dictionary/types.hpp"

namespace diamgw::codegen {

/// "CC-Request-Type" to "cc_request_type"; `class` becomes `class_`, "3GPP-X" `_3gpp_x`.
[[nodiscard]] std::string identifier(std::string_view name);

/// Of a value: "DIAMETER_SUCCESS" to "success", for the namespace already says Diameter.
[[nodiscard]] std::string value_identifier(std::string_view name);

/// How a member holds the value of this AVP for writing: "std::string_view", "rfc6733::proxy_info".
[[nodiscard]] std::string written_type(const dictionary::avp_definition& avp);

/// And how a view gives it: groups as typed::group_ref.
[[nodiscard]] std::string read_type(const dictionary::avp_definition& avp);

/// The typed::kind of its values: "text".
[[nodiscard]] std::string value_kind(const dictionary::avp_definition& avp);

/// The grammar of a rule as the RFCs write it, padded to columns: "   * [ Proxy-Info ]".
[[nodiscard]] std::string rule_text(const dictionary::avp_rule& rule);

}  // namespace diamgw::codegen
