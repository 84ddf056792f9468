#include "jsonrpc/avp_json.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "diamgw/diameter/check.hpp"
#include "diamgw/diameter/values.hpp"
#include "jsonrpc/plain_text.hpp"
#include "jsonrpc/values.hpp"

namespace diamgw::jsonrpc {
namespace {

using diameter::avp_range;
using diameter::avp_view;
using dictionary::avp_definition;
using dictionary::avp_rule;

/// One name of the object form: what stands there first, and how often. No constructor: a level has
/// room for many of them, and most of it stays as it is.
struct named_avps {
  const avp_definition* definition;
  const std::byte* first;
  std::uint32_t count;
};

[[nodiscard]] bool is_of(const avp_view& avp, const avp_definition& definition) noexcept {
  return definition.code == avp.code && definition.vendor == avp.vendor;
}

/// What of a level has a name. Fixed in size, so that no level is walked more often than that.
class level_names {
 public:
  level_names(avp_range avps, const dictionary::dictionary& names) noexcept {
    for (const avp_view avp : avps) {
      // Names are looked for one by one only where another has the same bit.
      const std::uint64_t bit = bit_of(avp);
      if ((bits_ & bit) == 0 || !count_again(avp)) {
        bits_ |= bit;
        add(avp, names.find_avp(avp.code, avp.vendor));
      }
    }
  }
  [[nodiscard]] std::span<const named_avps> all() const noexcept { return {names_.data(), used_}; }
  [[nodiscard]] bool complete() const noexcept { return complete_; }
  [[nodiscard]] bool has(const avp_view& avp) const noexcept {
    return std::ranges::any_of(all(),
                               [&](const named_avps& n) { return is_of(avp, *n.definition); });
  }

 private:
  [[nodiscard]] static std::uint64_t bit_of(const avp_view& avp) noexcept {
    return std::uint64_t{1} << (((avp.code.value ^ avp.vendor.value) * 0x9e3779b9U) >> 26U);
  }
  [[nodiscard]] bool count_again(const avp_view& avp) noexcept {
    for (std::size_t i = used_; i > 0; --i) {  // repeats mostly stand together
      if (is_of(avp, *names_[i - 1].definition)) {
        ++names_[i - 1].count;
        return true;
      }
    }
    return false;
  }
  void add(const avp_view& avp, const avp_definition* definition) noexcept {
    if (definition == nullptr || used_ == names_.size()) {
      complete_ = false;
      return;
    }
    names_[used_++] = {definition, avp.header, 1};
  }

  std::array<named_avps, max_json_names> names_;
  std::uint64_t bits_ = 0;
  std::size_t used_ = 0;
  bool complete_ = true;
};

/// Tells which AVPs a grammar lets repeat; asked for them about in its order, as they are sent.
class repeat_rules {
 public:
  explicit repeat_rules(std::span<const avp_rule> rules) noexcept
      : rules_{rules}, at_{rules.empty() ? std::size_t{0} : rules.back().next_repeated} {}

  [[nodiscard]] bool may_repeat(const avp_definition& definition) noexcept {
    return definition.repeats && !rules_.empty() && repeats_here(definition);
  }

 private:
  [[nodiscard]] bool repeats_here(const avp_definition& definition) noexcept {
    const std::size_t start = at_;
    do {
      const avp_rule& rule = rules_[at_];
      if (rule.avp == &definition) {
        return rule.max > 1;
      }
      at_ = rule.next_repeated;
    } while (at_ != start);
    return false;
  }

  std::span<const avp_rule> rules_;
  std::size_t at_;
};

/// Which AVPs of a level were there. One that was not is never taken for one that was; the other
/// way round it happens, seldom.
class seen_names {
 public:
  /// Notes it; false where it was there.
  [[nodiscard]] bool is_first(const avp_view& avp) noexcept {
    const std::uint32_t hash = avp.code.value ^ (avp.vendor.value * 0x9e3779b9U >> 16U);
    std::uint64_t& word = bits_[hash / 64 % bits_.size()];
    const std::uint64_t bit = std::uint64_t{1} << hash % 64;
    const bool is_first = (word & bit) == 0;
    word |= bit;
    return is_first;
  }

