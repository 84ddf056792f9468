// Building goes in passes over all files, since names may be used before they are defined:
// modules, AVPs, scopes, values, groups, messages.
#include "diamgw/dictionary/builder.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "diamgw/base/nearest.hpp"
#include "dictionary/tables.hpp"

namespace diamgw::dictionary {
namespace {

std::string quoted(std::string_view text) {
  return '\'' + std::string{text} + '\'';
}

/// Two grammars say the same.
bool same_rules(const std::vector<avp_rule>& a, const std::vector<avp_rule>& b) {
  return std::ranges::equal(a, b, [](const avp_rule& x, const avp_rule& y) {
    return x.avp == y.avp && x.place == y.place && x.min == y.min && x.max == y.max;
  });
}

/// "Credit-Control" to "CC".
std::string initials(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (i == 0 || name[i - 1] == '-') {
      out += name[i];
    }
  }
  return out;
}

/// The names that a command's request is written by: "CCR" or "Credit-Control-Request", likewise
/// for its answer.
struct command_names {
  std::string name;
  std::string short_name;
};

command_names split_message_name(std::string_view message, bool request) {
  const std::string_view long_ending = request ? "-Request" : "-Answer";
  if (message.ends_with(long_ending)) {
    message.remove_suffix(long_ending.size());
    return {std::string{message}, initials(message)};
  }
  if (message.size() > 1 && message.ends_with(request ? 'R' : 'A')) {
    message.remove_suffix(1);
  }
  return {std::string{message}, std::string{message}};
}

}  // namespace

namespace detail {

class build {
 public:
  build(const std::vector<syntax::file>& files, dictionary::tables& tables)
      : files_{files}, tables_{tables}, scopes_(files.size()) {}

  diagnostics run() {
    for_each_file(&build::add_module);
    for_each_file(&build::add_avps);
    for_each_file(&build::make_scope);
    for_each_file(&build::add_values);
    for_each_file(&build::add_groups);
    check_groups();
    for_each_file(&build::add_names);
    for_each_file(&build::add_messages);
    std::ranges::sort(errors_, {}, [](const auto& e) {
      return std::tuple{e.first, e.second.at, std::string_view{e.second.message}};
    });
    diagnostics out;
    for (auto& [file, error] : errors_) {
      out.push_back(std::move(error));
    }
    return out;
  }

 private:
  /// Where something was first defined.
  struct place {
    std::size_t file = 0;
    position at;
  };
  using scope = std::unordered_map<std::string_view, avp_definition*>;

  void for_each_file(void (build::*pass)(std::size_t)) {
    for (std::size_t i = 0; i < files_.size(); ++i) {
      (this->*pass)(i);
    }
  }

  void error(std::size_t file, position at, std::string message) {
    errors_.emplace_back(file, diagnostic{files_[file].path, at, std::move(message)});
  }
  [[nodiscard]] std::string say(const place& p) const {
    return files_[p.file].path + ':' + std::to_string(p.at.line) + ':' +
           std::to_string(p.at.column);
  }
  void clash(std::size_t file, position at, std::string_view what, const place& first) {
    error(file, at, std::string{what} + " clashes with its definition at " + say(first));
  }
  [[nodiscard]] std::string source(std::size_t file) const {
    return files_[file].called ? files_[file].called->text : files_[file].path;
  }

  // Modules
  // ----------------------------------------------------------------------------------------

  void add_module(std::size_t file) {
    const auto& called = files_[file].called;
    if (!called) {
      return;
    }
    const auto [known, added] = modules_.try_emplace(called->text, file);
    if (!added) {
      clash(file, called->at, "dictionary " + quoted(called->text),
            {known->second, files_[known->second].called->at});
    }
  }

  // AVPs
  // -------------------------------------------------------------------------------------------

