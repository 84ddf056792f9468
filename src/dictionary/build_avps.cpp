#include "dictionary/build.hpp"

#include <algorithm>

namespace diamgw::dictionary::detail {

void build::add_avps(std::size_t file) {
  for (const syntax::avp& avp : files_[file].avps) {
    add_avp(file, avp);
  }
  for (const syntax::selection& vendor : files_[file].vendor_ids) {
    for (const syntax::name& name : vendor.names) {
      if (!own(file, name.text)) {
        unknown(file, name, "no AVP of this file's @avp_types is called ", own_names(file));
      }
    }
  }
}

void build::add_avp(std::size_t file, const syntax::avp& avp) {
  const auto vendor = vendor_of(file, avp);
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

std::optional<vendor_id> build::vendor_of(std::size_t file, const syntax::avp& avp) const {
  if (!avp.has_vendor) {
    return ietf_vendor;
  }
  for (const syntax::selection& s : files_[file].vendor_ids) {
    if (std::ranges::find(s.names, avp.called.text, &syntax::name::text) != s.names.end()) {
      return vendor_id{s.vendor};
    }
  }
  const auto& groups = files_[file].groups;
  const auto group = std::ranges::find(groups, avp.called.text, [](const syntax::group& g) {
    return std::string_view{g.called.text};
  });
  if (group != groups.end() && group->vendor) {
    return vendor_id{group->vendor->value};
  }
  if (files_[file].vendor) {
    return vendor_id{files_[file].vendor->id.value};
  }
  return std::nullopt;
}

void build::add_values(std::size_t file) {
  for (const syntax::enumeration& e : files_[file].enumerations) {
    if (e.define && !scopes_[file].contains(e.called.text)) {
      continue;  // names numbers of something that is no AVP
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

void build::add_value(std::size_t file, avp_definition& avp, const syntax::value& v, bool define) {
  const auto number = static_cast<std::int32_t>(v.number);  // Unsigned32 keeps its bits
  for (const enum_value& known : avp.values) {
    const bool same_name = known.name == v.called.text;
    if (same_name && known.value == number) {
      return;
    }
    // A @define may give a second name to a number, as RFC 3588 did for causes.
    if (same_name || (known.value == number && !define)) {
      clash(file, v.called.at,
            quoted(v.called.text) + " " + std::to_string(v.number) + " of " + avp.name,
            quoted(known.name) + " " + std::to_string(known.value),
            value_places_.at({&avp, known.name}));
      return;
    }
  }
  avp.values.push_back({v.called.text, number});
  avp.own_values = avp.own_values || avp_places_.at(&avp).file == file;
  value_places_.emplace(std::pair{&avp, v.called.text}, place{file, v.called.at});
}

}  // namespace diamgw::dictionary::detail
