// What a dictionary holds. Definitions live in deques, so that pointers to them stay good.
#pragma once
#include <deque>
#include <string>
#include <vector>

#include "diamgw/dictionary/dictionary.hpp"
#include "dictionary/flat_index.hpp"

namespace diamgw::dictionary {

[[nodiscard]] constexpr std::uint64_t command_key(application_id application,
                                                  command_code code) noexcept {
  return (std::uint64_t{application.value} << 32U) | code.value;
}

struct dictionary::tables {
  /// A run of `named_commands`.
  struct command_run {
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    friend bool operator==(command_run, command_run) = default;
  };

  std::deque<avp_definition> avps;
  std::deque<command_definition> commands;
  std::vector<application_definition> applications;
  std::vector<avp_rule> error_answer;

  std::vector<const avp_definition*> avp_list;
  std::vector<const command_definition*> command_list;
  std::deque<std::string> command_names;
  std::deque<std::string> application_names;  // as `application_name` has them
  std::vector<const command_definition*> named_commands;

  flat_index<std::uint64_t, const avp_definition*> avp_by_code;
  flat_index<std::string_view, const avp_definition*> avp_by_name;
  flat_index<std::uint64_t, const command_definition*> command_by_code;
  flat_index<std::string_view, command_run> commands_by_name;
  flat_index<std::string_view, command_run> requests_by_name;
  flat_index<std::uint64_t, const application_definition*> application_by_id;
  flat_index<std::string_view, const application_definition*> application_by_name;

  /// Fills the lists and indexes from the definitions, which then no longer change.
  void make_indexes();

 private:
  class name_runs;
};

}  // namespace diamgw::dictionary
