#include "diamgw/dictionary/dictionary.hpp"

#include <algorithm>
#include <charconv>
#include <ranges>
#include <unordered_map>
#include <utility>

#include "diamgw/base/nearest.hpp"
#include "dictionary/application_name.hpp"
#include "dictionary/tables.hpp"

namespace diamgw::dictionary {

dictionary::dictionary(std::unique_ptr<tables> t) : tables_{std::move(t)} {}
dictionary::dictionary(dictionary&&) noexcept = default;
dictionary& dictionary::operator=(dictionary&&) noexcept = default;
dictionary::~dictionary() = default;

const avp_definition* dictionary::find_avp(avp_code code, vendor_id vendor) const noexcept {
  return tables_->avp_by_code.find(avp_key(code, vendor));
}

const avp_definition* dictionary::find_avp(std::string_view name) const noexcept {
  return tables_->avp_by_name.find(name);
}

const command_definition* dictionary::find_command(application_id application,
                                                   command_code code) const noexcept {
  const auto* const own = tables_->command_by_code.find(command_key(application, code));
  return own != nullptr ? own : tables_->command_by_code.find(command_key(base_application, code));
}

std::span<const command_definition* const> dictionary::find_commands(
    std::string_view name) const noexcept {
  const tables::command_run run = tables_->commands_by_name.find(name);
  return std::span{tables_->named_commands}.subspan(run.first, run.count);
}

std::span<const command_definition* const> dictionary::find_requests(
    std::string_view name) const noexcept {
  const tables::command_run run = tables_->requests_by_name.find(name);
  return std::span{tables_->named_commands}.subspan(run.first, run.count);
}

const application_definition* dictionary::find_application(application_id id) const noexcept {
  return tables_->application_by_id.find(id.value);
}

const application_definition* dictionary::find_application(std::string_view name) const noexcept {
  return tables_->application_by_name.find(application_name{name}.letters());
}

std::optional<application_id> dictionary::find_application_id(
    std::string_view text) const noexcept {
  if (const application_definition* const known = find_application(text)) {
    return known->id;
  }
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  const std::string_view digits = text.substr(hexadecimal ? 2 : 0);
  std::uint32_t number = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, hexadecimal ? 16 : 10);
  return error == std::errc{} && end == digits.data() + digits.size()
             ? std::optional{application_id{number}}
             : std::nullopt;
}

std::span<const avp_rule> dictionary::error_answer() const noexcept {
  return tables_->error_answer;
}

std::string_view dictionary::nearest_avp(std::string_view wrong) const {
  return find_nearest(wrong,
                      tables_->avp_list | std::views::transform([](const avp_definition* avp) {
                        return std::string_view{avp->name};
                      }));
}

std::string_view dictionary::nearest_command(std::string_view wrong) const {
  return find_nearest(wrong, tables_->command_names);
}

std::string_view dictionary::nearest_application(std::string_view wrong) const {
  std::vector<std::string> letters;  // what counts of each name
  std::vector<std::string_view> names;
  const auto add = [&](std::string_view name) {
    names.push_back(name);
    letters.emplace_back(application_name{name}.letters());
  };
  for (const application_definition& application : tables_->applications) {
    add(application.name);
    std::ranges::for_each(application.aliases, add);
    add(application.source);
  }
  const std::string_view nearest = find_nearest(application_name{wrong}.letters(), letters);
  return nearest.empty() ? std::string_view{}
                         : names[static_cast<std::size_t>(std::ranges::find(letters, nearest) -
                                                          letters.begin())];
}

std::span<const avp_definition* const> dictionary::avps() const noexcept {
  return tables_->avp_list;
}

std::span<const command_definition* const> dictionary::commands() const noexcept {
  return tables_->command_list;
}

std::span<const application_definition> dictionary::applications() const noexcept {
  return tables_->applications;
}

