#include "jsonrpc/avp_json.hpp"

#include "diamgw/codec/check.hpp"
#include "jsonrpc/data_to_json.hpp"
#include "jsonrpc/level_names.hpp"
#include "jsonrpc/run_names.hpp"
#include "jsonrpc/usual_value.hpp"

namespace diamgw::jsonrpc {
namespace {

using diameter::avp_range;
using diameter::avp_view;
using dictionary::avp_definition;
using dictionary::avp_type;

// A group that fails at its end is written again, and so are those within it, each of which may
// fail: after so many octets none is tried.
constexpr std::size_t most_rewritten = 65536;

/// The AVP at `at`, which goes on to the next; false where it is none. `take_avp` also says what is
/// wrong with it, which nobody asks here: with it a CCA cost 2.4 % more instructions.
[[nodiscard]] bool next_avp(const std::byte*& at, const std::byte* end, avp_view& avp) noexcept {
  const auto left = static_cast<std::size_t>(end - at);
  if (left < diameter::avp_header_octets) {
    return false;
  }
  const diameter::avp_head head{at};
  if (head.length() < head.header_octets() || diameter::padded(head.length()) > left) {
    return false;
  }
  avp = diameter::avp_at(at);
  at += diameter::padded(head.length());
  return true;
}

[[nodiscard]] bool may_repeat(const avp_definition& definition,
                              avp_json::rules_view rules) noexcept {
  const std::uint32_t place =
      dictionary::find_rule(rules, dictionary::avp_key(definition.code, definition.vendor));
  return place != dictionary::avp_rule::none && rules[place].max > 1;
}

/// The AVPs of a group, or nothing where its data is not a list of AVPs or too deep.
[[nodiscard]] bool enter_group(const avp_view& avp, std::size_t depth, avp_range& inside) noexcept {
  if (depth >= max_json_groups) {
    return false;
  }
  const auto checked = diameter::check_avps(avp.data);
  if (!checked) {
    return false;
  }
  inside = *checked;
  return true;
}

}  // namespace

// ---- in runs: nearly every level

inline char* avp_json::as_object(char* begin, char* members_end) noexcept {
  if (begin == members_end) {
    return out_.put(begin, "{}");
  }
  *begin = '{';
  return out_.put(members_end, "}");
}

inline char* avp_json::group(char* p, const avp_definition& definition, bytes_view data,
                             std::size_t depth) noexcept {
  if (depth >= max_json_groups || (data.size() > most_unchecked_ && !may_try(data))) {
    return nullptr;
  }
  char* const end = members_in_runs(p, data, definition.grammar, depth + 1);
  return end != nullptr ? as_object(p, end) : nullptr;
}

bool avp_json::may_try(bytes_view group) const noexcept {
  return rewritten_ <= most_rewritten && diameter::check_avps(group).has_value();
}

void avp_json::note_failure(bytes_view group) noexcept {
  rewritten_ += group.size();
  if (rewritten_ > most_rewritten) {
    most_unchecked_ = 0;
  }
}

char* avp_json::members_in_runs(char* p, bytes_view avps, rules_view rules,
                                std::size_t depth) noexcept {
  run_names names{rules, names_};
  const avp_definition* array = nullptr;  // of the open one
  std::uint64_t array_key = 0;
  const std::byte* at = avps.data();
  const std::byte* const end = at + avps.size();
  while (at != end) {
    avp_view avp;
    if (!next_avp(at, end, avp)) {
      return nullptr;
    }
    const std::uint64_t key = dictionary::avp_key(avp.code, avp.vendor);
    const avp_definition* definition = array;
    if (array != nullptr && array_key == key) {
      p = out_.put(p, ",");
    } else {
      const run_names::name found = names.find(key);
      definition = found.definition;
      if (definition == nullptr) {
        return nullptr;
      }
      p = out_.put_key(p, definition->member_key, {array != nullptr, found.repeats});
      array = found.repeats ? definition : nullptr;
      array_key = key;
    }
    if (p == nullptr) {
      return nullptr;
    }
    char* const after = definition->type == avp_type::grouped
                            ? group(p, *definition, avp.data, depth)
                            : put_usual(p, out_.end(), *definition, avp.data);
    p = after != nullptr ? after : other_value(p, *definition, avp.data, depth);
    if (p == nullptr) {
      return nullptr;
    }
  }
  return array != nullptr ? out_.put(p, "]") : p;
}

char* avp_json::other_value(char* p, const avp_definition& definition, bytes_view data,
                            std::size_t depth) noexcept {
  if (out_.overflowed()) {
    return nullptr;
  }
  out_.commit(p);
  if (definition.type != avp_type::grouped) {
    write_json(out_, &definition, data);
    return out_.place();
  }
  note_failure(data);
  const auto inside = diameter::check_avps(data);
  if (depth >= max_json_groups || !inside) {
    write_raw_json(out_, data);
    return out_.place();
  }
  members_in_any_order(*inside, definition.grammar, depth + 1);
  char* const end = out_.place();
  return end != nullptr ? as_object(p, end) : nullptr;
}

void avp_json::value(const avp_definition& definition, bytes_view data,
                     std::size_t depth) noexcept {
  char* const p = out_.place();
  if (p != nullptr) {
    char* const end =
        definition.type == avp_type::grouped ? group(p, definition, data, depth) : nullptr;
    out_.commit(end != nullptr ? end : other_value(p, definition, data, depth));
  }
}

void avp_json::object(diameter::avp_range avps, rules_view rules) noexcept {
  char* const begin = out_.place();
  members(avps, rules);
  char* const end = out_.place();
  if (end != nullptr) {
    out_.commit(as_object(begin, end));
  }
}

void avp_json::members(diameter::avp_range avps, rules_view rules) noexcept {
  char* const begin = out_.place();
  char* const end = begin != nullptr ? members_in_runs(begin, avps.octets(), rules, 0) : nullptr;
  if (end != nullptr) {
    out_.commit(end);
  } else if (!out_.overflowed()) {
    out_.commit(begin);
    members_in_any_order(avps, rules, 0);
  }
}

// ---- in any order

void avp_json::members_in_any_order(avp_range avps, rules_view rules, std::size_t depth) noexcept {
  const level_names level{avps, names_};
  for (const named_avps& named : level.all()) {
    const avp_definition& definition = *named.definition;
    out_.raw(definition.member_key);
    auto it = avp_range::iterator{named.first};
    if (named.count == 1 && !may_repeat(definition, rules)) {
      value(definition, (*it).data, depth);
      continue;
    }
    out_.raw('[');
    for (std::uint32_t left = named.count; left > 0 && !out_.overflowed(); ++it) {
      const avp_view avp = *it;
      if (!is_of(avp, definition)) {
        continue;
      }
      value(definition, avp.data, depth);
      --left;
      if (left > 0) {
        out_.raw(',');
      }
    }
    out_.raw(']');
  }
  if (level.complete()) {
    return;
  }
  // AVPs that no dictionary names keep everything they have.
  out_.raw(",\"AVP\":[");
  bool first = true;
  for (const avp_view avp : avps) {
    if (!level.has(avp)) {
      if (!first) {
        out_.raw(',');
      }
      first = false;
      element(avp, names_.find_avp(avp.code, avp.vendor), depth);
    }
  }
  out_.raw(']');
}

void avp_json::elements(avp_range avps, bool first, std::size_t depth) noexcept {
  for (const avp_view avp : avps) {
    if (out_.overflowed()) {
      return;
    }
    if (!first) {
      out_.raw(',');
    }
    first = false;
    element(avp, names_.find_avp(avp.code, avp.vendor), depth);
  }
}

void avp_json::element(const avp_view& avp, const avp_definition* definition,
                       std::size_t depth) noexcept {
  out_.raw("{\"code\":");
  out_.number(avp.code.value);
  out_.raw(",\"vendor\":");
  out_.number(avp.vendor.value);
  out_.raw(",\"flags\":");
  out_.number(unsigned{avp.flags});
  if (definition != nullptr) {
    out_.raw(",\"name\":\"");
    out_.raw(definition->name);
    out_.raw('"');
  }
  out_.raw(",\"value\":");
  avp_range inside;
  if (definition == nullptr || definition->type != dictionary::avp_type::grouped) {
    write_json(out_, definition, avp.data);
  } else if (enter_group(avp, depth, inside)) {
    out_.raw('[');
    elements(inside, true, depth + 1);
    out_.raw(']');
  } else {
    write_raw_json(out_, avp.data);
  }
  out_.raw('}');
}

}  // namespace diamgw::jsonrpc
