#include "app/configuration.hpp"

#include <unistd.h>

#include <filesystem>

#include "app/read_file.hpp"
#include "diamgw/config/load.hpp"

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

sentences sentences_of(const config::problems& all) {
  sentences out;
  for (const config::problem& p : all) {
    out.push_back(p.sentence());
  }
  return out;
}

result<config::options, sentences> read_options(const std::string& file) {
  const auto text = read_file(file);
  if (!text) {
    return sentences{file + ": cannot be read: " + text.error().message()};
  }
  auto loaded = config::load(*text, file, read_environment());
  if (!loaded) {
    return sentences_of(loaded.error());
  }
  return std::move(*loaded);
}

std::vector<std::string> paths_from(const std::string& file, const config::options& o) {
  const auto folder = std::filesystem::path{file}.parent_path();
  std::vector<std::string> paths;
  for (const std::string& path : o.dictionary.files) {
    paths.push_back((folder / path).string());  // an absolute path stays what it is
  }
  return paths;
}

/// The built-in dictionary is built once for all, one with the operator's files each time.
result<std::shared_ptr<const dictionary::dictionary>, sentences> build(
    const std::vector<std::string>& paths) {
  if (paths.empty()) {
    return dictionary::share_embedded();
  }
  auto loaded = load_dictionaries(paths);
  if (!loaded) {
    return loaded.error();
  }
  return std::move(loaded->names);
}

}  // namespace

result<configuration, sentences> read_configuration(const std::string& file) {
  auto options = read_options(file);
  if (!options) {
    return options.error();
  }
  auto built = build(paths_from(file, *options));
  if (!built) {
    return built.error();
  }
  configuration c{std::move(*options), std::move(*built)};
  config::application_names names;
  names.find = [&c](std::string_view name) -> std::optional<std::uint32_t> {
    const auto* application = c.names->find_application(name);
    return application == nullptr ? std::nullopt : std::optional{application->id.value};
  };
  for (const auto& application : c.names->applications()) {
    names.known.push_back(application.name);
  }
  if (const auto wrong = config::resolve_applications(c.options, file, names); !wrong.empty()) {
    return sentences_of(wrong);
  }
  return c;
}

result<dictionary_set, sentences> read_dictionaries(const std::string& file,
                                                    const std::vector<std::string>& more) {
  std::vector<std::string> paths;
  if (!file.empty()) {
    const auto options = read_options(file);
    if (!options) {
      return options.error();
    }
    paths = paths_from(file, *options);
  }
  paths.insert(paths.end(), more.begin(), more.end());
  return load_dictionaries(paths);
}

}  // namespace diamgw::app
