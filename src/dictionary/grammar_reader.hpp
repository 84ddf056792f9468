// The grammars of @messages (RFC 6733 §3.2) and @grouped (§4.4).
#pragma once
#include <optional>
#include <vector>

#include "dictionary/token_reader.hpp"

namespace diamgw::dictionary {

class grammar_reader : public token_reader {
 public:
  using token_reader::token_reader;

 protected:
  /// `CCR ::= < Diameter Header: 272, REQ, PXY > ...`
  bool parse_message(std::vector<syntax::message>& out);
  /// `Used-Service-Unit ::= < AVP Header: 446 > ...`
  bool parse_group(std::vector<syntax::group>& out);

 private:
  bool parse_name_and_definition(syntax::name& out, std::string_view expected);
  /// `< Diameter Header:`, or as RFC 3588 once misspelt it, `< Diameter-Header:`.
  bool parse_header_words(std::string_view first, std::string_view joined);
  bool parse_bit(syntax::message& m);
  bool parse_rules(std::vector<syntax::rule>& rules);
  bool parse_rule(syntax::rule& rule);
  bool parse_qualifier(std::optional<std::uint32_t>& min, std::optional<std::uint32_t>& max,
                       bool& qualified);
  bool set_limits(syntax::rule& rule, position start, std::optional<std::uint32_t> min,
                  std::optional<std::uint32_t> max, bool qualified);
};

}  // namespace diamgw::dictionary
