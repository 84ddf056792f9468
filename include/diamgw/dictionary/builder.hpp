// From parsed files to a dictionary: names are looked up, and clashes found.
#pragma once
#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "diamgw/base/result.hpp"
#include "diamgw/dictionary/diagnostic.hpp"
#include "diamgw/dictionary/dictionary.hpp"
#include "diamgw/dictionary/parser.hpp"

namespace diamgw::dictionary {

/// Collects parsed files and merges them, first added first.
///
/// A file is called by its @name, or after its file. It sees its own AVPs and those of the files
/// that it names in @inherits (and of those that they name); the order of adding does not matter
/// for that. An AVP or command that two files define in the same words is one; in different words
/// it is an error that names both places, unless one file @refines the other: then its words hold,
/// whichever was added first. Errors, too, are unknown names (with the nearest known one), a group
/// without a grammar and a grammar that contradicts RFC 6733 §3.2. What is no error, but has no
/// effect either, is a warning.
class dictionary::builder {
 public:
  /// At most `max_errors` (at least 1) are collected; what is behind them is not told.
  explicit builder(std::size_t max_errors = 100)
      : max_errors_{std::max<std::size_t>(max_errors, 1)} {}

  void add(syntax::file file) { files_.push_back(std::move(file)); }

  /// out:    `warnings`, where given, gets those of all files, in the order of adding
  /// errors: all that were found, file by file in the order of adding
  [[nodiscard]] result<dictionary, diagnostics> build(diagnostics* warnings = nullptr) const;

 private:
  std::size_t max_errors_;
  std::vector<syntax::file> files_;
};

}  // namespace diamgw::dictionary
