// Dictionary files on their way to one dictionary.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/dict/inherits_changes.hpp"
#include "app/dict/sources.hpp"

namespace diamgw::app {

/// The text of a file; nothing, and one more error, where it cannot be read.
[[nodiscard]] std::optional<std::string> read_text(const std::string& path,
                                                   config::problems& errors);

/// A file as it is, whatever may be wrong with it; of a folder all *.dia in the order of their
/// names.
[[nodiscard]] std::vector<std::string> expand(const std::string& path, config::problems& errors);

/// Reads and collects, then builds once all is there.
class source_collector {
 public:
  /// `changes`, which must outlive the collector, are made to each file that is added.
  explicit source_collector(inherits_changes* changes = nullptr) : changes_{changes} {}

  config::problems errors;

  void add(std::string path, std::string_view text);
  void add_built_in(const dictionary::embedded_file& file);
  [[nodiscard]] const std::vector<dictionary_source>& sources() const { return set_.sources; }
  /// A file of the same text was added.
  [[nodiscard]] bool has(std::string_view text) const;
  /// Puts the sources from `first` on in front: who comes later is blamed for a clash.
  void bring_to_front(std::size_t first);
  [[nodiscard]] result<dictionary_set, config::problems> build();

 private:
  inherits_changes* changes_;
  dictionary_set set_;
  std::vector<std::string> texts_;
};

}  // namespace diamgw::app
