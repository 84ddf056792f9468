#include "dictionary/grammar_reader.hpp"

namespace diamgw::dictionary {

bool grammar_reader::parse_name_and_definition(syntax::name& out, std::string_view expected) {
  if (!take_name(out, expected)) {
    return false;
  }
  if (current().kind != token_kind::definition) {
    return fail("'::='");
  }
  advance();
  return true;
}

bool grammar_reader::parse_message(std::vector<syntax::message>& out) {
  syntax::message m;
  if (!parse_name_and_definition(m.called, "the name of a message") ||
      !parse_header_words("Diameter", "Diameter-Header")) {
    return false;
  }
  const bool error_answer = m.called.text == "answer-message";
  if (error_answer) {
    m.code.at = current().at;
    if (!expect_word("code")) {
      return false;
    }
  } else if (!take_number(m.code, "a command code", 0xffffffU)) {
    return false;
  }
  while (current().is(',')) {
    advance();
    if (!parse_bit(m)) {
      return false;
    }
  }
  if (error_answer && current().is('[')) {  // "[PXY]": as the request has it
    advance();
    if (!expect_word("PXY") || !expect(']', "']'")) {
      return false;
    }
  }
  if (current().kind == token_kind::number || current().kind == token_kind::too_large) {
    syntax::number application;
    if (!take_number(application, "an application id")) {
      return false;
    }
    m.application = application;
  }
  if (!expect('>', m.application ? "'>'" : "',' or '>'") || !parse_rules(m.rules)) {
    return false;
  }
  out.push_back(std::move(m));
  return true;
}

bool grammar_reader::parse_bit(syntax::message& m) {
  bool* const bit = current().is_word("REQ")   ? &m.request
                    : current().is_word("PXY") ? &m.proxiable
                    : current().is_word("ERR") ? &m.error
                                               : nullptr;
  if (bit == nullptr) {
    return fail("'REQ', 'PXY' or 'ERR'");
  }
  if (*bit) {
    return fail("each of 'REQ', 'PXY' and 'ERR' once");
  }
  *bit = true;
  advance();
  return true;
}

bool grammar_reader::parse_group(std::vector<syntax::group>& out) {
  syntax::group g;
  if (!parse_name_and_definition(g.called, "the name of a Grouped AVP") ||
      !parse_header_words("AVP", "AVP-Header") || !take_number(g.code, "an AVP code")) {
    return false;
  }
  if (!current().is('>')) {
    syntax::number vendor;
    if (!take_number(vendor, "a vendor id or '>'")) {
      return false;
    }
    g.vendor = vendor;
  }
  if (!expect('>', "'>'") || !parse_rules(g.rules)) {
    return false;
  }
  out.push_back(std::move(g));
  return true;
}

bool grammar_reader::parse_header_words(std::string_view first, std::string_view joined) {
  const std::string expected = "'" + std::string{first} + " Header'";
  if (!expect('<', "'<'")) {
    return false;
  }
  if (current().is_word(joined)) {
    advance();
  } else if (!current().is_word(first)) {
    return fail(expected);
  } else {
    advance();
    if (!expect_word("Header")) {
      return false;
    }
  }
  return expect(':', "':'");
}

bool grammar_reader::parse_rules(std::vector<syntax::rule>& rules) {
  while (in_section() && following().kind != token_kind::definition) {
    syntax::rule rule;
    if (!parse_rule(rule)) {
      return false;
    }
    rules.push_back(std::move(rule));
  }
  return true;
}

bool grammar_reader::parse_rule(syntax::rule& rule) {
  const position start = current().at;
  std::optional<std::uint32_t> min;
  std::optional<std::uint32_t> max;
  bool qualified = false;
  if (!parse_qualifier(min, max, qualified)) {
    return false;
  }
  char close = '>';
  if (current().is('<')) {
    rule.place = placement::fixed;
  } else if (current().is('{')) {
    rule.place = placement::required;
    close = '}';
  } else if (current().is('[')) {
    rule.place = placement::optional;
    close = ']';
  } else {
    return fail(qualified ? "'<', '{' or '['" : "an AVP in <>, {} or [], or a new definition");
  }
  advance();
  if (!take_name(rule.avp, "the name of an AVP") ||
      !expect(close, std::string{'\''} + close + '\'')) {
    return false;
  }
  return set_limits(rule, start, min, max, qualified);
}

bool grammar_reader::parse_qualifier(std::optional<std::uint32_t>& min,
                                     std::optional<std::uint32_t>& max, bool& qualified) {
  if (current().kind == token_kind::number) {
    min = advance().value;
    if (!current().is('*')) {
      return fail("'*'");
    }
  }
  if (current().is('*')) {
    advance();
    qualified = true;
    if (current().kind == token_kind::number) {
      max = advance().value;
    }
  }
  return true;
}

/// RFC 6733 §3.2: "If a fixed or required rule has no qualifier, then exactly one such AVP MUST be
/// present"; optional: 0 or 1. With one, min is 0 by default, 1 for required rules; max infinity.
bool grammar_reader::set_limits(syntax::rule& rule, position start,
                                std::optional<std::uint32_t> min, std::optional<std::uint32_t> max,
                                bool qualified) {
  if (!qualified) {
    rule.min = rule.place == placement::optional ? 0 : 1;
    rule.max = 1;
    return true;
  }
  rule.min = min.value_or(rule.place == placement::required ? 1 : 0);
  rule.max = max.value_or(avp_rule::unbounded);
  if (rule.place == placement::optional && rule.min != 0) {
    error(start, "expected a minimum of 0 for the optional '" + rule.avp.text + "', found " +
                     std::to_string(rule.min));
  } else if (rule.place == placement::required && rule.min == 0) {
    error(start,
          "expected a minimum of at least 1 for the required '" + rule.avp.text + "', found 0");
  } else if (rule.max < rule.min) {
    error(start, "expected a maximum of at least " + std::to_string(rule.min) + " for '" +
                     rule.avp.text + "', found " + std::to_string(rule.max));
  }
  return true;  // the construct is whole: nothing is skipped
}

}  // namespace diamgw::dictionary
