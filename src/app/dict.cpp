// diamgw dict: what the dictionary knows, for people and for programs.
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/commands.hpp"
#include "app/configuration.hpp"
#include "app/dict/check.hpp"
#include "app/dict/export.hpp"
#include "app/dict/find.hpp"
#include "app/dict/show.hpp"
#include "app/process.hpp"
#include "diamgw/base/letter_case.hpp"

namespace diamgw::app {
namespace {

using nlohmann::ordered_json;

/// What is wrong with them goes to standard error.
std::optional<dictionary_set> load(const dict_arguments& a) {
  auto loaded = read_dictionaries(a.config, a.dictionaries);
  if (!loaded) {
    print_errors(sentences_of(loaded.error()));
    return std::nullopt;
  }
  print_errors(sentences_of(loaded->warnings));
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

void print_json(const ordered_json& value) {
  std::cout << value.dump(2, ' ', false, ordered_json::error_handler_t::replace) << '\n';
}

ordered_json entries_to_json(const std::vector<entry>& entries) {
  ordered_json out = ordered_json::array();
  for (const entry& e : entries) {
    out.push_back({{"kind", to_lower(to_string(e.kind))},
                   {"name", e.name},
                   {"number", e.number},
                   {"source", e.source},
                   {"detail", e.detail}});
  }
  return out;
}

ordered_json shown_to_json(const shown_definitions& found) {
  ordered_json avps = ordered_json::array();
  ordered_json commands = ordered_json::array();
  for (const auto* avp : found.avps) {
    avps.push_back(to_json(*avp));
  }
  for (const auto* command : found.commands) {
    commands.push_back(to_json(*command));
  }
  ordered_json applications = ordered_json::array();
  if (found.application != nullptr) {
    applications.push_back(to_json(*found.application));
  }
  return {{"avps", avps}, {"commands", commands}, {"applications", applications}};
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
  if (a.as_json) {
    print_json(entries_to_json(entries));
  } else {
    std::cout << to_table(entries);
  }
  return exit_status::success;
}

exit_status dict_show(const dict_show_arguments& a) {
  const auto loaded = load(a);
  if (!loaded) {
    return exit_status::usage;
  }
  const shown_definitions found = find_shown(*loaded, a.word);
  if (found.empty()) {
    const bool occurs = !find_entries(*loaded, {.word = a.word}).empty();
    std::cerr << "no AVP, command or application has " << describe(*loaded, a.word)
              << (occurs ? "; 'diamgw dict find' lists where it occurs"
                         : suggest(*loaded, a.word, name_set::shown))
              << '\n';
    return exit_status::failure;
  }
  if (a.as_json) {
    print_json(shown_to_json(found));
  } else {
    std::cout << show(*loaded, found);
  }
  return exit_status::success;
}

exit_status dict_check(const dict_check_arguments& a) {
  const auto checked = check_dictionaries(
      {.files = a.files, .folders = a.folders, .inherits = a.inherits, .alone = a.alone});
  const bool good = checked.has_value() && !(a.strict && !checked->warnings.empty());
  const exit_status status = good ? exit_status::success : exit_status::failure;
  if (a.as_json) {
    print_json({{"ok", good},
                {"errors", checked ? sentences{} : checked.error()},
                {"warnings", checked ? checked->warnings : sentences{}}});
    return status;
  }
  if (!checked) {
    print_errors(checked.error());
    return status;
  }
  print_errors(checked->warnings);
  if (!good) {
    return status;
  }
  for (const dictionary_source& file : checked->files) {
    std::cout << file.path << ": ok: " << summary(file.parsed) << '\n';
  }
  return exit_status::success;
}

}  // namespace diamgw::app
