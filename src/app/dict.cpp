// diamgw dict: what the dictionary knows, for people and for programs.
#include <iostream>
#include <nlohmann/json.hpp>
#include <span>

#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/dict/export.hpp"
#include "app/dict/find.hpp"
#include "app/dict/show.hpp"
#include "app/process.hpp"
#include "diamgw/base/letter_case.hpp"

namespace diamgw::app {
namespace {

/// What is wrong with them goes to standard error.
std::optional<dictionary_set> load(const dict_arguments& a) {
  auto loaded = read_dictionaries(a.config, a.dictionaries);
  if (!loaded) {
    print_errors(loaded.error());
    return std::nullopt;
  }
  return std::move(*loaded);
}

std::string in_quotes(std::string_view text) {
  return '\'' + std::string{text} + '\'';
}

/// "the name 'CCRR'", "the number '12'".
std::string describe(const dictionary_set& all, const std::string& word) {
  return (parse_number(all, word) ? "the number " : "the name ") + in_quotes(word);
}

/// "; did you mean 'CCR'?", or nothing.
std::string suggest(const dictionary_set& all, const std::string& word, name_set among) {
  const std::string nearest =
      parse_number(all, word) ? std::string{} : nearest_name(all, word, among);
  return nearest.empty() ? std::string{} : "; did you mean " + in_quotes(nearest) + "?";
}

std::optional<entry_kind> kind_of(const std::string& type) {
  for (const entry_kind kind :
       {entry_kind::avp, entry_kind::command, entry_kind::application, entry_kind::value}) {
    if (to_lower(to_string(kind)) == type) {
      return kind;
    }
  }
  return std::nullopt;
}

/// "3 AVPs, 1 group, 2 messages".
std::string summary(const dictionary::syntax::file& file) {
  std::string out;
  const auto add = [&out](std::size_t count, const std::string& what) {
    out += (out.empty() ? "" : ", ") + std::to_string(count) + ' ' + what + (count == 1 ? "" : "s");
  };
  std::size_t values = 0;
  for (const auto& e : file.enumerations) {
    values += e.values.size();
  }
  add(file.avps.size(), "AVP");
  add(file.groups.size(), "group");
  add(file.messages.size(), "message");
  add(values, "named value");
  return out;
}

}  // namespace

exit_status dict_export(const dict_arguments& a) {
  const auto loaded = load(a);
  if (!loaded) {
    return exit_status::usage;
  }
  std::cout << to_json(*loaded).dump(1) << '\n';
  return exit_status::success;
}

exit_status dict_find(const dict_find_arguments& a) {
  const auto loaded = load(a);
  if (!loaded) {
    return exit_status::usage;
  }
  find_request request{.word = a.word, .vendor = {}, .kind = kind_of(a.type)};
  if (!a.vendor.empty()) {
    request.vendor = loaded->find_vendor(a.vendor);
    if (!request.vendor) {
      std::cerr << "no dictionary names a vendor " << in_quotes(a.vendor) << "; give its number\n";
      return exit_status::usage;
    }
  }
  const auto entries = find_entries(*loaded, request);
  if (entries.empty()) {
    std::cerr << "nothing that fits has "
              << (a.word.empty()
                      ? "these properties"
                      : describe(*loaded, a.word) + suggest(*loaded, a.word, name_set::everything))
              << '\n';
    return exit_status::failure;
  }
  std::cout << to_table(entries);
  return exit_status::success;
}

exit_status dict_show(const dict_show_arguments& a) {
  const auto loaded = load(a);
  if (!loaded) {
    return exit_status::usage;
  }
  const std::string text = show(*loaded, a.word);
  if (text.empty()) {
    const bool occurs = !find_entries(*loaded, {.word = a.word}).empty();
    std::cerr << "no AVP or command has " << describe(*loaded, a.word)
              << (occurs ? "; 'diamgw dict find' lists where it occurs"
                         : suggest(*loaded, a.word, name_set::avps_and_commands))
              << '\n';
    return exit_status::failure;
  }
  std::cout << text;
  return exit_status::success;
}

exit_status dict_check(const dict_check_arguments& a) {
  const auto checked =
      check_dictionaries({.files = a.files, .folders = a.folders, .alone = a.alone});
  if (!checked) {
    print_errors(checked.error());
    return exit_status::failure;
  }
  const std::span<const dictionary_source> sources{checked->sources};
  for (const dictionary_source& file : sources.last(a.files.size())) {
    std::cout << file.path << ": ok: " << summary(file.parsed) << '\n';
  }
  return exit_status::success;
}

}  // namespace diamgw::app
