// What the files inherit, given on the command line: as Erlang/OTP's compiler of dictionaries has
// it.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "app/dict/sources.hpp"

namespace diamgw::app {

/// The rules of `--inherits`, in their order:
///   -          the files inherit nothing
///   PREV/NAME  where a file says @inherits PREV, NAME is meant: PREV was a placeholder
///   NAME       the files inherit NAME as well
/// The first and the last are for the files that are checked; a placeholder is filled in those that
/// they inherit, too.
class inherits_changes {
 public:
  explicit inherits_changes(const std::vector<std::string>& rules);

  enum class kind : std::uint8_t { checked, inherited };
  /// Of which kind the files are that come next.
  void expect(kind files) noexcept { next_ = files; }
  void apply(dictionary::syntax::file& file);
  /// A sentence for each placeholder that no file had.
  [[nodiscard]] sentences unused() const;

 private:
  struct rule {
    std::string placeholder;  // empty: none
    std::string name;         // empty: clear all
    bool used = false;
  };
  std::vector<rule> rules_;
  kind next_ = kind::checked;
};

}  // namespace diamgw::app
