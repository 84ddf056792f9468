#include "app/configuration.hpp"

#include <unistd.h>

#include <filesystem>

#include "app/read_file.hpp"
#include "diamgw/config/find_doubts.hpp"
#include "diamgw/gateway/admin_access.hpp"

namespace diamgw::app {
namespace {

config::environment read_environment() {
  config::environment variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text{*entry};
    if (const auto equals = text.find('='); equals != std::string_view::npos) {
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return variables;
}

void append(config::problems& to, const config::problems& all) {
  to.insert(to.end(), all.begin(), all.end());
}

config::application_names names_from(const dictionary::dictionary& names) {
  config::application_names out;
  out.find = [&names](std::string_view name) -> std::optional<std::uint32_t> {
    const auto id = names.find_application_id(name);
    return id ? std::optional{id->value} : std::nullopt;
  };
  for (const auto& application : names.applications()) {
    out.known.push_back(application.name);
    out.known.insert(out.known.end(), application.aliases.begin(), application.aliases.end());
  }
  out.name_of = [&names](std::uint32_t id) {
    const auto* const known = names.find_application(application_id{id});
    return known == nullptr ? std::string{} : known->name;
  };
  out.vendor_of = [&names](std::uint32_t id) {
    const auto* const known = names.find_application(application_id{id});
    return known == nullptr ? 0U : known->vendor.value;
  };
  return out;
}

/// The built-in dictionary is built once for all, one with the operator's files each time.
result<dictionary_set, config::problems> build(const std::vector<std::string>& paths) {
  if (paths.empty()) {
    return dictionary_set{.sources = {}, .names = dictionary::share_embedded(), .warnings = {}};
  }
  return load_dictionaries(paths);
}

}  // namespace

configuration_source::configuration_source(const std::string& argument) : name_{argument} {
  const config::environment variables = read_environment();
  if (const auto file = variables.find(config::environment_file);
      name_.empty() && file != variables.end()) {
    name_ = file->second;
  }
  if (name_.empty()) {
    kind_ = kind::environment;
    name_ = "environment";
  } else if (name_ == standard_input_file) {
    kind_ = kind::standard_input;
    name_ = "standard input";
  }
}

result<std::string, config::problems> configuration_source::text() {
  if (kind_ == kind::environment) {
    return std::string{"{}"};
  }
  if (standard_input_) {
    return *standard_input_;
  }
  const bool is_input = kind_ == kind::standard_input;
  auto text = read_file(is_input ? std::string{standard_input_file} : name_);
  if (!text) {
    return config::problems{
        {.source = name_, .pointer = {}, .text = "cannot be read: " + text.error().message()}};
  }
  if (is_input) {
    standard_input_ = *text;
  }
  return std::move(*text);
}

result<config::loaded_options, config::problems> configuration_source::read_options() {
  const auto written = text();
  if (!written) {
    return written.error();
  }
  auto loaded = config::load(*written, name_, read_environment());
  if (!loaded) {
    return loaded.error();
  }
  if (kind_ == kind::environment && loaded->from.find("/node/origin_host").source.empty()) {
    return config::problems{
        {.source = {},
         .pointer = {},
         .text = "no configuration: give --config FILE, or name the file by DIAMGW_CONFIG, or set "
                 "DIAMGW_NODE__ORIGIN_HOST and what else is needed"}};
  }
  return std::move(*loaded);
}

std::string configuration_source::beside(const std::string& file) const {
  const auto folder =
      kind_ == kind::file ? std::filesystem::path{name_}.parent_path() : std::filesystem::path{};
  return (folder / file).string();  // an absolute path stays what it is
}

std::vector<std::string> configuration_source::paths_from(const config::options& o) const {
  std::vector<std::string> paths;
  for (const std::string& path : o.dictionary.files) {
    paths.push_back(beside(path));
  }
  return paths;
}

result<configuration, config::problems> configuration_source::read() {
  auto options = read_options();
  if (!options) {
    return options.error();
  }
  auto built = build(paths_from(*options));
  if (!built) {
    return built.error();
  }
  configuration c{std::move(*options), std::move(built->names), {}};
  if (auto& file = c.options.admin.token_file) {
    file = beside(*file);
    auto token = gateway::read_admin_token(*file);
    if (!token) {
      const config::origin at = c.options.from.nearest("/admin/token_file");
      return config::problems{{.source = at.source,
                               .pointer = "/admin/token_file",
                               .line = at.line,
                               .column = at.column,
                               .text = token.error()}};
    }
    c.admin_token = std::move(token->text);
  }
  const config::application_names names = names_from(*c.names);
  if (const auto wrong = config::resolve_applications(c.options, names); !wrong.empty()) {
    return wrong;
  }
  append(c.warnings, c.options.warnings);
  append(c.warnings, config::find_doubts(c.options, names));
  append(c.warnings, built->warnings);
  return c;
}

config::log_options configuration_source::log_options() {
  const auto written = text();
  return config::find_log_options(written ? *written : "{}", read_environment());
}

result<dictionary_set, config::problems> configuration_source::read_dictionaries(
    const std::vector<std::string>& more) {
  const auto options = read_options();
  if (!options) {
    return options.error();
  }
  std::vector<std::string> paths = paths_from(*options);
  paths.insert(paths.end(), more.begin(), more.end());
  return load_dictionaries(paths);
}

result<dictionary_set, config::problems> read_dictionaries(const std::string& configuration,
                                                           const std::vector<std::string>& more) {
  return configuration.empty() ? load_dictionaries(more)
                               : configuration_source{configuration}.read_dictionaries(more);
}

}  // namespace diamgw::app
