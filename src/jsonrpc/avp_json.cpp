#include "jsonrpc/avp_json.hpp"

#include <algorithm>
#include <array>

#include "diamgw/codec/check.hpp"
#include "jsonrpc/data_to_json.hpp"

namespace diamgw::jsonrpc {
namespace {

using diameter::avp_range;
using diameter::avp_view;
using dictionary::avp_definition;

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

[[nodiscard]] bool may_repeat(const avp_definition& definition,
                              avp_json::rules_view rules) noexcept {
  const std::uint32_t place =
      dictionary::find_rule(rules, dictionary::avp_key(definition.code, definition.vendor));
  return place != dictionary::avp_rule::none && rules[place].max > 1;
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