  void add_avps(std::size_t file) {
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

  void add_avp(std::size_t file, const syntax::avp& avp) {
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
                                    .grammar = {},
                                    .source = source(file)};
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
      clash(file, avp.called.at, "AVP " + describe(definition), avp_places_.at(known));
      return;
    } else if (known->name != definition.name || known->code != definition.code ||
               known->vendor != definition.vendor || known->type != definition.type ||
               known->mandatory != definition.mandatory || known->protect != definition.protect) {
      clash(file, avp.called.at,
            "AVP " + describe(definition) + " differs from " + describe(*known) + " and",
            avp_places_.at(known));
      return;
    }
    scopes_[file].emplace(known->name, known);
  }

  [[nodiscard]] static std::string describe(const avp_definition& avp) {
    std::string out = quoted(avp.name) + " (" + std::to_string(avp.code.value);
    if (avp.vendor != ietf_vendor) {
      out += " of vendor " + std::to_string(avp.vendor.value);
    }
    return out + ", " + std::string{to_string(avp.type)} + ")";
  }

  [[nodiscard]] std::optional<vendor_id> vendor_of(std::size_t file, const syntax::avp& avp) const {
    if (!avp.has_vendor) {
      return ietf_vendor;
    }
    for (const syntax::selection& s : files_[file].vendor_ids) {
      if (std::ranges::find(s.names, avp.called.text, &syntax::name::text) != s.names.end()) {
        return vendor_id{s.vendor};
      }
    }
    const auto& groups = files_[file].groups;
    const auto group = std::ranges::find(groups, avp.called.text,
                                         [](const syntax::group& g) { return g.called.text; });
    if (group != groups.end() && group->vendor) {
      return vendor_id{group->vendor->value};
    }
    if (files_[file].vendor) {
      return vendor_id{files_[file].vendor->id.value};
    }
    return std::nullopt;
  }

  // Scopes
  // -----------------------------------------------------------------------------------------

  [[nodiscard]] avp_definition* own(std::size_t file, std::string_view name) const {
    const auto& avps = files_[file].avps;
    const auto found = std::ranges::find(
        avps, name, [](const syntax::avp& a) { return std::string_view{a.called.text}; });
    if (found == avps.end()) {
      return nullptr;
    }
    const auto known = avp_by_name_.find(name);
    return known == avp_by_name_.end() ? nullptr : known->second;
  }
  [[nodiscard]] std::vector<std::string_view> own_names(std::size_t file) const {
    std::vector<std::string_view> names;
    for (const syntax::avp& avp : files_[file].avps) {
      names.emplace_back(avp.called.text);
    }
    return names;
  }

  void make_scope(std::size_t file) {
    std::vector<bool> visited(files_.size());
    inherit(file, file, visited);
  }

