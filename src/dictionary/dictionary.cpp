#include "diamgw/dictionary/dictionary.hpp"

#include <ranges>
#include <unordered_map>
#include <utility>

#include "diamgw/base/nearest.hpp"
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

const application_definition* dictionary::find_application(application_id id) const noexcept {
  return tables_->application_by_id.find(id.value);
}

const application_definition* dictionary::find_application(std::string_view name) const noexcept {
  return tables_->application_by_name.find(name);
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

/// Every name that finds a command: "CCR", "CCA", "Credit-Control" and its -Request and -Answer.
std::vector<std::string> names_of(const command_definition& command) {
  std::vector<std::string> names{command.name, command.name + "-Request", command.name + "-Answer"};
  if (command.short_name != command.name) {
    names.push_back(command.short_name);
  }
  names.push_back(command.short_name + "R");
  names.push_back(command.short_name + "A");
  return names;
}

}  // namespace

void dictionary::tables::make_indexes() {
  avp_by_code.reserve(avps.size());
  avp_by_name.reserve(avps.size());
  for (const avp_definition& avp : avps) {
    avp_list.push_back(&avp);
    avp_by_code.insert(avp_key(avp.code, avp.vendor), &avp);
    avp_by_name.insert(avp.name, &avp);
  }

  command_by_code.reserve(commands.size());
  std::vector<std::vector<const command_definition*>> runs;  // beside command_names
  std::unordered_map<std::string, std::size_t> known;
  for (const command_definition& command : commands) {
    command_list.push_back(&command);
    command_by_code.insert(command_key(command.application, command.code), &command);
    for (std::string& name : names_of(command)) {
      const auto [found, added] = known.try_emplace(name, runs.size());
      if (added) {
        command_names.push_back(std::move(name));
        runs.emplace_back();
      }
      runs[found->second].push_back(&command);
    }
  }
  commands_by_name.reserve(command_names.size());
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto first = static_cast<std::uint32_t>(named_commands.size());
    named_commands.insert(named_commands.end(), runs[i].begin(), runs[i].end());
    commands_by_name.insert(command_names[i], {first, static_cast<std::uint32_t>(runs[i].size())});
  }

  application_by_id.reserve(applications.size());
  application_by_name.reserve(applications.size() * 2);
  for (const application_definition& application : applications) {
    application_by_id.insert(application.id.value, &application);
    application_by_name.insert(application.name, &application);
    application_by_name.insert(application.source, &application);
  }
}

}  // namespace diamgw::dictionary
