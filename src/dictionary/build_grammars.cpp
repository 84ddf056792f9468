#include "dictionary/build.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

#include "dictionary/application_name.hpp"

namespace diamgw::dictionary::detail {

namespace {

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

build::precedence build::compare(const place& known, const std::vector<avp_rule>& first,
                                 std::size_t file, const std::vector<avp_rule>& second) const {
  if (known.file == file) {
    return precedence::clash;
  }
  if (refines(file, known.file)) {
    return precedence::second;
  }
  if (refines(known.file, file)) {
    return precedence::first;
  }
  return same_rules(first, second) ? precedence::same : precedence::clash;
}

std::vector<avp_rule> build::resolve(std::size_t file, const std::vector<syntax::rule>& rules) {
  std::vector<avp_rule> out;
  std::unordered_set<const avp_definition*> placed;
  for (const syntax::rule& rule : rules) {
    avp_rule resolved{.avp = nullptr, .place = rule.place, .min = rule.min, .max = rule.max};
    if (rule.avp.text != "AVP") {
      resolved.avp = find(file, rule.avp);
      if (resolved.avp == nullptr) {
        continue;
      }
    }
    if (!placed.insert(resolved.avp).second) {
      error(file, rule.avp.at, quoted(rule.avp.text) + " stands twice in this grammar");
      continue;
    }
    out.push_back(resolved);
  }
  return out;
}

void build::add_groups(std::size_t file) {
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
    const precedence which =
        added ? precedence::second : compare(known->second, avp->grammar, file, rules);
    if (which == precedence::clash) {
      clash_of_grammars(file, group.called.at, "the grammar of " + quoted(avp->name),
                        known->second);
    } else if (which == precedence::second) {
      avp->grammar = std::move(rules);
      avp->grammar_source = source(file);
      known->second = {file, group.called.at};
    }
  }
}

void build::check_groups() {
  for (const avp_definition& avp : tables_.avps) {
    if (avp.type == avp_type::grouped && !group_places_.contains(&avp)) {
      const place& p = avp_places_.at(&avp);
      error(p.file, p.at, "expected a grammar of " + quoted(avp.name) + " in @grouped, found none");
    }
  }
}

void build::add_names(std::size_t file) {
  for (const syntax::enumeration& e : files_[file].enumerations) {
    if (!e.define || (e.called.text != "Command-Code" && e.called.text != "Application-Id")) {
      continue;
    }
    for (const syntax::value& v : e.values) {
      if (e.called.text == "Command-Code") {
        command_names_.try_emplace(v.number, v.called.text);
      } else {
        add_application_name(file, v);
      }
    }
  }
  if (const auto& id = files_[file].id) {
    add_application(file, application_id{id->value});
  }
}

void build::add_application_name(std::size_t file, const syntax::value& v) {
  const application_id id{static_cast<std::uint32_t>(v.number)};
  const auto [known, added] =
      application_places_.try_emplace(std::string{application_name{v.called.text}.letters()}, id,
                                      v.called.text, place{file, v.called.at});
  const auto& [known_id, known_name, known_place] = known->second;
  if (!added && known_id != id) {
    clash(file, v.called.at,
          "application " + quoted(v.called.text) + " (" + std::to_string(id.value) + ")",
          quoted(known_name) + " (" + std::to_string(known_id.value) + ")", known_place);
    return;
  }
  const bool first = application_names_.try_emplace(v.number, v.called.text).second;
  add_application(file, id);
  if (added && !first) {
    std::ranges::find(tables_.applications, id, &application_definition::id)
        ->aliases.push_back(v.called.text);
  }
}

void build::add_application(std::size_t file, application_id id) {
  auto& applications = tables_.applications;
  if (std::ranges::find(applications, id, &application_definition::id) != applications.end()) {
    return;  // several files may serve one application
  }
  const auto named = application_names_.find(id.value);
  const auto& vendor = files_[file].vendor;
  applications.push_back({.name = named == application_names_.end() ? source(file) : named->second,
                          .source = source(file),
                          .id = id,
                          .vendor = vendor ? vendor_id{vendor->id.value} : ietf_vendor,
                          .aliases = {}});
}

void build::check_message_names(std::size_t file) {
  std::map<std::pair<std::string_view, std::uint32_t>, const syntax::message*> known;
  for (const syntax::message& m : files_[file].messages) {
    const std::uint32_t application = m.application     ? m.application->value
                                      : files_[file].id ? files_[file].id->value
                                                        : 0;
    const auto [first, added] = known.try_emplace({m.called.text, application}, &m);
    if (!added && first->second->code.value != m.code.value) {
      clash(file, m.called.at, "message " + quoted(m.called.text), "that",
            {file, first->second->called.at});
    }
  }
}

void build::add_messages(std::size_t file) {
  check_message_names(file);
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
    const application_id application{m.application ? m.application->value : files_[file].id->value};
    if (m.application) {
      add_application(file, application);
    }
    add_message(file, m, application, std::move(rules));
  }
}

void build::add_message(std::size_t file, const syntax::message& m, application_id application,
                        std::vector<avp_rule> rules) {
  const std::uint64_t key = command_key(application, command_code{m.code.value});
  auto& command = commands_[key];
  if (command == nullptr) {
    command_names names = split_message_name(m.called.text, m.request);
    if (const auto named = command_names_.find(m.code.value); named != command_names_.end()) {
      names.name = named->second;
    }
    command =
        &tables_.commands.emplace_back(command_definition{.name = std::move(names.name),
                                                          .short_name = std::move(names.short_name),
                                                          .code = command_code{m.code.value},
                                                          .application = application,
                                                          .proxiable = m.proxiable,
                                                          .request = {},
                                                          .answer = {},
                                                          .source = source(file),
                                                          .request_source = {},
                                                          .answer_source = {}});
  }
  auto& grammar = m.request ? command->request : command->answer;
  const auto [known, added] =
      message_places_.try_emplace(std::pair{key, m.request}, place{file, m.called.at});
  const precedence which =
      added ? precedence::second : compare(known->second, grammar, file, rules);
  if (which == precedence::second) {
    grammar = std::move(rules);
    (m.request ? command->request_source : command->answer_source) = source(file);
    known->second = {file, m.called.at};
  } else if (which == precedence::clash) {
    clash_of_grammars(file, m.called.at,
                      std::string{m.request ? "request " : "answer "} + quoted(m.called.text) +
                          " (" + std::to_string(m.code.value) + " of application " +
                          std::to_string(application.value) + ")",
                      known->second);
  }
}

}  // namespace diamgw::dictionary::detail
