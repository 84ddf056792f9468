// `.dia` files, the program's own and an operator's, and the dictionary that they make together.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diamgw/base/result.hpp"
#include "diamgw/config/load.hpp"
#include "diamgw/dictionary/builder.hpp"

namespace diamgw::app {

/// All that is wrong, a sentence each, which begins with the place.
using sentences = std::vector<std::string>;
[[nodiscard]] sentences sentences_of(const config::problems& all);

/// One file that went into a dictionary.
struct dictionary_source {
  std::string path;  // as errors name it; "built-in NAME.dia" for those of the program
  bool built_in = false;
  std::string document;  // the first sentence of its head comment: which text it was taken from
  dictionary::syntax::file parsed;

  /// What definitions of the dictionary have as their `source`.
  [[nodiscard]] std::string name() const;
};

struct dictionary_set {
  std::vector<dictionary_source> sources;
  std::shared_ptr<const dictionary::dictionary> names;
  config::problems warnings;  // what an operator's files say to no effect

  /// Null where none is called so.
  [[nodiscard]] const dictionary_source* find_source(std::string_view name) const noexcept;
  /// "3GPP" of 10415, as the files have it; empty where no file names it.
  [[nodiscard]] std::string_view vendor_name(vendor_id vendor) const noexcept;
  /// By number or by a file's name for it, letter case ignored.
  [[nodiscard]] std::optional<vendor_id> find_vendor(std::string_view text) const noexcept;
};

/// The program's own files and `paths`: files, or folders, whose *.dia are read in the order of
/// their names. A file that is a built-in one word for word is read once.
[[nodiscard]] result<dictionary_set, config::problems> load_dictionaries(
    const std::vector<std::string>& paths);

}  // namespace diamgw::app
