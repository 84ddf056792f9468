#include "dictionary/build.hpp"

#include <algorithm>

#include "diamgw/base/nearest.hpp"

namespace diamgw::dictionary::detail {

void build::add_module(std::size_t file) {
  const auto& called = files_[file].called;
  if (!called) {
    return;
  }
  const auto [known, added] = modules_.try_emplace(called->text, file);
  if (!added) {
    clash(file, called->at, "dictionary " + quoted(called->text), "that",
          {known->second, files_[known->second].called->at});
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
  const auto& called = files_[other].called;
  return called && std::ranges::find(files_[file].refines, called->text, &syntax::name::text) !=
                       files_[file].refines.end();
}

void build::unknown_module(std::size_t file, const syntax::name& name) {
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
  const std::string_view nearest = find_nearest(name.text, names);
  error(file, name.at,
        std::string{sentence} + quoted(name.text) +
            (nearest.empty() ? std::string{} : "; did you mean " + quoted(nearest) + "?"));
}

avp_definition* build::find(std::size_t file, const syntax::name& name) {
  const auto found = scopes_[file].find(name.text);
  if (found != scopes_[file].end()) {
    return found->second;
  }
  if (const auto other = avp_by_name_.find(name.text); other != avp_by_name_.end()) {
    error(file, name.at,
          "AVP " + quoted(name.text) + " is defined in " + other->second->source +
              ", which @inherits does not name here");
    return nullptr;
  }
  std::vector<std::string_view> names;
  for (const auto& [known, avp] : scopes_[file]) {
    names.push_back(known);
  }
  std::ranges::sort(names);  // the same answer for the same files
  unknown(file, name, "no AVP is called ", names);
  return nullptr;
}

}  // namespace diamgw::dictionary::detail
