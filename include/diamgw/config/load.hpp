// From the text of a configuration file and the environment to options, or to all that is wrong.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/result.hpp"
#include "diamgw/config/options.hpp"

namespace diamgw::config {

/// An error keeps a configuration from being used, a warning does not.
enum class severity : std::uint8_t { error, warning };

/// One thing that is wrong.
struct problem {
  std::string source;      // the file's name, or the environment variable's; empty: of neither
  std::string pointer;     // JSON pointer (RFC 6901); empty: the document as a whole
  std::size_t line = 0;    // in the file, from 1; 0: not in it
  std::size_t column = 0;  // octets from 1
  std::string text;        // what is wrong, and what is allowed
  severity gravity = severity::error;

  /// `source:line:column: /pointer: text`; `warning: ` before the pointer of a warning.
  [[nodiscard]] std::string sentence() const;
  /// The same without `warning: `, for a line that has its gravity elsewhere.
  [[nodiscard]] std::string sentence_without_gravity() const;

  bool operator==(const problem&) const = default;
};

using problems = std::vector<problem>;

/// Variables by name. Those that do not begin with `environment_prefix` are ignored, and so are
/// those that Kubernetes sets for a service of our name (DIAMGW_SERVICE_HOST, DIAMGW_PORT, ...).
using environment = std::map<std::string, std::string, std::less<>>;

inline constexpr std::string_view environment_prefix = "DIAMGW_";
/// Names the file itself, for who starts the program; never an override.
inline constexpr std::string_view environment_file = "DIAMGW_CONFIG";

/// Limits of the loader itself: above them the document is refused with one problem.
inline constexpr std::size_t max_document_octets = 16 * mib;
inline constexpr std::size_t max_document_depth = 32;
inline constexpr std::size_t max_object_members = 1024;

/// Where something stands; nothing is known of a default.
struct origin {
  std::string source;    // the file, or a variable; empty: it is a default
  std::size_t line = 0;  // in the file, from 1
  std::size_t column = 0;

  bool operator==(const origin&) const = default;
};

/// Where each value of a configuration is from. Made by `load`.
struct origins {
  std::string file_name;
  std::map<std::string, origin, std::less<>> in_file;
  std::map<std::string, std::string, std::less<>> variables;  // by what they set

  /// Of the value itself.
  [[nodiscard]] origin find(std::string_view pointer) const;
  /// For a sentence about it: where it is, or what holds it.
  [[nodiscard]] origin nearest(std::string_view pointer) const;
};

/// What was loaded, and how.
struct loaded_options : options {
  origins from;
  problems warnings;
};

/// Reads JSON with `//` and `/* */` comments; what is absent keeps its default.
/// in:     `variables` override the text: `DIAMGW_DIAMETER__PEERS__0__HOST=ocs.example` is
///         /diameter/peers/0/host. A value that is JSON counts as such, any other as a string.
/// errors: every problem at once (but nothing beside a syntax error), in the order of the options;
///         unknown and duplicate names are problems. A variable without `__` that names no option
///         is a warning: others than we call their variables so.
/// Names of applications stay names: see `resolve_applications`. Pure, any thread, may allocate.
[[nodiscard]] result<loaded_options, problems> load(std::string_view text,
                                                    std::string_view file_name,
                                                    const environment& variables = {});

/// How a configuration that `load` refuses wants its faults logged: what can be read of its `log`,
/// up to a fault of syntax, and what the variables say of it. A value that is wrong is its default.
[[nodiscard]] log_options find_log_options(std::string_view text, const environment& variables);

/// What the dictionary knows of applications; given as functions since this layer does not.
struct application_names {
  std::function<std::optional<std::uint32_t>(std::string_view name)> find;
  std::vector<std::string> known{};                            // for "did you mean"
  std::function<std::string(std::uint32_t id)> name_of{};      // empty where it has none
  std::function<std::uint32_t(std::uint32_t id)> vendor_of{};  // 0 where it is nobody's
};

/// Puts in the numbers of all applications that `o` gives by name. Two routes for one realm and
/// application, one by name and one by number, are found here. Problems as by `load`.
[[nodiscard]] problems resolve_applications(loaded_options& o, const application_names& names);

/// The text of durations and sizes as the file has it: "30s", "500ms"; "64KiB", "1000".
[[nodiscard]] std::optional<milliseconds> parse_duration(std::string_view text) noexcept;
[[nodiscard]] std::optional<std::size_t> parse_octets(std::string_view text) noexcept;
[[nodiscard]] std::string format_duration(milliseconds value);
[[nodiscard]] std::string format_octets(std::size_t value);

}  // namespace diamgw::config