namespace {

/// "CCR", "Credit-Control", "Credit-Control-Request".
std::vector<std::string> request_names(const command_definition& command) {
  std::vector<std::string> names{command.name, command.name + "-Request"};
  if (!command.short_name.empty()) {
    names.push_back(command.short_name + "R");
  }
  return names;
}

std::vector<std::string> answer_names(const command_definition& command) {
  std::vector<std::string> names{command.name + "-Answer"};
  if (!command.short_name.empty()) {
    names.push_back(command.short_name + "A");
  }
  if (command.short_name != command.name) {
    names.push_back(command.short_name);
  }
  return names;
}

}  // namespace

/// Commands by name, in the order of loading, until an index is made of them.
class dictionary::tables::name_runs {
 public:
  void add(std::string name, const command_definition& command) {
    const auto [found, added] = known_.try_emplace(std::move(name), runs_.size());
    if (added) {
      runs_.emplace_back();
      names_.push_back(&found->first);
    }
    runs_[found->second].push_back(&command);
  }
  /// The names go to `command_names`, which keeps them, the runs to `named_commands`.
  void index(tables& t, flat_index<std::string_view, command_run>& out) const {
    out.reserve(runs_.size());
    for (std::size_t i = 0; i < runs_.size(); ++i) {
      const auto first = static_cast<std::uint32_t>(t.named_commands.size());
      t.named_commands.insert(t.named_commands.end(), runs_[i].begin(), runs_[i].end());
      t.command_names.push_back(*names_[i]);
      out.insert(t.command_names.back(), {first, static_cast<std::uint32_t>(runs_[i].size())});
    }
  }

 private:
  std::unordered_map<std::string, std::size_t> known_;
  std::vector<const std::string*> names_;
  std::vector<std::vector<const command_definition*>> runs_;
};

namespace {

void index_rules(std::vector<avp_rule>& grammar) {
  for (std::size_t i = grammar.size(); i-- > 0;) {
    avp_rule& rule = grammar[i];
    if (rule.avp != nullptr) {
      rule.key = avp_key(rule.avp->code, rule.avp->vendor);
      std::uint32_t& first = grammar[bucket_of(rule.key, grammar.size())].first_in_bucket;
      rule.next_in_bucket = std::exchange(first, static_cast<std::uint32_t>(i));
    }
  }
}

}  // namespace

void dictionary::tables::make_indexes() {
  avp_by_code.reserve(avps.size());
  avp_by_name.reserve(avps.size());
  index_rules(error_answer);
  for (avp_definition& avp : avps) {
    avp.index();
    index_rules(avp.grammar);
    avp_list.push_back(&avp);
    avp_by_code.insert(avp_key(avp.code, avp.vendor), &avp);
    avp_by_name.insert(avp.name, &avp);
  }

  command_by_code.reserve(commands.size());
  name_runs requests;
  name_runs all;
  for (command_definition& command : commands) {
    index_rules(command.request);
    index_rules(command.answer);
    command_list.push_back(&command);
    command_by_code.insert(command_key(command.application, command.code), &command);
    for (std::string& name : request_names(command)) {
      all.add(name, command);
      requests.add(std::move(name), command);
    }
    for (std::string& name : answer_names(command)) {
      all.add(std::move(name), command);
    }
  }
  requests.index(*this, requests_by_name);
  all.index(*this, commands_by_name);

  application_by_id.reserve(applications.size());
  std::size_t names = 0;
  for (const application_definition& application : applications) {
    names += 2 + application.aliases.size();
  }
  application_by_name.reserve(names);
  const auto add_name = [this](std::string_view name, const application_definition& application) {
    application_names.emplace_back(application_name{name}.letters());
    application_by_name.insert(application_names.back(), &application);
  };
  for (const application_definition& application : applications) {
    application_by_id.insert(application.id.value, &application);
    add_name(application.name, application);
    for (const std::string& alias : application.aliases) {
      add_name(alias, application);
    }
  }
  for (const application_definition& application : applications) {
    add_name(application.source, application);  // no more than a fallback: several may have it
  }
}

}  // namespace diamgw::dictionary
