#include "diamgw/codec/validation.hpp"

#include <algorithm>
#include <limits>

#include "codec/offender.hpp"
#include "diamgw/base/assert.hpp"
#include "diamgw/codec/values.hpp"

namespace diamgw::diameter {
namespace {

using dictionary::avp_definition;
using dictionary::avp_rule;
using dictionary::avp_type;
using dictionary::command_definition;
using dictionary::flag_rule;
using dictionary::placement;

constexpr std::uint8_t reserved_avp_flags = 0x1f;

bool is(const avp_view& avp, avp_code code) noexcept {
  return avp.code == code && avp.vendor == ietf_vendor;
}

bool agrees(flag_rule rule, bool set) noexcept {
  return rule == flag_rule::may || set == (rule == flag_rule::must);
}

bool flags_agree(const avp_view& avp, const avp_definition* definition, flag_check check) noexcept {
  if (check == flag_check::ignore) {
    return true;
  }
  if ((avp.flags & reserved_avp_flags) != 0) {
    return false;
  }
  return check == flag_check::reserved_bits || definition == nullptr ||
         (agrees(definition->mandatory, avp.mandatory()) &&
          agrees(definition->protect, (avp.flags & avp_flags::protect) != 0));
}

/// Whether an answer reports an error: then it may lack what only success can fill.
bool reports_error(const message_view& answer) noexcept {
  if (const auto avp = answer.find(avps::result_code); avp && avp->data.size() == 4) {
    return load_be32(avp->data.data()) >= 3000;
  }
  return answer.find(avps::experimental_result).has_value();
}

std::size_t most_rules(const dictionary::dictionary& names) noexcept {
  std::size_t most = 0;
  for (const avp_definition* avp : names.avps()) {
    most = std::max(most, avp->grammar.size());
  }
  for (const command_definition* command : names.commands()) {
    most = std::max({most, command->request.size(), command->answer.size()});
  }
  return most;
}

}  // namespace

/// One grammar on its way through one list of AVPs.
struct validator::level {
  std::span<const avp_rule> rules;
  std::span<std::uint32_t> counts;
  std::size_t depth = 0;
  std::size_t next = 0;  // where the last AVP's rule was: messages keep to the grammar's order
  std::size_t fixed_head = 0;  // how many rules at the grammar's head are fixed
  std::size_t fixed_next = 0;  // the first of them that may still come
  bool in_head = true;         // only fixed AVPs so far

  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  [[nodiscard]] std::size_t find_rule(const avp_definition* definition) const noexcept {
    for (std::size_t step = 0; step < rules.size(); ++step) {
      const std::size_t at = next + step;
      const std::size_t i = at < rules.size() ? at : at - rules.size();
      if (rules[i].avp == definition) {
        return i;
      }
    }
    return none;
  }
  /// The grammar's `AVP`: whether it admits AVPs that it does not name. A grammar without any rule
  /// (a group that the dictionary says nothing about) admits all.
  [[nodiscard]] bool is_open() const noexcept {
    return rules.empty() || std::any_of(rules.begin(), rules.end(),
                                        [](const avp_rule& r) { return r.avp == nullptr; });
  }
  /// The fixed AVPs at the head of the grammar come in its order, before all others.
  [[nodiscard]] bool keeps_place(std::size_t rule) noexcept {
    if (rule >= fixed_head) {
      in_head = false;
      return true;
    }
    const bool good = in_head && rule >= fixed_next;
    fixed_next = rule;
    return good;
  }
};

validation_options lenient_validation() noexcept {
  validation_options o;
  o.enumerated = unknown_enumerated::accept;
  o.flags = flag_check::ignore;
  return o;
}

validator::validator(const dictionary::dictionary& names, const options& o)
    : names_{names}, options_{o}, stride_{most_rules(names)} {
  options_.max_depth = std::min(options_.max_depth, max_group_depth);
  counts_.resize(stride_ * (options_.max_depth + 1));
}

bool validator::refuse(errc reason, bytes_view offender, const avp_definition* definition,
                       std::size_t depth) noexcept {
  found_.reason = reason;
  found_.offender = offender;
  found_.definition = definition;
  found_.depth = depth;
  return false;
}

std::optional<violation> validator::validate(const message_view& m) noexcept {
  const command_definition* const command = names_.find_command(m.application(), m.command());
  if (command == nullptr) {  // §7.1.3: 3001
    refuse(errc::command_unsupported, {}, nullptr, 0);
    return found_;
  }
  return validate(m, *command);
}

std::optional<violation> validator::validate(const message_view& m,
                                             const command_definition& command) noexcept {
  if (m.is_request() && m.is_proxiable() && !command.proxiable) {
    // §7.1.3, 3008: "inconsistent with the Command Code's definition". A clear P bit is allowed
    // where the grammar has PXY: §3 makes it the sender's wish to be served locally.
    refuse(errc::proxiable_bit, {}, nullptr, 0);
    return found_;
  }
  return validate_avps(m, command);
}

std::optional<violation> validator::validate_avps(const message_view& m,
                                                  const command_definition& command) noexcept {
  bool good = true;
  if (m.is_request()) {
    good = walk(m.avps(), command.request, true, 0);
  } else if (m.is_error()) {
    good = check_error_answer(m);
  } else {
    good = walk(m.avps(), command.answer, !reports_error(m), 0);
  }
  return good ? std::nullopt : std::optional{found_};
}

std::optional<violation> validator::validate_contents(const message_view& m) noexcept {
  return walk_contents(m.avps(), 0) ? std::nullopt : std::optional{found_};
}

bool validator::walk_contents(avp_range avps, std::size_t depth) noexcept {
  for (const avp_view avp : avps) {
    const avp_definition* const definition = names_.find_avp(avp.code, avp.vendor);
    if (definition == nullptr) {
      if (avp.mandatory()) {  // §4.1, M bit; §7.1.5: 5001
        return refuse(errc::avp_unsupported, avp.octets(), nullptr, depth);
      }
    } else if (definition->type == avp_type::grouped) {
      if (!is(avp, avps::failed_avp) && !walk_contents_of_group(avp, *definition, depth)) {
        return false;
      }
    } else if (check_value(definition->type, avp.data) == errc::value_length) {  // §7.1.5: 5014
      return refuse(errc::value_length, avp.octets(), definition, depth);
    }
  }
  return true;
}

bool validator::walk_contents_of_group(const avp_view& group, const avp_definition& definition,
                                       std::size_t depth) noexcept {
  const auto inside = open_group(group, definition, depth);
  if (!inside) {
    return found_.reason == errc::avp_padding_cut;
  }
  return walk_contents(*inside, depth + 1);
}

/// §7.2: Session-Id first if at all; Origin-Host, Origin-Realm and Result-Code; anything else.
bool validator::check_error_answer(const message_view& m) noexcept {
  if (!walk(m.avps(), {}, false, 0)) {
    return false;
  }
  for (const avp_code code : {avps::origin_host, avps::origin_realm, avps::result_code}) {
    if (!m.find(code)) {
      return refuse(errc::missing_avp, {}, names_.find_avp(code, ietf_vendor), 0);
    }
  }
  return true;
}

bool validator::walk(avp_range avps, std::span<const avp_rule> rules, bool check_minimum,
                     std::size_t depth) noexcept {
  if (DIAMGW_BUG(rules.size() > stride_)) {  // a command of another dictionary
    rules = {};
  }
  level l{.rules = rules,
          .counts = std::span{counts_}.subspan(depth * stride_, rules.size()),
          .depth = depth};
  std::fill(l.counts.begin(), l.counts.end(), 0);
  const auto head_end = std::find_if(rules.begin(), rules.end(),
                                     [](const avp_rule& r) { return r.place != placement::fixed; });
  l.fixed_head = static_cast<std::size_t>(head_end - rules.begin());
  for (const avp_view avp : avps) {
    const avp_definition* const definition = names_.find_avp(avp.code, avp.vendor);
    if (!place(avp, definition, l) ||
        (definition != nullptr && !check_avp(avp, *definition, depth))) {
      return false;
    }
  }
  if (!check_minimum) {
    return true;
  }
  for (std::size_t i = 0; i < l.rules.size(); ++i) {
    if (l.rules[i].avp != nullptr && l.counts[i] < l.rules[i].min) {  // §7.1.5: 5005
      return refuse(errc::missing_avp, {}, l.rules[i].avp, depth);
    }
  }
  return true;
}

/// The AVP's flags, and its place and number in the grammar of its level.
bool validator::place(const avp_view& avp, const avp_definition* definition, level& l) noexcept {
  if (definition == nullptr && avp.mandatory()) {  // §4.1, M bit; §7.1.5: 5001
    return refuse(errc::avp_unsupported, avp.octets(), nullptr, l.depth);
  }
  if (!flags_agree(avp, definition, options_.flags)) {  // §4.1; §7.1.3: 3009
    return refuse(errc::avp_bits, avp.octets(), definition, l.depth);
  }
  if (definition == nullptr) {
    l.in_head = false;
    return true;
  }
  const std::size_t rule = l.find_rule(definition);
  if (rule == level::none) {
    l.in_head = false;
    if (avp.mandatory() && !l.is_open()) {  // §7.1.5: 5008
      return refuse(errc::avp_not_allowed, avp.octets(), definition, l.depth);
    }
    return true;
  }
  l.next = rule;
  if (++l.counts[rule] > l.rules[rule].max) {  // §7.1.5, 5009: "the first instance ... in excess"
    return refuse(errc::avp_too_many, avp.octets(), definition, l.depth);
  }
  if (!l.keeps_place(rule)) {
    return refuse(errc::avp_position, avp.octets(), definition, l.depth);
  }
  return true;
}

/// The data of a known AVP.
bool validator::check_avp(const avp_view& avp, const avp_definition& definition,
                          std::size_t depth) noexcept {
  if (definition.type == avp_type::grouped) {
    // What failed elsewhere is shown in Failed-AVP as it was, and may fail here too.
    return is(avp, avps::failed_avp) || enter_group(avp, definition, depth);
  }
  if (const auto bad = check_value(definition.type, avp.data)) {
    return refuse(*bad, avp.octets(), &definition, depth);
  }
  if (definition.type == avp_type::enumerated && !definition.values.empty() &&
      options_.enumerated == unknown_enumerated::refuse) {
    const auto value = static_cast<std::int32_t>(load_be32(avp.data.data()));
    if (definition.find_value(value) == nullptr) {  // §7.1.5: 5004
      return refuse(errc::value_enumerated, avp.octets(), &definition, depth);
    }
  }
  return true;
}

bool validator::enter_group(const avp_view& group, const avp_definition& definition,
                            std::size_t depth) noexcept {
  const auto inside = open_group(group, definition, depth);
  return inside && walk(*inside, definition.grammar, true, depth + 1);
}

/// The AVPs of a group, which can be told apart; nothing where not, and then it is refused.
std::optional<avp_range> validator::open_group(const avp_view& group,
                                               const avp_definition& definition,
                                               std::size_t depth) noexcept {
  if (depth >= options_.max_depth) {
    refuse(errc::nested_too_deep, group.octets(), &definition, depth);
    return std::nullopt;
  }
  found_.groups[depth] = group.header;
  const decoded<avp_range> inside = check_avps(group.data, options_.max_avps);
  if (inside.has_error()) {
    const decode_error error = inside.error();
    if (!is_length_error(error.code)) {
      refuse(error.code, group.octets(), &definition, depth);
      return std::nullopt;
    }
    const violation v =
        make_length_violation(group.data.subspan(error.offset), error.code, &names_);
    refuse(v.reason, v.offender, v.definition, depth + 1);
    return std::nullopt;
  }
  return *inside;
}

}  // namespace diamgw::diameter
