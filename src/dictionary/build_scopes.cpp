#include "dictionary/build.hpp"

#include <algorithm>

#include "diamgw/base/nearest.hpp"

namespace diamgw::dictionary::detail {

void build::add_module(std::size_t file) {
  const auto place_of_name = [this](std::size_t i) {
    return place{i, files_[i].called ? files_[i].called->at : position{}};
  };
  const auto [known, added] = modules_.try_emplace(source(file), file);
  if (!added) {
    clash(file, place_of_name(file).at,
          "dictionary " + quoted(known->first) +
              (files_[file].called ? "" : ", which has no @name and is called after its file,"),
          "that", place_of_name(known->second));
  }
}

avp_definition* build::own(std::size_t file, std::string_view name) const {
  const auto found = own_[file].find(name);
  return found == own_[file].end() ? nullptr : found->second;
}

std::vector<std::string_view> build::own_names(std::size_t file) const {
  std::vector<std::string_view> names;
  for (const syntax::avp& avp : files_[file].avps) {
    names.emplace_back(avp.called.text);
  }
  return names;
}

void build::make_scope(std::size_t file) {
  std::vector<bool> visited(files_.size());
  scopes_[file] = own_[file];
  inherit(file, file, visited);
}

void build::inherit(std::size_t into, std::size_t from, std::vector<bool>& visited) {
  visited[from] = true;
  for (const syntax::selection& s : files_[from].inherits) {
    const auto module = modules_.find(s.module.text);
    if (module == modules_.end()) {
      if (into == from) {
        unknown_module(from, s.module);
      }
      continue;
    }
    if (visited[module->second]) {
      continue;
    }
    inherit_avps(into, module->second, into == from ? &s : nullptr);
    if (s.names.empty() || into != from) {
      inherit(into, module->second, visited);
    }
  }
}

void build::inherit_avps(std::size_t into, std::size_t module, const syntax::selection* only) {
  if (only != nullptr && !only->names.empty()) {
    for (const syntax::name& name : only->names) {
      if (avp_definition* const avp = own(module, name.text)) {
        scopes_[into].emplace(avp->name, avp);
      } else {
        unknown(into, name, source(module) + " has no AVP ", own_names(module));
      }
    }
    return;
  }
  scopes_[into].insert(own_[module].begin(), own_[module].end());
}

void build::check_refines(std::size_t file) {
  for (const syntax::name& module : files_[file].refines) {
    if (!modules_.contains(module.text)) {
      unknown_module(file, module);
    }
  }
}

bool build::refines(std::size_t file, std::size_t other) const {
  const auto& refined = files_[file].refines;
  return !refined.empty() &&
         std::ranges::find(refined, source(other), &syntax::name::text) != refined.end();
}

void build::unknown_module(std::size_t file, const syntax::name& name) {
  for (const syntax::file& other : files_) {
    if (other.called && std::string_view{other.path}.ends_with('/' + name.text + ".dia")) {
      error(file, name.at,
            "no dictionary is called " + quoted(name.text) + ": the @name of " + other.path +
                " is " + quoted(other.called->text));
      return;
    }
  }
  std::vector<std::string_view> names;
  for (const auto& [known, index] : modules_) {
    names.emplace_back(known);
  }
  unknown(file, name, "no dictionary is called ", names);
}

void build::unknown(std::size_t file, const syntax::name& name, std::string_view sentence,
                    const std::vector<std::string_view>& names) {
  if (errors_.size() >= max_errors_) {
    return;  // the search for the nearest name costs more than all the rest
  }
  error(file, name.at, std::string{sentence} + quoted(name.text) + did_you_mean(name.text, names));
}

std::string build::did_you_mean(std::string_view wrong,
                                const std::vector<std::string_view>& names) {
  const std::string_view nearest = find_nearest(wrong, names);
  return nearest.empty() ? std::string{} : "; did you mean " + quoted(nearest) + "?";
}

std::string build::no_avp_called(std::size_t file, std::string_view name) const {
  std::vector<std::string_view> names;
  for (const auto& [known, avp] : scopes_[file]) {
    names.push_back(known);
  }
  std::ranges::sort(names);  // the same answer for the same files
  return "no AVP is called " + quoted(name) + did_you_mean(name, names);
}

std::string build::not_inherited(const avp_definition& avp) {
  return "AVP " + quoted(avp.name) + " is defined in " + avp.source +
         ", which @inherits does not name here";
}

avp_definition* build::find(std::size_t file, const syntax::name& name) {
  const auto found = scopes_[file].find(name.text);
  if (found != scopes_[file].end()) {
    return found->second;
  }
  if (const auto other = avp_by_name_.find(name.text); other != avp_by_name_.end()) {
    error(file, name.at, not_inherited(*other->second));
  } else if (errors_.size() < max_errors_) {
    error(file, name.at, no_avp_called(file, name.text));
  }
  return nullptr;
}

}  // namespace diamgw::dictionary::detail
