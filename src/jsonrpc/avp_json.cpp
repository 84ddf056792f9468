#include "jsonrpc/avp_json.hpp"

#include <array>

#include "diamgw/diameter/check.hpp"
#include "jsonrpc/values.hpp"

namespace diamgw::jsonrpc {
namespace {

using diameter::avp_range;
using diameter::avp_view;
using dictionary::avp_definition;
using dictionary::avp_rule;

/// One name of the object form: where it first stands, and how often.
struct named_avps {
  const avp_definition* definition;
  avp_range::iterator first;
  std::uint32_t count;
};

/// What of a level has a name. Fixed in size, so that no level is walked more often than that.
class level_names {
 public:
  level_names(avp_range avps, const dictionary::dictionary& names) noexcept {
    for (auto it = avps.begin(); it != avps.end(); ++it) {
      const avp_view avp = *it;
      if (!count_again(avp)) {
        add(it, names.find_avp(avp.code, avp.vendor));
      }
    }
  }
  [[nodiscard]] std::span<const named_avps> all() const noexcept { return {names_.data(), used_}; }
  [[nodiscard]] bool complete() const noexcept { return complete_; }
  [[nodiscard]] bool has(const avp_view& avp) const noexcept {
    for (const named_avps& n : all()) {
      if (n.definition->code == avp.code && n.definition->vendor == avp.vendor) {
        return true;
      }
    }
    return false;
  }

 private:
  [[nodiscard]] bool count_again(const avp_view& avp) noexcept {
    for (std::size_t i = used_; i > 0; --i) {  // repeats mostly stand together
      named_avps& n = names_[i - 1];
      if (n.definition->code == avp.code && n.definition->vendor == avp.vendor) {
        ++n.count;
        return true;
      }
    }
    return false;
  }
  void add(avp_range::iterator at, const avp_definition* definition) noexcept {
    if (definition == nullptr || used_ == names_.size()) {
      complete_ = false;
      return;
    }
    names_[used_++] = {definition, at, 1};
  }

  std::array<named_avps, max_json_names> names_;
  std::size_t used_ = 0;
  bool complete_ = true;
};

[[nodiscard]] bool may_repeat(const avp_definition& definition,
                              std::span<const avp_rule> rules) noexcept {
  for (const avp_rule& rule : rules) {
    if (rule.avp == &definition) {
      return rule.max > 1;
    }
  }
  return false;
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

void avp_json::members(avp_range avps, std::span<const avp_rule> rules, bool first,
                       std::size_t depth) noexcept {
  const level_names level{avps, names_};
  for (const named_avps& named : level.all()) {
    const avp_definition& definition = *named.definition;
    out_.raw(first ? "\"" : ",\"");
    first = false;
    out_.raw(definition.name);
    out_.raw("\":");
    if (named.count == 1 && !may_repeat(definition, rules)) {
      object_value(*named.first, definition, depth);
      continue;
    }
    out_.raw('[');
    auto it = named.first;
    for (std::uint32_t left = named.count; left > 0 && !out_.overflowed(); ++it) {
      const avp_view avp = *it;
      if (avp.code != definition.code || avp.vendor != definition.vendor) {
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
  out_.raw(first ? "\"AVP\":[" : ",\"AVP\":[");
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
