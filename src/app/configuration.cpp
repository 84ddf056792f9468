#include "app/configuration.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>

#include "diamgw/config/load.hpp"
#include "diamgw/dictionary/builder.hpp"

namespace diamgw::app {
namespace {

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) {
    std::cerr << path << ": cannot be read: " << std::strerror(errno) << '\n';
    return std::nullopt;
  }
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  if (file.bad()) {
    std::cerr << path << ": cannot be read\n";
    return std::nullopt;
  }
  return text;
}

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

void print(const dictionary::diagnostics& all) {
  for (const dictionary::diagnostic& d : all) {
    std::cerr << dictionary::to_string(d) << '\n';
  }
}

/// The embedded dictionary itself, or one built of the embedded files and the operator's.
std::shared_ptr<const dictionary::dictionary> build_dictionary(
    const std::vector<std::string>& files) {
  if (files.empty()) {
    return {std::shared_ptr<void>{}, &dictionary::embedded()};
  }
  dictionary::dictionary::builder builder;
  for (const dictionary::embedded_file& file : dictionary::embedded_files()) {
    builder.add(*dictionary::parse(file.text, file.path));
  }
  bool sound = true;
  for (const std::string& path : files) {
    const auto text = read_file(path);
    if (!text) {
      sound = false;
      continue;
    }
    auto parsed = dictionary::parse(*text, path);
    if (!parsed) {
      print(parsed.error());
      sound = false;
      continue;
    }
    builder.add(std::move(*parsed));
  }
  if (!sound) {
    return nullptr;
  }
  auto built = builder.build();
  if (!built) {
    print(built.error());
    return nullptr;
  }
  return std::make_shared<const dictionary::dictionary>(std::move(*built));
}

bool print(const config::problems& all) {
  for (const config::problem& p : all) {
    std::cerr << p.sentence() << '\n';
  }
  return !all.empty();
}

}  // namespace

std::optional<configuration> read_configuration(const std::string& file) {
  const auto text = read_file(file);
  if (!text) {
    return std::nullopt;
  }
  auto loaded = config::load(*text, file, read_environment());
  if (!loaded) {
    print(loaded.error());
    return std::nullopt;
  }
  configuration c;
  c.options = std::move(*loaded);
  c.names = build_dictionary(c.options.dictionary.files);
  if (c.names == nullptr) {
    return std::nullopt;
  }
  config::application_names names;
  names.find = [&c](std::string_view name) -> std::optional<std::uint32_t> {
    const auto* application = c.names->find_application(name);
    return application == nullptr ? std::nullopt : std::optional{application->id.value};
  };
  for (const auto& application : c.names->applications()) {
    names.known.push_back(application.name);
  }
  if (print(config::resolve_applications(c.options, file, names))) {
    return std::nullopt;
  }
  return c;
}

}  // namespace diamgw::app
