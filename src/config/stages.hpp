// The stages of `load`, each adding to one list of problems.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "config/option_node.hpp"
#include "diamgw/config/load.hpp"

namespace diamgw::config {

/// What the stages share.
struct load_context {
  origins from;
  problems found;
  problems warnings;
  /// The texts of variables, as they were, by what they set.
  std::map<std::string, std::string, std::less<>> raw_texts;
  /// Pointers of values that are wrong: checks of several options leave them alone.
  std::set<std::string, std::less<>> wrong;

  /// Adds a problem of what stands at `pointer`.
  void add(const std::string& pointer, std::string text);
  /// The value at `pointer`, or what holds it, is wrong already.
  [[nodiscard]] bool is_wrong(std::string_view pointer) const;
};

/// Where each member's name and each element begins, in a text that `parse_document` has taken.
/// Of a name that occurs twice the last counts.
[[nodiscard]] std::map<std::string, origin, std::less<>> locate(std::string_view text,
                                                                const std::string& file_name);

/// JSON with comments. Nothing after a syntax error; duplicate names are problems, the last counts.
/// `base` is where the text stands in the document.
[[nodiscard]] std::optional<json> parse_document(std::string_view text, const std::string& base,
                                                 load_context& context);

/// What stands before a fault of syntax, as if all that is open ended there.
[[nodiscard]] json parse_beginning(std::string_view text);

/// Puts the variables' values into `document`.
void apply_environment(const environment& variables, json& document, load_context& context);

/// Holds `document` against the table; takes out what is wrong, so that defaults stand there.
void validate(json& document, load_context& context);

/// What concerns several options at once.
void check(const options& o, load_context& context);

/// Two routes for one realm and application. By name where the name has no number yet.
void check_routes(const options& o, load_context& context);

}  // namespace diamgw::config
