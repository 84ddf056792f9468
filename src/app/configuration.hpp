// From a file and the environment to options and the dictionary that they name.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/dict/sources.hpp"
#include "diamgw/config/load.hpp"

namespace diamgw::app {

struct configuration {
  config::loaded_options options;
  /// The built-in dictionaries, with the operator's own where there are some.
  std::shared_ptr<const dictionary::dictionary> names;
  /// What is doubtful in all of it, though it can be used.
  config::problems warnings;
  std::string admin_token{};  // what admin.token_file has; empty: there is none
};

/// Where a configuration is: in a file, on standard input, or in the environment alone. Standard
/// input is read once, and then as it was.
class configuration_source {
 public:
  /// `argument` is a file's name, `-` for standard input, or empty: then DIAMGW_CONFIG names it, or
  /// there is no file.
  explicit configuration_source(const std::string& argument);

  /// As sentences name it.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  /// Reads everything, the dictionaries too, or says all that is wrong.
  [[nodiscard]] result<configuration, config::problems> read();
  /// How faults that `read` has found are to be logged, as far as it can be known.
  [[nodiscard]] config::log_options log_options();
  /// The dictionaries that it names, and `more`.
  [[nodiscard]] result<dictionary_set, config::problems> read_dictionaries(
      const std::vector<std::string>& more);

 private:
  enum class kind : std::uint8_t { file, standard_input, environment };

  [[nodiscard]] result<std::string, config::problems> text();
  [[nodiscard]] result<config::loaded_options, config::problems> read_options();
  /// A file that the configuration names: relative to the configuration's own folder.
  [[nodiscard]] std::string beside(const std::string& file) const;
  [[nodiscard]] std::vector<std::string> paths_from(const config::options& o) const;

  kind kind_ = kind::file;
  std::string name_;
  std::optional<std::string> standard_input_;
};

/// The built-in dictionaries and those of `more`.
[[nodiscard]] result<dictionary_set, config::problems> read_dictionaries(
    const std::string& configuration, const std::vector<std::string>& more);

}  // namespace diamgw::app
