#include "dictionary/build.hpp"

#include <algorithm>

namespace diamgw::dictionary::detail {

void build::add_avps(std::size_t file) {
  const vendor_table vendors = vendors_of(file);
  for (const syntax::avp& avp : files_[file].avps) {
    add_avp(file, avp, vendors);
  }
}

void build::add_avp(std::size_t file, const syntax::avp& avp, const vendor_table& vendors) {
  const auto vendor = vendor_of(file, avp, vendors);
  if (!vendor) {
    error(file, avp.called.at,
          "expected @vendor or @avp_vendor_id for " + quoted(avp.called.text) +
              ", whose flags have a V; found none");
    return;
  }
  const avp_definition definition{.name = avp.called.text,
                                  .code = avp_code{avp.code},
                                  .vendor = *vendor,
                                  .type = avp.type,
                                  .mandatory = avp.mandatory,
                                  .protect = avp.protect,
                                  .values = {},
                                  .own_values = false,
                                  .grammar = {},
                                  .source = source(file),
                                  .grammar_source = {},
                                  .header_flags = 0,
                                  .member_key = {},
                                  .values_by_number = {},
                                  .values_by_name = {}};
  const auto by_name = avp_by_name_.find(definition.name);
  const auto by_code = avp_by_code_.find(avp_key(definition.code, definition.vendor));
  avp_definition* known = by_name != avp_by_name_.end()   ? by_name->second
                          : by_code != avp_by_code_.end() ? by_code->second
                                                          : nullptr;
  if (known == nullptr) {
    known = &tables_.avps.emplace_back(definition);
    avp_by_name_.emplace(known->name, known);
    avp_by_code_.emplace(avp_key(known->code, known->vendor), known);
    avp_places_.emplace(known, place{file, avp.called.at});
  } else if (avp_places_.at(known).file == file) {
    clash(file, avp.called.at, "AVP " + describe(definition), describe(*known),
          avp_places_.at(known));
  } else if (known->name != definition.name || known->code != definition.code ||
             known->vendor != definition.vendor || known->type != definition.type ||
             known->mandatory != definition.mandatory || known->protect != definition.protect) {
    clash(file, avp.called.at, "AVP " + describe(definition), describe(*known),
          avp_places_.at(known));
  }
  own_[file].emplace(known->name, known);
}

std::string build::describe(const avp_definition& avp) {
  std::string out = quoted(avp.name) + " (" + std::to_string(avp.code.value);
  if (avp.vendor != ietf_vendor) {
    out += " of vendor " + std::to_string(avp.vendor.value);
  }
  out += ", " + std::string{to_string(avp.type)} + ", ";
  out += avp.mandatory == flag_rule::must ? "M" : avp.mandatory == flag_rule::may ? "m" : "";
  out += avp.protect == flag_rule::must ? "P" : avp.protect == flag_rule::may ? "p" : "";
  return out + (out.ends_with(' ') ? "-)" : ")");
}

build::vendor_table build::vendors_of(std::size_t file) const {
  vendor_table vendors;
  for (const syntax::selection& s : files_[file].vendor_ids) {
    for (const syntax::name& name : s.names) {
      vendors.emplace(name.text, vendor_id{s.vendor});
    }
  }
  for (const syntax::group& group : files_[file].groups) {
    if (group.vendor) {
      vendors.emplace(group.called.text, vendor_id{group.vendor->value});
    }
  }
  return vendors;
}

std::optional<vendor_id> build::vendor_of(std::size_t file, const syntax::avp& avp,
                                          const vendor_table& vendors) const {
  if (!avp.has_vendor) {
    return ietf_vendor;
  }
  if (const auto given = vendors.find(avp.called.text); given != vendors.end()) {
    return given->second;
  }
  if (files_[file].vendor) {
    return vendor_id{files_[file].vendor->id.value};
  }
  return std::nullopt;
}

void build::check_names(std::size_t file) {
  for (const syntax::selection& s : files_[file].vendor_ids) {
    for (const syntax::name& name : s.names) {
      check_vendor(file, name, vendor_id{s.vendor});
    }
  }
  for (const syntax::selection& s : files_[file].codecs) {
    for (const syntax::name& name : s.names) {
      static_cast<void>(find(file, name));
    }
  }
}

void build::check_vendor(std::size_t file, const syntax::name& name, vendor_id vendor) {
  const avp_definition* const avp = find(file, name);
  if (avp == nullptr || avp->vendor == vendor) {
    return;
  }
  error(
      file, name.at,
      "@avp_vendor_id gives " + quoted(name.text) + " vendor " + std::to_string(vendor.value) +
          (avp->vendor == ietf_vendor ? ", but its flags in " + avp->source + " have no V"
                                      : ", but it has vendor " + std::to_string(avp->vendor.value) +
                                            " at " + say(avp_places_.at(avp))));
}

void build::add_values(std::size_t file) {
  for (const syntax::enumeration& e : files_[file].enumerations) {
    if (e.define && !scopes_[file].contains(e.called.text)) {
      warn_of_define(file, e.called);
      continue;
    }
    avp_definition* const avp = find(file, e.called);
    if (avp == nullptr) {
      continue;
    }
    if (!e.define && avp->type != avp_type::enumerated) {
      error(file, e.called.at, "expected an AVP of type Enumerated, found " + describe(*avp));
      continue;
    }
    for (const syntax::value& v : e.values) {
      add_value(file, *avp, v, e.define);
    }
  }
}

void build::warn_of_define(std::size_t file, const syntax::name& name) {
  if (name.text == "Command-Code" || name.text == "Application-Id" ||
      warnings_.size() >= max_errors_) {
    return;
  }
  const auto other = avp_by_name_.find(name.text);
  warnings_.emplace_back(
      file, diagnostic{files_[file].path, name.at,
                       "@define " + name.text + " has no effect: " +
                           (other == avp_by_name_.end() ? no_avp_called(file, name.text)
                                                        : not_inherited(*other->second))});
}

void build::warn_of_second_number(std::size_t file, const avp_definition& avp,
                                  const syntax::value& v, const known_value& known) {
  if (warnings_.size() < max_errors_) {
    warnings_.emplace_back(
        file, diagnostic{files_[file].path, v.called.at,
                         quoted(v.called.text) + " " + std::to_string(v.number) + " of " +
                             avp.name + " has no effect: it is " + std::to_string(known.number) +
                             " at " + say(known.at)});
  }
}

void build::add_value(std::size_t file, avp_definition& avp, const syntax::value& v, bool define) {
  const auto number = static_cast<std::int32_t>(v.number);  // Unsigned32 keeps its bits
  const known_value given{.name = v.called.text, .number = number, .at = {file, v.called.at}};
  const auto [named, new_name] = values_by_name_.try_emplace({&avp, v.called.text}, given);
  const auto [numbered, new_number] = values_by_number_.try_emplace({&avp, number}, given);
  if (!new_name && named->second.number == number) {
    return;
  }
  // A @define may give a second name to a number, as RFC 3588 did for causes.
  if (!new_name || (!new_number && !define)) {
    const known_value& known = new_name ? numbered->second : named->second;
    if (!new_name && known.at.file != file) {
      warn_of_second_number(file, avp, v, known);
      if (new_number) {
        values_by_number_.erase(numbered);
      }
      return;
    }
    clash(file, v.called.at,
          quoted(v.called.text) + " " + std::to_string(v.number) + " of " + avp.name,
          quoted(known.name) + " " + std::to_string(known.number), known.at);
    return;
  }
  avp.values.push_back({v.called.text, number});
  avp.own_values = avp.own_values || avp_places_.at(&avp).file == file;
}

}  // namespace diamgw::dictionary::detail