 private:
  std::array<std::uint64_t, 16> bits_{};
};

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

/// Key and value of the most usual types at once. False, and nothing is written, for others, for
/// data that is not of the type, and where there might not be room.
[[nodiscard]] bool usual_member(text_writer& out, bytes_view data, const avp_definition& definition,
                                bool first) noexcept {
  constexpr std::size_t most_digits = 20;
  constexpr std::size_t punctuation = 8;
  const std::string_view name = definition.name;
  const std::string_view text = as_text(data);
  switch (definition.type) {
    case dictionary::avp_type::diameter_identity:
    case dictionary::avp_type::utf8_string: {
      char* const p = out.claim(name.size() + text.size() + punctuation);
      const bool identity = definition.type == dictionary::avp_type::diameter_identity;
      if (p == nullptr || !(identity ? diameter::is_diameter_identity(text) : is_plain(text))) {
        return false;
      }
      out.commit(text_writer::put_quoted(text_writer::put_key(p, name, first), text));
      return true;
    }
    case dictionary::avp_type::unsigned32: {
      char* const p = out.claim(name.size() + most_digits + punctuation);
      if (p == nullptr || data.size() != 4) {
        return false;
      }
      char* const value = text_writer::put_key(p, name, first);
      out.commit(std::to_chars(value, value + most_digits, load_be32(data.data())).ptr);
      return true;
    }
    case dictionary::avp_type::unsigned64: {
      char* const p = out.claim(name.size() + most_digits + punctuation);
      if (p == nullptr || data.size() != 8) {
        return false;
      }
      char* value = text_writer::put_key(p, name, first);
      *value++ = '"';
      value = std::to_chars(value, value + most_digits, load_be64(data.data())).ptr;
      *value++ = '"';
      out.commit(value);
      return true;
    }
    case dictionary::avp_type::enumerated: {
      const auto* const named =
          data.size() == 4
              ? definition.find_value(static_cast<std::int32_t>(load_be32(data.data())))
              : nullptr;
      char* const p =
          named == nullptr ? nullptr : out.claim(name.size() + named->name.size() + punctuation);
      if (p == nullptr) {
        return false;
      }
      out.commit(text_writer::put_quoted(text_writer::put_key(p, name, first), named->name));
      return true;
    }
    default:
      return false;
  }
}

}  // namespace

void avp_json::members(avp_range avps, std::span<const avp_rule> rules, bool first,
                       std::size_t depth) noexcept {
  const std::size_t begin = out_.size();
  if (!members_in_runs(avps, rules, first, depth) && !out_.overflowed()) {
    out_.rewind(begin);
    members_in_any_order(avps, rules, first, depth);
  }
}

// Nearly every level: each AVP has a name, and those of one name stand together.
bool avp_json::members_in_runs(avp_range avps, std::span<const avp_rule> rules, bool first,
                               std::size_t depth) noexcept {
  seen_names seen;
  repeat_rules repeats{rules};
  const avp_definition* array = nullptr;  // of the open one
  for (const avp_view avp : avps) {
    if (array != nullptr && is_of(avp, *array)) {
      out_.raw(',');
      object_value(avp, *array, depth);
      continue;
    }
    const avp_definition* const definition = names_.find_avp(avp.code, avp.vendor);
    if (definition == nullptr || !seen.is_first(avp)) {
      return false;
    }
    if (array != nullptr) {
      out_.raw(']');
      array = nullptr;
    }
    const bool repeated = repeats.may_repeat(*definition);
    if (repeated || !usual_member(out_, avp.data, *definition, first)) {
      out_.key(definition->name, first, repeated ? "[" : "");
      object_value(avp, *definition, depth);
    }
    first = false;
    array = repeated ? definition : nullptr;
  }
  if (array != nullptr) {
    out_.raw(']');
  }
  return true;
}

void avp_json::members_in_any_order(avp_range avps, std::span<const avp_rule> rules, bool first,
                                    std::size_t depth) noexcept {
  const level_names level{avps, names_};
  repeat_rules repeats{rules};
  for (const named_avps& named : level.all()) {
    const avp_definition& definition = *named.definition;
    out_.key(definition.name, first);
    first = false;
    auto it = avp_range::iterator{named.first};
    if (named.count == 1 && !repeats.may_repeat(definition)) {
      object_value(*it, definition, depth);
      continue;
    }
    out_.raw('[');
    for (std::uint32_t left = named.count; left > 0 && !out_.overflowed(); ++it) {
      const avp_view avp = *it;
      if (!is_of(avp, definition)) {
        continue;
      }
      object_value(avp, definition, depth);
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
  out_.key("AVP", first);
  out_.raw('[');
  bool first_element = true;
  for (const avp_view avp : avps) {
    if (!level.has(avp)) {
      if (!first_element) {
        out_.raw(',');
      }
      first_element = false;
      element(avp, names_.find_avp(avp.code, avp.vendor), depth);
    }
  }
  out_.raw(']');
}

void avp_json::object_value(const avp_view& avp, const avp_definition& definition,
                            std::size_t depth) noexcept {
  if (definition.type != dictionary::avp_type::grouped) {
    write_json(out_, &definition, avp.data);
    return;
  }
  avp_range inside;
  if (!enter_group(avp, depth, inside)) {
    write_raw_json(out_, avp.data);
    return;
  }
  out_.raw('{');
  members(inside, definition.grammar, true, depth + 1);
  out_.raw('}');
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