  void inherit(std::size_t into, std::size_t from, std::vector<bool>& visited) {
    visited[from] = true;
    for (const syntax::selection& s : files_[from].inherits) {
      const auto module = modules_.find(s.module.text);
      if (module == modules_.end()) {
        if (into == from) {
          std::vector<std::string_view> names;
          for (const auto& [name, index] : modules_) {
            names.emplace_back(name);
          }
          unknown(from, s.module, "no dictionary is called ", names);
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

  void inherit_avps(std::size_t into, std::size_t module, const syntax::selection* only) {
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
    for (const syntax::avp& avp : files_[module].avps) {
      if (avp_definition* const known = own(module, avp.called.text)) {
        scopes_[into].emplace(known->name, known);
      }
    }
  }

  void unknown(std::size_t file, const syntax::name& name, std::string_view sentence,
               const std::vector<std::string_view>& names) {
    const std::string_view nearest = find_nearest(name.text, names);
    error(file, name.at,
          std::string{sentence} + quoted(name.text) +
              (nearest.empty() ? std::string{} : "; did you mean " + quoted(nearest) + "?"));
  }

  /// The AVP that a file means by a name; an error where there is none.
  avp_definition* find(std::size_t file, const syntax::name& name) {
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

  // Values
  // -----------------------------------------------------------------------------------------

  void add_values(std::size_t file) {
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

  void add_value(std::size_t file, avp_definition& avp, const syntax::value& v, bool define) {
    const auto number = static_cast<std::int32_t>(v.number);  // Unsigned32 keeps its bits
    for (const enum_value& known : avp.values) {
      const bool same_name = known.name == v.called.text;
      if (same_name && known.value == number) {
        return;
      }
      // A @define may give a second name to a number, as RFC 3588 did for causes.
      if (same_name || (known.value == number && !define)) {
        clash(file, v.called.at,
              "value " + quoted(v.called.text) + " " + std::to_string(v.number) + " of " +
                  avp.name + " differs from " + quoted(known.name) + " " +
                  std::to_string(known.value) + " and",
              value_places_.at({&avp, known.name}));
        return;
      }
    }
    avp.values.push_back({v.called.text, number});
    value_places_.emplace(std::pair{&avp, v.called.text}, place{file, v.called.at});
  }

  // Grammars
  // ---------------------------------------------------------------------------------------

  std::vector<avp_rule> resolve(std::size_t file, const std::vector<syntax::rule>& rules) {
    std::vector<avp_rule> out;
    for (const syntax::rule& rule : rules) {
      avp_rule resolved{.avp = nullptr, .place = rule.place, .min = rule.min, .max = rule.max};
      if (rule.avp.text != "AVP") {
        resolved.avp = find(file, rule.avp);
        if (resolved.avp == nullptr) {
          continue;
        }
      }
      if (std::ranges::find(out, resolved.avp, &avp_rule::avp) != out.end()) {
        error(file, rule.avp.at, quoted(rule.avp.text) + " stands twice in this grammar");
        continue;
      }
      out.push_back(resolved);
    }
    return out;
  }

  void add_groups(std::size_t file) {
    for (const syntax::group& group : files_[file].groups) {
      avp_definition* const avp = find(file, group.called);
      if (avp == nullptr) {
        continue;
      }
      if (avp->type != avp_type::grouped) {
        error(file, group.called.at, "expected an AVP of type Grouped, found " + describe(*avp));
        continue;
      }
      if (group.code.value != avp->code.value) {
        error(file, group.code.at,
              "expected the AVP code " + std::to_string(avp->code.value) + " of " +
                  quoted(avp->name) + ", found " + std::to_string(group.code.value));
      }
      if (group.vendor && group.vendor->value != avp->vendor.value) {
        error(file, group.vendor->at,
              "expected the vendor id " + std::to_string(avp->vendor.value) + " of " +
                  quoted(avp->name) + ", found " + std::to_string(group.vendor->value));
      }
      std::vector<avp_rule> rules = resolve(file, group.rules);
      const auto [known, added] = group_places_.try_emplace(avp, place{file, group.called.at});
      if (added) {
        avp->grammar = std::move(rules);
      } else if (known->second.file == file || !same_rules(avp->grammar, rules)) {
        clash(file, group.called.at, "the grammar of " + quoted(avp->name), known->second);
      }
    }
  }

  void check_groups() {
    for (const avp_definition& avp : tables_.avps) {
      if (avp.type == avp_type::grouped && !group_places_.contains(&avp)) {
        const place& p = avp_places_.at(&avp);
        error(p.file, p.at,
              "expected a grammar of " + quoted(avp.name) + " in @grouped, found none");
      }
    }
  }

  // Commands and applications
  // ----------------------------------------------------------------------

  /// `@define Command-Code` names commands, `@define Application-Id` applications.
  void add_names(std::size_t file) {
    for (const syntax::enumeration& e : files_[file].enumerations) {
      if (!e.define || (e.called.text != "Command-Code" && e.called.text != "Application-Id")) {
        continue;
      }
      auto& names = e.called.text == "Command-Code" ? command_names_ : application_names_;
      for (const syntax::value& v : e.values) {
        names.try_emplace(v.number, v.called.text);
        if (&names == &application_names_) {
          add_application(file, application_id{static_cast<std::uint32_t>(v.number)});
        }
      }
    }
    if (const auto& id = files_[file].id) {
      add_application(file, application_id{id->value});
    }
  }

  void add_application(std::size_t file, application_id id) {
    auto& applications = tables_.applications;
    if (std::ranges::find(applications, id, &application_definition::id) != applications.end()) {
      return;  // several files may serve one application
    }
    const auto named = application_names_.find(id.value);
    const auto& vendor = files_[file].vendor;
    applications.push_back(
        {.name = named == application_names_.end() ? source(file) : named->second,
         .source = source(file),
         .id = id,
         .vendor = vendor ? vendor_id{vendor->id.value} : ietf_vendor});
  }

  void add_messages(std::size_t file) {
    for (const syntax::message& m : files_[file].messages) {
      std::vector<avp_rule> rules = resolve(file, m.rules);
      if (m.called.text == "answer-message") {
        if (tables_.error_answer.empty()) {
          tables_.error_answer = std::move(rules);
        }
        continue;
      }
      if (!m.application && !files_[file].id) {
        error(file, m.called.at,
              "expected @id, the application of " + quoted(m.called.text) + ", found none");
        continue;
      }
      const application_id application{m.application ? m.application->value
                                                     : files_[file].id->value};
      if (m.application) {
        add_application(file, application);
      }
      add_message(file, m, application, std::move(rules));
    }
  }

  void add_message(std::size_t file, const syntax::message& m, application_id application,
                   std::vector<avp_rule> rules) {
    const std::uint64_t key = command_key(application, command_code{m.code.value});
    auto& command = commands_[key];
    if (command == nullptr) {
      command_names names = split_message_name(m.called.text, m.request);
      if (const auto named = command_names_.find(m.code.value); named != command_names_.end()) {
        names.name = named->second;
      }
      command = &tables_.commands.emplace_back(
          command_definition{.name = std::move(names.name),
                             .short_name = std::move(names.short_name),
                             .code = command_code{m.code.value},
                             .application = application,
                             .proxiable = m.proxiable,
                             .request = {},
                             .answer = {},
                             .source = source(file)});
    }
    auto& grammar = m.request ? command->request : command->answer;
    const auto [known, added] =
        message_places_.try_emplace(std::pair{key, m.request}, place{file, m.called.at});
    if (added) {
      grammar = std::move(rules);
    } else if (known->second.file == file || !same_rules(grammar, rules)) {
      clash(file, m.called.at,
            std::string{m.request ? "request " : "answer "} + quoted(m.called.text) + " (" +
                std::to_string(m.code.value) + " of application " +
                std::to_string(application.value) + ")",
            known->second);
    }
  }

  const std::vector<syntax::file>& files_;
  dictionary::tables& tables_;
  std::map<std::string, std::size_t, std::less<>> modules_;
  std::map<std::string, avp_definition*, std::less<>> avp_by_name_;
  std::unordered_map<std::uint64_t, avp_definition*> avp_by_code_;
  std::unordered_map<const avp_definition*, place> avp_places_;
  std::unordered_map<const avp_definition*, place> group_places_;
  std::map<std::pair<const avp_definition*, std::string>, place> value_places_;
  std::map<std::uint64_t, command_definition*> commands_;
  std::map<std::pair<std::uint64_t, bool>, place> message_places_;
  std::map<std::int64_t, std::string> command_names_;
  std::map<std::int64_t, std::string> application_names_;
  std::vector<scope> scopes_;
  std::vector<std::pair<std::size_t, diagnostic>> errors_;
};

}  // namespace detail

result<dictionary, diagnostics> dictionary::builder::build() const {
  auto t = std::make_unique<tables>();
  diagnostics errors = detail::build{files_, *t}.run();
  if (!errors.empty()) {
    return errors;
  }
  t->make_indexes();
  return dictionary{std::move(t)};
}

}  // namespace diamgw::dictionary
